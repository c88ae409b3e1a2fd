#include "init/procsys.h"

#include "config/model.h"
#include "init/openat2.h"
#include "init/preparation.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int procsys_open(const struct preparation *preparation, const char *path, int flags)
{
	int fd;

	if (preparation->proc_sys < 0)
		return -ENOENT;
	fd = openat2_resolved(
		preparation->proc_sys, path, flags, OPENAT2_NO_SYMLINKS | OPENAT2_BENEATH);
	if (fd != -ENOSYS)
		return fd;
	/* Then it is the check of the key that keeps out "..", and there are no links in /proc/sys.
	 */
	fd = openat(preparation->proc_sys, path, flags | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* Each run of blanks is one, none at the ends: "4096\t16384" is what "4096 16384" was set to. */
static void normalise(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (!isspace((unsigned char)*from))
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* 0 with the value, or an errno. */
static int read_value(const struct preparation *preparation, struct sysctl_result *result)
{
	int fd = procsys_open(preparation, result->path, O_RDONLY), error;
	ssize_t length;

	result->has_value = false;
	result->value[0] = '\0';
	if (fd < 0)
		return -fd;
	length = read(fd, result->value, sizeof(result->value) - 1);
	error = length < 0 ? errno : 0;
	(void)close(fd); /* was only read */
	result->value[length > 0 ? length : 0] = '\0';
	normalise(result->value);
	result->has_value = !error;
	return error;
}

/* 0, or an errno. A value of NULL is not written: could it be? */
static int write_once(const struct preparation *preparation, const struct sysctl_result *result,
	const char *value)
{
	int fd = procsys_open(preparation, result->path, O_WRONLY), error = 0;

	if (fd < 0)
		return -fd;
	if (value && write(fd, value, strlen(value)) < 0)
		error = errno;
	(void)close(fd); /* the write has told */
	return error;
}

static int write_value(const struct preparation *preparation, const struct sysctl_result *result,
	const char *value)
{
	int error = write_once(preparation, result, value);

	if (error != EROFS || preparation->procsys_way != PROCSYS_IN_PLACE)
		return error;
	if (procsys_set_writable(true) < 0)
		return error;
	error = write_once(preparation, result, value);
	(void)procsys_set_writable(false); /* it could when it was tried */
	return error;
}

static bool is_absence(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EISDIR;
}

static enum sysctl_verdict judge_failure(int error)
{
	switch (error) {
	case EROFS:
		return SYSCTL_READ_ONLY;
	case EACCES:
	case EPERM:
		return SYSCTL_DENIED;
	default:
		return is_absence(error) ? SYSCTL_ABSENT : SYSCTL_REFUSED;
	}
}

/* The same number, perhaps written in another way: 0x40 reads 64. */
static bool is_same_number(const char *a, const char *b)
{
	char *a_end, *b_end;
	long long a_number, b_number;

	errno = 0;
	a_number = strtoll(a, &a_end, 0);
	b_number = strtoll(b, &b_end, 0);
	return errno == 0 && a_end > a && b_end > b && !*a_end && !*b_end && a_number == b_number;
}

static bool is_so(const struct sysctl_result *result, const char *value)
{
	char wanted[SYSCTL_VALUE_MAX];
	size_t length = strlen(value);

	if (!result->has_value || length >= sizeof(wanted))
		return false;
	memcpy(wanted, value, length + 1);
	normalise(wanted);
	return strcmp(result->value, wanted) == 0 || is_same_number(result->value, wanted);
}

static void set(struct preparation *preparation, const char *value, struct sysctl_result *result)
{
	int error;

	result->error = write_value(preparation, result, value);
	error = read_value(preparation, result);
	if (is_so(result, value) || (error && !result->error))
		result->verdict = SYSCTL_WRITTEN; /* what cannot be read is taken on trust */
	else
		result->verdict = judge_failure(result->error);
}

void sysctl_apply(struct preparation *preparation, const struct sysctl *sysctl,
	const char *interface, struct sysctl_result *ret_result)
{
	struct sysctl_result *result = ret_result;

	*result = (struct sysctl_result){.verdict = SYSCTL_ABSENT};
	result->error = -sysctl_key_path(sysctl->key, interface, result->path);
	if (result->error)
		return;
	int error = read_value(preparation, result);

	if (is_absence(error)) {
		result->error = error;
		return;
	}
	if (is_so(result, sysctl->value)) {
		result->verdict = SYSCTL_ALREADY_SO;
		return;
	}
	if (!preparation->look_only) {
		set(preparation, sysctl->value, result);
		return;
	}
	result->error = write_once(preparation, result, NULL);
	result->verdict = result->error ? judge_failure(result->error) : SYSCTL_WRITABLE;
}

const char *sysctl_verdict_name(enum sysctl_verdict verdict)
{
	static const char *const names[SYSCTL_VERDICT_COUNT] = {
		[SYSCTL_WRITTEN] = "written",
		[SYSCTL_ALREADY_SO] = "already so",
		[SYSCTL_WRITABLE] = "writable",
		[SYSCTL_READ_ONLY] = "read-only",
		[SYSCTL_ABSENT] = "absent",
		[SYSCTL_DENIED] = "denied",
		[SYSCTL_REFUSED] = "refused",
	};

	return names[verdict];
}

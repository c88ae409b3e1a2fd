/* Success is what reads back as it was asked for. The error of the write says only why not: Linux
 * 6.1 answers EINVAL to net.ipv6.conf.all.ignore_routes_with_linkdown and sets it all the same, and
 * on a read-only /proc/sys a value that is right already is just as good. */
#include "init/preparation.h"

#include "config/model.h"
#include "init/message.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { VALUE_MAX_BYTES = 1024 };

static const char root[] = "/proc/sys/";

/* The path of a key as in sysctl.d(5): whichever of '.' and '/' comes first separates; the other
 * one is then a '.' in a name ("net.ipv4.conf.eth0/100.forwarding"). false: too long. */
static bool make_path(const char *key, char path[PATH_MAX])
{
	size_t length = strlen(key);
	char separator = key[strcspn(key, "./")];

	if (sizeof(root) + length > PATH_MAX)
		return false;
	memcpy(path, root, sizeof(root) - 1);
	path += sizeof(root) - 1;
	for (size_t i = 0; i <= length; i++) {
		path[i] = key[i];
		if (separator == '.' && key[i] == '.')
			path[i] = '/';
		else if (separator == '.' && key[i] == '/')
			path[i] = '.';
	}
	return true;
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

/* 0 with the normalised value, or an errno. */
static int read_value(const char *path, char value[VALUE_MAX_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	ssize_t length = read(fd, value, VALUE_MAX_BYTES - 1);
	int error = length < 0 ? errno : 0;

	(void)close(fd); /* was only read */
	value[length > 0 ? length : 0] = '\0';
	normalise(value);
	return error;
}

static int write_value(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	int error = write(fd, value, strlen(value)) < 0 ? errno : 0;

	(void)close(fd); /* the write has told */
	return error;
}

/* Does a container engine take it as --sysctl? Those of the network and IPC namespaces; the rest is
 * the host's. */
static bool is_namespaced(const char *key)
{
	static const char *const prefixes[] = {
		"net.", "net/", "kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue."};

	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(key, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static const char *explain(int error)
{
	switch (error) {
	case 0:
		return "the kernel did not take the value";
	case EROFS:
		return "/proc/sys is read-only";
	case EINVAL:
		return "the kernel refuses the value";
	case ENOENT:
		return "no such key here: it belongs to the host, or its module is not loaded";
	default:
		return strerror(error);
	}
}

static void tell(
	struct messages *messages, const struct sysctl *sysctl, int error, const char *have)
{
	bool engine = is_namespaced(sysctl->key);

	if (error == EINVAL || error == 0)
		message(messages, MESSAGE_WARNING,
			"sysctl %s: %s: asked for \"%s\", it is \"%s\"; see %s:%u", sysctl->key,
			explain(error), sysctl->value, have, sysctl->origin.file,
			sysctl->origin.line);
	else if (error == ENOENT)
		message(messages, MESSAGE_WARNING,
			"sysctl %s: %s; set it on the host, or write ?%s to do without",
			sysctl->key, explain(error), sysctl->key);
	else
		message(messages, MESSAGE_WARNING, "sysctl %s: %s; %s %s=%s", sysctl->key,
			explain(error),
			engine ? "start the container with --sysctl" : "set on the host",
			sysctl->key, sysctl->value);
}

static void set_sysctl(struct messages *messages, const struct sysctl *sysctl)
{
	char path[PATH_MAX], have[VALUE_MAX_BYTES] = "", want[VALUE_MAX_BYTES];

	if (!make_path(sysctl->key, path) ||
		snprintf(want, sizeof(want), "%s", sysctl->value) >= (int)sizeof(want)) {
		message(messages, MESSAGE_WARNING, "sysctl %s: too long", sysctl->key);
		return;
	}
	normalise(want);
	int error = read_value(path, have);

	if (error == 0 && strcmp(have, want) == 0)
		return;
	if (error == ENOENT && sysctl->may_be_absent)
		return;
	bool write_only = error == EACCES;

	if (error != ENOENT)
		error = write_value(path, sysctl->value);
	if (error == 0 && write_only)
		return;
	if (error == ENOENT || read_value(path, have) != 0 || strcmp(have, want) != 0)
		tell(messages, sysctl, error, have);
}

void prepare_sysctls(struct preparation *preparation)
{
	const struct model *model = preparation->model;

	for (unsigned i = 0; i < model->sysctl_count; i++)
		set_sysctl(preparation->messages, &model->sysctls[i]);
}

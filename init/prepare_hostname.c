#include "init/preparation.h"

#include "config/arena.h"
#include "config/hostname.h"
#include "config/model.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOSTNAME_FILE_MAX_BYTES = 1024 * 1024 };

/* The name in one file, as FRR and IOS write it. */
static bool find_hostname(const char *path, char *name)
{
	char *text = malloc(HOSTNAME_FILE_MAX_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t length = 0;
	ssize_t part = 0;
	int line = 0;

	while (text && fd >= 0 && length < HOSTNAME_FILE_MAX_BYTES &&
		(part = read(fd, text + length, HOSTNAME_FILE_MAX_BYTES - length)) > 0)
		length += (size_t)part;
	if (text)
		line = hostname_find(text, length, name);
	if (fd >= 0)
		(void)close(fd); /* was only read */
	free(text);
	return line > 0;
}

static bool choose_hostname(const struct words *from, char *name)
{
	for (unsigned i = 0; i < from->count; i++) {
		if (from->word[i][0] == '/') {
			if (find_hostname(from->word[i], name))
				return true;
		} else if (hostname_is_valid(from->word[i])) {
			(void)snprintf(name, HOSTNAME_MAX_BYTES + 1, "%s", from->word[i]);
			return true;
		}
	}
	return false;
}

/* Where CAP_SYS_ADMIN lacks, /proc may still be writable (systempaths=unconfined). */
static int write_hostname(const char *name)
{
	int error = 0;

	if (sethostname(name, strlen(name)) == 0)
		return 0;
	error = errno;
	int fd = open("/proc/sys/kernel/hostname", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return error;
	if (write(fd, name, strlen(name)) == (ssize_t)strlen(name))
		error = 0;
	(void)close(fd); /* the write has told */
	return error;
}

void prepare_hostname(struct preparation *preparation)
{
	struct finding finding = {.step = STEP_HOSTNAME, .subject = "", .verdict = "already so"};
	char name[HOSTNAME_MAX_BYTES + 1], have[HOSTNAME_MAX_BYTES + 1] = "";
	struct arena arena = {0};

	if (!choose_hostname(&preparation->model->node.hostname_from, name))
		return;
	finding.subject = arena_printf(&arena, "\"%s\"", name);
	if (gethostname(have, sizeof(have)) != 0 || strcmp(have, name) != 0) {
		int error = write_hostname(name);

		finding.verdict = error ? "denied" : "set";
		finding.state = error ? FINDING_MISSING : FINDING_OK;
		if (error) {
			finding.reason =
				arena_printf(&arena, "%s; it stays \"%s\"", strerror(error), have);
			finding.cure = arena_printf(
				&arena, "start the container with --hostname %s", name);
		}
	}
	if (finding.subject)
		prepare_found(preparation, &finding);
	arena_free(&arena);
}

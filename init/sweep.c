#include "init/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The parent by /proc/PID/stat: "pid (any name) state ppid …", where the name may hold anything,
 * so what counts is behind the last parenthesis. -1: gone. */
static pid_t parent_of(const char *pid)
{
	char path[64], text[512];
	int parent = -1;

	if (snprintf(path, sizeof(path), "/proc/%s/stat", pid) >= (int)sizeof(path))
		return -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t length = read(fd, text, sizeof(text) - 1);

	(void)close(fd); /* was only read */
	text[length > 0 ? length : 0] = '\0';
	const char *end = strrchr(text, ')');

	if (!end || sscanf(end, ") %*c %d", &parent) != 1)
		return -1;
	return parent;
}

static void send_to_children(int signal)
{
	DIR *directory = opendir("/proc");
	const struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (*end || pid <= 0 || parent_of(entry->d_name) != getpid())
			continue;
		(void)kill((pid_t)pid, signal); /* EPERM: it changed its user; the budget tells */
		if (signal != SIGKILL)
			(void)kill((pid_t)pid, SIGCONT); /* a stopped one could not act */
	}
	(void)closedir(directory); /* was only read */
}

void sweep(int signal)
{
	if (getpid() != 1) {
		send_to_children(signal);
		return;
	}
	(void)kill(-1, signal); /* ESRCH: nobody is left */
	if (signal != SIGKILL)
		(void)kill(-1, SIGCONT);
}

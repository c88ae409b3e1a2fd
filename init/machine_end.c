/* The end of a machine. Nothing is allocated, and what may hang (a disk that does not answer) is
 * done by a child with a time limit: reboot(2) comes in any case. */
#include "init/machine.h"

#include "init/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TERM_MS = 2000, /* for what still runs; after an ordered stop, nothing does */
	KILL_MS = 1000,
	REST_MS = 10000, /* for file systems */
	MOUNTS_MAX_BYTES = 64 * 1024,
};

static const int commands[] = {
	[NODE_END_POWEROFF] = RB_POWER_OFF,
	[NODE_END_REBOOT] = RB_AUTOBOOT,
	[NODE_END_HALT] = RB_HALT_SYSTEM,
};
_Static_assert(sizeof(commands) / sizeof(commands[0]) == NODE_END_RESCUE, "one each");

/* Reaps until `pid` (-1: everybody) is gone, or until the time is over. */
static void reap_for(pid_t pid, int64_t limit_ms)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), limit_ms);
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		pid_t ended = waitpid(-1, NULL, WNOHANG);
		int64_t left_ms = timestamp_elapsed_ms(loop_clock(), until);
		const struct timespec left = {left_ms / 1000, left_ms % 1000 * 1000000};

		if ((ended < 0 && errno == ECHILD) || (ended > 0 && ended == pid) || left_ms <= 0)
			return;
		if (ended == 0)
			(void)sigtimedwait(&child, NULL, &left); /* then look again */
	}
}

static void end_processes(void)
{
	if (kill(-1, SIGTERM) < 0)
		return; /* nobody is there but the kernel's own */
	(void)kill(-1, SIGCONT);
	reap_for(-1, TERM_MS);
	if (kill(-1, SIGKILL) == 0)
		reap_for(-1, KILL_MS);
}

/* As fork(2), without what a library does about it: after a fault its locks may be held. */
static pid_t fork_bare(void)
{
	return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static bool is_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 && (path[length] == '/' || !path[length]);
}

/* Writes nothing to a disk, and is needed to the end. */
static bool is_kernels_own(const char *path)
{
	return is_below(path, "/proc") || is_below(path, "/sys") || is_below(path, "/dev");
}

/* A blank within a path is \040 in /proc/self/mounts, and so on: always three digits. */
static void decode(char *path)
{
	char *to = path;

	for (const char *from = path; *from; to++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

static void put_to_rest(char *path)
{
	decode(path);
	if (is_kernels_own(path))
		return;
	if (strcmp(path, "/") != 0 && umount2(path, 0) == 0)
		return;
	/* In use, by a mount in it or a swap file; what has nothing to be written refuses it. */
	(void)mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

/* The second word of a line. */
static void put_line_to_rest(char *line)
{
	char *path = strchr(line, ' ');
	char *end = path ? strchr(path + 1, ' ') : NULL;

	if (!end)
		return;
	*end = '\0';
	put_to_rest(path + 1);
}

/* From the last to the first, so that what lies in another goes before it. */
static void put_all_to_rest(char *text)
{
	for (char *line; (line = strrchr(text, '\n')); put_line_to_rest(line + 1))
		*line = '\0';
	put_line_to_rest(text);
}

static void rest_file_systems(void)
{
	char text[MOUNTS_MAX_BYTES];
	size_t length = 0;
	ssize_t count;
	int fd = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);

	sync();
	/* Of more than fits, the last ones stay: they were just written back. */
	while (fd >= 0 && length < sizeof(text) - 1 &&
		(count = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)count;
	text[length] = '\0';
	if (chdir("/") == 0)
		put_all_to_rest(text);
	(void)mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL); /* also without /proc */
	sync();
}

/* The kernel ends the caller of reboot(2) if there is no power to switch off, and panics when that
 * is its init: so a child calls it. */
static void do_in_child(enum node_end end, bool last, int64_t limit_ms)
{
	pid_t pid = fork_bare();

	if (pid == 0) {
		if (last)
			(void)reboot(commands[end]);
		else
			rest_file_systems();
		_exit(0);
	}
	if (pid > 0)
		reap_for(pid, limit_ms);
	else if (last) /* no memory for a child: rather so than not at all */
		(void)reboot(commands[end]);
}

_Noreturn void machine_end(enum node_end end)
{
	sigset_t none;

	if (end == NODE_END_RESCUE)
		machine_rescue();
	end_processes();
	do_in_child(end, false, REST_MS);
	do_in_child(end, true, REST_MS);
	/* It did not work: not even to halt. */
	sigemptyset(&none);
	for (;;)
		(void)sigsuspend(&none);
}

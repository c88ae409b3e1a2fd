/* orphans FILE:SLOT: makes 5000 processes that outlive their parents and end at once, then waits
 * until PID 1 has reaped all of them.
 *
 * All are in one process group that holds nobody else. A group is there for as long as one member
 * is, be it a zombie; so when a signal to it finds nobody, none is left. */
#include "slots.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

enum { ORPHANS = 5000 };

/* Twice forked: the child's parent is gone, or going, when it ends. */
static int make_orphans(void)
{
	for (int i = 0; i < ORPHANS; i++) {
		pid_t parent = fork();

		if (parent == 0)
			_exit(fork() < 0);
		if (parent < 0 || waitpid(parent, NULL, 0) < 0)
			return 1;
	}
	return 0;
}

/* The group's leader makes them, and ends. */
static pid_t make_group(void)
{
	pid_t leader = fork();
	int status = -1;

	if (leader == 0) {
		setpgid(0, 0);
		_exit(make_orphans());
	}
	if (leader < 0 || waitpid(leader, &status, 0) < 0 || status != 0)
		return -1;
	return leader;
}

int main(int argc, char **argv)
{
	struct slot *slot = argc > 1 ? slots_find(argv[1]) : NULL;
	const struct timespec while_waiting = {.tv_nsec = 500000};
	pid_t group;

	if (!slot) {
		fprintf(stderr, "usage: orphans FILE:SLOT\n");
		return 100;
	}
	slot->began_at = slots_clock();
	group = make_group();
	if (group < 0)
		return 1;
	while (kill(-group, 0) == 0 || errno != ESRCH)
		nanosleep(&while_waiting, NULL);
	slot->pid = getpid();
	slot->at = slots_clock();
	pause();
	return 0;
}

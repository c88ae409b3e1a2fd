/* spawn_child: the steps between clone(2) and execve(2). They run in the child, in memory that is
 * borrowed from PID 1: system calls only, on data made before. Only spawn.c uses this. */
#ifndef FIRSTHOP_INIT_SPAWN_CHILD_H
#define FIRSTHOP_INIT_SPAWN_CHILD_H

#include "init/spawn.h"

/* The slots of the descriptor table that a child takes with it. */
enum {
	SLOT_NULL = SPAWN_NULL_FD, /* always /dev/null */
	SLOT_STDIN,
	SLOT_STDOUT,
	SLOT_STDERR,
	SLOT_NOTIFY,
	SLOT_TERMINAL,
	SLOT_RULES,
	SLOT_CGROUP,
	SLOT_END
};

struct child {
	const struct spawner *spawner;
	const struct spawn_request *request;
	struct spawn_result *result;
	int fd[SLOT_END]; /* where the child finds them; -1: not needed */
};

/* Steps of spawn_limits.c; 0 or an errno. */
int spawn_set_limits(const struct child *child);
int spawn_set_open_files(const struct child *child);

/* Of spawn_tmp.c. */
int spawn_set_private_tmp(const struct child *child);

/* For clone(2): takes all steps; when one fails, notes which and ends. */
int spawn_child_main(void *child);

#endif

/* learn: runs a program and its children, and notes which system calls they make, by ptrace(2):
 * which a container may do without a further right, unlike reading the kernel's audit log. Only
 * `firsthop learn` uses this; it blocks, and nothing else is done meanwhile. */
#ifndef FIRSTHOP_INIT_LEARN_H
#define FIRSTHOP_INIT_LEARN_H

#include "config/syscalls.h"

#include <stdint.h>

struct spawn_request;
struct spawn_result;
struct spawner;

struct learned {
	struct syscall_set calls;
	unsigned processes; /* and threads */
	unsigned foreign;   /* calls of another architecture, which no list can allow */
	unsigned unknown;   /* calls that have no row */
	int unknown_number; /* of the last of these */
	int status;	    /* wait status of the program */
	int64_t took_ms;
};

/* Starts what `request` describes (its `traced` is set here) and returns once it and its children
 * have ended. After `limit_ms` (-1: never), and at TERM, INT or HUP to ourselves, it is sent its
 * stop_signal, and KILL when that is not enough within its stop_timeout. 0; -1 and *ret_result,
 * as spawn(). All signals must be blocked. */
int learn_run(const struct spawner *spawner, struct spawn_request *request, int64_t limit_ms,
	struct learned *ret_learned, struct spawn_result *ret_result);

#endif

/* child_wait: for a program that PID 1 waits for, at boot, when nothing else is under way. */
#ifndef FIRSTHOP_INIT_CHILD_WAIT_H
#define FIRSTHOP_INIT_CHILD_WAIT_H

#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <sys/types.h>

/* Waits for the end of a child and reaps it: true, with its wait status; or false when `until` is
 * over. Not for the process itself, as waitpid(2) would: that has no bound. SIGCHLD must be
 * blocked; may take that of others, so afterwards all children are to be looked after once. */
bool child_wait(pid_t pid, struct timestamp until, int *ret_status);

/* KILL for all of its process group. */
void child_end_group(pid_t pid);

#endif

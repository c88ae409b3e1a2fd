/* caught: in which state a process is, for a message about one that hangs: see proc(5), stat and
 * wchan. */
#ifndef FIRSTHOP_INIT_CAUGHT_H
#define FIRSTHOP_INIT_CAUGHT_H

#include <sys/types.h>

struct caught {
	char text[128]; /* "state T (stopped)", "state D (waits, in rtnl_lock)"; "state unknown" */
};

/* Reads two files of /proc; does not block, changes nothing. */
struct caught caught_look(pid_t pid);

#endif

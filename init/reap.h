/* reap: ends of processes, ours and orphans', until none is left to be told. */
#ifndef FIRSTHOP_INIT_REAP_H
#define FIRSTHOP_INIT_REAP_H

#include <stdbool.h>
#include <sys/types.h>

struct rusage;

enum { REAP_PER_CALL = 256 };

enum reap_left {
	REAP_NONE_ENDED, /* there are children, all of them running */
	REAP_MORE,	 /* the share is used up: call again before sleeping */
	REAP_NO_CHILD,	 /* no child at all */
};

struct reap_operations {
	void *context;
	/* Is it a process that a unit owns? What of its process group still runs is then killed. */
	bool (*is_ours)(void *context, pid_t pid);
	/* One of ours has ended, and is still to be seen in /proc. */
	void (*ending)(void *context, pid_t pid);
	/* It has been reaped, with that wait status, see wait4(2). */
	void (*exited)(void *context, pid_t pid, int status, const struct rusage *usage, bool ours);
};

/* Takes up to REAP_PER_CALL ends. Does not block. */
enum reap_left reap(const struct reap_operations *operations);

#endif

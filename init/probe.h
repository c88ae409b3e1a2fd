/* probe: looks once whether a service is ready, or still alive: a file, a pid file, a connection to
 * a socket, an FRR daemon's answer on its vty (see facts of vtysh: "echo PING" is answered "PING"
 * and four zero bytes). Never blocks: what is not known at once is watched by the loop. */
#ifndef FIRSTHOP_INIT_PROBE_H
#define FIRSTHOP_INIT_PROBE_H

#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
struct ready;
struct probes;
struct probe; /* of one service; at most one attempt at a time */

struct probe_question {
	const struct ready *what; /* a kind that is not polled is answered by no */
	unsigned unit;
	uint32_t attempt;
	bool health;	  /* handed back: the caller's own mark */
	pid_t main_pid;	  /* of the service */
	int64_t limit_ms; /* then the answer is no; TIME_INFINITE_MS: until probe_end() */
};

typedef void probe_done_fn(void *context, const struct probe_question *question, bool yes);

/* NULL: no memory. `done` is called once for each probe_begin that is not ended before, perhaps
 * from within it. */
struct probes *probes_create(struct loop *loop, probe_done_fn *done, void *context);
void probes_free(struct probes *probes); /* ends all */

/* The question is copied; what it points to is only used meanwhile. */
void probe_begin(struct probes *probes, const struct probe_question *question);
void probe_end(struct probes *probes, unsigned unit); /* without an answer */

/* Gives up on those that took too long. Returns when it must be called next; NEVER: not at all. */
struct timestamp probes_expire(struct probes *probes, struct timestamp now);

#endif

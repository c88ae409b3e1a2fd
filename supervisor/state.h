/* state: the life of one service, as a table of data.
 *
 *   DOWN ─wanted─► WAITING ─► PREPARING ─► STARTING ─► READY ─► (exit) ─► BACKOFF ─► WAITING …
 *
 * Raw facts (a wait status, a timer) are turned into precise events first, by policy: so the table
 * [state][event] has no guards, can be printed, and a cell that is left out is illegal. */
#ifndef FIRSTHOP_SUPERVISOR_STATE_H
#define FIRSTHOP_SUPERVISOR_STATE_H

#include <stdbool.h>

enum service_state {
	STATE_DOWN,	 /* not running, not wanted (or about to be) */
	STATE_WAITING,	 /* wanted; something it depends on is not there yet */
	STATE_PREPARING, /* `prepare` runs */
	STATE_STARTING,	 /* runs, not ready yet */
	STATE_READY,	 /* runs and is ready */
	STATE_DONE,	 /* has ended well and is not to be restarted */
	STATE_STOPPING,	 /* told to stop: stop_command runs or stop_signal was sent */
	STATE_KILLING,	 /* KILL was sent */
	STATE_BACKOFF,	 /* has failed; waits for its restart delay */
	STATE_FAILED,	 /* has failed for good */
	STATE_COUNT
};

enum transition {
	ON_WANTED,	     /* it should be up and is not on its way */
	ON_UNWANTED,	     /* it should be down, and nothing that is stopping still needs it */
	ON_RELEASED,	     /* all it waits for is there; it has no `prepare` */
	ON_RELEASED_PREPARE, /* the same; it has one */
	ON_PREPARED,	     /* `prepare` has succeeded */
	ON_READY,	     /* readiness has been shown */
	ON_DONE,	     /* it ended, well, and is not to be restarted */
	ON_RETRY,	     /* it ended or could not be started; policy restarts it */
	ON_FATAL,	     /* the same; policy gives up */
	ON_GONE,	     /* nothing of it runs any more, and that was asked for */
	ON_ABORT,	/* it took too long to become ready: stop it, then treat as a failure */
	ON_HUNG,	/* it does not answer its health checks: kill it, then as a failure */
	ON_HUNG_SIGNAL, /* the same, but its health_signal goes first, for a core */
	ON_FORCE,	/* no time left: kill it */
	ON_DELAY_OVER,	/* the restart delay is over */
	TRANSITION_COUNT
};

/* What a transition makes happen, as bits; done in this order. Every transition first takes back
 * what the old state had asked for and not got yet, and disarms both timers: no timer can survive
 * its state. */
enum effect {
	EFFECT_PREPARE = 1 << 0,
	EFFECT_START = 1 << 1,
	EFFECT_STOP = 1 << 2, /* stop_command, or stop_signal */
	EFFECT_KILL = 1 << 3,
	EFFECT_ARM_START = 1 << 4, /* deadline: start_timeout */
	EFFECT_ARM_STOP = 1 << 5,  /* deadline: stop_timeout, within the stop budget */
	EFFECT_ARM_DELAY = 1 << 6, /* deadline: the restart delay */
	EFFECT_HEALTH_SIGNAL = 1 << 7,
	EFFECT_ARM_CORE = 1 << 8, /* deadline: the time to write a core */
};

struct cell {
	bool legal;
	enum service_state next;
	unsigned effects; /* of enum effect */
};

extern const struct cell state_table[STATE_COUNT][TRANSITION_COUNT];

/* "down", "waiting" …; "wanted", "released" …; stable: logs, JSON and tests use them. */
const char *state_name(enum service_state state);
const char *transition_name(enum transition transition);

/* Does the service own processes, or is it about to, in that state? */
bool state_is_active(enum service_state state);

/* Is a service there, for one that needs it? READY or DONE. */
bool state_satisfies_need(enum service_state state);

#endif

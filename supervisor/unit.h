/* unit: the engine from the inside. Only engine.c, feed.c, settle.c, check.c, reconfigure.c and
 * change.c include this. */
#ifndef FIRSTHOP_SUPERVISOR_UNIT_H
#define FIRSTHOP_SUPERVISOR_UNIT_H

#include "supervisor/engine.h"
#include "supervisor/graph.h"
#include "supervisor/policy.h"

/* What a unit has still to be given out, as bits, in the order in which they are given out. DOWN
 * comes before any new start, so that init/ closes the books of the last attempt first. */
enum pending {
	PENDING_PROBE_ENDED,
	PENDING_KILL_PROBE,
	PENDING_KILL_RECONFIGURE,
	PENDING_SIGNAL,
	PENDING_HEALTH_SIGNAL,
	PENDING_RELOAD_SIGNAL,
	PENDING_KILL,
	PENDING_KILL_STOP,
	PENDING_DOWN,
	PENDING_PREPARE,
	PENDING_START,
	PENDING_STOP_COMMAND,
	PENDING_PROBE,
	PENDING_EXEC_PROBE,
	PENDING_RECONFIGURE,
	PENDING_RETIRED,
	PENDING_COUNT
};

#define PENDING_BIT(pending) (1u << (pending))
/* What leaving a state takes back: it was for the old state only. */
#define PENDING_OF_STATE                                                                           \
	(PENDING_BIT(PENDING_SIGNAL) | PENDING_BIT(PENDING_HEALTH_SIGNAL) |                        \
		PENDING_BIT(PENDING_RELOAD_SIGNAL) | PENDING_BIT(PENDING_PREPARE) |                \
		PENDING_BIT(PENDING_START) | PENDING_BIT(PENDING_STOP_COMMAND) |                   \
		PENDING_BIT(PENDING_PROBE) | PENDING_BIT(PENDING_EXEC_PROBE) |                     \
		PENDING_BIT(PENDING_RECONFIGURE))
/* A process that the unit is about to get. */
#define PENDING_PROCESS                                                                            \
	(PENDING_BIT(PENDING_PREPARE) | PENDING_BIT(PENDING_START) |                               \
		PENDING_BIT(PENDING_STOP_COMMAND))

struct unit {
	const struct service *spec; /* NULL: a free slot */
	const struct service *next; /* what replaces spec once it is down; NULL: nothing */
	enum service_state state;

	/* What was asked for. */
	bool wanted;	 /* autostart, or by request */
	bool held;	 /* stopped by request, or because what it needs was lost */
	bool restarting; /* down once, then up again */
	bool retiring;	 /* removed by a reload */

	/* What settling has found out, in this order, for one round; see settle.c. */
	bool barred;  /* stays down, whoever wants it */
	bool turning; /* goes down only to come up again: not up, and yet worth waiting for */
	bool up, blocked;
	int waits_for, waited_for; /* now; last, also when it waits no more */

	/* The attempt under way. */
	bool tried;    /* an attempt is over, or has become ready, since it was last down */
	bool aborting; /* STOPPING or KILLING because of `last`, not by request */
	bool overran;
	bool probing;	   /* ACTION_PROBE was given out and not answered */
	bool probe_killed; /* its exec probe was */
	uint32_t attempt, probe_attempt;
	unsigned restarts;
	pid_t pid[ROLE_COUNT];
	struct timestamp since, started, became_ready, deadline, probe_at;
	struct failure last;

	/* READY: the health check under way, or the last one; see check.h. */
	bool checking;
	unsigned checks_failed; /* in a row */
	unsigned checks_failed_ever;
	int64_t check_extra_ms; /* given for our own lateness */
	struct timestamp check_began, answered;

	/* READY: giving it back its configuration; see reconfigure.h. */
	bool came_later; /* with a reload */
	bool reconfigure_due, reconfigure_killed, reconfigure_failed;
	bool reload_due, reload_failed;
	bool reloading; /* what is asked for, or runs, is reload_command */
	int reload_status;
	struct timestamp reconfigure_until; /* it is killed then; NEVER: none runs */

	struct history history;
	struct past_end ends[ENDS_MAX]; /* a ring */
	unsigned end_count;		/* of all */

	unsigned pending; /* bits */
	int next_pending; /* the next in the engine's queue; -1: the last; -2: not in it */
};

struct engine {
	const struct model *model;
	struct unit *units;
	unsigned slots;
	struct graph graph;

	enum phase phase;
	bool was_ready, all_ready;
	bool holding;				 /* nothing that waits may start */
	bool rest_gone;				 /* nothing is left to sweep */
	bool give_ready, give_exit, signal_rest; /* actions of the engine as a whole */
	int rest_signal;
	int exit_code, ended_by;
	struct timestamp kill_at, stop_by, sweep_kill_at;
	struct timestamp next_deadline;
	unsigned illegal;

	int queue_first, queue_last; /* units with something pending; -1: none */

	struct trace_entry *trace;
	unsigned trace_size, trace_first, trace_count;
	uint64_t trace_lost;
};

/* The one function that assigns a state. A cell that the table has not is counted, and nothing
 * changes: PID 1 goes on with what it knows. */
void unit_move(struct engine *engine, unsigned slot, enum transition on, struct timestamp now);

/* The attempt under way has ended so: policy judges it, and the unit moves on by that; which may
 * begin the stop of the whole. */
void unit_end(
	struct engine *engine, unsigned slot, const struct failure *end, struct timestamp now);

void unit_want(struct engine *engine, unsigned slot, enum pending pending);

/* Does it own a process, or is it about to? Its probe and `reconfigure` are not counted. */
bool unit_has_process(const struct unit *unit);

/* Does it count for "all ready"? Wanted (also while it turns), and one that policy_counts(). */
bool unit_counts(const struct unit *unit);

/* Begins the ordered stop; the first reason wins. `by`: the unit that caused it, or -1. */
void engine_stop(struct engine *engine, int exit_code, int by, struct timestamp now);

#define QUEUE_END (-1)
#define QUEUE_OUT (-2)

#endif

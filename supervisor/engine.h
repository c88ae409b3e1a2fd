/* engine: decides. Facts go in (engine_feed), the engine settles (engine_settle), actions come out
 * (engine_take). It makes no system call, reads no clock, allocates only in engine_create and
 * engine_reload, and logs nothing: what happened is in its trace.
 *
 * Level-triggered: settling looks at what is, not at what was said, until nothing more changes; so
 * a lost edge strands nothing. Each unit (a service at run time) keeps the slot number that it got
 * first for as long as it exists, also across reloads: init/ may index its own arrays by it.
 *
 * The caller's loop:
 *	engine_feed(…) for each fact; engine_settle(e, now);
 *	while (engine_take(e, &action)) { do it; feed SPAWNED or SPAWN_FAILED at once }
 *	engine_settle(e, now) again when something was fed;
 *	sleep until engine_deadline(e) or the next fact.
 */
#ifndef FIRSTHOP_SUPERVISOR_ENGINE_H
#define FIRSTHOP_SUPERVISOR_ENGINE_H

#include "supervisor/state.h"
#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct model;
struct service;
struct engine;

/* The processes that a unit may own, one of each at a time. */
enum role {
	ROLE_MAIN,
	ROLE_PREPARE,
	ROLE_STOP,  /* stop_command */
	ROLE_PROBE, /* ready = exec:…, or health = exec:… */
	ROLE_RECONFIGURE,
	ROLE_COUNT
};

enum event_kind {
	EVENT_SPAWNED,	    /* unit, role, attempt, pid */
	EVENT_SPAWN_FAILED, /* unit, role, attempt, value: errno, stage: what failed (static text)
			     */
	EVENT_EXITED,	    /* unit, role, pid, value: wait status, see waitpid(2) */
	EVENT_READY,	    /* unit, attempt: it said so, or a probe succeeded */
	EVENT_PROBE_FAILED, /* unit, attempt: not yet; it will be asked for again */
	EVENT_HEALTHY,	    /* unit, attempt: a health check was answered well */
	EVENT_UNHEALTHY,    /* unit, attempt: it was not */
	EVENT_START,	    /* unit: wanted from now on; a failed one is tried again */
	EVENT_STOP,	    /* unit: no longer wanted */
	EVENT_RESTART,	    /* unit: stop, then start */
	EVENT_RELOAD,	/* unit: it reads its configuration anew; nothing when it is not READY */
	EVENT_SHUTDOWN, /* value: exit code for PID 1 */
	EVENT_ALL_GONE, /* no process but PID 1 is left (waitpid: ECHILD) */
	EVENT_HOLD,	/* what waits goes on waiting, whatever it waited for: the node is not
			 * prepared yet, see init/interfaces.h */
	EVENT_RELEASE,	/* and no longer */
	EVENT_COUNT
};

struct event {
	enum event_kind kind;
	unsigned unit;
	enum role role;
	uint32_t attempt;
	pid_t pid;
	int value;
	const char *stage;
	uint64_t lacks; /* EXITED, SPAWN_FAILED: as in struct failure */
};

enum action_kind {
	ACTION_SPAWN,	    /* unit, role, attempt, health (of a probe); answer with SPAWNED or
			     * SPAWN_FAILED at once */
	ACTION_SIGNAL,	    /* unit, role, pid, value: signal to the process, KILL to its group */
	ACTION_PROBE,	    /* unit, attempt, health: look once whether it is ready; answer READY or
			     * PROBE_FAILED, now or later. Only for kinds that are polled. With
			     * `health`: whether it is alive; answer HEALTHY or UNHEALTHY, without a
			     * limit of your own: the engine says when it has waited long enough. */
	ACTION_PROBE_ENDED, /* unit: a probe still under way is of no interest any more */
	ACTION_DOWN,	    /* unit: nothing of it runs (after each stop, exit or failure) */
	ACTION_RETIRED,	    /* unit: its slot is free, drop all that belongs to it */
	ACTION_ALL_READY,   /* once: every wanted service is ready */
	ACTION_SIGNAL_REST, /* value: signal to every process that is not ours; answer ALL_GONE when
			     * none is left, now or later */
	ACTION_EXIT,	    /* value: exit code; the last action ever */
	ACTION_COUNT
};

struct action {
	enum action_kind kind;
	unsigned unit;
	enum role role;
	uint32_t attempt;
	pid_t pid;
	int value;
	bool health; /* the probe asks what `health` says, not what `ready` says */
	bool reload; /* RECONFIGURE: what runs is reload_command */
};

/* Why a unit last ended or is not running; text is made from it, see supervisor/status.h. */
enum failure_kind {
	FAILURE_NONE,
	FAILURE_EXIT,	       /* status: wait status of the main process */
	FAILURE_PREPARE,       /* status: wait status of prepare */
	FAILURE_SPAWN,	       /* error: errno, stage */
	FAILURE_READY_TIMEOUT, /* not ready in start_timeout */
	FAILURE_PREPARE_TIMEOUT,
	FAILURE_HEALTH, /* did not answer: checks, silent_ms */
	FAILURE_COUNT
};

struct failure {
	enum failure_kind kind;
	int status;
	int error;
	const char *stage;
	unsigned checks;   /* that failed, one after the other */
	int64_t silent_ms; /* since it last answered, or became ready */
	uint64_t lacks;	   /* EXIT: capabilities that it said it cannot do without; SPAWN: that are
			    * not there to give it. A bit for each number of linux/capability.h */
};

/* An end that is remembered: how, and when; the newest ENDS_MAX of each unit. */
struct past_end {
	struct timestamp at;
	enum failure_kind kind;
	int value; /* as in struct failure: status, error or checks, by the kind */
};

#define ENDS_MAX 4

/* What is known of a unit, for status, tests and init/; read only. */
struct unit_view {
	const struct service *spec; /* what runs; the old one while a changed service stops */
	enum service_state state;
	bool in_use;		       /* false: a free slot */
	bool wanted;		       /* by autostart, by others, or by request */
	bool retiring;		       /* removed by a reload; its slot is freed once down */
	uint32_t attempt;	       /* counts starts; 0 before the first */
	unsigned restarts;	       /* starts after the first */
	pid_t pid[ROLE_COUNT];	       /* 0: none; -1: SPAWN was taken, not answered yet */
	struct timestamp since;	       /* when it came into this state */
	struct timestamp started;      /* when the main process was started; NEVER before */
	struct timestamp became_ready; /* of this attempt; NEVER while it is not */
	struct timestamp deadline;     /* when the state's timer fires; NEVER: none */
	struct timestamp probe_at;     /* when it is probed next; NEVER: not */
	struct failure last;	       /* the last time it ended */
	unsigned checks_failed;	       /* health checks, in a row, while READY */
	unsigned checks_failed_ever;   /* in all its life */
	bool reconfiguring;	       /* READY, but its configuration is not given back yet */
	bool reconfigure_failed;       /* READY, and that has failed */
	bool reloading;		       /* READY, and reload_command is not over yet */
	bool reload_failed;	       /* READY, and that has failed */
	bool reload_was_last; /* of RECONFIGURE's processes: the newest ran reload_command */
	int reload_status;    /* wait status of the last reload_command or reconfigure; -1: it could
			       * not be started, or was killed */
	unsigned failures;    /* in a row, without a quiet period between them */
	bool held;	      /* stopped by request, or because what it needs was lost */
	int waits_for;	      /* unit that it waits for while WAITING; -1: none, or HOLD */
	bool blocked;	      /* WAITING, and that will not come by itself, or has failed to come */
	int waited_for;	      /* unit that it waited for last; -1: it did for none */
	bool overran;	      /* was killed because it did not stop in time */
};

/* An engine for the model; every autostart service is wanted, from the first engine_settle on. The
 * model must live for as long as engine_uses() says so. NULL: no memory. */
struct engine *engine_create(const struct model *model, struct timestamp now);
void engine_free(struct engine *engine);

/* Another model: units are matched by name; unchanged ones are not touched, changed ones restarted,
 * removed ones stopped and retired, new ones started. The old model must live until
 * engine_uses(engine, old) is false. 0 or -ENOMEM (nothing changed then). */
int engine_reload(struct engine *engine, const struct model *model, struct timestamp now);
bool engine_uses(const struct engine *engine, const struct model *model);

/* Takes in one fact. Facts about an attempt, pid or slot that is no more are dropped. */
void engine_feed(struct engine *engine, const struct event *event, struct timestamp now);

/* Fires what is due at `now`, then settles. `now` never goes back. */
void engine_settle(struct engine *engine, struct timestamp now);

/* The next action, in order; false: none left. */
bool engine_take(struct engine *engine, struct action *ret_action);

/* When engine_settle must be called next even without a fact; NEVER: not at all. */
struct timestamp engine_deadline(const struct engine *engine);

unsigned engine_slot_count(const struct engine *engine); /* slots are 0 .. count-1 */
void engine_view(const struct engine *engine, unsigned unit, struct unit_view *ret_view);
int engine_find(const struct engine *engine, const char *name); /* slot, or -1 */
/* How it ended before: `index` 0 is the newest. False: it has not ended so often, or that is
 * forgotten. */
bool engine_past_end(
	const struct engine *engine, unsigned unit, unsigned index, struct past_end *ret_end);
/* The unit and role of a process, by pid; false: not ours. */
bool engine_find_pid(
	const struct engine *engine, pid_t pid, unsigned *ret_unit, enum role *ret_role);

enum phase {
	PHASE_RUNNING,
	PHASE_STOPPING, /* services stop in reverse order */
	PHASE_KILLING,	/* the budget is nearly used up: KILL to all that is left */
	PHASE_SWEEPING, /* services are down; the rest of the processes are told to go */
	PHASE_ENDED,
	PHASE_COUNT
};

struct engine_summary {
	enum phase phase;
	bool all_ready;			/* now */
	bool was_ready;			/* ALL_READY has been given out */
	bool holding;			/* between HOLD and RELEASE */
	int exit_code;			/* of the stop under way */
	struct timestamp stop_by;	/* end of the budget; NEVER while running */
	unsigned wanted, ready, failed; /* of the units that count, see policy_counts() */
	unsigned illegal; /* transitions that the state table refused: a bug, never seen */
	int ended_by;	  /* unit whose failure or end started the stop; -1: none */
};
void engine_summarize(const struct engine *engine, struct engine_summary *ret_summary);

/* One transition. `attempt` as in unit_view. */
struct trace_entry {
	struct timestamp at;
	uint32_t attempt;
	uint16_t unit;
	uint8_t from, on, to; /* enum service_state, transition, service_state */
};

/* The oldest transition not yet read; false: none. When the ring overflowed, the oldest are lost
 * and counted. */
bool engine_read_trace(struct engine *engine, struct trace_entry *ret_entry);
uint64_t engine_trace_lost(const struct engine *engine);

#endif

/* status: what an operator wants to know, as plain data; made from the engine inside PID 1, sent
 * over the control socket (supervisor/protocol.h), shown by the client. Pure: text and arrays go
 * into an arena or a buffer of the caller's; nothing is printed here.
 *
 * In order of use:
 *	PID 1:  status_from_engine(), then init/ adds what only it knows (node, output, drops),
 *		then protocol_put_status()
 *	client: protocol_get_status(), then status_write_text() or status_write_json() */
#ifndef FIRSTHOP_SUPERVISOR_STATUS_H
#define FIRSTHOP_SUPERVISOR_STATUS_H

#include "config/model.h"
#include "supervisor/engine.h"
#include "supervisor/finding.h"
#include "supervisor/table.h"

struct arena;
struct buffer;
struct service_detail;

/* What its health checks say. */
enum status_health {
	STATUS_HEALTH_NONE, /* it is not asked, or not ready */
	STATUS_HEALTH_GOOD,
	STATUS_HEALTH_FAILING, /* but not so often yet that it would be killed */
	STATUS_HEALTH_COUNT
};

struct status_service {
	const char *name;
	enum service_type type;
	enum service_state state;
	bool wanted;
	unsigned unit;		/* slot in the engine; for init/, not sent */
	pid_t pid;		/* of the main process, else of prepare or stop_command; 0: none */
	int64_t since_ms;	/* for so long in this state */
	int64_t uptime_ms;	/* of the main process; -1: does not run */
	int64_t ready_ms;	/* from start to ready, this attempt; -1: not ready */
	unsigned restarts;	/* starts after a failure, or by request */
	const char *reason;	/* why it is not up, or not well; NULL: nothing to say */
	const char *last;	/* how it ended last: "exited 1"; NULL: never ended */
	uint64_t lines_dropped; /* of its output, since the start of PID 1 */
	const char *output;	/* of a failed one: its last lines, each with '\n'; NULL: none */
	enum status_health health;
	int64_t memory_bytes; /* resident, of the main process; -1: not known */
	int64_t cpu_ms;	      /* that it has used, without its children; -1: not known */
	const char *crash;    /* the directory with what is known of its last failure; NULL: none */
	uint64_t lines;	      /* of its output, since the start of PID 1; dropped ones included */
	uint32_t checks_failed; /* health checks, of all its life */
};

struct status {
	const char *version;
	const char *hostname;
	enum phase phase;
	bool all_ready, was_ready;	/* as in engine_summary */
	int64_t uptime_ms;		/* since PID 1 started */
	int64_t ready_ms;		/* from the start of PID 1 to all ready; -1: not yet */
	int64_t stop_left_ms;		/* of the stop budget; -1: not stopping */
	const char *config_source;	/* "/etc/firsthop.ini", "built-in" */
	bool config_is_fallback;	/* not what was asked for; config_problem says why */
	const char *config_problem;	/* NULL: none */
	unsigned wanted, ready, failed; /* as in engine_summary */
	/* For `health --level converged`; not shown. */
	struct converged_counts converged;
	const char *const *problems; /* what went wrong while booting, one line each */
	unsigned problem_count;
	unsigned finding_counts[FINDING_STATE_COUNT]; /* of all of the preparation's */
	const struct finding *findings; /* of the preparation: those that are not OK */
	unsigned finding_count;
	struct status_service *services; /* in the order of the configuration */
	unsigned service_count;
};

/* Fills *ret_status with all that the engine knows: phase, counts, stop_left_ms, services. The rest
 * is zero, NULL or -1, for init/ to fill. Arrays and texts live in `arena`; names point into the
 * engine's models, so the status is good until the next call of the engine. 0 or -ENOMEM. */
int status_from_engine(struct arena *arena, const struct engine *engine, struct timestamp now,
	struct status *ret_status);

/* One unit, as above; text that finds no memory is left NULL. */
void status_from_view(struct arena *arena, const struct engine *engine,
	const struct unit_view *view, struct timestamp now, struct status_service *ret_service);

/* "exited 1", "killed by signal 11 (SEGV), core dumped", "could not be started: exec /x: No such
 * file or directory", "not ready after 60 s"; for the last end of a service that is `spec`. In the
 * arena; NULL: FAILURE_NONE or no memory. Also good for PID 1's log. */
const char *failure_text(
	struct arena *arena, const struct failure *failure, const struct service *spec);

/* What may be done about such an end: a part of a sentence; NULL: the failure does not tell. */
const char *failure_cure(
	struct arena *arena, const struct failure *failure, const struct service *spec);

/* A wait status alone: "exited 1", "killed by signal 9 (KILL)". NULL: no memory. */
const char *wait_status_text(struct arena *arena, int wait_status);

/* "running", "stopping" … */
const char *phase_name(enum phase phase);

/* Is it worth a look: failed, in backoff, killed, waiting or starting for too long …? Such services
 * are shown first. Higher is worse; 0: all is well. */
unsigned status_severity(const struct status_service *service);

/* For people, see supervisor/table.h: a line on the node, problems, services (degraded ones first),
 * the last output of failed ones. Into `buffer`, which may fail for memory. Text that came from
 * outside is made printable. */
void status_write_text(
	struct buffer *buffer, const struct status *status, const struct table_style *style);

/* The same of one service alone, with its details; NULL: none are known. */
void status_write_service(struct buffer *buffer, const struct status_service *service,
	const struct service_detail *detail, const struct table_style *style);

/* The same as JSON, version 1, see doc/json.md. `only`: of the services that one, with its details;
 * NULL: all, without. */
void status_write_json(struct buffer *buffer, const struct status *status,
	const struct status_service *only, const struct service_detail *detail);

/* "failed" is bad, "ready" is good: the colour that a service's state is shown in. */
enum colour status_colour(const struct status_service *service);

/* The findings that are worth a look, those that are MISSING first; their texts stay those of
 * `findings`. 0 or -ENOMEM. */
int status_add_findings(
	struct arena *arena, const struct findings *findings, struct status *status);

/* The service of that name, or NULL. */
const struct status_service *status_find(const struct status *status, const char *name);

#endif

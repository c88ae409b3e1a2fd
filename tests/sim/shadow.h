/* shadow: what an observer of the engine knows of each unit, from what was fed, what was taken and
 * what was traced; and the policy worked out a second time, from what the configuration promises.
 * The checks compare it with what the engine says. */
#ifndef FIRSTHOP_TESTS_SIM_SHADOW_H
#define FIRSTHOP_TESTS_SIM_SHADOW_H

#include "supervisor/engine.h"

#include "config/model.h"
#include "tests/sim/models.h"

#include <errno.h>
#include <sys/wait.h>

#define SHADOW_MS   INT64_C(1000000)
#define NEVER_NS    INT64_MAX
#define STORM	    20	/* failures in a row at no delay; each further one waits … */
#define STORM_MS    100 /* … this long */
#define FIRST_MS    100 /* what a minimum of 0 doubles to */
#define FAILURE_LOG 32

struct shadow {
	bool known;
	const struct service *spec; /* the truth of what runs */
	unsigned name;		    /* of model_names */
	uint32_t needs, others;	    /* what it depends on, by name: needs; wants and after */
	uint32_t graph;		    /* what the newest configuration says that it depends on */
	uint32_t waits_for;	    /* the same without `after` */
	bool gone_from_model;

	enum service_state state;
	int64_t since_ns, ready_ns, started_ns;
	uint32_t attempt, probe_attempt;
	pid_t pid[ROLE_COUNT]; /* 0: none; -1: asked for, not answered */
	bool killed[ROLE_COUNT];
	bool aborting, overran, tried, probing;
	bool ready_shown; /* of this attempt, by a fact */
	bool checking;	  /* a health check was given out and not answered */
	bool hung;	  /* goes down because of its checks */
	bool came_later;  /* with a reload */
	bool reconfigure_due, reconfigure_failed;
	bool reload_due, reload_failed;	   /* the same of reload_command, which is run likewise */
	bool reloading, reload_signal_due; /* the newest process is of reload_command */
	uint32_t reconfigure_attempt;	   /* of its newest process */
	bool reconfigure_awaited;	   /* that is: its end will tell */
	int64_t reconfigure_due_ns;	   /* when that is killed, if it has not ended */
	int64_t reconfigure_limit_ns;	   /* the same, while it is not started yet */
	unsigned checks_failed;
	int64_t check_began_ns, check_due_ns; /* of the one under way; NEVER_NS: none is */
	int64_t check_plain_ns;		      /* when it would be due if the loop were never late */
	int64_t unasked_ns;		      /* when it was last seen not to be asked at all */
	int64_t check_extra_ms, check_next_ns; /* given to it; no other begins before */
	int64_t timer_ns;   /* when the state ends by time; NEVER_NS: it does not */
	struct failure end; /* of the attempt: what the next verdict is about */

	unsigned in_a_row, failures;
	int64_t failed_ns[FAILURE_LOG]; /* the newest last */
	int64_t delay_ms;		/* of the BACKOFF it is in */
};

static inline bool shadow_counts(const struct shadow *shadow)
{
	if (shadow->spec->type == SERVICE_ONESHOT && shadow->spec->start == START_MANUAL)
		return false;
	return shadow->spec->type != SERVICE_CONSOLE && shadow->spec->type != SERVICE_FOREGROUND;
}

static inline void shadow_forget_check(struct shadow *shadow)
{
	shadow->check_due_ns = shadow->check_plain_ns = NEVER_NS;
	shadow->check_extra_ms = 0;
}

/* Has somebody been asked? Else its silence means nothing. */
static inline bool is_asked(const struct shadow *shadow)
{
	return shadow->checking || shadow->pid[ROLE_PROBE];
}

static inline bool shadow_follows(const struct shadow *shadow)
{
	return shadow->spec->on_need_lost != NEED_LOST_KEEP;
}

/* Its `reconfigure` has ended; one that is killed, or of an earlier life, tells nothing. */
static inline void shadow_note_reconfigured(struct shadow *shadow, bool success)
{
	if (shadow->reconfigure_awaited && shadow->reloading)
		shadow->reload_failed = !success;
	else if (shadow->reconfigure_awaited)
		shadow->reconfigure_failed = !success;
	shadow->reconfigure_awaited = false;
	shadow->reconfigure_due_ns = NEVER_NS;
}

/* It is to read its configuration anew: by one of three ways, and only while it is READY. */
static inline void shadow_note_reload(struct shadow *shadow)
{
	const struct service *spec = shadow->spec;

	if (shadow->gone_from_model || shadow->state != STATE_READY)
		return;
	if (spec->reload_signal)
		shadow->reload_signal_due = true;
	else if (spec->reload_command.count)
		shadow->reload_due = true;
	else
		shadow->reconfigure_due = spec->reconfigure.count > 0;
}

static inline bool is_polled(const struct service *spec)
{
	return spec->ready.kind >= READY_PIDFILE;
}

static inline bool has_process(const struct shadow *shadow)
{
	return shadow->pid[ROLE_MAIN] || shadow->pid[ROLE_PREPARE] || shadow->pid[ROLE_STOP];
}

static inline void shadow_forget_failures(struct shadow *shadow)
{
	shadow->in_a_row = shadow->failures = 0;
}

static inline bool status_is_success(const struct exit_set *set, int status)
{
	if (!set)
		return false;
	if (WIFSIGNALED(status))
		return set->signals & UINT64_C(1) << WTERMSIG(status);
	unsigned code = (unsigned)WEXITSTATUS(status);
	return set->codes[code / 64] & UINT64_C(1) << code % 64;
}

static inline void shadow_log_failure(struct shadow *shadow, int64_t now)
{
	shadow->in_a_row++;
	if (shadow->failures == FAILURE_LOG)
		memmove(shadow->failed_ns, shadow->failed_ns + 1,
			(--shadow->failures) * sizeof(shadow->failed_ns[0]));
	shadow->failed_ns[shadow->failures++] = now;
}

/* restart_delay = MIN .. MAX: doubles from one to the other. */
static inline int64_t shadow_delay_ms(const struct shadow *shadow)
{
	int64_t delay = shadow->spec->restart_delay_min_ms;
	int64_t most = shadow->spec->restart_delay_max_ms;

	for (unsigned doublings = 1; doublings < shadow->in_a_row && delay < most; doublings++)
		delay = delay ? 2 * delay : FIRST_MS;
	if (delay > most)
		delay = most;
	return shadow->in_a_row > STORM && delay < STORM_MS ? STORM_MS : delay;
}

/* What has to become of a unit whose attempt ended at `now` by shadow->end; counts it. */
static inline enum transition shadow_judge(struct shadow *shadow, int64_t now)
{
	const struct service *spec = shadow->spec;
	bool success = shadow->end.kind == FAILURE_EXIT &&
		       status_is_success(spec->success, shadow->end.status);
	unsigned count = spec->give_up_count;

	if (success && (spec->type == SERVICE_ONESHOT || spec->type == SERVICE_FOREGROUND ||
			       spec->restart != RESTART_ALWAYS))
		return ON_DONE;
	if (shadow->ready_ns != NEVER_NS &&
		(now - shadow->ready_ns) / SHADOW_MS >= spec->restart_reset_ms)
		shadow->in_a_row = 0;
	shadow_log_failure(shadow, now);
	shadow->delay_ms = shadow_delay_ms(shadow);
	if (spec->type == SERVICE_FOREGROUND || spec->restart == RESTART_NEVER)
		return ON_FATAL;
	if (count && shadow->failures >= count &&
		(now - shadow->failed_ns[shadow->failures - count]) / SHADOW_MS <=
			spec->give_up_window_ms)
		return ON_FATAL;
	return ON_RETRY;
}

/* What the container's exit code is when its command ends so. */
static inline int foreground_code(const struct failure *end)
{
	if (end->kind == FAILURE_SPAWN)
		return end->error == ENOENT ? 127 : 126;
	return WIFSIGNALED(end->status) ? 128 + WTERMSIG(end->status) : WEXITSTATUS(end->status);
}

#endif

/* policy: what an end means, and when to try again. Turns raw facts (a wait status, an errno, a
 * timer) into the precise events of the state table. */
#ifndef FIRSTHOP_SUPERVISOR_POLICY_H
#define FIRSTHOP_SUPERVISOR_POLICY_H

#include "supervisor/engine.h"

#include "config/model.h"

/* The failures of one unit, for delay and give_up; all zero at first. */
struct history {
	unsigned in_a_row; /* failures without a quiet period between them */
	unsigned count;	   /* of at[], the newest failures, oldest overwritten */
	unsigned head;	   /* where the next goes */
	struct timestamp at[GIVE_UP_COUNT_MAX];
};

/* Has the unit ended well? Exit statuses in `success`; nothing else. */
bool policy_is_success(const struct service *service, const struct failure *end);

/* ON_DONE, ON_RETRY or ON_FATAL for an end at `now` of an attempt that became ready at
 * `became_ready` (NEVER: it did not). Counts it in `history` when it is a failure. */
enum transition policy_judge(const struct service *service, struct history *history,
	const struct failure *end, struct timestamp became_ready, struct timestamp now);

/* How long to wait before the next try, after policy_judge() has said ON_RETRY: the configured
 * minimum, doubled for each further failure in a row, up to the maximum. */
int64_t policy_delay_ms(const struct service *service, const struct history *history);

/* Does it count for "all ready", as long as it is wanted? A console is for people, a foreground
 * command the container's own business, and a oneshot that starts on request is work that the
 * router does, not what it is: with none of them is it less of a router. */
bool policy_counts(const struct service *service);

/* The exit code of PID 1 for the end of the foreground command: its own, 128 + signal, or as
 * shells say it, 127 (not found) and 126 (could not be started). */
int policy_exit_code(const struct failure *end);

/* How long until readiness is asked for again, `elapsed_ms` after the start: often at first, when
 * most services become ready, then less. */
int64_t policy_probe_interval_ms(enum ready_kind kind, int64_t elapsed_ms);

#endif

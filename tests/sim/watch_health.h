/* watch_health: the checks of liveness, worked out a second time: when a check begins, when its
 * time is up, how much of that was the loop's own lateness, and how many in a row have failed. */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_HEALTH_H
#define FIRSTHOP_TESTS_SIM_WATCH_HEALTH_H

#include "tests/sim/watch.h"

#include <signal.h>

#define CHECK_PACE_MS 1000

static inline bool has_health(const struct service *spec)
{
	return spec->health.kind != READY_IMMEDIATELY;
}

static inline void shadow_forget_health(struct shadow *shadow)
{
	shadow_forget_check(shadow);
	shadow->checking = false;
	shadow->checks_failed = 0;
	shadow->check_next_ns = 0;
}

/* An answer that counts has come. */
static inline void shadow_note_answer(struct shadow *shadow, bool well)
{
	int64_t pace_ms = well ? shadow->spec->health_period_ms : CHECK_PACE_MS;

	if (shadow->check_due_ns == NEVER_NS)
		return;
	shadow_forget_check(shadow);
	shadow->checks_failed = well ? 0 : shadow->checks_failed + 1;
	shadow->check_next_ns = shadow->check_began_ns + pace_ms * SHADOW_MS;
}

/* Before a settle: has the loop come late, all checks under way get that time again. */
static inline void watch_forgive(struct watch *watch)
{
	int64_t asked = engine_deadline(watch->engine).ns;
	int64_t late_ms = asked < watch->now ? (watch->now - asked) / SHADOW_MS : 0;

	for (unsigned slot = 0; late_ms && slot < watch->slots; slot++) {
		struct shadow *shadow = &watch->shadow[slot];
		if (!shadow->known || shadow->check_due_ns == NEVER_NS)
			continue;
		int64_t timeout_ms = shadow->spec->health_timeout_ms, ms = late_ms;
		if (ms <= timeout_ms / 8)
			continue;
		if (shadow->check_extra_ms + ms > 2 * timeout_ms)
			ms = 2 * timeout_ms - shadow->check_extra_ms;
		if (ms <= 0)
			continue;
		shadow->check_extra_ms += ms;
		if (shadow->check_due_ns < watch->now)
			shadow->check_due_ns = watch->now;
		shadow->check_due_ns += ms * SHADOW_MS;
	}
}

/* It is said to hang: only after as many failures in a row as were asked for, and never while the
 * last of them is explained by the loop's lateness. */
static inline void check_hung(struct watch *watch, unsigned slot, enum transition on)
{
	struct shadow *shadow = &watch->shadow[slot];
	bool timed_out = shadow->check_due_ns <= watch->now && is_asked(shadow);
	bool was_late = shadow->check_plain_ns <= watch->now && is_asked(shadow) && !timed_out;
	unsigned failed = shadow->checks_failed + timed_out;

	ENSURE(watch, failed >= shadow->spec->health_failures || !was_late, "blamed",
		"%s is killed for our own lateness", watch_name(watch, slot));
	ENSURE(watch, has_health(shadow->spec) && failed >= shadow->spec->health_failures, "hung",
		"%s is killed after %u of %u failed checks", watch_name(watch, slot), failed,
		shadow->spec->health_failures);
	ENSURE(watch, (on == ON_HUNG) == (shadow->spec->health_signal == SIGKILL), "judged",
		"%s: %s", watch_name(watch, slot), transition_name(on));
	shadow->end = (struct failure){.kind = FAILURE_HEALTH};
}

/* After a settle: which check is over by time, and which one has begun. */
static inline void watch_note_check(
	struct watch *watch, struct shadow *shadow, const struct unit_view *view)
{
	const char *name = model_names[shadow->name];

	if (shadow->state != STATE_READY || !has_health(shadow->spec) || !view->wanted) {
		shadow_forget_health(shadow);
		shadow->unasked_ns = watch->now;
		return;
	}
	if (shadow->check_due_ns <= watch->now) {
		if (is_asked(shadow))
			shadow_note_answer(shadow, false);
		shadow->checking = false;
		shadow_forget_check(shadow);
	}
	if (shadow->check_due_ns != NEVER_NS || view->deadline.ns == NEVER_NS)
		return;
	ENSURE(watch, watch->now >= shadow->check_next_ns, "checks",
		"%s is asked again before %.3f", name, (double)shadow->check_next_ns / 1e6);
	shadow->check_began_ns = watch->now;
	shadow->check_due_ns = shadow->check_plain_ns =
		watch->now + shadow->spec->health_timeout_ms * SHADOW_MS;
}

/* One that hangs is noticed in time, unless the loop is late: the caller says since when it hangs
 * and nothing was late or changed. */
static inline void watch_check_noticed(struct watch *watch, unsigned slot, int64_t since_ns)
{
	const struct shadow *shadow = &watch->shadow[slot];
	const struct service *spec = shadow->spec;
	struct unit_view view;
	int64_t each_ms =
		spec->health_timeout_ms > CHECK_PACE_MS ? spec->health_timeout_ms : CHECK_PACE_MS;

	engine_view(watch->engine, slot, &view);
	if (shadow->state != STATE_READY || !view.wanted || !has_health(spec))
		return;
	if (since_ns < shadow->since_ns)
		since_ns = shadow->since_ns;
	if (since_ns < shadow->unasked_ns) /* it was about to go down, and is not any more */
		since_ns = shadow->unasked_ns;
	/* What was late before may have given a check twice its timeout more. */
	int64_t bound_ms = spec->health_period_ms + spec->health_failures * each_ms +
			   2 * spec->health_timeout_ms;

	ENSURE(watch, watch->now <= since_ns + bound_ms * SHADOW_MS, "noticed",
		"%s has hung for %.3f ms", model_names[shadow->name],
		(double)(watch->now - since_ns) / 1e6);
}

#endif

/* watch_view: the checks of what the engine says of itself when it has settled. */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_VIEW_H
#define FIRSTHOP_TESTS_SIM_WATCH_VIEW_H

#include "tests/sim/watch_trace.h"

static inline bool state_may_wait(enum service_state state)
{
	return state == STATE_PREPARING || state == STATE_STARTING || state == STATE_STOPPING ||
	       state == STATE_BACKOFF;
}

static inline void check_timers(
	struct watch *watch, const struct shadow *shadow, const struct unit_view *view)
{
	const char *name = model_names[shadow->name];
	bool is_checked = shadow->state == STATE_READY && has_health(shadow->spec) && view->wanted;
	int64_t deadline = view->deadline.ns;
	int64_t timer = is_checked ? shadow->check_due_ns : shadow->timer_ns;
	bool is_stop = shadow->state == STATE_STOPPING;

	ENSURE(watch, deadline == NEVER_NS || state_may_wait(shadow->state) || is_checked, "timer",
		"%s: a timer runs in %s", name, state_name(shadow->state));
	ENSURE(watch,
		view->probe_at.ns == NEVER_NS || shadow->state == STATE_STARTING || is_checked,
		"timer", "%s: a probe is planned in %s", name, state_name(shadow->state));
	/* A stop is also bounded by the budget. */
	ENSURE(watch, deadline == timer || (is_stop && watch->stopping && deadline < timer),
		"timer", "%s in %s: timer at %.3f, expected %.3f", name, state_name(shadow->state),
		(double)deadline / 1e6, (double)timer / 1e6);
	ENSURE(watch, timer > watch->now, "late", "%s: the timer of %s has passed", name,
		state_name(shadow->state));
	ENSURE(watch,
		watch_deadline(watch) <= timer && watch_deadline(watch) <= deadline &&
			watch_deadline(watch) <= view->probe_at.ns,
		"late", "%s: the engine wakes up too late for it", name);
}

static inline void check_processes(struct watch *watch, unsigned slot, const struct unit_view *view)
{
	const struct shadow *shadow = &watch->shadow[slot];
	const char *name = model_names[shadow->name];

	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		unsigned found_slot = 0;
		enum role found_role = ROLE_COUNT;

		ENSURE(watch, view->pid[role] == shadow->pid[role], "accounted",
			"%s: process %u is %d, expected %d", name, role, view->pid[role],
			shadow->pid[role]);
		if (view->pid[role] <= 0)
			continue;
		bool found =
			engine_find_pid(watch->engine, view->pid[role], &found_slot, &found_role);
		if (watch->plant == PLANT_NO_PID && role == ROLE_STOP)
			found = false;
		ENSURE(watch, found && found_slot == slot && found_role == role, "find-pid",
			"pid %d of %s is not found", view->pid[role], name);
	}
	ENSURE(watch, state_is_active(shadow->state) || !has_process(shadow), "one-main",
		"%s is %s and has a process", name, state_name(shadow->state));
}

static inline void check_need_lost(
	struct watch *watch, const struct shadow *shadow, const struct unit_view *view)
{
	uint32_t needs = shadow->needs & shadow->graph;

	if (watch->stopping || !view->wanted || !shadow_follows(shadow) ||
		!state_is_active(shadow->state))
		return;
	for (int need; (need = watch_next_named(watch, &needs)) >= 0;)
		ENSURE(watch, state_satisfies_need(watch->shadow[need].state), "need-lost",
			"%s stays up (%s) while %s, which it needs, is %s",
			model_names[shadow->name], state_name(shadow->state),
			model_names[watch->shadow[need].name],
			state_name(watch->shadow[need].state));
}

/* Would it start, by what it waits for? */
static inline bool may_start(struct watch *watch, const struct shadow *shadow)
{
	uint32_t needs = shadow->needs, others = shadow->others;

	for (int need; (need = watch_next_named(watch, &needs)) >= 0;) {
		struct unit_view view;

		engine_view(watch->engine, (unsigned)need, &view);
		if (!view.wanted || !state_satisfies_need(view.state))
			return false;
	}
	for (int other; (other = watch_next_named(watch, &others)) >= 0;) {
		const struct shadow *target = &watch->shadow[other];
		struct unit_view view;

		engine_view(watch->engine, (unsigned)other, &view);
		/* One that goes down may be about to come up again. */
		if (!view.wanted && state_is_active(view.state))
			return false;
		if (!target->tried && target->state != STATE_DOWN)
			return false;
	}
	return true;
}

/* Whether it is over, and how it went, is said of both alike. */
static inline void check_said(struct watch *watch, const struct shadow *shadow,
	const struct unit_view *view, bool reload, bool mine)
{
	const char *invariant = reload ? "reloaded" : "reconfigured";
	const char *name = model_names[shadow->name];
	bool due = reload ? shadow->reload_due : shadow->reconfigure_due;
	bool awaited = shadow->reconfigure_awaited && shadow->reloading == reload;
	bool said_open = reload ? view->reloading : view->reconfiguring;
	bool said_failed = reload ? view->reload_failed : view->reconfigure_failed;

	ENSURE(watch, said_failed == (reload ? shadow->reload_failed : shadow->reconfigure_failed),
		invariant, "%s: failed=%d", name, said_failed);
	ENSURE(watch, shadow->state != STATE_READY || said_open || (!due && !awaited), invariant,
		"%s is said to be done", name);
	ENSURE(watch, !said_open || due || (mine && awaited), invariant,
		"%s is said not to be done", name);
}

/* What runs is too late: it has failed, and its end tells nothing more. */
static inline void note_overdue(struct watch *watch, struct shadow *shadow)
{
	if (shadow->reconfigure_due_ns > watch->now)
		return;
	shadow_note_reconfigured(shadow, false);
}

/* After a settle: `reconfigure` of what came back is begun, bounded, and over in time; and so is
 * reload_command. */
static inline void check_reconfigured(
	struct watch *watch, struct shadow *shadow, const struct unit_view *view)
{
	const char *name = model_names[shadow->name];
	pid_t pid = shadow->pid[ROLE_RECONFIGURE];
	bool mine = pid && shadow->reconfigure_awaited &&
		    shadow->reconfigure_attempt == shadow->attempt;

	if (shadow->state != STATE_READY || !shadow->spec->reconfigure.count)
		shadow->reconfigure_due = false;
	if (shadow->state != STATE_READY || !shadow->spec->reload_command.count)
		shadow->reload_due = false;
	shadow->reload_signal_due &= shadow->spec->reload_signal != 0;
	note_overdue(watch, shadow);
	bool due = shadow->reconfigure_due || shadow->reload_due;

	if (due && view->wanted && !pid &&
		(shadow->reconfigure_limit_ns == NEVER_NS ||
			shadow->reconfigure_limit_ns <= watch->now))
		shadow->reconfigure_limit_ns = after_ms(watch->now, shadow->spec->start_timeout_ms);
	check_said(watch, shadow, view, false, mine);
	check_said(watch, shadow, view, true, mine);
	/* A hang, and one that is not gone yet, are the only reasons to wait. */
	ENSURE(watch, !watch->drained || !view->wanted || !shadow->reconfigure_due || pid,
		"reconfigured", "%s does not get its configuration back", name);
	ENSURE(watch, !watch->drained || !view->wanted || !shadow->reload_due || pid, "reloaded",
		"%s is not reloaded", name);
	ENSURE(watch, !watch->drained || !shadow->reload_signal_due, "reloaded",
		"%s is not sent its signal", name);
	ENSURE(watch, !watch->drained || !pid || shadow->killed[ROLE_RECONFIGURE] || mine,
		"reconfigured", "%s is not READY, and is configured", name);
	ENSURE(watch, watch_deadline(watch) <= shadow->reconfigure_due_ns, "late",
		"%s: the engine wakes up too late for its reconfigure", name);
}

/* With all actions taken: whatever it waits for can still come. */
static inline void check_stranded(
	struct watch *watch, const struct shadow *shadow, const struct unit_view *view)
{
	const char *name = model_names[shadow->name];
	bool has_main = shadow->pid[ROLE_MAIN] > 0;
	bool ok = true;

	switch (shadow->state) {
	case STATE_DOWN:
		ok = watch->stopping ||
		     (!view->wanted &&
			     (view->held || shadow->gone_from_model ||
				     shadow->spec->start != START_AUTO || shadow_follows(shadow)));
		break;
	case STATE_WAITING:
		ok = !watch->stopping && view->wanted &&
		     (watch->holding || !may_start(watch, shadow));
		break;
	case STATE_PREPARING:
		ok = shadow->pid[ROLE_PREPARE] > 0;
		break;
	case STATE_STARTING:
		ok = has_main &&
		     (!is_polled(shadow->spec) || shadow->probing || shadow->pid[ROLE_PROBE] > 0 ||
			     view->probe_at.ns != NEVER_NS);
		break;
	case STATE_READY:
		ok = has_main;
		break;
	case STATE_STOPPING:
	case STATE_KILLING:
		ok = has_process(shadow);
		break;
	case STATE_DONE:
	case STATE_BACKOFF:
	case STATE_FAILED:
		ok = view->wanted && !watch->stopping;
		break;
	case STATE_COUNT:
		break;
	}
	ENSURE(watch, ok, "stranded", "%s is %s, wanted=%d, and nothing will change that", name,
		state_name(shadow->state), view->wanted);
}

static inline void check_waits_for(
	struct watch *watch, const struct shadow *shadow, const struct unit_view *view)
{
	const struct shadow *target = NULL;

	if (shadow->state == STATE_WAITING && view->waits_for >= 0)
		target = &watch->shadow[view->waits_for % WATCH_SLOTS];
	if (shadow->state != STATE_WAITING)
		ENSURE(watch, view->waits_for == -1, "summary", "%s waits in %s",
			model_names[shadow->name], state_name(shadow->state));
	else if (watch->holding)
		ENSURE(watch, view->waits_for == -1, "summary", "%s waits for slot %d, held back",
			model_names[shadow->name], view->waits_for);
	else
		ENSURE(watch,
			target && target->known &&
				(shadow->needs | shadow->others) >> target->name & 1,
			"summary", "%s waits for slot %d", model_names[shadow->name],
			view->waits_for);
}

/* What status tells of the attempt, or of the last one. */
static inline void check_history(
	struct watch *watch, const struct shadow *shadow, const struct unit_view *view)
{
	bool over = shadow->state == STATE_BACKOFF || shadow->state == STATE_FAILED ||
		    shadow->state == STATE_DONE;
	unsigned restarts = shadow->attempt ? shadow->attempt - 1 : 0;

	ENSURE(watch,
		!over || (view->last.kind == shadow->end.kind &&
				 view->last.status == shadow->end.status &&
				 view->last.error == shadow->end.error),
		"judged", "%s has ended in another way", model_names[shadow->name]);
	ENSURE(watch, view->checks_failed == shadow->checks_failed, "checks",
		"%s: %u failed checks, expected %u", model_names[shadow->name], view->checks_failed,
		shadow->checks_failed);
	ENSURE(watch,
		view->attempt == shadow->attempt && view->restarts == restarts &&
			view->failures == shadow->in_a_row && view->overran == shadow->overran &&
			view->retiring == shadow->gone_from_model,
		"summary", "%s: attempt %u, %u restarts, %u failures, overran=%d, retiring=%d",
		model_names[shadow->name], view->attempt, view->restarts, view->failures,
		view->overran, view->retiring);
}

static inline void check_unit(struct watch *watch, unsigned slot, const struct unit_view *view)
{
	struct shadow *shadow = &watch->shadow[slot];

	watch_note_check(watch, shadow, view);
	check_reconfigured(watch, shadow, view);
	ENSURE(watch, view->state == shadow->state && view->since.ns == shadow->since_ns, "trace",
		"%s: is %s by its view, %s by its trace", model_names[shadow->name],
		state_name(view->state), state_name(shadow->state));
	ENSURE(watch,
		view->became_ready.ns == shadow->ready_ns && view->started.ns == shadow->started_ns,
		"timer", "%s: was started or became ready at another time",
		model_names[shadow->name]);
	check_waits_for(watch, shadow, view);
	check_history(watch, shadow, view);
	check_timers(watch, shadow, view);
	check_processes(watch, slot, view);
	check_need_lost(watch, shadow, view);
	if (watch->drained && !watch->exit_taken)
		check_stranded(watch, shadow, view);
}

/* Must ALL_READY have been said by now, and may it? And the counts of the summary: a unit that
 * turns is counted as wanted, which the view does not tell. */
struct readiness {
	bool must, may;
	unsigned wanted, ready, failed, known;
};

static inline void count_readiness(
	struct readiness *readiness, const struct shadow *shadow, const struct unit_view *view)
{
	bool there = state_satisfies_need(shadow->state);

	if (shadow_counts(shadow)) {
		readiness->known++;
		readiness->wanted += view->wanted;
		readiness->ready += view->wanted && there;
		readiness->failed += shadow->state == STATE_FAILED;
	}
	if (shadow_counts(shadow) && view->wanted && !there)
		readiness->must = readiness->may = false;
	/* One on its way down may be about to come up again, which the view does not tell. */
	if (!view->wanted && state_is_active(shadow->state) && !there)
		readiness->must = false;
}

static inline void check_ready(struct watch *watch, struct readiness readiness)
{
	struct engine_summary summary;

	engine_summarize(watch->engine, &summary);
	if (watch->plant == PLANT_WRONG_COUNT)
		summary.failed++;
	readiness.must &= !watch->holding;
	readiness.may &= !watch->holding;
	ENSURE(watch, !readiness.must || watch->stopping || summary.was_ready, "all-ready",
		"all are ready, and ALL_READY is not given out");
	ENSURE(watch,
		summary.failed == readiness.failed && summary.wanted >= readiness.wanted &&
			summary.wanted <= readiness.known && summary.ready >= readiness.ready &&
			summary.ready <= summary.wanted,
		"summary", "%u wanted, %u ready, %u failed; expected %u, %u, %u", summary.wanted,
		summary.ready, summary.failed, readiness.wanted, readiness.ready, readiness.failed);
	ENSURE(watch, readiness.may || !summary.all_ready, "all-ready", "all_ready is not true");
	ENSURE(watch, !watch->drained || watch->ready_said == summary.was_ready, "all-ready",
		"ALL_READY was not given out");
}

static inline void check_stop(struct watch *watch)
{
	struct engine_summary summary;
	bool ended;

	engine_summarize(watch->engine, &summary);
	ended = summary.phase == PHASE_ENDED;
	ENSURE(watch, summary.illegal == 0, "trace", "an illegal cell was refused");
	ENSURE(watch, (summary.phase != PHASE_RUNNING) == watch->stopping, "stop-ends",
		"the phase is %u, the stop has %s", summary.phase,
		watch->stopping ? "begun" : "not begun");
	if (!watch->stopping)
		return;
	ENSURE(watch, summary.stop_by.ns == watch->stop_by_ns, "stop-ends",
		"the stop ends at another time");
	ENSURE(watch, ended || watch->now < watch->stop_by_ns, "stop-ends",
		"the budget is used up");
	ENSURE(watch, ended || !watch->gone || watch_any_active(watch), "stop-ends",
		"nothing is left, and the stop goes on");
	ENSURE(watch, summary.phase >= PHASE_SWEEPING || watch_any_active(watch), "stop-ends",
		"no service is left, and the rest is not told");
	ENSURE(watch, ended || watch_deadline(watch) <= watch->stop_by_ns, "late",
		"the engine wakes up after the end of the budget");
	ENSURE(watch, !watch->drained || !ended || watch->exit_taken, "stop-ends",
		"the stop has ended without EXIT");
	ENSURE(watch, summary.exit_code == watch->exit_code, "exit-code",
		"the exit code will be %d, expected %d", summary.exit_code, watch->exit_code);
}

/* All that must hold whenever the engine has settled. */
static inline void watch_check(struct watch *watch)
{
	struct readiness readiness = {.must = true, .may = true};

	for (unsigned slot = 0; slot < watch->slots; slot++) {
		struct unit_view view;

		if (!watch->shadow[slot].known)
			continue;
		watch_refresh(watch, slot);
		watch_view(watch, slot, &view);
		check_unit(watch, slot, &view);
		count_readiness(&readiness, &watch->shadow[slot], &view);
	}
	check_ready(watch, readiness);
	check_stop(watch);
	ENSURE(watch, watch_deadline(watch) > watch->now, "deadline-past",
		"the next deadline is at %.3f", (double)watch_deadline(watch) / 1e6);
}

#endif

/* watch_trace: the checks of what the engine did, transition by transition, in the order of its
 * trace: each is judged against what the others were at that point. */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_TRACE_H
#define FIRSTHOP_TESTS_SIM_WATCH_TRACE_H

#include "tests/sim/watch_health.h"

enum { CODE_CRITICAL = 102, CODE_NOT_READY = 103, KILL_RESERVE_MS = 1000, CORE_MS = 1000 };

static inline void check_released(struct watch *watch, unsigned slot, bool prepare)
{
	const struct shadow *shadow = &watch->shadow[slot];
	uint32_t needs = shadow->needs, others = shadow->others & ~shadow->needs;

	for (int need; (need = watch_next_named(watch, &needs)) >= 0;)
		ENSURE(watch, state_satisfies_need(watch->shadow[need].state), "start-order",
			"%s starts while %s, which it needs, is %s", watch_name(watch, slot),
			watch_name(watch, (unsigned)need), state_name(watch->shadow[need].state));
	for (int other; (other = watch_next_named(watch, &others)) >= 0;) {
		const struct shadow *target = &watch->shadow[other];
		struct unit_view view;

		engine_view(watch->engine, (unsigned)other, &view);
		/* One that waits for what has failed, or is not coming, does not hold up others. */
		ENSURE(watch,
			target->tried || !view.wanted || target->state == STATE_WAITING ||
				watch->stopping,
			"settled-order", "%s starts before the first attempt of %s (%s) is over",
			watch_name(watch, slot), watch_name(watch, (unsigned)other),
			state_name(target->state));
	}
	ENSURE(watch, prepare == (shadow->spec->prepare.count > 0), "judged", "%s: prepare is %s",
		watch_name(watch, slot), prepare ? "made up" : "left out");
}

static inline void check_stopped(struct watch *watch, unsigned slot)
{
	uint32_t name = UINT32_C(1) << watch->shadow[slot].name;
	struct engine_summary summary;

	engine_summarize(watch->engine, &summary);
	/* A stop that began further on in this settle has changed what the views say is wanted. */
	bool stops_later = summary.phase != PHASE_RUNNING && !watch->stopping;

	if (watch->shadow[slot].state != STATE_READY || stops_later)
		return;
	for (unsigned i = 0; i < watch->slots; i++) {
		const struct shadow *dependent = &watch->shadow[i];
		struct unit_view view;

		if (!dependent->known || !state_is_active(dependent->state) ||
			!((dependent->needs | dependent->others) & dependent->graph & name))
			continue;
		engine_view(watch->engine, i, &view);
		ENSURE(watch, !watch->stopping && view.wanted, "stop-order",
			"%s is stopped while %s, which depends on it, is %s",
			watch_name(watch, slot), watch_name(watch, i),
			state_name(dependent->state));
	}
}

static inline bool is_late_in_stop(const struct watch *watch)
{
	return watch->stopping && watch->now >= watch->stop_by_ns - KILL_RESERVE_MS * SHADOW_MS;
}

static inline void check_forced(struct watch *watch, unsigned slot)
{
	const struct shadow *shadow = &watch->shadow[slot];
	bool due = shadow->state == STATE_STOPPING && watch->now >= shadow->timer_ns;

	ENSURE(watch, due || is_late_in_stop(watch), "early",
		"%s is killed before its stop_timeout", watch_name(watch, slot));
}

static inline void check_verdict(
	struct watch *watch, struct shadow *shadow, unsigned slot, enum transition on)
{
	enum transition expected = shadow_judge(shadow, watch->now);
	bool ending = shadow->state == STATE_STOPPING || shadow->state == STATE_KILLING;

	ENSURE(watch, on == expected, "judged", "%s: %s, expected %s", watch_name(watch, slot),
		transition_name(on), transition_name(expected));
	ENSURE(watch, shadow->end.kind != FAILURE_NONE, "judged", "%s: nothing has ended",
		watch_name(watch, slot));
	ENSURE(watch, !has_process(shadow) && (!ending || shadow->aborting), "one-main",
		"%s: %s with a process left", watch_name(watch, slot), transition_name(on));
	if (on == ON_FATAL && (shadow->spec->critical || shadow->spec->on_give_up == GIVE_UP_STOP))
		watch_begin_stop(watch, shadow->end.kind == FAILURE_READY_TIMEOUT ||
							shadow->end.kind == FAILURE_PREPARE_TIMEOUT
						? CODE_NOT_READY
						: CODE_CRITICAL);
}

static inline void check_entry(struct watch *watch, unsigned slot, enum transition on)
{
	struct shadow *shadow = &watch->shadow[slot];
	const char *name = watch_name(watch, slot);

	switch (on) {
	case ON_RELEASED:
	case ON_RELEASED_PREPARE:
		ENSURE(watch, !watch->holding, "held-back", "%s starts while all are held back",
			name);
		check_released(watch, slot, on == ON_RELEASED_PREPARE);
		break;
	case ON_UNWANTED:
		check_stopped(watch, slot);
		break;
	case ON_READY:
		ENSURE(watch, shadow->ready_shown && shadow->pid[ROLE_MAIN] > 0, "ready-shown",
			"%s is READY and nobody said so", name);
		break;
	case ON_DONE:
	case ON_RETRY:
	case ON_FATAL:
		check_verdict(watch, shadow, slot, on);
		break;
	case ON_GONE:
		ENSURE(watch, !has_process(shadow) && !shadow->aborting, "one-main",
			"%s is gone with a process left", name);
		break;
	case ON_FORCE:
		check_forced(watch, slot);
		break;
	case ON_ABORT:
		shadow->end = (struct failure){.kind = shadow->state == STATE_PREPARING
							       ? FAILURE_PREPARE_TIMEOUT
							       : FAILURE_READY_TIMEOUT};
		ENSURE(watch, watch->now >= shadow->timer_ns, "early",
			"%s is given up before its start_timeout", name);
		break;
	case ON_HUNG:
	case ON_HUNG_SIGNAL:
		check_hung(watch, slot, on);
		break;
	case ON_DELAY_OVER:
		ENSURE(watch, watch->now >= shadow->timer_ns, "early",
			"%s is tried again before its delay of %lld ms is over", name,
			(long long)shadow->delay_ms);
		break;
	case ON_WANTED:
		watch_refresh(watch, slot); /* a changed service comes in while it is down */
		break;
	case ON_PREPARED:
		ENSURE(watch, shadow->pid[ROLE_PREPARE] == 0, "one-main", "%s: prepare still runs",
			name);
		break;
	case TRANSITION_COUNT:
		break;
	}
}

static inline int64_t after_ms(int64_t now, int64_t ms)
{
	return ms == TIME_INFINITE_MS ? NEVER_NS : now + ms * SHADOW_MS;
}

/* Has a oneshot begun that waits for it? */
static inline bool missed_oneshot(const struct watch *watch, const struct shadow *shadow)
{
	for (unsigned i = 0; i < watch->slots; i++) {
		const struct shadow *by = &watch->shadow[i];

		if (by->known && by->spec->type == SERVICE_ONESHOT && by->attempt > 0 &&
			by->waits_for >> shadow->name & 1)
			return true;
	}
	return false;
}

/* When what it waits for in its new state is over by time; NEVER_NS: by itself only. */
static inline int64_t timer_of_state(const struct shadow *shadow, int64_t now)
{
	switch (shadow->state) {
	case STATE_PREPARING:
	case STATE_STARTING:
		return after_ms(now, shadow->spec->start_timeout_ms);
	case STATE_STOPPING:
		return after_ms(now, shadow->spec->stop_timeout_ms);
	case STATE_BACKOFF:
		return after_ms(now, shadow->delay_ms);
	case STATE_DOWN:
	case STATE_WAITING:
	case STATE_READY:
	case STATE_DONE:
	case STATE_KILLING:
	case STATE_FAILED:
	case STATE_COUNT:
		break;
	}
	return NEVER_NS;
}

static inline void apply_entry(
	struct watch *watch, struct shadow *shadow, const struct trace_entry *entry)
{
	enum service_state from = shadow->state;

	shadow->state = (enum service_state)entry->to;
	shadow->since_ns = watch->now;
	shadow->timer_ns = timer_of_state(shadow, watch->now);
	shadow->ready_shown = false;
	if (from == STATE_WAITING && state_is_active(shadow->state)) {
		shadow->attempt++;
		shadow->aborting = shadow->overran = shadow->hung = false;
		shadow->end.kind = FAILURE_NONE;
		shadow->ready_ns = shadow->started_ns = NEVER_NS;
	}
	if (state_satisfies_need(shadow->state) && shadow->ready_ns == NEVER_NS)
		shadow->ready_ns = watch->now;
	else if (!state_is_active(shadow->state) && shadow->state != STATE_DONE)
		shadow->ready_ns = NEVER_NS;
	if (shadow->state == STATE_DOWN)
		shadow->tried = false;
	else if (state_satisfies_need(shadow->state) || shadow->state == STATE_BACKOFF ||
		 shadow->state == STATE_FAILED)
		shadow->tried = true;
	if (entry->on == ON_FORCE)
		shadow->overran = !shadow->hung;
	if (entry->on == ON_HUNG_SIGNAL)
		shadow->timer_ns = watch->now + CORE_MS * SHADOW_MS;
	shadow->hung |= entry->on == ON_HUNG || entry->on == ON_HUNG_SIGNAL;
	shadow->aborting |= entry->on == ON_ABORT || shadow->hung;
	shadow_forget_health(shadow);
	if (shadow->state == STATE_READY)
		shadow->check_next_ns = watch->now + shadow->spec->health_period_ms * SHADOW_MS;
	shadow->reconfigure_due_ns = shadow->reconfigure_limit_ns = NEVER_NS;
	shadow->reconfigure_awaited = false;
	shadow->reconfigure_failed = shadow->reload_failed = false;
	shadow->reload_due = shadow->reload_signal_due = false;
	shadow->reconfigure_due =
		shadow->state == STATE_READY &&
		(shadow->attempt > 1 || shadow->came_later || missed_oneshot(watch, shadow));
	if (shadow->state != STATE_STARTING)
		shadow->probing = false;
}

static inline bool watch_read_entry(struct watch *watch, struct trace_entry *entry)
{
	if (!engine_read_trace(watch->engine, entry))
		return false;
	if (watch->plant == PLANT_EARLY_CLOCK || watch->plant == PLANT_LATENESS_HIDDEN)
		entry->at.ns = watch->now;
	if (watch->plant == PLANT_TRACE_GAP && ++watch->planted == 5)
		return engine_read_trace(watch->engine, entry);
	if (watch->plant == PLANT_TRACE_ILLEGAL && ++watch->planted == 5)
		entry->on = ON_GONE;
	return true;
}

/* Reads all that the engine has done since the last call. */
static inline void watch_read_trace(struct watch *watch)
{
	struct trace_entry entry;

	while (watch_read_entry(watch, &entry)) {
		struct shadow *shadow = &watch->shadow[entry.unit % WATCH_SLOTS];
		const struct cell *cell =
			&state_table[entry.from % STATE_COUNT][entry.on % TRANSITION_COUNT];

		watch->totals->transitions++;
		watch->totals->cells[entry.from % STATE_COUNT][entry.on % TRANSITION_COUNT]++;
		watch_say(watch, "    %s: %s --%s--> %s", watch_name(watch, entry.unit),
			state_name((enum service_state)entry.from),
			transition_name((enum transition)entry.on),
			state_name((enum service_state)entry.to));
		ENSURE(watch, shadow->known && cell->legal && cell->next == entry.to, "trace",
			"slot %u: illegal cell", entry.unit);
		ENSURE(watch,
			entry.from == shadow->state && entry.attempt == shadow->attempt &&
				entry.at.ns == watch->now,
			"trace", "%s: does not follow", watch_name(watch, entry.unit));
		if (watch->broken)
			return;
		check_entry(watch, entry.unit, (enum transition)entry.on);
		apply_entry(watch, shadow, &entry);
	}
	ENSURE(watch, engine_trace_lost(watch->engine) == 0, "trace", "entries were lost");
}

#endif

/* watch_call: the engine's calls, each with its checks. */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_CALL_H
#define FIRSTHOP_TESTS_SIM_WATCH_CALL_H

#include "tests/sim/watch_actions.h"
#include "tests/sim/watch_facts.h"
#include "tests/sim/watch_view.h"

static inline void watch_settle(struct watch *watch)
{
	struct timestamp now = {watch->now};

	watch->totals->settles++;
	watch->settled = true;
	watch_forgive(watch);
	watch->drained = false;
	/* At the first, the view would tell. */
	if (watch->plant == PLANT_EARLY_CLOCK && watch->planted++)
		now.ns += 50 * SHADOW_MS;
	if (watch->plant == PLANT_LATENESS_HIDDEN && engine_deadline(watch->engine).ns < now.ns)
		engine_settle(watch->engine, engine_deadline(watch->engine));
	engine_settle(watch->engine, now);
	watch_read_trace(watch);
	watch->settled_in_stop = watch->stopping;
	if (!watch->broken)
		watch_check(watch);
}

/* Settling again at the same moment is settling for nothing. */
static inline void watch_settle_again(struct watch *watch)
{
	struct timestamp deadline = engine_deadline(watch->engine);
	struct trace_entry entry;

	if (watch->plant == PLANT_UNSETTLED)
		engine_feed(watch->engine, &(struct event){.kind = EVENT_SHUTDOWN},
			(struct timestamp){watch->now});
	engine_settle(watch->engine, (struct timestamp){watch->now});
	ENSURE(watch, !engine_read_trace(watch->engine, &entry), "fixpoint",
		"settling again made a transition");
	ENSURE(watch, engine_deadline(watch->engine).ns == deadline.ns, "fixpoint",
		"settling again made another deadline");
}

/* What a planted bug makes of an action; false: it is lost. */
static inline bool plant_action(struct watch *watch, struct action *action)
{
	static const struct {
		enum plant plant;
		enum action_kind kind;
		bool again; /* else it is lost */
	} table[] = {
		{PLANT_DOUBLE_SPAWN, ACTION_SPAWN, true},
		{PLANT_SPAWN_LOST, ACTION_SPAWN, false},
		{PLANT_PROBE_LOST, ACTION_PROBE, false},
		{PLANT_EXIT_TWICE, ACTION_EXIT, true},
		{PLANT_NO_EXIT, ACTION_EXIT, false},
		{PLANT_READY_TWICE, ACTION_ALL_READY, true},
		{PLANT_READY_NEVER, ACTION_ALL_READY, false},
		{PLANT_BUSY, ACTION_DOWN, true},
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].plant != watch->plant || table[i].kind != action->kind)
			continue;
		if (!table[i].again)
			return false;
		watch->again = *action;
		watch->has_again = true;
	}
	if (action->kind == ACTION_EXIT && watch->plant == PLANT_WRONG_EXIT_CODE)
		action->value++;
	if (action->kind == ACTION_SIGNAL && watch->plant == PLANT_SIGNAL_STRANGER)
		action->pid++;
	return !(action->kind == ACTION_SIGNAL && action->value == SIGKILL &&
		 watch->plant == PLANT_NO_KILL);
}

/* Actions that a planted bug makes up, once a run. */
static inline bool plant_made_up(struct watch *watch, struct action *action)
{
	enum action_kind kind;

	if (watch->has_again) {
		*action = watch->again;
		watch->has_again = watch->plant == PLANT_BUSY;
		return true;
	}
	if (watch->plant == PLANT_START_IN_STOP && watch->settled_in_stop)
		kind = ACTION_SPAWN;
	else if (watch->plant == PLANT_RETIRED_EARLY && watch->shadow[0].known)
		kind = ACTION_RETIRED;
	else if (watch->plant == PLANT_ASKED_OUTSIDE && watch->shadow[0].known &&
		 watch->shadow[0].state != STATE_READY)
		kind = ACTION_PROBE;
	else if (watch->plant == PLANT_READY_EARLY)
		kind = ACTION_ALL_READY;
	else
		return false;
	if (watch->planted++)
		return false;
	*action = (struct action){.kind = kind, .health = kind == ACTION_PROBE};
	return true;
}

static inline void count_action(struct watch *watch)
{
	watch->totals->actions++;
	if (watch->instant_ns != watch->now) {
		watch->instant_ns = watch->now;
		watch->instant_actions = 0;
	}
	ENSURE(watch, ++watch->instant_actions <= BUSY_LIMIT, "busy", "too much at one instant");
}

static inline bool watch_next_action(struct watch *watch, struct action *ret_action)
{
	if (plant_made_up(watch, ret_action))
		return true;
	while (engine_take(watch->engine, ret_action))
		if (plant_action(watch, ret_action))
			return true;
	return false;
}

/* The next action; false: none is left, or something is broken. */
static inline bool watch_take(struct watch *watch, struct action *ret_action)
{
	if (watch->broken)
		return false;
	if (watch_next_action(watch, ret_action)) {
		count_action(watch);
		watch_say(watch, "  < %s %s.%s attempt=%u pid=%d value=%d",
			action_names[ret_action->kind], watch_name(watch, ret_action->unit),
			role_names[ret_action->role], ret_action->attempt, ret_action->pid,
			ret_action->value);
		check_action(watch, ret_action);
		return !watch->broken;
	}
	if (watch->settled && !watch->drained) {
		watch->drained = true;
		watch_check(watch);
	}
	return false;
}

/* Another model, checked from now on; 0 or -ENOMEM. */
static inline int watch_reload(struct watch *watch, const struct sim_model *m)
{
	int result = engine_reload(watch->engine, &m->model, (struct timestamp){watch->now});

	watch->settled = watch->drained = false;
	if (result == 0)
		watch_learn(watch, m);
	watch_read_trace(watch);
	return result;
}

/* An engine for the model, watched; false: no memory. */
static inline bool watch_begin(
	struct watch *watch, const struct sim_model *m, enum plant plant, struct totals *totals)
{
	*watch = (struct watch){.plant = plant, .totals = totals};
	for (unsigned i = 0; i < MODEL_NAMES; i++)
		watch->slot_of[i] = -1;
	watch->engine = engine_create(&m->model, (struct timestamp){0});
	if (!watch->engine)
		return false;
	watch_learn(watch, m);
	watch_read_trace(watch);
	return true;
}

#endif

/* watch_actions: the checks of what the engine asks for. */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_ACTIONS_H
#define FIRSTHOP_TESTS_SIM_WATCH_ACTIONS_H

#include "tests/sim/watch.h"

#include <signal.h>

static const char *const action_names[ACTION_COUNT] = {
	[ACTION_SPAWN] = "SPAWN",
	[ACTION_SIGNAL] = "SIGNAL",
	[ACTION_PROBE] = "PROBE",
	[ACTION_PROBE_ENDED] = "PROBE_ENDED",
	[ACTION_DOWN] = "DOWN",
	[ACTION_RETIRED] = "RETIRED",
	[ACTION_ALL_READY] = "ALL_READY",
	[ACTION_SIGNAL_REST] = "SIGNAL_REST",
	[ACTION_EXIT] = "EXIT",
};

static inline void check_reconfigure(
	struct watch *watch, struct shadow *shadow, const struct action *action)
{
	ENSURE(watch,
		action->reload || (shadow->reconfigure_due && shadow->spec->reconfigure.count),
		"reconfigured", "%s: nothing is to be given back", model_names[shadow->name]);
	ENSURE(watch, !action->reload || (shadow->reload_due && shadow->spec->reload_command.count),
		"reloaded", "%s: nobody has asked for it", model_names[shadow->name]);
	if (action->reload)
		shadow->reload_due = false;
	else
		shadow->reconfigure_due = false;
	shadow->reloading = action->reload;
	shadow->reconfigure_attempt = shadow->attempt;
	shadow->reconfigure_awaited = true;
	shadow->reconfigure_due_ns = shadow->reconfigure_limit_ns;
	shadow->reconfigure_limit_ns = NEVER_NS;
}

static inline void check_spawn(
	struct watch *watch, struct shadow *shadow, const struct action *action)
{
	static const enum service_state in_state[ROLE_COUNT] = {
		[ROLE_MAIN] = STATE_STARTING,
		[ROLE_PREPARE] = STATE_PREPARING,
		[ROLE_STOP] = STATE_STOPPING,
		[ROLE_PROBE] = STATE_STARTING,
		[ROLE_RECONFIGURE] = STATE_READY,
	};
	const char *name = model_names[shadow->name];
	bool alone = action->role == ROLE_MAIN || action->role == ROLE_PREPARE;

	/* What was given out before the stop began may still be taken. */
	ENSURE(watch, !alone || !watch->settled_in_stop, "start-in-stop",
		"%s is started, and the stop has begun", name);
	ENSURE(watch, !shadow->pid[action->role] && !(alone && has_process(shadow)), "one-main",
		"%s: a second process", name);
	ENSURE(watch, alone || shadow->pid[ROLE_MAIN] > 0, "one-main", "%s: a helper for nothing",
		name);
	if (action->role == ROLE_RECONFIGURE)
		check_reconfigure(watch, shadow, action);
	bool is_check = action->role == ROLE_PROBE && action->health;

	ENSURE(watch,
		!is_check || (shadow->state == STATE_READY && shadow->check_due_ns != NEVER_NS),
		"checks", "%s is asked in %s", name, state_name(shadow->state));
	ENSURE(watch, is_check || shadow->state == in_state[action->role], "trace",
		"%s: spawn in %s", name, state_name(shadow->state));
	shadow->pid[action->role] = -1;
	if (action->role == ROLE_PROBE)
		shadow->probe_attempt = shadow->attempt;
}

/* Is it what has the service read its configuration anew? */
static inline bool take_reload_signal(struct shadow *shadow, const struct action *action)
{
	bool right = shadow->reload_signal_due && action->role == ROLE_MAIN &&
		     shadow->state == STATE_READY && action->pid == shadow->pid[ROLE_MAIN] &&
		     action->value == shadow->spec->reload_signal;

	shadow->reload_signal_due &= !right;
	return right;
}

static inline void check_signal(
	struct watch *watch, struct shadow *shadow, const struct action *action)
{
	if (take_reload_signal(shadow, action))
		return;
	bool kill = action->value == SIGKILL;
	int asked = shadow->hung ? shadow->spec->health_signal : shadow->spec->stop_signal;
	bool right_state = (kill && shadow->state == STATE_KILLING) ||
			   (action->value == asked && shadow->state == STATE_STOPPING);
	bool old_probe = shadow->state == STATE_READY
				 ? shadow->check_due_ns == NEVER_NS
				 : shadow->state != STATE_STARTING ||
					   shadow->probe_attempt != shadow->attempt;

	ENSURE(watch, action->pid > 0 && action->pid == shadow->pid[action->role], "signal",
		"pid %d is not a process of %s", action->pid, model_names[shadow->name]);
	bool old_helper = !shadow->reconfigure_awaited;
	bool right = action->role == ROLE_PROBE		? kill && old_probe
		     : action->role == ROLE_RECONFIGURE ? kill && old_helper
							: right_state;
	ENSURE(watch, right, "signal", "%s: signal %d in %s", model_names[shadow->name],
		action->value, state_name(shadow->state));
	ENSURE(watch, kill || action->value == asked, "signal", "%s: signal %d",
		model_names[shadow->name], action->value);
	shadow->killed[action->role] |= kill;
}

static inline void check_probe(
	struct watch *watch, struct shadow *shadow, const struct action *action)
{
	if (action->health) {
		ENSURE(watch,
			shadow->state == STATE_READY && shadow->pid[ROLE_MAIN] > 0 &&
				!shadow->checking && shadow->check_due_ns != NEVER_NS &&
				shadow->spec->health.kind != READY_EXEC &&
				action->attempt == shadow->attempt,
			"checks", "%s is asked in %s", model_names[shadow->name],
			state_name(shadow->state));
		shadow->checking = true;
		return;
	}
	ENSURE(watch,
		shadow->state == STATE_STARTING && shadow->pid[ROLE_MAIN] > 0 && !shadow->probing &&
			is_polled(shadow->spec) && shadow->spec->ready.kind != READY_EXEC &&
			action->attempt == shadow->attempt,
		"stranded", "%s: a probe in %s", model_names[shadow->name],
		state_name(shadow->state));
	shadow->probing = true;
}

static inline void check_exit(struct watch *watch, const struct action *action)
{
	ENSURE(watch, watch->stopping, "stop-ends", "EXIT without a reason");
	ENSURE(watch, action->value == watch->exit_code, "exit-code", "exit code %d, expected %d",
		action->value, watch->exit_code);
	for (unsigned slot = 0; slot < watch->slots; slot++)
		for (unsigned role = 0; role < ROLE_COUNT; role++)
			ENSURE(watch,
				watch->shadow[slot].pid[role] == 0 ||
					watch->shadow[slot].killed[role],
				"killed", "%s was never sent KILL", watch_name(watch, slot));
	watch->exit_taken = true;
}

static inline void check_retired(struct watch *watch, unsigned slot)
{
	struct shadow *shadow = &watch->shadow[slot];
	struct unit_view view;

	engine_view(watch->engine, slot, &view);
	ENSURE(watch,
		!view.in_use && shadow->gone_from_model && !has_process(shadow) &&
			!shadow->pid[ROLE_PROBE] && !shadow->pid[ROLE_RECONFIGURE],
		"retired", "%s is not over", model_names[shadow->name]);
	watch->slot_of[shadow->name] = -1;
	*shadow = (struct shadow){.known = false};
}

static inline void check_action(struct watch *watch, const struct action *action)
{
	struct shadow *shadow = &watch->shadow[action->unit % WATCH_SLOTS];

	ENSURE(watch, !watch->exit_taken, "exit-last", "%s after EXIT", action_names[action->kind]);
	switch (action->kind) {
	case ACTION_SPAWN:
		check_spawn(watch, shadow, action);
		break;
	case ACTION_SIGNAL:
		check_signal(watch, shadow, action);
		break;
	case ACTION_PROBE:
		check_probe(watch, shadow, action);
		break;
	case ACTION_DOWN:
		ENSURE(watch, !has_process(shadow), "one-main", "%s: DOWN with a process left",
			watch_name(watch, action->unit));
		break;
	case ACTION_RETIRED:
		check_retired(watch, action->unit);
		break;
	case ACTION_ALL_READY:
		ENSURE(watch, !watch->ready_said, "all-ready", "ALL_READY is given out twice");
		watch->ready_said = true;
		break;
	case ACTION_SIGNAL_REST:
		ENSURE(watch, watch->stopping && !watch_any_active(watch), "stop-order",
			"the rest is told while services are up");
		break;
	case ACTION_EXIT:
		check_exit(watch, action);
		break;
	case ACTION_PROBE_ENDED:
	case ACTION_COUNT:
		break;
	}
}

#endif

/* What the engine offers, but for settling (settle.c) and change of configuration (change.c). */
#include "supervisor/engine.h"

#include "supervisor/reconfigure.h"
#include "supervisor/unit.h"

#include "config/model.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	graph_free(&engine->graph);
	free(engine->units);
	free(engine->trace);
	free(engine);
}

void unit_want(struct engine *engine, unsigned slot, enum pending pending)
{
	struct unit *unit = &engine->units[slot];

	unit->pending |= PENDING_BIT(pending);
	if (unit->next_pending != QUEUE_OUT)
		return;
	unit->next_pending = QUEUE_END;
	if (engine->queue_last >= 0)
		engine->units[engine->queue_last].next_pending = (int)slot;
	else
		engine->queue_first = (int)slot;
	engine->queue_last = (int)slot;
}

bool unit_has_process(const struct unit *unit)
{
	return unit->pid[ROLE_MAIN] || unit->pid[ROLE_PREPARE] || unit->pid[ROLE_STOP] ||
	       (unit->pending & PENDING_PROCESS);
}

static void queue_drop_first(struct engine *engine)
{
	struct unit *unit = &engine->units[engine->queue_first];

	engine->queue_first = unit->next_pending;
	unit->next_pending = QUEUE_OUT;
	if (engine->queue_first == QUEUE_END)
		engine->queue_last = QUEUE_END;
}

/* ROLE_MAIN stands for the process that runs: main, or prepare before it. */
static const struct {
	enum action_kind kind;
	enum role role;
	int signal; /* 0: one of the service's own, where a signal is sent at all */
} pending_actions[PENDING_COUNT] = {
	[PENDING_PROBE_ENDED] = {.kind = ACTION_PROBE_ENDED},
	[PENDING_KILL_PROBE] = {.kind = ACTION_SIGNAL, .role = ROLE_PROBE, .signal = SIGKILL},
	[PENDING_KILL_RECONFIGURE] = {.kind = ACTION_SIGNAL,
		.role = ROLE_RECONFIGURE,
		.signal = SIGKILL},
	[PENDING_SIGNAL] = {.kind = ACTION_SIGNAL, .role = ROLE_MAIN},
	[PENDING_HEALTH_SIGNAL] = {.kind = ACTION_SIGNAL, .role = ROLE_MAIN},
	[PENDING_RELOAD_SIGNAL] = {.kind = ACTION_SIGNAL, .role = ROLE_MAIN},
	[PENDING_KILL] = {.kind = ACTION_SIGNAL, .role = ROLE_MAIN, .signal = SIGKILL},
	[PENDING_KILL_STOP] = {.kind = ACTION_SIGNAL, .role = ROLE_STOP, .signal = SIGKILL},
	[PENDING_DOWN] = {.kind = ACTION_DOWN},
	[PENDING_PREPARE] = {.kind = ACTION_SPAWN, .role = ROLE_PREPARE},
	[PENDING_START] = {.kind = ACTION_SPAWN, .role = ROLE_MAIN},
	[PENDING_STOP_COMMAND] = {.kind = ACTION_SPAWN, .role = ROLE_STOP},
	[PENDING_PROBE] = {.kind = ACTION_PROBE},
	[PENDING_EXEC_PROBE] = {.kind = ACTION_SPAWN, .role = ROLE_PROBE},
	[PENDING_RECONFIGURE] = {.kind = ACTION_SPAWN, .role = ROLE_RECONFIGURE},
	[PENDING_RETIRED] = {.kind = ACTION_RETIRED},
};

static int signal_of(const struct unit *unit, enum pending pending)
{
	if (pending_actions[pending].signal)
		return pending_actions[pending].signal;
	if (pending == PENDING_RELOAD_SIGNAL)
		return unit->spec->reload_signal;
	return pending == PENDING_HEALTH_SIGNAL ? unit->spec->health_signal
						: unit->spec->stop_signal;
}

/* Turns one pending bit into an action; false: there is nothing to do for it any more. */
static bool unit_act(struct unit *unit, unsigned slot, enum pending pending, struct action *action)
{
	*action = (struct action){
		.kind = pending_actions[pending].kind,
		.unit = slot,
		.role = pending_actions[pending].role,
		.attempt = unit->attempt,
	};
	unit->pending &= ~PENDING_BIT(pending);
	if (action->kind == ACTION_SPAWN) {
		unit->pid[action->role] = -1;
		action->reload = action->role == ROLE_RECONFIGURE && unit->reloading;
		if (action->role == ROLE_PROBE) {
			unit->probe_attempt = unit->attempt;
			unit->probe_killed = false;
			action->health = unit->state == STATE_READY;
		}
	} else if (action->kind == ACTION_SIGNAL) {
		if (action->role == ROLE_MAIN && unit->pid[ROLE_MAIN] <= 0)
			action->role = ROLE_PREPARE;
		action->pid = unit->pid[action->role];
		action->value = signal_of(unit, pending);
		/* A reload may have taken the signal away that was to be sent. */
		return action->pid > 0 && action->value > 0;
	} else if (action->kind == ACTION_PROBE) {
		unit->probing = true;
		action->health = unit->state == STATE_READY;
	} else if (action->kind == ACTION_RETIRED) {
		*unit = (struct unit){.next_pending = unit->next_pending};
	}
	return true;
}

/* The stop of the whole comes after all that concerns units. */
static bool take_stop(struct engine *engine, struct action *action)
{
	if (engine->signal_rest) {
		engine->signal_rest = false;
		*action = (struct action){.kind = ACTION_SIGNAL_REST, .value = engine->rest_signal};
	} else if (engine->give_exit) {
		engine->give_exit = false;
		*action = (struct action){.kind = ACTION_EXIT, .value = engine->exit_code};
	} else {
		return false;
	}
	return true;
}

bool engine_take(struct engine *engine, struct action *ret_action)
{
	/* First, so that READY is said before a console that waited for it writes its prompt. */
	if (engine->give_ready) {
		engine->give_ready = false;
		*ret_action = (struct action){.kind = ACTION_ALL_READY};
		return true;
	}
	while (engine->queue_first != QUEUE_END) {
		unsigned slot = (unsigned)engine->queue_first;
		struct unit *unit = &engine->units[slot];

		while (unit->pending) {
			enum pending pending = (enum pending)__builtin_ctz(unit->pending);

			if (unit_act(unit, slot, pending, ret_action))
				return true;
		}
		queue_drop_first(engine);
	}
	return take_stop(engine, ret_action);
}

struct timestamp engine_deadline(const struct engine *engine)
{
	return engine->next_deadline;
}

unsigned engine_slot_count(const struct engine *engine)
{
	return engine->slots;
}

void engine_view(const struct engine *engine, unsigned slot, struct unit_view *ret_view)
{
	const struct unit *unit = &engine->units[slot];

	*ret_view = (struct unit_view){
		.spec = unit->spec,
		.state = unit->state,
		.in_use = unit->spec != NULL,
		.wanted = unit->spec && unit->up,
		.retiring = unit->retiring,
		.attempt = unit->attempt,
		.restarts = unit->restarts,
		.since = unit->since,
		.started = unit->started,
		.became_ready = unit->became_ready,
		.deadline = unit->deadline,
		.probe_at = unit->probe_at,
		.last = unit->last,
		.checks_failed = unit->state == STATE_READY ? unit->checks_failed : 0,
		.checks_failed_ever = unit->checks_failed_ever,
		.reconfiguring = reconfigure_is_open(unit),
		.reloading = reload_is_open(unit),
		.reload_failed = unit->state == STATE_READY && unit->reload_failed,
		.reload_was_last = unit->reloading,
		.reload_status = unit->reload_status,
		.reconfigure_failed = unit->state == STATE_READY && unit->reconfigure_failed,
		.failures = unit->history.in_a_row,
		.held = unit->held,
		.waits_for = unit->state == STATE_WAITING ? unit->waits_for : -1,
		.blocked = unit->state == STATE_WAITING && unit->blocked,
		.waited_for = unit->waited_for,
		.overran = unit->overran,
	};
	for (unsigned role = 0; role < ROLE_COUNT; role++)
		ret_view->pid[role] = unit->pid[role];
}

bool engine_past_end(
	const struct engine *engine, unsigned slot, unsigned index, struct past_end *ret_end)
{
	const struct unit *unit = &engine->units[slot];

	if (index >= ENDS_MAX || index >= unit->end_count)
		return false;
	*ret_end = unit->ends[(unit->end_count - 1 - index) % ENDS_MAX];
	return true;
}

int engine_find(const struct engine *engine, const char *name)
{
	for (unsigned s = 0; s < engine->slots; s++)
		if (engine->units[s].spec && strcmp(engine->units[s].spec->name, name) == 0)
			return (int)s;
	return -1;
}

bool engine_find_pid(
	const struct engine *engine, pid_t pid, unsigned *ret_unit, enum role *ret_role)
{
	for (unsigned s = 0; pid > 0 && s < engine->slots; s++) {
		for (unsigned role = 0; role < ROLE_COUNT; role++) {
			if (engine->units[s].pid[role] == pid) {
				*ret_unit = s;
				*ret_role = (enum role)role;
				return true;
			}
		}
	}
	return false;
}

bool unit_counts(const struct unit *unit)
{
	return unit->spec && (unit->up || (unit->turning && !unit->barred)) &&
	       policy_counts(unit->spec);
}

void engine_summarize(const struct engine *engine, struct engine_summary *ret_summary)
{
	struct engine_summary summary = {
		.phase = engine->phase,
		.all_ready = engine->all_ready,
		.was_ready = engine->was_ready,
		.holding = engine->holding,
		.exit_code = engine->exit_code,
		.stop_by = engine->stop_by,
		.illegal = engine->illegal,
		.ended_by = engine->ended_by,
	};
	for (unsigned s = 0; s < engine->slots; s++) {
		const struct unit *unit = &engine->units[s];

		if (!unit_counts(unit))
			continue;
		summary.wanted++;
		summary.ready += state_satisfies_need(unit->state);
		summary.failed += unit->state == STATE_FAILED;
	}
	*ret_summary = summary;
}

bool engine_read_trace(struct engine *engine, struct trace_entry *ret_entry)
{
	if (!engine->trace_count)
		return false;
	*ret_entry = engine->trace[engine->trace_first];
	engine->trace_count--;
	/* An empty ring begins anew, so that one that is read often touches little memory. */
	engine->trace_first =
		engine->trace_count ? (engine->trace_first + 1) % engine->trace_size : 0;
	return true;
}

uint64_t engine_trace_lost(const struct engine *engine)
{
	return engine->trace_lost;
}

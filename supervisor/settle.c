/* settle: what should be, from what is.
 *
 * Each round first finds out, for every unit, what is wished for it, by walking the graph:
 * downwards (dependencies first) what is forced down, upwards (dependents first) what is up. Then
 * each unit takes at most one transition towards that. Rounds go on until none takes any. Since
 * nothing here depends on how the present came about, a fact that was lost, or came twice, strands
 * nothing. */
#include "supervisor/check.h"
#include "supervisor/reconfigure.h"
#include "supervisor/unit.h"

#include "config/model.h"

#include <signal.h>

/* Downwards: what stays down, and what goes down only to come up again, for a reason of its own or
 * of what it needs. Who merely waits for one that turns just goes on waiting. */
static void find_forced(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];
	const struct graph *graph = &engine->graph;
	/* The graph is the newest configuration's; its policy goes with it. */
	enum on_need_lost policy = (unit->next ? unit->next : unit->spec)->on_need_lost;
	bool follows = policy != NEED_LOST_KEEP;
	bool active = state_is_active(unit->state);
	/* What a oneshot has done for one that ends is to be done again for the next. */
	bool redone = unit->state == STATE_DONE && policy == NEED_LOST_RESTART;

	unit->barred = engine->phase != PHASE_RUNNING || unit->held || unit->retiring;
	unit->turning = unit->restarting || unit->next;
	for (unsigned i = graph->out_first[slot]; follows && i < graph->out_first[slot + 1]; i++) {
		const struct unit *need = &engine->units[graph->out[i].slot];
		bool lost = need->barred || need->turning || !state_satisfies_need(need->state);

		if (graph->out[i].kind != EDGE_NEEDS)
			continue;
		unit->barred |= need->barred;
		unit->turning |=
			active || redone ? lost : unit->state == STATE_DONE && need->turning;
		if (active && lost && policy == NEED_LOST_STOP && engine->phase == PHASE_RUNNING)
			unit->held = unit->barred = true;
	}
}

/* Upwards: wanted for itself, or pulled in by one that is up, or soon up again. */
static void find_up(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];
	const struct graph *graph = &engine->graph;
	bool pulled = unit->wanted;

	for (unsigned i = graph->in_first[slot]; !pulled && i < graph->in_first[slot + 1]; i++) {
		const struct unit *by = &engine->units[graph->in[i].slot];

		pulled =
			graph->in[i].kind != EDGE_AFTER && (by->up || (by->turning && !by->barred));
	}
	unit->up = pulled && !unit->barred && !unit->turning;
}

/* Downwards again: does it wait for what will not come by itself, or has failed to come? Who only
 * wants it need not wait for that. */
static void find_blocked(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];
	const struct graph *graph = &engine->graph;

	unit->blocked = false;
	for (unsigned i = graph->out_first[slot];
		unit->state == STATE_WAITING && i < graph->out_first[slot + 1]; i++) {
		const struct unit *need = &engine->units[graph->out[i].slot];

		if (graph->out[i].kind == EDGE_NEEDS)
			unit->blocked |= need->blocked ||
					 (need->tried && !state_satisfies_need(need->state)) ||
					 (!need->up && !need->turning);
	}
}

static void find_wishes(struct engine *engine)
{
	const unsigned *order = engine->graph.order;

	for (unsigned i = 0; i < engine->slots; i++)
		if (engine->units[order[i]].spec)
			find_forced(engine, order[i]);
	for (unsigned i = engine->slots; i-- > 0;)
		if (engine->units[order[i]].spec)
			find_up(engine, order[i]);
	for (unsigned i = 0; i < engine->slots; i++)
		if (engine->units[order[i]].spec)
			find_blocked(engine, order[i]);
}

static bool edge_is_satisfied(const struct unit *target, enum edge_kind kind)
{
	if (target->up && state_satisfies_need(target->state))
		return true;
	if (kind == EDGE_NEEDS)
		return false;
	return target->up ? target->tried || target->blocked : !target->turning;
}

static bool is_released(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];
	const struct graph *graph = &engine->graph;

	unit->waits_for = -1;
	if (engine->holding)
		return false;
	for (unsigned i = graph->out_first[slot]; i < graph->out_first[slot + 1]; i++) {
		unsigned target = graph->out[i].slot;

		if (!edge_is_satisfied(&engine->units[target], graph->out[i].kind)) {
			unit->waits_for = unit->waited_for = (int)target;
			return false;
		}
	}
	return true;
}

/* Reverse order: not before all that depend on it, and go down too, are down. */
static bool may_stop(const struct engine *engine, unsigned slot)
{
	const struct graph *graph = &engine->graph;

	for (unsigned i = graph->in_first[slot]; i < graph->in_first[slot + 1]; i++) {
		const struct unit *dependent = &engine->units[graph->in[i].slot];

		if (state_is_active(dependent->state) && !dependent->up)
			return false;
	}
	return true;
}

static bool settle_down(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (unit->next) {
		unit->spec = unit->next;
		unit->next = NULL;
		unit->history = (struct history){0};
		return true;
	}
	if (unit->retiring && !unit->pid[ROLE_PROBE] && !unit->pid[ROLE_RECONFIGURE])
		unit_want(engine, slot, PENDING_RETIRED);
	if (!unit->up)
		return false;
	unit_move(engine, slot, ON_WANTED, now);
	return true;
}

static bool settle_waiting(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (!unit->up)
		unit_move(engine, slot, ON_UNWANTED, now);
	else if (is_released(engine, slot))
		unit_move(engine, slot,
			unit->spec->prepare.count ? ON_RELEASED_PREPARE : ON_RELEASED, now);
	else
		return false;
	return true;
}

static void ask_readiness(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (unit->state != STATE_STARTING || !timestamp_is_due(unit->probe_at, now))
		return;
	unit->probe_at = TIMESTAMP_NEVER;
	if (unit->spec->ready.kind != READY_EXEC)
		unit_want(engine, slot, PENDING_PROBE);
	else if (!unit->pid[ROLE_PROBE]) /* else: its end asks again, see feed_exited() */
		unit_want(engine, slot, PENDING_EXEC_PROBE);
}

static bool settle_running(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (engine->phase == PHASE_KILLING) {
		unit->overran = true;
		unit_move(engine, slot, ON_FORCE, now);
		return true;
	}
	/* One that is not there yet is of no use to its dependents: it need not wait for them, and
	 * must not go on to start in the middle of a stop. */
	if (!unit->up && (!state_satisfies_need(unit->state) || may_stop(engine, slot))) {
		unit_move(engine, slot, ON_UNWANTED, now);
		return true;
	}
	if (unit->state == STATE_READY) {
		check_settle(engine, slot, now);
		return false;
	}
	if (timestamp_is_due(unit->deadline, now)) {
		unit->last = (struct failure){.kind = unit->state == STATE_PREPARING
							      ? FAILURE_PREPARE_TIMEOUT
							      : FAILURE_READY_TIMEOUT};
		unit->aborting = true;
		unit_move(engine, slot, ON_ABORT, now);
		return true;
	}
	ask_readiness(engine, slot, now);
	return false;
}

static bool settle_ending(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (!unit_has_process(unit)) {
		struct failure last = unit->last;

		if (unit->aborting)
			unit_end(engine, slot, &last, now);
		else
			unit_move(engine, slot, ON_GONE, now);
		return true;
	}
	if (unit->state != STATE_STOPPING ||
		(engine->phase != PHASE_KILLING && !timestamp_is_due(unit->deadline, now)))
		return false;
	/* One that hangs was not given that time to stop in. */
	unit->overran = !(unit->aborting && unit->last.kind == FAILURE_HEALTH);
	unit_move(engine, slot, ON_FORCE, now);
	return true;
}

static bool settle_backoff(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (!unit->up)
		unit_move(engine, slot, ON_UNWANTED, now);
	else if (timestamp_is_due(unit->deadline, now))
		unit_move(engine, slot, ON_DELAY_OVER, now);
	else
		return false;
	return true;
}

static bool settle_over(struct engine *engine, unsigned slot, struct timestamp now)
{
	if (engine->units[slot].up)
		return false;
	unit_move(engine, slot, ON_UNWANTED, now);
	return true;
}

/* How a unit settles, by its state; true: it has taken a transition. */
static bool (*const settlers[STATE_COUNT])(struct engine *, unsigned, struct timestamp) = {
	[STATE_DOWN] = settle_down,
	[STATE_WAITING] = settle_waiting,
	[STATE_PREPARING] = settle_running,
	[STATE_STARTING] = settle_running,
	[STATE_READY] = settle_running,
	[STATE_DONE] = settle_over,
	[STATE_STOPPING] = settle_ending,
	[STATE_KILLING] = settle_ending,
	[STATE_BACKOFF] = settle_backoff,
	[STATE_FAILED] = settle_over,
};

/* A probe that nobody waits for any more. */
static void kill_stray_probe(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];
	bool is_awaited = unit->state == STATE_STARTING || unit->checking;

	if (unit->pid[ROLE_PROBE] <= 0 || is_awaited || unit->probe_killed)
		return;
	unit->probe_killed = true;
	unit_want(engine, slot, PENDING_KILL_PROBE);
}

static bool settle_unit(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	bool changed;

	if (!unit->spec)
		return false;
	changed = settlers[unit->state](engine, slot, now);
	kill_stray_probe(engine, slot);
	reconfigure_settle(engine, slot, now);
	return changed;
}

static bool any_active(const struct engine *engine)
{
	for (unsigned s = 0; s < engine->slots; s++)
		if (engine->units[s].spec && state_is_active(engine->units[s].state))
			return true;
	return false;
}

/* Services are down: the rest (sessions of sshd, orphans) is told to go, and killed when half of
 * what is left of the budget is over. */
static void sweep(struct engine *engine, int signal, struct timestamp now)
{
	int64_t half_ms = timestamp_elapsed_ms(now, engine->stop_by) / 2;

	engine->phase = PHASE_SWEEPING;
	engine->rest_gone = false;
	engine->signal_rest = true;
	engine->rest_signal = signal;
	engine->sweep_kill_at = signal == SIGKILL
					? TIMESTAMP_NEVER
					: timestamp_add_ms(now, half_ms < 1000 ? half_ms : 1000);
}

static void end(struct engine *engine)
{
	engine->phase = PHASE_ENDED;
	engine->signal_rest = false;
	engine->give_exit = true;
}

static bool settle_phase(struct engine *engine, struct timestamp now)
{
	bool out_of_time = timestamp_is_due(engine->stop_by, now);

	switch (engine->phase) {
	case PHASE_RUNNING:
	case PHASE_ENDED:
	case PHASE_COUNT:
		return false;
	case PHASE_STOPPING:
		if (!any_active(engine))
			sweep(engine, SIGTERM, now);
		else if (timestamp_is_due(engine->kill_at, now))
			engine->phase = PHASE_KILLING;
		else
			return false;
		return true;
	case PHASE_KILLING:
		if (!any_active(engine))
			sweep(engine, SIGKILL, now);
		else if (out_of_time)
			end(engine);
		else
			return false;
		return true;
	case PHASE_SWEEPING:
		if (engine->rest_gone || out_of_time)
			end(engine);
		else if (timestamp_is_due(engine->sweep_kill_at, now))
			sweep(engine, SIGKILL, now);
		else
			return false;
		return true;
	}
	return false;
}

static void find_ready(struct engine *engine)
{
	engine->all_ready = engine->phase == PHASE_RUNNING && !engine->holding;
	for (unsigned s = 0; engine->all_ready && s < engine->slots; s++) {
		const struct unit *unit = &engine->units[s];

		if (unit_counts(unit))
			engine->all_ready = state_satisfies_need(unit->state);
	}
	if (engine->all_ready && !engine->was_ready)
		engine->was_ready = engine->give_ready = true;
}

static void find_deadline(struct engine *engine)
{
	struct timestamp next = TIMESTAMP_NEVER;

	for (unsigned s = 0; s < engine->slots; s++) {
		const struct unit *unit = &engine->units[s];

		if (!unit->spec)
			continue;
		next = timestamp_earliest(next, unit->deadline);
		next = timestamp_earliest(next, unit->probe_at);
		next = timestamp_earliest(next, unit->reconfigure_until);
	}
	if (engine->phase == PHASE_STOPPING)
		next = timestamp_earliest(next, engine->kill_at);
	if (engine->phase == PHASE_KILLING || engine->phase == PHASE_SWEEPING)
		next = timestamp_earliest(next, engine->stop_by);
	if (engine->phase == PHASE_SWEEPING)
		next = timestamp_earliest(next, engine->sweep_kill_at);
	engine->next_deadline = engine->phase == PHASE_ENDED ? TIMESTAMP_NEVER : next;
}

static void fire_checks(struct engine *engine, struct timestamp now)
{
	int64_t late_ms = timestamp_elapsed_ms(engine->next_deadline, now);

	for (unsigned s = 0; s < engine->slots; s++)
		if (engine->units[s].spec)
			check_fire(engine, s, late_ms, now);
}

void engine_settle(struct engine *engine, struct timestamp now)
{
	bool changed = engine->phase != PHASE_ENDED;

	if (changed)
		fire_checks(engine, now);
	while (changed) {
		changed = false;
		find_wishes(engine);
		for (unsigned i = 0; i < engine->slots; i++)
			changed |= settle_unit(engine, engine->graph.order[i], now);
		changed |= settle_phase(engine, now);
	}
	find_ready(engine);
	find_deadline(engine);
}

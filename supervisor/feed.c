/* feed: facts in. Each is checked against what is known (slot, attempt, pid), turned into an event
 * of the state table by policy, and applied; what follows from it is left to settling. */
#include "supervisor/check.h"
#include "supervisor/reconfigure.h"
#include "supervisor/unit.h"

#include "config/model.h"

#include <signal.h>
#include <sys/wait.h>

static void trace_add(struct engine *engine, unsigned slot, enum transition on,
	enum service_state to, struct timestamp now)
{
	const struct unit *unit = &engine->units[slot];

	if (engine->trace_count == engine->trace_size) {
		engine->trace_first = (engine->trace_first + 1) % engine->trace_size;
		engine->trace_count--;
		engine->trace_lost++;
	}
	engine->trace[(engine->trace_first + engine->trace_count++) % engine->trace_size] =
		(struct trace_entry){
			.at = now,
			.attempt = unit->attempt,
			.unit = (uint16_t)slot,
			.from = (uint8_t)unit->state,
			.on = (uint8_t)on,
			.to = (uint8_t)to,
		};
}

static void stop_unit(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];

	if (unit->pid[ROLE_MAIN] > 0 && unit->spec->stop_command.count)
		unit_want(engine, slot, PENDING_STOP_COMMAND);
	else
		unit_want(engine, slot, PENDING_SIGNAL);
}

enum { CORE_TIME_MS = 1000 };

static struct timestamp state_deadline(const struct engine *engine, const struct unit *unit,
	unsigned effects, struct timestamp now)
{
	const struct service *spec = unit->spec;

	if ((effects & EFFECT_ARM_START) && spec->start_timeout_ms != TIME_INFINITE_MS)
		return timestamp_add_ms(now, spec->start_timeout_ms);
	if (effects & EFFECT_ARM_STOP)
		return timestamp_earliest(
			timestamp_add_ms(now, spec->stop_timeout_ms), engine->kill_at);
	if (effects & EFFECT_ARM_CORE)
		return timestamp_earliest(timestamp_add_ms(now, CORE_TIME_MS), engine->kill_at);
	if (effects & EFFECT_ARM_DELAY)
		return timestamp_add_ms(now, policy_delay_ms(spec, &unit->history));
	return TIMESTAMP_NEVER;
}

static void apply_effects(struct engine *engine, unsigned slot, unsigned effects)
{
	if (effects & EFFECT_PREPARE)
		unit_want(engine, slot, PENDING_PREPARE);
	if (effects & EFFECT_START)
		unit_want(engine, slot, PENDING_START);
	if (effects & EFFECT_STOP)
		stop_unit(engine, slot);
	if (effects & EFFECT_HEALTH_SIGNAL)
		unit_want(engine, slot, PENDING_HEALTH_SIGNAL);
	if (effects & EFFECT_KILL) {
		unit_want(engine, slot, PENDING_KILL);
		unit_want(engine, slot, PENDING_KILL_STOP);
	}
}

/* What a unit remembers of its attempt, by the state that it comes into. */
static void note_state(
	struct engine *engine, unsigned slot, enum service_state from, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	switch (unit->state) {
	case STATE_PREPARING:
	case STATE_STARTING:
		if (from == STATE_WAITING) {
			unit->restarts += unit->attempt > 0;
			unit->attempt++;
			unit->started = unit->became_ready = TIMESTAMP_NEVER;
			unit->aborting = unit->overran = false;
		}
		break;
	case STATE_READY:
	case STATE_DONE:
		if (timestamp_is_never(unit->became_ready))
			unit->became_ready = now;
		unit->check_began = TIMESTAMP_NEVER;
		unit->answered = now;
		unit->checks_failed = 0;
		reconfigure_note_ready(engine, slot);
		unit->tried = true;
		break;
	case STATE_BACKOFF:
	case STATE_FAILED:
		unit->tried = true;
		unit->became_ready = TIMESTAMP_NEVER;
		break;
	case STATE_DOWN:
		unit->tried = false;
		unit->restarting = false;
		unit->became_ready = TIMESTAMP_NEVER;
		break;
	case STATE_WAITING:
		unit->waited_for = -1;
		break;
	case STATE_STOPPING:
	case STATE_KILLING:
	case STATE_COUNT:
		break;
	}
}

void unit_move(struct engine *engine, unsigned slot, enum transition on, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	const struct cell *cell = &state_table[unit->state][on];
	enum service_state from = unit->state;

	if (!cell->legal) {
		engine->illegal++;
		return;
	}
	trace_add(engine, slot, on, cell->next, now);
	unit->state = cell->next;
	unit->since = now;
	unit->pending &= ~PENDING_OF_STATE;
	unit->probe_at = TIMESTAMP_NEVER;
	unit->checking = false;
	if (unit->probing) {
		unit->probing = false;
		unit_want(engine, slot, PENDING_PROBE_ENDED);
	}
	note_state(engine, slot, from, now);
	unit->deadline = state_deadline(engine, unit, cell->effects, now);
	apply_effects(engine, slot, cell->effects);
	if (state_is_active(from) && !state_is_active(unit->state))
		unit_want(engine, slot, PENDING_DOWN);
}

void engine_stop(struct engine *engine, int exit_code, int by, struct timestamp now)
{
	int64_t budget = engine->model->node.stop_budget_ms;
	int64_t reserve = budget / 4 < 1000 ? budget / 4 : 1000;

	if (engine->phase != PHASE_RUNNING)
		return;
	engine->phase = PHASE_STOPPING;
	engine->exit_code = exit_code;
	engine->ended_by = by;
	engine->stop_by = timestamp_add_ms(now, budget);
	/* What is left is killed before the budget is used up, so that its end can be seen. */
	engine->kill_at = timestamp_add_ms(now, budget - reserve);
	for (unsigned s = 0; s < engine->slots; s++)
		if (engine->units[s].state == STATE_STOPPING)
			engine->units[s].deadline =
				timestamp_earliest(engine->units[s].deadline, engine->kill_at);
}

enum { EXIT_CODE_CRITICAL = 102, EXIT_CODE_NOT_READY = 103 };

/* The end of the foreground command ends the container with its code; also when it was stopped with
 * the rest, unless a failure was the reason for that. */
static void foreground_ended(
	struct engine *engine, unsigned slot, const struct failure *end, struct timestamp now)
{
	if (engine->units[slot].spec->type != SERVICE_FOREGROUND)
		return;
	if (engine->phase == PHASE_RUNNING)
		engine_stop(engine, policy_exit_code(end), (int)slot, now);
	else if (engine->exit_code == 0)
		engine->exit_code = policy_exit_code(end);
}

static void remember(struct unit *unit, const struct failure *end, struct timestamp now)
{
	bool by_status = end->kind == FAILURE_EXIT || end->kind == FAILURE_PREPARE;

	unit->last = *end;
	unit->ends[unit->end_count++ % ENDS_MAX] = (struct past_end){
		.at = now,
		.kind = end->kind,
		.value = by_status		      ? end->status
			 : end->kind == FAILURE_SPAWN ? end->error
						      : (int)end->checks,
	};
}

void unit_end(struct engine *engine, unsigned slot, const struct failure *end, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	const struct service *spec = unit->spec;
	enum transition on = policy_judge(spec, &unit->history, end, unit->became_ready, now);

	remember(unit, end, now);
	unit_move(engine, slot, on, now);
	foreground_ended(engine, slot, end, now);
	if (on == ON_FATAL && (spec->critical || spec->on_give_up == GIVE_UP_STOP)) {
		bool late =
			end->kind == FAILURE_READY_TIMEOUT || end->kind == FAILURE_PREPARE_TIMEOUT;

		engine_stop(
			engine, late ? EXIT_CODE_NOT_READY : EXIT_CODE_CRITICAL, (int)slot, now);
	}
}

static bool kind_is_polled(enum ready_kind kind)
{
	return kind == READY_PIDFILE || kind == READY_FILE || kind == READY_UNIX ||
	       kind == READY_TCP || kind == READY_FRR_VTY || kind == READY_EXEC;
}

static void feed_spawned(struct engine *engine, const struct event *event, struct timestamp now)
{
	struct unit *unit = &engine->units[event->unit];

	if (unit->pid[event->role] != -1)
		return;
	unit->pid[event->role] = event->pid;
	if (event->role != ROLE_MAIN)
		return;
	unit->started = now;
	if (unit->state != STATE_STARTING)
		return;
	if (kind_is_polled(unit->spec->ready.kind))
		unit->probe_at =
			timestamp_add_ms(now, policy_probe_interval_ms(unit->spec->ready.kind, 0));
	else if (unit->spec->ready.kind == READY_IMMEDIATELY && unit->spec->type != SERVICE_ONESHOT)
		unit_move(engine, event->unit, ON_READY, now);
}

static void probe_again(struct unit *unit, struct timestamp now)
{
	if (unit->state == STATE_STARTING)
		unit->probe_at =
			timestamp_add_ms(now, policy_probe_interval_ms(unit->spec->ready.kind,
						      timestamp_elapsed_ms(unit->started, now)));
}

static void feed_spawn_failed(
	struct engine *engine, const struct event *event, struct timestamp now)
{
	struct unit *unit = &engine->units[event->unit];
	struct failure failure = {.kind = FAILURE_SPAWN,
		.error = event->value,
		.stage = event->stage,
		.lacks = event->lacks};

	if (unit->pid[event->role] != -1)
		return;
	unit->pid[event->role] = 0;
	if (event->role == ROLE_RECONFIGURE)
		reconfigure_ended(unit, -1);
	else if (event->role == ROLE_PROBE && unit->state == STATE_READY)
		check_cancel(engine, event->unit);
	else if (event->role == ROLE_PROBE)
		probe_again(unit, now);
	else if (event->role == ROLE_STOP && unit->state == STATE_STOPPING)
		unit_want(engine, event->unit, PENDING_SIGNAL);
	else if (unit->state == STATE_PREPARING || unit->state == STATE_STARTING)
		unit_end(engine, event->unit, &failure, now);
}

static void main_exited(struct engine *engine, const struct event *event, struct timestamp now)
{
	unsigned slot = event->unit;
	struct unit *unit = &engine->units[slot];
	struct failure end = {.kind = FAILURE_EXIT, .status = event->value, .lacks = event->lacks};

	unit->pending &= ~PENDING_BIT(PENDING_STOP_COMMAND); /* nothing is left to be stopped */
	if (unit->state == STATE_STARTING || unit->state == STATE_READY) {
		unit_end(engine, slot, &end, now);
	} else if (!unit->aborting) {
		remember(unit, &end, now); /* it was stopped: the end is as asked for */
		foreground_ended(engine, slot, &end, now);
	}
}

static void probe_exited(struct engine *engine, unsigned slot, bool success, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (unit->state == STATE_READY && !unit->probe_killed)
		check_answered(engine, slot, success, now);
	/* It may be of an old attempt, by an old configuration; see ask_readiness(). */
	if (unit->state != STATE_STARTING || unit->spec->ready.kind != READY_EXEC ||
		unit->pid[ROLE_MAIN] <= 0)
		return;
	if (success && unit->probe_attempt == unit->attempt)
		unit_move(engine, slot, ON_READY, now);
	else
		probe_again(unit, now);
}

static void feed_exited(struct engine *engine, const struct event *event, struct timestamp now)
{
	struct unit *unit = &engine->units[event->unit];
	bool success = WIFEXITED(event->value) && WEXITSTATUS(event->value) == 0;
	struct failure failure = {.kind = FAILURE_PREPARE, .status = event->value};

	if (event->pid <= 0 || unit->pid[event->role] != event->pid)
		return;
	unit->pid[event->role] = 0;
	switch (event->role) {
	case ROLE_MAIN:
		main_exited(engine, event, now);
		break;
	case ROLE_PREPARE:
		if (unit->state == STATE_PREPARING && success)
			unit_move(engine, event->unit, ON_PREPARED, now);
		else if (unit->state == STATE_PREPARING)
			unit_end(engine, event->unit, &failure, now);
		break;
	case ROLE_STOP:
		/* What stop_command did not end gets the signal, as in systemd.service(5). */
		if (unit->state == STATE_STOPPING)
			unit_want(engine, event->unit, PENDING_SIGNAL);
		break;
	case ROLE_PROBE:
		probe_exited(engine, event->unit, success, now);
		break;
	case ROLE_RECONFIGURE:
		reconfigure_ended(unit, event->value);
		break;
	case ROLE_COUNT:
		break;
	}
}

static void feed_answer(struct engine *engine, const struct event *event, struct timestamp now)
{
	struct unit *unit = &engine->units[event->unit];

	if (unit->attempt != event->attempt || unit->state != STATE_STARTING ||
		unit->pid[ROLE_MAIN] <= 0)
		return;
	unit->probing = false;
	if (event->kind == EVENT_READY)
		unit_move(engine, event->unit, ON_READY, now);
	else
		probe_again(unit, now);
}

static void feed_health(struct engine *engine, const struct event *event, struct timestamp now)
{
	struct unit *unit = &engine->units[event->unit];

	/* An answer to a check that has timed out comes before the next one is asked for. */
	if (unit->attempt != event->attempt || unit->state != STATE_READY || !unit->probing)
		return;
	unit->probing = false;
	check_answered(engine, event->unit, event->kind == EVENT_HEALTHY, now);
}

static void feed_request(struct engine *engine, unsigned slot, enum event_kind kind)
{
	struct unit *unit = &engine->units[slot];

	if (unit->retiring)
		return;
	switch (kind) {
	case EVENT_START:
		unit->wanted = true;
		unit->held = false;
		/* One that has failed, or waits to be tried again, is tried at once. */
		if (unit->state == STATE_FAILED || unit->state == STATE_BACKOFF)
			unit->restarting = true;
		unit->history = (struct history){0};
		break;
	case EVENT_STOP:
		unit->wanted = false;
		unit->held = true;
		break;
	case EVENT_RESTART:
		unit->wanted = true;
		unit->held = false;
		unit->restarting = unit->state != STATE_DOWN && unit->state != STATE_WAITING;
		unit->history = (struct history){0};
		break;
	case EVENT_RELOAD:
		reload_ask(engine, slot);
		break;
	case EVENT_SPAWNED:
	case EVENT_SPAWN_FAILED:
	case EVENT_EXITED:
	case EVENT_READY:
	case EVENT_PROBE_FAILED:
	case EVENT_HEALTHY:
	case EVENT_UNHEALTHY:
	case EVENT_SHUTDOWN:
	case EVENT_ALL_GONE:
	case EVENT_HOLD:
	case EVENT_RELEASE:
	case EVENT_COUNT:
		break;
	}
}

void engine_feed(struct engine *engine, const struct event *event, struct timestamp now)
{
	if (event->kind == EVENT_SHUTDOWN) {
		engine_stop(engine, event->value, -1, now);
		return;
	}
	if (event->kind == EVENT_ALL_GONE) {
		engine->rest_gone = engine->phase == PHASE_SWEEPING;
		return;
	}
	if (event->kind == EVENT_HOLD || event->kind == EVENT_RELEASE) {
		engine->holding = event->kind == EVENT_HOLD;
		return;
	}
	if (event->unit >= engine->slots || event->role >= ROLE_COUNT ||
		!engine->units[event->unit].spec)
		return;
	switch (event->kind) {
	case EVENT_SPAWNED:
		feed_spawned(engine, event, now);
		break;
	case EVENT_SPAWN_FAILED:
		feed_spawn_failed(engine, event, now);
		break;
	case EVENT_EXITED:
		feed_exited(engine, event, now);
		break;
	case EVENT_READY:
	case EVENT_PROBE_FAILED:
		feed_answer(engine, event, now);
		break;
	case EVENT_HEALTHY:
	case EVENT_UNHEALTHY:
		feed_health(engine, event, now);
		break;
	case EVENT_START:
	case EVENT_STOP:
	case EVENT_RESTART:
	case EVENT_RELOAD:
		feed_request(engine, event->unit, event->kind);
		break;
	case EVENT_SHUTDOWN:
	case EVENT_ALL_GONE:
	case EVENT_HOLD:
	case EVENT_RELEASE:
	case EVENT_COUNT:
		break;
	}
}

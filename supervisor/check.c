#include "supervisor/check.h"

#include "config/model.h"

#include <signal.h>

enum {
	LEAST_PACE_MS = 1000, /* after a check that failed, from its beginning to the next */
	LATE_SHARE = 8,	      /* of the timeout: what we are late by less than that is no matter */
	EXTRA_TIMEOUTS = 2,
};

#define PENDING_ASK (PENDING_BIT(PENDING_PROBE) | PENDING_BIT(PENDING_EXEC_PROBE))

void check_put_off(struct unit *unit)
{
	if (!unit->checking || !(unit->pending & PENDING_ASK))
		return;
	unit->checking = false;
	unit->deadline = TIMESTAMP_NEVER;
	unit->pending &= ~PENDING_ASK;
}

void check_cancel(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];

	check_put_off(unit);
	unit->checking = false;
	unit->deadline = TIMESTAMP_NEVER;
	if (unit->probing) {
		unit->probing = false;
		unit_want(engine, slot, PENDING_PROBE_ENDED);
	}
}

void check_answered(struct engine *engine, unsigned slot, bool well, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (!unit->checking)
		return;
	check_cancel(engine, slot);
	if (well) {
		unit->checks_failed = 0;
		unit->answered = now;
	} else {
		unit->checks_failed++;
		unit->checks_failed_ever++;
	}
}

/* We were woken so late: the check under way gets that time again. */
static void give_time(struct unit *unit, int64_t late_ms, struct timestamp now)
{
	int64_t timeout_ms = unit->spec->health_timeout_ms;
	int64_t left_ms = EXTRA_TIMEOUTS * timeout_ms - unit->check_extra_ms;

	if (!unit->checking || late_ms <= timeout_ms / LATE_SHARE || left_ms <= 0)
		return;
	if (late_ms > left_ms)
		late_ms = left_ms;
	unit->check_extra_ms += late_ms;
	unit->deadline = timestamp_add_ms(timestamp_latest(unit->deadline, now), late_ms);
}

static void begin(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	bool is_process = unit->spec->health.kind == READY_EXEC;

	unit->checking = true;
	unit->check_began = now;
	unit->check_extra_ms = 0;
	unit->deadline = timestamp_add_ms(now, unit->spec->health_timeout_ms);
	unit_want(engine, slot, is_process ? PENDING_EXEC_PROBE : PENDING_PROBE);
}

static void time_out(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	/* Nobody has come round to ask yet: that is our own affair. */
	if (unit->pending & PENDING_ASK) {
		check_cancel(engine, slot);
		begin(engine, slot, now);
		return;
	}
	check_answered(engine, slot, false, now);
}

static void declare_hung(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	unit->last = (struct failure){
		.kind = FAILURE_HEALTH,
		.checks = unit->checks_failed,
		.silent_ms = timestamp_elapsed_ms(unit->answered, now),
	};
	unit->aborting = true;
	unit_move(
		engine, slot, unit->spec->health_signal == SIGKILL ? ON_HUNG : ON_HUNG_SIGNAL, now);
}

static struct timestamp next_check(const struct unit *unit, struct timestamp now)
{
	int64_t pace_ms = unit->checks_failed ? LEAST_PACE_MS : unit->spec->health_period_ms;

	if (timestamp_is_never(unit->check_began))
		return timestamp_add_ms(now, pace_ms);
	return timestamp_latest(timestamp_add_ms(unit->check_began, pace_ms), now);
}

/* One that goes down anyway, or has no `health` (any more), is not asked. */
static void forget(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];

	check_cancel(engine, slot);
	unit->probe_at = unit->check_began = TIMESTAMP_NEVER;
	unit->checks_failed = 0;
}

void check_fire(struct engine *engine, unsigned slot, int64_t late_ms, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (unit->state != STATE_READY || unit->spec->health.kind == READY_IMMEDIATELY)
		return;
	give_time(unit, late_ms, now);
	if (unit->checking && timestamp_is_due(unit->deadline, now))
		time_out(engine, slot, now);
	if (unit->checks_failed >= unit->spec->health_failures)
		declare_hung(engine, slot, now);
}

void check_settle(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];

	if (!unit->up || unit->spec->health.kind == READY_IMMEDIATELY) {
		forget(engine, slot);
		return;
	}
	/* The program of the last check must be gone before the next one is begun. */
	if (unit->checking || unit->pid[ROLE_PROBE]) {
		unit->probe_at = TIMESTAMP_NEVER;
		return;
	}
	if (timestamp_is_never(unit->probe_at))
		unit->probe_at = next_check(unit, now);
	if (timestamp_is_due(unit->probe_at, now)) {
		unit->probe_at = TIMESTAMP_NEVER;
		begin(engine, slot, now);
	}
}

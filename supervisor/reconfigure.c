#include "supervisor/reconfigure.h"

#include "config/model.h"

#include <sys/wait.h>

void reconfigure_note_ready(struct unit *unit)
{
	unit->reconfigure_due = unit->attempt > 1 || unit->came_later;
	unit->reconfigure_failed = false;
}

/* Its process is one of this life, and is still waited for. */
static bool is_running(const struct unit *unit)
{
	return unit->pid[ROLE_RECONFIGURE] && !unit->reconfigure_killed;
}

static bool is_asked_for(const struct unit *unit)
{
	return unit->pending & PENDING_BIT(PENDING_RECONFIGURE);
}

bool reconfigure_is_open(const struct unit *unit)
{
	return unit->state == STATE_READY &&
	       (unit->reconfigure_due || is_asked_for(unit) || is_running(unit));
}

void reconfigure_put_off(struct unit *unit)
{
	if (!is_asked_for(unit))
		return;
	unit->pending &= ~PENDING_BIT(PENDING_RECONFIGURE);
	unit->reconfigure_due = true;
}

static void begin(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	int64_t limit_ms = unit->spec->start_timeout_ms;

	unit->reconfigure_due = false;
	unit->reconfigure_killed = false;
	unit->reconfigure_until =
		limit_ms == TIME_INFINITE_MS ? TIMESTAMP_NEVER : timestamp_add_ms(now, limit_ms);
	unit_want(engine, slot, PENDING_RECONFIGURE);
}

static void end(struct engine *engine, unsigned slot, bool is_late)
{
	struct unit *unit = &engine->units[slot];

	unit->reconfigure_failed |= is_late;
	unit->reconfigure_killed = true;
	unit_want(engine, slot, PENDING_KILL_RECONFIGURE);
}

void reconfigure_settle(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	bool is_late = timestamp_is_due(unit->reconfigure_until, now);

	if (unit->state != STATE_READY || !unit->spec->reconfigure.count)
		unit->reconfigure_due = false;
	if (unit->pid[ROLE_RECONFIGURE] > 0 && is_running(unit) &&
		(unit->state != STATE_READY || is_late))
		end(engine, slot, is_late);
	/* Asked for in vain for so long: that was not the command's time. */
	if ((unit->reconfigure_due && unit->up && !unit->pid[ROLE_RECONFIGURE]) ||
		(is_asked_for(unit) && is_late))
		begin(engine, slot, now);
	if (!is_running(unit) && !is_asked_for(unit))
		unit->reconfigure_until = TIMESTAMP_NEVER;
}

void reconfigure_ended(struct unit *unit, int status)
{
	bool success =
		status >= 0 && WIFEXITED(status) &&
		exit_set_has_code(&unit->spec->reconfigure_success, (unsigned)WEXITSTATUS(status));

	if (!unit->reconfigure_killed && unit->state == STATE_READY)
		unit->reconfigure_failed = !success;
	unit->reconfigure_until = TIMESTAMP_NEVER;
}

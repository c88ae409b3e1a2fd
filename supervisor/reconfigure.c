#include "supervisor/reconfigure.h"

#include "config/model.h"

#include <sys/wait.h>

/* Has a oneshot run already that waits for this unit? It does not wait for one that cannot start,
 * so that what it loads into all may have missed this one. */
static bool missed_loader(const struct engine *engine, unsigned slot)
{
	const struct graph *graph = &engine->graph;

	for (unsigned i = graph->in_first[slot]; i < graph->in_first[slot + 1]; i++) {
		const struct unit *by = &engine->units[graph->in[i].slot];

		if (graph->in[i].kind != EDGE_AFTER && by->spec &&
			by->spec->type == SERVICE_ONESHOT && by->attempt > 0)
			return true;
	}
	return false;
}

void reconfigure_note_ready(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];

	unit->reconfigure_due =
		unit->attempt > 1 || unit->came_later || missed_loader(engine, slot);
	unit->reconfigure_failed = false;
	unit->reload_due = unit->reload_failed = false;
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

static bool is_open(const struct unit *unit, bool reloading, bool is_due)
{
	return unit->state == STATE_READY && (is_due || ((is_asked_for(unit) || is_running(unit)) &&
								unit->reloading == reloading));
}

bool reconfigure_is_open(const struct unit *unit)
{
	return is_open(unit, false, unit->reconfigure_due);
}

bool reload_is_open(const struct unit *unit)
{
	return is_open(unit, true, unit->reload_due);
}

void reload_ask(struct engine *engine, unsigned slot)
{
	struct unit *unit = &engine->units[slot];
	bool by_command = unit->spec->reload_command.count > 0;

	if (unit->state != STATE_READY)
		return;
	if (unit->spec->reload_signal)
		unit_want(engine, slot, PENDING_RELOAD_SIGNAL);
	else if (is_asked_for(unit) && unit->reloading == by_command)
		return; /* it has not begun yet: that is soon enough */
	else if (by_command)
		unit->reload_due = true;
	else
		unit->reconfigure_due = unit->spec->reconfigure.count > 0;
}

void reconfigure_put_off(struct unit *unit)
{
	if (!is_asked_for(unit))
		return;
	unit->pending &= ~PENDING_BIT(PENDING_RECONFIGURE);
	unit->reconfigure_due |= !unit->reloading;
	unit->reload_due |= unit->reloading;
}

static void begin(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	int64_t limit_ms = unit->spec->start_timeout_ms;

	/* When neither is due it is the same as before, asked for in vain for so long. */
	if (unit->reconfigure_due || unit->reload_due)
		unit->reloading = !unit->reconfigure_due;
	if (unit->reloading)
		unit->reload_due = false;
	else
		unit->reconfigure_due = false;
	unit->reconfigure_killed = false;
	unit->reconfigure_until =
		limit_ms == TIME_INFINITE_MS ? TIMESTAMP_NEVER : timestamp_add_ms(now, limit_ms);
	unit_want(engine, slot, PENDING_RECONFIGURE);
}

static void note_end(struct unit *unit, bool failed, int status)
{
	unit->reload_status = status;
	if (unit->reloading)
		unit->reload_failed = failed;
	else
		unit->reconfigure_failed = failed;
}

static void end(struct engine *engine, unsigned slot, bool is_late)
{
	struct unit *unit = &engine->units[slot];

	if (is_late)
		note_end(unit, true, -1);
	unit->reconfigure_killed = true;
	unit_want(engine, slot, PENDING_KILL_RECONFIGURE);
}

/* One after the other: what is asked for, or runs, is not lost by another. */
static bool is_due(const struct unit *unit)
{
	return (unit->reconfigure_due || unit->reload_due) && unit->up && !is_asked_for(unit) &&
	       !unit->pid[ROLE_RECONFIGURE];
}

void reconfigure_settle(struct engine *engine, unsigned slot, struct timestamp now)
{
	struct unit *unit = &engine->units[slot];
	bool is_late = timestamp_is_due(unit->reconfigure_until, now);

	if (unit->state != STATE_READY || !unit->spec->reconfigure.count)
		unit->reconfigure_due = false;
	if (unit->state != STATE_READY || !unit->spec->reload_command.count)
		unit->reload_due = false;
	if (unit->pid[ROLE_RECONFIGURE] > 0 && is_running(unit) &&
		(unit->state != STATE_READY || is_late))
		end(engine, slot, is_late);
	/* Asked for in vain for so long: that was not the command's time. */
	if (is_due(unit) || (is_asked_for(unit) && is_late))
		begin(engine, slot, now);
	if (!is_running(unit) && !is_asked_for(unit))
		unit->reconfigure_until = TIMESTAMP_NEVER;
}

void reconfigure_ended(struct unit *unit, int status)
{
	bool has_exited = status >= 0 && WIFEXITED(status);
	unsigned code = has_exited ? (unsigned)WEXITSTATUS(status) : 0;
	bool success = has_exited &&
		       (unit->reloading ? code == 0
					: exit_set_has_code(unit->spec->reconfigure_success, code));

	if (!unit->reconfigure_killed && unit->state == STATE_READY)
		note_end(unit, !success, status);
	unit->reconfigure_until = TIMESTAMP_NEVER;
}

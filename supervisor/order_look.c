/* Has an order come true? */
#include "supervisor/order.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/human.h"
#include "supervisor/status.h"

#define DURATION(ms) (human_duration(ms).text)

struct look {
	struct arena *arena;
	const struct engine *engine;
	const struct unit_view *view;
	const struct status_service *status; /* the same, in words */
	uint32_t attempt;
	bool is_over; /* firsthop itself stops */
	struct order_outcome *outcome;
};

static void set(struct look *look, enum order_progress progress, const char *text)
{
	look->outcome->progress = progress;
	look->outcome->text = text;
}

/* "backing off 200 ms after 1 failure; exited 1". */
static const char *reasons(const struct look *look)
{
	const char *reason = look->status->reason, *last = look->status->last;

	if (reason && last)
		return arena_printf(look->arena, "%s; %s", last, reason);
	return reason ? reason : last ? last : state_name(look->view->state);
}

static const char *up_text(const struct look *look)
{
	const struct unit_view *view = look->view;

	if (view->state == STATE_DONE)
		return "done";
	if (view->spec->ready.kind == READY_IMMEDIATELY)
		return arena_printf(look->arena, "started (pid %d)", (int)view->pid[ROLE_MAIN]);
	return arena_printf(look->arena, "ready in %s (pid %d)", DURATION(look->status->ready_ms),
		(int)view->pid[ROLE_MAIN]);
}

/* The need without which it stays down; NULL: there is none. */
static const char *missing_need(const struct look *look)
{
	const struct words *needs = &look->view->spec->needs;
	struct unit_view need;

	for (unsigned i = 0; i < needs->count; i++) {
		int slot = engine_find(look->engine, needs->word[i]);

		if (slot < 0)
			continue;
		engine_view(look->engine, (unsigned)slot, &need);
		if (need.held)
			return needs->word[i];
	}
	return NULL;
}

/* It does not come up, and will not without further ado; NULL: it is on its way. */
static const char *why_not_up(const struct look *look)
{
	const struct unit_view *view = look->view;
	bool is_tried = view->attempt >= look->attempt;
	const char *need;

	if (look->is_over)
		return "firsthop is stopping all services";
	if (view->held)
		return "was stopped, by somebody else or because of what it needs";
	if (is_tried && (view->state == STATE_FAILED || view->state == STATE_BACKOFF))
		return reasons(look);
	if (view->state == STATE_WAITING && view->blocked)
		return reasons(look);
	if (view->state != STATE_DOWN || view->wanted)
		return NULL;
	need = missing_need(look);
	return need ? arena_printf(look->arena, "needs %s, which is stopped", need) : NULL;
}

static void look_up(struct look *look)
{
	const struct unit_view *view = look->view;
	const char *why = why_not_up(look);

	if (view->attempt >= look->attempt && state_satisfies_need(view->state))
		set(look, ORDER_FULFILLED, up_text(look));
	else if (why)
		set(look, ORDER_FAILED, why);
}

static void look_down(struct look *look)
{
	const struct unit_view *view = look->view;

	if (view->state == STATE_DOWN)
		set(look, ORDER_FULFILLED,
			view->overran ? arena_printf(look->arena,
						"stopped, but had to be killed: it did not stop "
						"in %s",
						DURATION(view->spec->stop_timeout_ms))
				      : "stopped");
	else if (!view->held && !look->is_over && !view->retiring)
		set(look, ORDER_FAILED, "was started again by somebody else");
}

static const char *reload_failure(const struct look *look, bool by_command)
{
	const char *name = by_command ? "reload_command" : "reconfigure";
	const char *end = look->view->reload_status < 0
				  ? "could not be started, or was killed for taking too long"
				  : wait_status_text(look->arena, look->view->reload_status);

	return arena_printf(
		look->arena, "%s %s; it goes on with what it has", name, end ? end : "failed");
}

static void look_reloaded(struct look *look)
{
	const struct unit_view *view = look->view;
	const struct service *spec = view->spec;
	bool by_command = spec->reload_command.count > 0;

	if (view->state == STATE_READY && view->attempt != look->attempt)
		set(look, ORDER_FULFILLED, "was started anew meanwhile");
	else if (view->state != STATE_READY)
		set(look, ORDER_FAILED, reasons(look));
	else if (spec->reload_signal)
		set(look, ORDER_FULFILLED,
			arena_printf(look->arena, "was sent %s",
				signal_short_name(spec->reload_signal)));
	else if (view->reconfiguring || view->reloading)
		return;
	else if (by_command ? view->reload_failed : view->reconfigure_failed)
		set(look, ORDER_FAILED, reload_failure(look, by_command));
	else
		set(look, ORDER_FULFILLED, "reloaded");
}

/* Removed by a reload meanwhile. */
static void look_at_none(struct order_outcome *outcome, enum order_verb verb)
{
	outcome->progress = verb == ORDER_STOP ? ORDER_FULFILLED : ORDER_FAILED;
	outcome->text = verb == ORDER_STOP ? "stopped, and is no longer in the configuration"
					   : "is no longer in the configuration";
}

void order_look(struct arena *arena, const struct engine *engine, enum order_verb verb,
	const char *name, uint32_t attempt, struct timestamp now, struct order_outcome *ret_outcome)
{
	static void (*const lookers[ORDER_VERB_COUNT])(struct look *) = {
		[ORDER_START] = look_up,
		[ORDER_STOP] = look_down,
		[ORDER_RESTART] = look_up,
		[ORDER_RELOAD] = look_reloaded,
	};
	int slot = engine_find(engine, name);
	struct engine_summary summary;
	struct status_service status;
	struct unit_view view;

	*ret_outcome = (struct order_outcome){.state = STATE_DOWN, .ready_ms = -1};
	if (slot < 0) {
		look_at_none(ret_outcome, verb);
		return;
	}
	engine_view(engine, (unsigned)slot, &view);
	engine_summarize(engine, &summary);
	status_from_view(arena, engine, &view, now, &status);
	struct look look = {
		.arena = arena,
		.engine = engine,
		.view = &view,
		.status = &status,
		.attempt = attempt,
		.is_over = summary.phase != PHASE_RUNNING,
		.outcome = ret_outcome,
	};
	ret_outcome->state = view.state;
	ret_outcome->pid = view.pid[ROLE_MAIN] > 0 ? view.pid[ROLE_MAIN] : 0;
	ret_outcome->ready_ms = status.ready_ms;
	lookers[verb](&look);
}

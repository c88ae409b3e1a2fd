/* watch_facts: facts in, noted by the observer before the engine gets them. */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_FACTS_H
#define FIRSTHOP_TESTS_SIM_WATCH_FACTS_H

#include "tests/sim/watch_health.h"
#include "tests/sim/watch_trace.h"

static const char *const event_names[EVENT_COUNT] = {
	[EVENT_SPAWNED] = "spawned",
	[EVENT_SPAWN_FAILED] = "spawn-failed",
	[EVENT_EXITED] = "exited",
	[EVENT_READY] = "ready",
	[EVENT_PROBE_FAILED] = "probe-failed",
	[EVENT_HEALTHY] = "healthy",
	[EVENT_UNHEALTHY] = "unhealthy",
	[EVENT_START] = "start",
	[EVENT_STOP] = "stop",
	[EVENT_RESTART] = "restart",
	[EVENT_RELOAD] = "reload",
	[EVENT_SHUTDOWN] = "shutdown",
	[EVENT_ALL_GONE] = "all-gone",
	[EVENT_HOLD] = "hold",
	[EVENT_RELEASE] = "release",
};

static const char *const role_names[ROLE_COUNT] = {
	"main", "prepare", "stop", "probe", "reconfigure"};

static inline void foreground_over(
	struct watch *watch, const struct shadow *shadow, const struct failure *end)
{
	if (shadow->spec->type != SERVICE_FOREGROUND)
		return;
	if (watch->stopping && watch->exit_code == 0)
		watch->exit_code = foreground_code(end);
	watch_begin_stop(watch, foreground_code(end));
}

static inline void note_exit(struct watch *watch, struct shadow *shadow, const struct event *event)
{
	struct failure end = {.kind = FAILURE_EXIT, .status = event->value};
	bool success = event->value == 0;

	if (event->pid <= 0 || shadow->pid[event->role] != event->pid)
		return;
	bool counts = event->role == ROLE_PROBE && shadow->state == STATE_READY &&
		      !shadow->killed[ROLE_PROBE];
	shadow->pid[event->role] = 0;
	shadow->killed[event->role] = false;
	if (counts)
		shadow_note_answer(shadow, success);
	if (event->role == ROLE_RECONFIGURE)
		shadow_note_reconfigured(shadow, success);
	if (event->role == ROLE_MAIN && !shadow->aborting) {
		shadow->end = end;
		foreground_over(watch, shadow, &end);
	}
	if (event->role == ROLE_PREPARE && shadow->state == STATE_PREPARING && !success)
		shadow->end = (struct failure){.kind = FAILURE_PREPARE, .status = event->value};
	if (event->role == ROLE_PROBE && shadow->state == STATE_STARTING && success)
		shadow->ready_shown = shadow->probe_attempt == shadow->attempt;
}

static inline void note_spawn(struct watch *watch, struct shadow *shadow, const struct event *event)
{
	if (shadow->pid[event->role] != -1)
		return;
	if (event->kind == EVENT_SPAWNED) {
		shadow->pid[event->role] = event->pid;
		if (event->role == ROLE_MAIN)
			shadow->started_ns = watch->now;
		if (event->role == ROLE_MAIN && shadow->spec->ready.kind == READY_IMMEDIATELY &&
			shadow->spec->type != SERVICE_ONESHOT)
			shadow->ready_shown = true;
		return;
	}
	shadow->pid[event->role] = 0;
	if (event->role == ROLE_PROBE && shadow->state == STATE_READY)
		shadow_forget_check(shadow);
	if (event->role == ROLE_RECONFIGURE)
		shadow_note_reconfigured(shadow, false);
	if (event->role == ROLE_MAIN || event->role == ROLE_PREPARE) {
		shadow->end = (struct failure){.kind = FAILURE_SPAWN, .error = event->value};
		foreground_over(watch, shadow, &shadow->end);
	}
}

static inline void note_unit_event(
	struct watch *watch, struct shadow *shadow, const struct event *event)
{
	bool current = event->attempt == shadow->attempt && shadow->state == STATE_STARTING;

	switch (event->kind) {
	case EVENT_SPAWNED:
	case EVENT_SPAWN_FAILED:
		note_spawn(watch, shadow, event);
		break;
	case EVENT_EXITED:
		note_exit(watch, shadow, event);
		break;
	case EVENT_READY:
		shadow->ready_shown |= current;
		shadow->probing &= !current;
		break;
	case EVENT_PROBE_FAILED:
		shadow->probing &= !current;
		break;
	case EVENT_HEALTHY:
	case EVENT_UNHEALTHY:
		if (!shadow->checking || shadow->state != STATE_READY ||
			event->attempt != shadow->attempt)
			break;
		shadow->checking = false;
		shadow_note_answer(shadow, event->kind == EVENT_HEALTHY);
		break;
	case EVENT_START:
	case EVENT_RESTART:
		if (!shadow->gone_from_model)
			shadow_forget_failures(shadow);
		break;
	case EVENT_RELOAD:
		shadow_note_reload(shadow);
		break;
	case EVENT_STOP:
	case EVENT_SHUTDOWN:
	case EVENT_ALL_GONE:
	case EVENT_HOLD:
	case EVENT_RELEASE:
	case EVENT_COUNT:
		break;
	}
}

static inline void note_event(struct watch *watch, const struct event *event)
{
	if (event->kind == EVENT_SHUTDOWN) {
		watch_begin_stop(watch, event->value);
	} else if (event->kind == EVENT_ALL_GONE) {
		struct engine_summary summary;
		engine_summarize(watch->engine, &summary);
		watch->gone = summary.phase == PHASE_SWEEPING;
	} else if (event->kind == EVENT_HOLD || event->kind == EVENT_RELEASE) {
		watch->holding = event->kind == EVENT_HOLD;
	} else if (event->unit < watch->slots && watch->shadow[event->unit].known &&
		   event->role < ROLE_COUNT) {
		note_unit_event(watch, &watch->shadow[event->unit], event);
	}
}

static inline void watch_feed(struct watch *watch, const struct event *event)
{
	watch->totals->events++;
	watch_say(watch, "> %s %s.%s attempt=%u pid=%d value=%d", event_names[event->kind],
		watch_name(watch, event->unit),
		event->role < ROLE_COUNT ? role_names[event->role] : "?", event->attempt,
		event->pid, event->value);
	note_event(watch, event);
	if (watch->plant == PLANT_LOST_EXIT && event->kind == EVENT_EXITED &&
		event->role == ROLE_MAIN)
		return;
	struct event fed = *event;
	if (watch->plant == PLANT_READY_UNSAID && event->kind == EVENT_PROBE_FAILED)
		fed.kind = EVENT_READY;
	if (watch->plant == PLANT_NOT_HELD && event->kind == EVENT_HOLD)
		fed.kind = EVENT_RELEASE;
	if (watch->plant == PLANT_NOT_RELEASED && event->kind == EVENT_RELEASE)
		fed.kind = EVENT_HOLD;
	engine_feed(watch->engine, &fed, (struct timestamp){watch->now});
	watch->settled = watch->drained = false;
	watch_read_trace(watch);
}

#endif

/* From the engine to a status: which texts say why a service is not up, and how it ended. */
#include "supervisor/status.h"

#include "config/arena.h"
#include "supervisor/capability_needs.h"
#include "supervisor/human.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#define DURATION(ms) (human_duration(ms).text)

static const char *const phase_names[PHASE_COUNT] = {
	[PHASE_RUNNING] = "running",
	[PHASE_STOPPING] = "stopping",
	[PHASE_KILLING] = "killing",
	[PHASE_SWEEPING] = "sweeping",
	[PHASE_ENDED] = "ended",
};

const char *phase_name(enum phase phase)
{
	return phase_names[phase];
}

const char *wait_status_text(struct arena *arena, int wait_status)
{
	if (WIFEXITED(wait_status))
		return arena_printf(arena, "exited %d", WEXITSTATUS(wait_status));
	if (!WIFSIGNALED(wait_status))
		return arena_printf(arena, "ended with wait status 0x%x", (unsigned)wait_status);
	const char *name = signal_short_name(WTERMSIG(wait_status));
	return arena_printf(arena, "killed by signal %d%s%s%s%s", WTERMSIG(wait_status),
		name ? " (" : "", name ? name : "", name ? ")" : "",
		WCOREDUMP(wait_status) ? ", core dumped" : "");
}

/* " SYS_ADMIN NET_RAW", each behind `before`. */
static const char *capabilities_text(struct arena *arena, const char *before, uint64_t bits)
{
	const char *text = "";

	for (unsigned number = 0; text && number < CAPABILITY_COUNT; number++)
		if (bits >> number & 1)
			text = arena_printf(arena, "%s%s%s", text, before, capability_name(number));
	return text ? text : "";
}

static const char *exit_text(struct arena *arena, const struct failure *failure)
{
	const char *end = wait_status_text(arena, failure->status);

	if (!end || !failure->lacks)
		return end;
	return arena_printf(arena, "%s, for it lacks the capability%s", end,
		capabilities_text(arena, " ", failure->lacks));
}

static const char *spawn_text(
	struct arena *arena, const struct failure *failure, const struct service *spec)
{
	const char *stage = failure->stage ? failure->stage : "start";

	if (failure->lacks)
		return arena_printf(arena,
			"could not be started: %s: the container lacks the capability%s", stage,
			capabilities_text(arena, " ", failure->lacks));
	return arena_printf(arena, "could not be started: %s %s: %s", stage,
		spec->command.count ? spec->command.word[0] : spec->name, strerror(failure->error));
}

const char *failure_text(
	struct arena *arena, const struct failure *failure, const struct service *spec)
{
	const char *end;
	switch (failure->kind) {
	case FAILURE_EXIT:
		return exit_text(arena, failure);
	case FAILURE_PREPARE:
		end = wait_status_text(arena, failure->status);
		return end ? arena_printf(arena, "prepare %s", end) : NULL;
	case FAILURE_SPAWN:
		return spawn_text(arena, failure, spec);
	case FAILURE_READY_TIMEOUT:
		return arena_printf(arena, "not ready after %s", DURATION(spec->start_timeout_ms));
	case FAILURE_PREPARE_TIMEOUT:
		return arena_printf(
			arena, "prepare not done after %s", DURATION(spec->start_timeout_ms));
	case FAILURE_HEALTH:
		return arena_printf(arena, "did not answer %u health check%s", failure->checks,
			failure->checks == 1 ? "" : "s");
	case FAILURE_NONE:
	case FAILURE_COUNT:
		break;
	}
	return NULL;
}

/* What is still missing: "waiting for tcp 127.0.0.1 port 22". */
static const char *starting_text(struct arena *arena, const struct service *spec)
{
	const struct ready *ready = &spec->ready;
	if (spec->type == SERVICE_ONESHOT && ready->kind == READY_IMMEDIATELY)
		return "runs";
	if (ready->kind == READY_TCP)
		return arena_printf(
			arena, "waiting for tcp %s port %u", ready->text, ready->number);
	if (ready->kind == READY_EXEC && ready->words.count > 0)
		return arena_printf(arena, "waiting for exec %s", ready->words.word[0]);
	return arena_printf(arena, "waiting for %s%s%s", ready_kind_name(ready->kind),
		ready->text ? " " : "", ready->text ? ready->text : "");
}

/* `what`, and how long it may take. */
static const char *within_text(struct arena *arena, const char *what, int64_t limit_ms)
{
	if (limit_ms == TIME_INFINITE_MS || !what)
		return what;
	return arena_printf(arena, "%s, %s at most", what, DURATION(limit_ms));
}

static const char *waiting_text(
	struct arena *arena, const struct engine *engine, const struct unit_view *view)
{
	struct engine_summary summary;
	struct unit_view other;
	if (view->waits_for < 0) {
		engine_summarize(engine, &summary);
		return summary.holding ? "waiting for interfaces" : "waiting";
	}
	engine_view(engine, (unsigned)view->waits_for, &other);
	if (!other.in_use)
		return arena_printf(arena, "waiting");
	return arena_printf(
		arena, "waiting for %s (%s)", other.spec->name, state_name(other.state));
}

const char *failure_cure(
	struct arena *arena, const struct failure *failure, const struct service *spec)
{
	if (failure->lacks && !spec->capabilities.count)
		return arena_printf(arena, "start the container with%s",
			capabilities_text(arena, " --cap-add ", failure->lacks));
	if (failure->lacks)
		return arena_printf(arena, "add to its `capabilities`:%s",
			capabilities_text(arena, " ", failure->lacks));
	if (failure->kind == FAILURE_READY_TIMEOUT)
		return arena_printf(arena, "it was %s; see its output, or raise start_timeout",
			starting_text(arena, spec));
	if (failure->kind == FAILURE_PREPARE_TIMEOUT)
		return "see why `prepare` hangs, or raise start_timeout";
	if (failure->kind == FAILURE_SPAWN && failure->error == ENOENT)
		return "correct its `command`, or put the program into the image";
	return NULL;
}

static const char *failed_text(struct arena *arena, const struct unit_view *view)
{
	const struct service *spec = view->spec;
	if (spec->type == SERVICE_FOREGROUND)
		return NULL; /* how it ended says it all */
	if (view->last.lacks)
		return view->last.lacks & ~capability_set(&spec->capabilities, UINT64_MAX)
			       ? "not tried again; its `capabilities` leave them out"
			       : arena_printf(arena, "not tried again; start the container with%s",
					 capabilities_text(arena, " --cap-add ", view->last.lacks));
	if (spec->restart == RESTART_NEVER || spec->give_up_count == 0)
		return arena_printf(arena, "not tried again (restart = %s)",
			restart_policy_name(spec->restart));
	return arena_printf(arena, "gave up after %u failures in %s", spec->give_up_count,
		DURATION(spec->give_up_window_ms));
}

static const char *backoff_text(
	struct arena *arena, const struct unit_view *view, struct timestamp now)
{
	return arena_printf(arena, "backing off %s after %u failure%s, next start in %s",
		DURATION(timestamp_elapsed_ms(view->since, view->deadline)), view->failures,
		view->failures == 1 ? "" : "s",
		DURATION(timestamp_elapsed_ms(now, view->deadline)));
}

static const char *stopping_text(
	struct arena *arena, const struct unit_view *view, struct timestamp now)
{
	const char *how = view->pid[ROLE_STOP] ? "stop_command runs" : "told to stop";
	if (timestamp_is_never(view->deadline))
		return how;
	return arena_printf(
		arena, "%s, KILL in %s", how, DURATION(timestamp_elapsed_ms(now, view->deadline)));
}

static const char *down_text(struct arena *arena, const struct unit_view *view)
{
	if (view->overran)
		return arena_printf(arena, "was killed: did not stop in %s",
			DURATION(view->spec->stop_timeout_ms));
	if (view->held)
		return "stopped";
	if (!view->wanted && view->spec->start == START_MANUAL)
		return "start = manual";
	return NULL;
}

/* One that is there, but not quite well. */
static const char *ready_text(struct arena *arena, const struct unit_view *view)
{
	if (view->checks_failed)
		return arena_printf(arena, "%u of %u health checks failed", view->checks_failed,
			view->spec->health_failures);
	if (view->reconfiguring)
		return "gets its configuration back";
	if (view->reloading)
		return "reads its configuration anew";
	if (view->reload_failed)
		return "could not be reloaded";
	return view->reconfigure_failed ? "could not be given its configuration back" : NULL;
}

static const char *reason_text(struct arena *arena, const struct engine *engine,
	const struct unit_view *view, struct timestamp now)
{
	int64_t limit_ms = view->spec->start_timeout_ms;

	switch (view->state) {
	case STATE_DOWN:
		return down_text(arena, view);
	case STATE_WAITING:
		return waiting_text(arena, engine, view);
	case STATE_PREPARING:
		return within_text(arena, "prepare runs", limit_ms);
	case STATE_STARTING:
		return within_text(arena, starting_text(arena, view->spec), limit_ms);
	case STATE_STOPPING:
		return stopping_text(arena, view, now);
	case STATE_KILLING:
		return "KILL was sent";
	case STATE_BACKOFF:
		return backoff_text(arena, view, now);
	case STATE_FAILED:
		return failed_text(arena, view);
	case STATE_READY:
		return ready_text(arena, view);
	case STATE_DONE:
	case STATE_COUNT:
		break;
	}
	return NULL;
}

/* The process that stands for the service: main before prepare before stop_command. */
static pid_t shown_pid(const struct unit_view *view)
{
	static const enum role roles[] = {ROLE_MAIN, ROLE_PREPARE, ROLE_STOP};
	for (unsigned i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (view->pid[roles[i]] > 0)
			return view->pid[roles[i]];
	return 0;
}

static enum status_health health_of(const struct unit_view *view)
{
	if (view->state != STATE_READY || view->spec->health.kind == READY_IMMEDIATELY)
		return STATUS_HEALTH_NONE;
	return view->checks_failed ? STATUS_HEALTH_FAILING : STATUS_HEALTH_GOOD;
}

void status_from_view(struct arena *arena, const struct engine *engine,
	const struct unit_view *view, struct timestamp now, struct status_service *ret_service)
{
	bool runs = view->pid[ROLE_MAIN] > 0 && !timestamp_is_never(view->started);
	*ret_service = (struct status_service){
		.name = view->spec->name,
		.type = view->spec->type,
		.state = view->state,
		.wanted = view->wanted,
		.pid = shown_pid(view),
		.since_ms = timestamp_elapsed_ms(view->since, now),
		.uptime_ms = runs ? timestamp_elapsed_ms(view->started, now) : -1,
		.ready_ms = -1,
		.restarts = view->restarts,
		.reason = reason_text(arena, engine, view, now),
		.last = failure_text(arena, &view->last, view->spec),
		.health = health_of(view),
		.memory_bytes = -1,
		.cpu_ms = -1,
		.checks_failed = view->checks_failed_ever,
	};
	if (!timestamp_is_never(view->became_ready) && !timestamp_is_never(view->started))
		ret_service->ready_ms = timestamp_elapsed_ms(view->started, view->became_ready);
}

/* What we made for ourselves, to be run on request, is no news while it does not run. */
static bool is_tool(const struct unit_view *view)
{
	return view->spec->from_frr && view->spec->start == START_MANUAL &&
	       view->state == STATE_DOWN;
}

int status_from_engine(struct arena *arena, const struct engine *engine, struct timestamp now,
	struct status *ret_status)
{
	struct engine_summary summary;
	unsigned slots = engine_slot_count(engine);
	struct status_service *services = arena_array(arena, slots, sizeof(*services));
	if (!services && slots > 0)
		return -ENOMEM;

	engine_summarize(engine, &summary);
	struct status status = {
		.phase = summary.phase,
		.all_ready = summary.all_ready,
		.was_ready = summary.was_ready,
		.ready_ms = -1,
		.stop_left_ms = -1,
		.wanted = summary.wanted,
		.ready = summary.ready,
		.failed = summary.failed,
		.services = services,
	};
	if (!timestamp_is_never(summary.stop_by))
		status.stop_left_ms = timestamp_elapsed_ms(now, summary.stop_by);
	for (unsigned unit = 0; unit < slots; unit++) {
		struct unit_view view;
		engine_view(engine, unit, &view);
		if (!view.in_use || is_tool(&view))
			continue;
		struct status_service *service = &services[status.service_count++];
		status_from_view(arena, engine, &view, now, service);
		service->unit = unit;
	}
	*ret_status = status;
	return 0;
}

int status_add_findings(struct arena *arena, const struct findings *findings, struct status *status)
{
	unsigned count = findings_count(findings);
	struct finding *list = arena_array(arena, count, sizeof(*list));

	if (!list && count > 0)
		return -ENOMEM;
	status->findings = list;
	status->finding_count = 0;
	for (unsigned i = 0; i < count; i++)
		status->finding_counts[findings_get(findings, i)->state]++;
	for (int state = FINDING_MISSING; state > FINDING_OK; state--)
		for (unsigned i = 0; i < count; i++)
			if (findings_get(findings, i)->state == (enum finding_state)state)
				list[status->finding_count++] = *findings_get(findings, i);
	return 0;
}

const struct status_service *status_find(const struct status *status, const char *name)
{
	for (unsigned i = 0; i < status->service_count; i++)
		if (strcmp(status->services[i].name, name) == 0)
			return &status->services[i];
	return NULL;
}

unsigned status_severity(const struct status_service *service)
{
	static const unsigned severities[STATE_COUNT] = {
		[STATE_FAILED] = 4,
		[STATE_BACKOFF] = 3,
		[STATE_KILLING] = 3,
		[STATE_STOPPING] = 2,
		[STATE_WAITING] = 1,
		[STATE_PREPARING] = 1,
		[STATE_STARTING] = 1,
	};
	if (service->state == STATE_READY && service->reason)
		return 1; /* there, but not quite well */
	return severities[service->state];
}

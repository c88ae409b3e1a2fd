/* From an action of the engine to system calls, one function a kind. */
#include "init/runtime.h"

#include "init/start.h"

#include "config/model.h"
#include "init/cgroup.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/output.h"
#include "init/prepare.h"
#include "init/probe.h"
#include "init/sweep.h"
#include "supervisor/boot_record.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct effects *act_effects(struct runtime *runtime, unsigned unit)
{
	if (unit >= runtime->effects_size) {
		unsigned size = engine_slot_count(runtime->engine);
		struct effects **effects =
			realloc(runtime->effects, size * sizeof(*runtime->effects));

		if (!effects)
			return NULL;
		for (unsigned i = runtime->effects_size; i < size; i++)
			effects[i] = NULL;
		runtime->effects = effects;
		runtime->effects_size = size;
	}
	if (!runtime->effects[unit]) {
		struct effects *effects = calloc(1, sizeof(*effects));

		if (!effects)
			return NULL;
		notify_init(&effects->notify, runtime->loop, &runtime->notify_operations, unit);
		runtime->effects[unit] = effects;
	}
	return runtime->effects[unit];
}

struct channel *act_channel(const struct runtime *runtime, unsigned unit)
{
	if (unit >= runtime->effects_size || !runtime->effects[unit])
		return NULL;
	return runtime->effects[unit]->channel;
}

static void close_effects(struct runtime *runtime, unsigned unit)
{
	if (unit >= runtime->effects_size || !runtime->effects[unit])
		return;
	notify_close(&runtime->effects[unit]->notify);
	channel_close(runtime->effects[unit]->channel);
	crash_forget(runtime->effects[unit]);
	free(runtime->effects[unit]->crash);
	free(runtime->effects[unit]);
	runtime->effects[unit] = NULL;
}

void act_close(struct runtime *runtime)
{
	for (unsigned unit = 0; unit < runtime->effects_size; unit++)
		close_effects(runtime, unit);
	free(runtime->effects);
	runtime->effects = NULL;
	runtime->effects_size = 0;
}

/* What the service has to do without is told, each time: it may be why it fails. */
static void tell_degraded(
	struct runtime *runtime, const char *name, const struct spawn_result *result)
{
	for (int stage = 0; stage < SPAWN_STAGE_COUNT; stage++) {
		if (result->degraded >> stage & 1)
			message(runtime->messages, MESSAGE_WARNING,
				"%s: %s not set as asked for: %s; continuing without", name,
				spawn_stage_name((enum spawn_stage)stage),
				strerror(result->errors[stage]));
	}
}

/* While it has the terminal, others' lines stay off it. */
static void lend_terminal(struct runtime *runtime, unsigned unit, const struct start *start)
{
	if (start->request.terminal_fd >= 0)
		runtime->terminal_user = (int)unit;
}

/* Lines are taken for those of the main process, or of what prepares for it. */
static void mark_lines(struct runtime *runtime, const struct action *action, pid_t pid)
{
	struct channel *channel = runtime->effects[action->unit]->channel;

	if (channel && (action->role == ROLE_MAIN || action->role == ROLE_PREPARE))
		channel_process(channel, pid);
}

/* What it says from now on can be told from what was said before. */
static void count_lines(struct effects *effects, enum role role)
{
	uint64_t lines = effects->channel ? channel_lines(effects->channel) : 0;

	if (role == ROLE_MAIN) {
		effects->lines = lines;
		effects->agains = 0;
	} else if (role == ROLE_RECONFIGURE) {
		effects->lines_again = lines;
	}
}

static void act_spawn(struct runtime *runtime, const struct action *action)
{
	struct event event = {
		.unit = action->unit, .role = action->role, .attempt = action->attempt};
	struct spawn_result result = {0};
	struct unit_view view;
	struct start start;
	pid_t pid = -1;

	engine_view(runtime->engine, action->unit, &view);
	if (!act_effects(runtime, action->unit)) {
		event.kind = EVENT_SPAWN_FAILED;
		event.value = ENOMEM;
		event.stage = "memory";
		runtime_feed(runtime, &event);
		return;
	}
	if (action->role == ROLE_PREPARE ||
		(action->role == ROLE_MAIN && !view.spec->prepare.count)) {
		crash_forget(runtime->effects[action->unit]);
		prepare_runtime_directories(runtime->messages, view.spec);
	}
	start_prepare(runtime, &start, view.spec, action);
	count_lines(runtime->effects[action->unit], action->role);
	if (!start.failed) {
		pid = spawn(&runtime->spawner, &start.request, &result);
		start_fail(&start, result.stage, result.error);
	}
	start_finish(&start);
	notify_spawned(&runtime->effects[action->unit]->notify);
	event.kind = pid > 0 ? EVENT_SPAWNED : EVENT_SPAWN_FAILED;
	event.pid = pid;
	if (pid > 0) {
		mark_lines(runtime, action, pid);
		lend_terminal(runtime, action->unit, &start);
		tell_degraded(runtime, view.spec->name, &result);
	} else {
		event.value = start.error;
		event.stage = start.failed;
		event.lacks = start.lacks;
	}
	runtime_feed(runtime, &event);
	if (pid <= 0 && action->role == ROLE_RECONFIGURE)
		report_reconfigured(runtime, &event);
}

static void act_signal(struct runtime *runtime, const struct action *action)
{
	struct unit_view view;

	/* ESRCH cannot be: nobody else reaps. EPERM of a process that changed its user while we are
	 * no root: the engine's deadline will tell. */
	(void)kill(action->pid, action->value);
	if (action->value != SIGKILL) {
		(void)kill(action->pid, SIGCONT); /* a stopped one could not act upon it */
		return;
	}
	(void)kill(-action->pid, SIGKILL);
	engine_view(runtime->engine, action->unit, &view);
	if (view.in_use && action->role == ROLE_MAIN)
		(void)cgroup_kill(runtime->cgroups, view.spec); /* who has left the group as well */
}

/* For one answer of one that is starting; then it is asked anew. */
enum { READY_PROBE_MS = 2000 };

static void act_probe(struct runtime *runtime, const struct action *action)
{
	struct unit_view view;

	engine_view(runtime->engine, action->unit, &view);
	const struct probe_question question = {
		.what = action->health ? &view.spec->health : &view.spec->ready,
		.unit = action->unit,
		.attempt = action->attempt,
		.health = action->health,
		.main_pid = view.pid[ROLE_MAIN],
		.limit_ms = action->health ? TIME_INFINITE_MS : READY_PROBE_MS,
	};

	probe_begin(runtime->probes, &question);
}

static void act_probe_ended(struct runtime *runtime, const struct action *action)
{
	probe_end(runtime->probes, action->unit);
}

static void act_down(struct runtime *runtime, const struct action *action)
{
	if (action->unit < runtime->effects_size && runtime->effects[action->unit])
		notify_end(&runtime->effects[action->unit]->notify);
}

static void act_retired(struct runtime *runtime, const struct action *action)
{
	close_effects(runtime, action->unit);
}

/* What nobody waits for comes when services have had the processors for their own start. */
enum { TIDY_AFTER_MS = 200 };

static void act_all_ready(struct runtime *runtime, const struct action *action)
{
	(void)action;
	runtime->all_ready = loop_clock();
	report_transitions(runtime);
	boot_record_close(runtime->boot, runtime->all_ready);
	report_ready(runtime);
	runtime->tidy_at = timestamp_add_ms(runtime->all_ready, TIDY_AFTER_MS);
}

static void act_signal_rest(struct runtime *runtime, const struct action *action)
{
	runtime->sweep_signal = action->value;
	sweep(action->value);
	/* Perhaps nobody is left already: the reaper will see. */
	runtime->reap_more = true;
}

static void act_exit(struct runtime *runtime, const struct action *action)
{
	runtime->ended = true;
	runtime->exit_code = action->value;
}

static void (*const actors[])(struct runtime *, const struct action *) = {
	[ACTION_SPAWN] = act_spawn,
	[ACTION_SIGNAL] = act_signal,
	[ACTION_PROBE] = act_probe,
	[ACTION_PROBE_ENDED] = act_probe_ended,
	[ACTION_DOWN] = act_down,
	[ACTION_RETIRED] = act_retired,
	[ACTION_ALL_READY] = act_all_ready,
	[ACTION_SIGNAL_REST] = act_signal_rest,
	[ACTION_EXIT] = act_exit,
};
_Static_assert(sizeof(actors) / sizeof(actors[0]) == ACTION_COUNT, "a function for each action");

bool act(struct runtime *runtime, unsigned limit)
{
	struct action action;

	while (limit && !runtime->ended) {
		if (!engine_take(runtime->engine, &action))
			return false;
		limit -= action.kind == ACTION_SPAWN;
		actors[action.kind](runtime, &action);
	}
	return !runtime->ended;
}

/* From an action of the engine to system calls, one function a kind. */
#include "init/runtime.h"

#include "config/model.h"
#include "init/environment.h"
#include "init/giveback.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/output.h"
#include "init/passwd.h"
#include "init/prepare.h"
#include "init/probe.h"
#include "init/sweep.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

/* All that one start needs and that must be given back after it. */
struct start {
	struct spawn_request request;
	struct environment environment;
	struct passwd_user user;
	const char *failed; /* what could not be made; NULL: all could */
	int error;
};

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

static void close_effects(struct runtime *runtime, unsigned unit)
{
	if (unit >= runtime->effects_size || !runtime->effects[unit])
		return;
	notify_close(&runtime->effects[unit]->notify);
	channel_close(runtime->effects[unit]->channel);
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

static const struct words *words_of(const struct service *spec, enum role role)
{
	switch (role) {
	case ROLE_PREPARE:
		return &spec->prepare;
	case ROLE_STOP:
		return &spec->stop_command;
	case ROLE_PROBE:
		return &spec->ready.words;
	case ROLE_MAIN:
	case ROLE_COUNT:
		break;
	}
	return &spec->command;
}

static void fail(struct start *start, const char *what, int error)
{
	if (start->failed)
		return;
	start->failed = what;
	start->error = error;
}

static void choose_identity(struct start *start, const struct service *spec)
{
	const char *user = spec->user;
	int r;

	if (!user && !spec->group)
		return;
	r = passwd_find(user ? user : "0", spec->group, &start->user);
	if (r < 0) {
		fail(start, user ? "user" : "group", -r);
		return;
	}
	if (!user)
		start->user.uid = geteuid();
	/* Whoever we are already takes no right to become: an ordinary user's firsthop. */
	start->request.identity = (struct spawn_identity){
		.change = start->user.uid != geteuid() || start->user.gid != getegid(),
		.uid = start->user.uid,
		.gid = start->user.gid,
		.groups = start->user.groups,
		.group_count = start->user.group_count,
	};
}

static void choose_capabilities(struct start *start, const struct service *spec)
{
	char name[32] = "cap_";
	cap_value_t value;

	start->request.limit_capabilities = spec->capabilities.count > 0;
	for (unsigned i = 0; i < spec->capabilities.count; i++) {
		size_t length = strlen(spec->capabilities.word[i]);

		if (length >= sizeof(name) - 4) {
			fail(start, "capabilities", EINVAL);
			return;
		}
		memcpy(name + 4, spec->capabilities.word[i], length + 1);
		if (cap_from_name(name, &value) < 0 || value < 0 || value > 63) {
			fail(start, "capabilities", EINVAL);
			return;
		}
		start->request.capabilities |= (uint64_t)1 << value;
	}
}

/* stdin, stdout, stderr and the terminal, by what the service is. */
static void choose_descriptors(
	struct runtime *runtime, struct start *start, const struct service *spec, enum role role)
{
	struct spawn_request *request = &start->request;
	bool main = role == ROLE_MAIN;

	if (main && (spec->type == SERVICE_CONSOLE || spec->type == SERVICE_FOREGROUND) &&
		runtime->terminal.fd >= 0) {
		terminal_claim(&runtime->terminal);
		request->session = runtime->terminal.session;
		request->terminal_fd = runtime->terminal.fd;
		if (spec->type == SERVICE_CONSOLE)
			request->stdin_fd = request->stdout_fd = request->stderr_fd =
				runtime->terminal.fd;
		return;
	}
	if (main && spec->type == SERVICE_FOREGROUND)
		return;
	if (main && spec->type == SERVICE_CONSOLE)
		fail(start, "terminal", ENOTTY);
	request->stdin_fd = request->stdout_fd = request->stderr_fd = SPAWN_NULL_FD;
}

/* stdout and stderr into the service's channel; without one they are lost, the service is not. */
static void choose_channel(
	struct runtime *runtime, struct start *start, const struct service *spec, unsigned unit)
{
	struct effects *effects = runtime->effects[unit];

	if (start->request.stdout_fd != SPAWN_NULL_FD)
		return;
	if (!effects->channel) {
		int r = channel_open(runtime->output, spec, &effects->channel);

		if (r < 0)
			message(runtime->messages, MESSAGE_WARNING,
				"%s: no pipe for its output, which is lost: %s", spec->name,
				strerror(-r));
	}
	if (effects->channel)
		start->request.stdout_fd = start->request.stderr_fd = channel_fd(effects->channel);
}

static void begin_notify(struct runtime *runtime, struct start *start, const struct service *spec,
	const struct action *action)
{
	struct notify *notify = &runtime->effects[action->unit]->notify;
	int r;

	if (spec->ready.kind == READY_SD_NOTIFY && !runtime->rundir) {
		fail(start, "notify socket: no run directory", EROFS);
		return;
	}
	r = notify_begin(notify, spec, runtime->rundir, action->attempt);
	if (r < 0)
		fail(start, "readiness", -r);
	start->request.notify_fd = notify->child_fd;
	start->request.notify_number = (int)spec->ready.number;
}

static void make_environment(
	struct runtime *runtime, struct start *start, const struct service *spec, unsigned unit)
{
	const struct notify *notify = &runtime->effects[unit]->notify;
	int r = environment_make(
		spec, spec->user ? &start->user : NULL, notify->socket_path, &start->environment);

	if (r < 0)
		fail(start, start->environment.failed_file ? "environment_file" : "environment",
			-r);
	start->request.envp = start->environment.variables;
	start->request.path = environment_get(start->environment.variables, "PATH");
}

static void prepare_start(struct runtime *runtime, struct start *start, const struct service *spec,
	const struct action *action)
{
	*start = (struct start){.request = {
					.spec = spec,
					.argv = words_of(spec, action->role)->word,
					.stdin_fd = -1,
					.stdout_fd = -1,
					.stderr_fd = -1,
					.notify_fd = -1,
					.terminal_fd = -1,
				}};
	choose_identity(start, spec);
	choose_capabilities(start, spec);
	choose_descriptors(runtime, start, spec, action->role);
	choose_channel(runtime, start, spec, action->unit);
	if (action->role == ROLE_MAIN)
		begin_notify(runtime, start, spec, action);
	if (!start->failed)
		make_environment(runtime, start, spec, action->unit);
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
		(action->role == ROLE_MAIN && !view.spec->prepare.count))
		prepare_runtime_directories(runtime->messages, view.spec);
	prepare_start(runtime, &start, view.spec, action);
	if (!start.failed) {
		pid = spawn(&runtime->spawner, &start.request, &result);
		fail(&start, result.stage, result.error);
	}
	environment_free(&start.environment);
	notify_spawned(&runtime->effects[action->unit]->notify);
	event.kind = pid > 0 ? EVENT_SPAWNED : EVENT_SPAWN_FAILED;
	event.pid = pid;
	if (pid > 0) {
		lend_terminal(runtime, action->unit, &start);
		tell_degraded(runtime, view.spec->name, &result);
	} else {
		event.value = start.error;
		event.stage = start.failed;
	}
	runtime_feed(runtime, &event);
}

static void act_signal(struct runtime *runtime, const struct action *action)
{
	(void)runtime;
	/* ESRCH cannot be: nobody else reaps. EPERM of a process that changed its user while we are
	 * no root: the engine's deadline will tell. */
	(void)kill(action->pid, action->value);
	if (action->value == SIGKILL)
		(void)kill(-action->pid, SIGKILL);
	else
		(void)kill(action->pid, SIGCONT); /* a stopped one could not act upon it */
}

static void act_probe(struct runtime *runtime, const struct action *action)
{
	struct unit_view view;

	engine_view(runtime->engine, action->unit, &view);
	probe_begin(runtime->probes, &view.spec->ready, action->unit, action->attempt,
		view.pid[ROLE_MAIN]);
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

static void act_all_ready(struct runtime *runtime, const struct action *action)
{
	(void)action;
	runtime->all_ready = loop_clock();
	report_transitions(runtime);
	report_ready(runtime);
	configuration_keep(runtime->messages, runtime->configuration, runtime->rundir);
	giveback_boot_memory();
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

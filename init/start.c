#include "init/start.h"

#include "config/model.h"
#include "init/message.h"
#include "init/output.h"
#include "init/runtime.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct words *words_of(const struct service *spec, const struct action *action)
{
	switch (action->role) {
	case ROLE_PREPARE:
		return &spec->prepare;
	case ROLE_STOP:
		return &spec->stop_command;
	case ROLE_RECONFIGURE:
		return action->reload ? &spec->reload_command : &spec->reconfigure;
	case ROLE_PROBE:
		return action->health ? &spec->health.words : &spec->ready.words;
	case ROLE_MAIN:
	case ROLE_COUNT:
		break;
	}
	return &spec->command;
}

void start_fail(struct start *start, const char *what, int error)
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

	if (!user && !spec->group && !spec->groups.count)
		return;
	r = passwd_find(user ? user : "0", spec->group, &start->user);
	if (r < 0) {
		start_fail(start, user ? "user" : "group", -r);
		return;
	}
	r = passwd_add_groups(&spec->groups, &start->user);
	if (r < 0)
		start_fail(start, "groups", -r);
	if (!user)
		start->user.uid = geteuid();
	/* Whoever we are already takes no right to become: an ordinary user's firsthop. */
	start->request.identity = (struct spawn_identity){
		.change = start->user.uid != geteuid() || start->user.gid != getegid() ||
			  spec->groups.count > 0,
		.uid = start->user.uid,
		.gid = start->user.gid,
		.groups = start->user.groups,
		.group_count = start->user.group_count,
	};
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
		start_fail(start, "terminal", ENOTTY);
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
		start_fail(start, "notify socket: no run directory", EROFS);
		return;
	}
	r = notify_begin(notify, spec, runtime->rundir, action->attempt);
	if (r < 0)
		start_fail(start, "readiness", -r);
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
		start_fail(start,
			start->environment.failed_file ? "environment_file" : "environment", -r);
	start->request.envp = start->environment.variables;
	start->request.path = environment_get(start->environment.variables, "PATH");
}

void start_prepare(struct runtime *runtime, struct start *start, const struct service *spec,
	const struct action *action)
{
	*start = (struct start){
		.request = spawn_request_for(spec, words_of(spec, action)->word),
	};
	choose_identity(start, spec);
	start_confine(runtime, start, spec);
	choose_descriptors(runtime, start, spec, action->role);
	choose_channel(runtime, start, spec, action->unit);
	if (action->role == ROLE_MAIN)
		begin_notify(runtime, start, spec, action);
	if (!start->failed)
		make_environment(runtime, start, spec, action->unit);
}

void start_finish(struct start *start)
{
	if (start->request.cgroup_fd >= 0)
		(void)close(start->request.cgroup_fd); /* as below */
	if (start->request.rules_fd >= 0)
		(void)close(start->request.rules_fd); /* the child has its own, or is none */
	environment_free(&start->environment);
}

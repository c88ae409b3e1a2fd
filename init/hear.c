/* Facts from the kernel and from services, handed on to the engine. */
#include "init/runtime.h"

#include "config/arena.h"
#include "config/frr.h"
#include "config/model.h"
#include "init/frr_lacks.h"
#include "init/message.h"
#include "init/output.h"
#include "init/persist_watch.h"
#include "init/probe.h"
#include "init/sweep.h"
#include "supervisor/buffer.h"
#include "supervisor/reload.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void on_ready(void *context, unsigned unit, uint32_t attempt)
{
	const struct event event = {.kind = EVENT_READY, .unit = unit, .attempt = attempt};

	runtime_feed(context, &event);
}

void hear_probe(void *context, const struct probe_question *question, bool yes)
{
	struct event event = {.kind = yes ? EVENT_READY : EVENT_PROBE_FAILED,
		.unit = question->unit,
		.attempt = question->attempt};

	if (question->health)
		event.kind = yes ? EVENT_HEALTHY : EVENT_UNHEALTHY;

	runtime_feed(context, &event);
}

static pid_t main_pid_of(void *context, unsigned unit)
{
	const struct runtime *runtime = context;
	struct unit_view view;

	engine_view(runtime->engine, unit, &view);
	return view.pid[ROLE_MAIN];
}

static bool is_ours(void *context, pid_t pid)
{
	const struct runtime *runtime = context;
	enum role role;
	unsigned unit;

	return engine_find_pid(runtime->engine, pid, &unit, &role);
}

/* What an FRR daemon, or a program for it, has said since line `since`, at most so many lines. */
static void read_since(
	const struct effects *effects, uint64_t since, unsigned most, struct buffer *ret_output)
{
	uint64_t lines = channel_lines(effects->channel) - since;

	channel_read(effects->channel, lines < most ? (unsigned)lines : most, false, ret_output);
}

/* The capabilities that a daemon of FRR's said it lacks, in the last lines of its short life. */
static uint64_t lacks_of(
	const struct runtime *runtime, const struct effects *effects, const struct event *event)
{
	enum { LAST_LINES = 16 };
	struct buffer output = {0};
	struct unit_view view;
	uint64_t lacks = 0;

	engine_view(runtime->engine, event->unit, &view);
	if (view.spec->ready.kind != READY_FRR_VTY || view.state != STATE_STARTING)
		return 0;
	read_since(effects, effects->lines, LAST_LINES, &output);
	if (output.length)
		lacks = frr_lacks(output.data);
	buffer_free(&output);
	return lacks;
}

enum { STATUS_FAILED = 1 << 8 };

/* Has what gave FRR its configuration said, since line `since`, that a part was lost? */
static bool has_lost(const struct effects *effects, uint64_t since)
{
	enum { LAST_LINES = 200 };
	struct buffer output = {0};
	bool lost;

	read_since(effects, since, LAST_LINES, &output);
	lost = output.length && frr_lost(output.data);
	buffer_free(&output);
	return lost;
}

/* At boot it is a service of its own: it has failed then, whatever its status says. */
static void look_at_loader(struct runtime *runtime, struct effects *effects, struct event *event)
{
	struct unit_view view;

	engine_view(runtime->engine, event->unit, &view);
	if (view.spec->type != SERVICE_ONESHOT || strcmp(view.spec->name, FRR_LOADER) != 0 ||
		!WIFEXITED(event->value) || !has_lost(effects, effects->lines))
		return;
	event->value = STATUS_FAILED;
	message(runtime->messages, MESSAGE_NOTE,
		FRR_LOADER ": a part of the configuration was lost while it was given; once more");
}

/* `reconfigure` or reload_command has ended. What was lost is given again, to no end only when that
 * does not help: then it has failed, whatever its status says. */
static void end_reconfigure(struct runtime *runtime, struct effects *effects, struct event *event)
{
	enum { AGAINS_MAX = 5 };
	struct unit_view view;

	engine_view(runtime->engine, event->unit, &view);
	bool lost = effects && effects->channel && view.state == STATE_READY &&
		    view.spec->ready.kind == READY_FRR_VTY &&
		    has_lost(effects, effects->lines_again);
	bool again = lost && effects->agains < AGAINS_MAX;

	if (lost && !again)
		event->value = STATUS_FAILED;
	runtime_feed(runtime, event);
	if (!again) {
		report_reconfigured(runtime, event);
		return;
	}
	effects->agains++;
	message(runtime->messages, MESSAGE_NOTE,
		"%s lost a part of its configuration while it was given it; once more",
		view.spec->name);
	runtime_feed(runtime, &(struct event){.kind = EVENT_RELOAD, .unit = event->unit});
}

static void on_ending(void *context, pid_t pid)
{
	struct runtime *runtime = context;

	crash_look(pid, &runtime->ending);
}

static void note_end(struct runtime *runtime, struct effects *effects, const struct event *event,
	const struct rusage *usage)
{
	if (event->role != ROLE_MAIN && event->role != ROLE_PREPARE)
		return;
	runtime->ending.role = event->role;
	runtime->ending.pid = event->pid;
	runtime->ending.status = event->value;
	runtime->ending.usage = *usage;
	crash_note(runtime, effects, event->unit, &runtime->ending);
}

/* What it said before it died is heard before its death. */
static void on_exited(void *context, pid_t pid, int status, const struct rusage *usage, bool ours)
{
	struct runtime *runtime = context;
	struct event event = {.kind = EVENT_EXITED, .pid = pid, .value = status};

	if (!ours && persists_exited(runtime->persists, pid, status))
		return;
	if (!ours || !engine_find_pid(runtime->engine, pid, &event.unit, &event.role))
		return;
	struct effects *effects = act_effects(runtime, event.unit);

	if (effects && event.role == ROLE_MAIN)
		notify_drain(&effects->notify);
	if (effects && effects->channel)
		channel_settle(effects->channel);
	if (effects)
		note_end(runtime, effects, &event, usage);
	if (effects && effects->channel && event.role == ROLE_MAIN) {
		channel_process(effects->channel, 0);
		event.lacks = lacks_of(runtime, effects, &event);
		look_at_loader(runtime, effects, &event);
	}
	if (event.role == ROLE_MAIN && (int)event.unit == runtime->terminal_user)
		terminal_restore(&runtime->terminal);
	if (event.role == ROLE_RECONFIGURE)
		end_reconfigure(runtime, effects, &event);
	else
		runtime_feed(runtime, &event);
}

static void on_child(void *context)
{
	hear_children(context);
}

void hear_children(struct runtime *runtime)
{
	enum reap_left left = reap(&runtime->reap_operations);

	runtime->reap_more = left == REAP_MORE;
	if (!runtime->sweep_signal)
		return;
	if (left == REAP_NO_CHILD)
		runtime_feed(runtime, &(struct event){.kind = EVENT_ALL_GONE});
	else if (getpid() != 1)
		sweep(runtime->sweep_signal); /* orphans of those that ended are ours now */
}

static void forward_to(struct runtime *runtime, unsigned unit, int signal)
{
	pid_t pid = main_pid_of(runtime, unit);

	if (pid > 0)
		(void)kill(pid, signal); /* EPERM: it changed its user, and we are not root */
}

static void forward(struct runtime *runtime, int signal, int send)
{
	const struct model *model = runtime->configuration->model;
	const struct words *names = &model->signals[signal].services;
	struct unit_view view;

	for (unsigned i = 0; i < names->count; i++) {
		int unit = engine_find(runtime->engine, names->word[i]);

		if (unit >= 0)
			forward_to(runtime, (unsigned)unit, send);
	}
	for (unsigned unit = 0; !names->count && unit < engine_slot_count(runtime->engine);
		unit++) {
		engine_view(runtime->engine, unit, &view);
		if (view.in_use && view.spec->type == SERVICE_FOREGROUND)
			forward_to(runtime, unit, send);
	}
}

static void stop(struct runtime *runtime, int signal, enum node_end end)
{
	const char *name = signal_short_name(signal);

	message(runtime->messages, MESSAGE_NOTE, "signal %s: stopping all services",
		name ? name : "?");
	runtime->end = end;
	runtime_feed(runtime, &(struct event){.kind = EVENT_SHUTDOWN});
}

/* What there is to say goes to the log. */
static void reload(struct runtime *runtime)
{
	struct arena arena = {0};
	struct reload_report report;

	(void)answer_reload(runtime, false, &arena, &report); /* it has said so */
	arena_free(&arena);
}

static void on_signal(void *context, int signal, bool by_terminal)
{
	struct runtime *runtime = context;
	struct signal_decision decision =
		signals_decide(runtime->configuration->model, runtime->machine, signal);

	/* ^C between two consoles is the user's, who does not know that there are two. The kernel's
	 * own init has no such terminal: to that one it is ctrl-alt-del. */
	if (by_terminal && runtime->terminal.claimed && !runtime->machine)
		return;
	switch (decision.duty) {
	case DUTY_STOP:
		stop(runtime, signal, decision.end);
		return;
	case DUTY_RELOAD:
		reload(runtime);
		return;
	case DUTY_STATUS:
		answer_status(runtime);
		return;
	case DUTY_FORWARD:
		forward(runtime, signal, decision.send);
		return;
	case DUTY_IGNORE:
		return;
	}
}

void hear_prepare(struct runtime *runtime)
{
	runtime->notify_operations = (struct notify_operations){
		.context = runtime, .ready = on_ready, .main_pid = main_pid_of};
	runtime->reap_operations = (struct reap_operations){
		.context = runtime, .is_ours = is_ours, .ending = on_ending, .exited = on_exited};
	runtime->signal_operations = (struct signal_operations){
		.context = runtime, .child = on_child, .arrived = on_signal};
}

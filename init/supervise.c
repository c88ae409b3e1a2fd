/* One round of PID 1: sleep; hear what there is, in order of rank; let the engine settle; do what
 * it wants; say what happened. Each part takes a bounded share, and what is left over is taken up
 * in the next round, which then does not sleep. */
#include "init/supervise.h"

#include "config/model.h"
#include "init/commands.h"
#include "init/control.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/output.h"
#include "init/prepare.h"
#include "init/probe.h"
#include "init/rundir.h"
#include "init/runtime.h"
#include "init/sweep.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SPAWNS_PER_ROUND = 64,
	SETTLES_PER_ROUND = 8,
	LAST_OUTPUT_MS = 200, /* for what stdout has not taken at the end */
	BROKEN_LOOP_MS = 100,
};

void runtime_feed(struct runtime *runtime, const struct event *event)
{
	engine_feed(runtime->engine, event, loop_clock());
	runtime->fed = true;
}

static void on_ready(void *context, unsigned unit, uint32_t attempt)
{
	const struct event event = {.kind = EVENT_READY, .unit = unit, .attempt = attempt};

	runtime_feed(context, &event);
}

static void on_probed(void *context, unsigned unit, uint32_t attempt, bool ready)
{
	const struct event event = {
		.kind = ready ? EVENT_READY : EVENT_PROBE_FAILED, .unit = unit, .attempt = attempt};

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

/* What it said before it died is heard before its death. */
static void on_exited(void *context, pid_t pid, int status, bool ours)
{
	struct runtime *runtime = context;
	struct event event = {.kind = EVENT_EXITED, .pid = pid, .value = status};

	if (!ours || !engine_find_pid(runtime->engine, pid, &event.unit, &event.role))
		return;
	struct effects *effects = act_effects(runtime, event.unit);

	if (effects && event.role == ROLE_MAIN)
		notify_drain(&effects->notify);
	if (effects && effects->channel)
		channel_settle(effects->channel);
	if (event.role == ROLE_MAIN && (int)event.unit == runtime->terminal_user)
		terminal_restore(&runtime->terminal);
	runtime_feed(runtime, &event);
}

static void on_child(void *context)
{
	struct runtime *runtime = context;
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

static void stop(struct runtime *runtime, int signal)
{
	const char *name = signal_short_name(signal);

	message(runtime->messages, MESSAGE_NOTE, "signal %s: stopping all services",
		name ? name : "?");
	runtime_feed(runtime, &(struct event){.kind = EVENT_SHUTDOWN});
}

static void on_signal(void *context, int signal, bool by_terminal)
{
	struct runtime *runtime = context;
	struct signal_decision decision = signals_decide(runtime->configuration->model, signal);

	/* ^C between two consoles is the user's, who does not know that there are two. */
	if (by_terminal && runtime->terminal.claimed)
		return;
	switch (decision.duty) {
	case DUTY_STOP:
		stop(runtime, signal);
		return;
	case DUTY_RELOAD:
		(void)answer_reload(runtime); /* it has said so */
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

void supervise_refuse_consoles(struct runtime *runtime)
{
	const struct model *model = runtime->configuration->model;
	bool refused = false;

	for (unsigned i = 0; runtime->terminal.fd < 0 && i < model->service_count; i++) {
		int unit = engine_find(runtime->engine, model->services[i].name);

		if (model->services[i].type != SERVICE_CONSOLE || unit < 0)
			continue;
		runtime_feed(runtime, &(struct event){.kind = EVENT_STOP, .unit = (unsigned)unit});
		refused = true;
	}
	if (refused && !runtime->refused_console)
		message(runtime->messages, MESSAGE_NOTE,
			"no terminal: console services are not started (docker run -it gives one)");
	runtime->refused_console = refused;
}

int supervise_open(struct runtime **ret_runtime)
{
	struct runtime *runtime = calloc(1, sizeof(*runtime));

	if (!runtime || prepare_process() < 0 || spawn_open(&runtime->spawner) < 0) {
		free(runtime);
		return EXIT_CODE_SYSTEM;
	}
	runtime->started = loop_clock();
	runtime->all_ready = TIMESTAMP_NEVER;
	runtime->terminal_user = -1;
	runtime->loop = loop_create(0);
	if (runtime->loop)
		runtime->outgoing = outgoing_create(runtime->loop, STDOUT_FILENO);
	if (runtime->outgoing)
		runtime->messages = messages_create(runtime->outgoing);
	if (runtime->messages)
		runtime->output =
			output_create(runtime->loop, runtime->outgoing, runtime->messages);
	if (runtime->output)
		runtime->probes = probes_create(runtime->loop, on_probed, runtime);
	if (!runtime->probes) {
		supervise_close(runtime);
		return EXIT_CODE_SYSTEM;
	}
	terminal_open(&runtime->terminal);
	runtime->rundir = rundir_make();
	*ret_runtime = runtime;
	return EXIT_CODE_OK;
}

int supervise_configure(struct runtime *runtime, const struct configuration_request *request)
{
	runtime->request = *request;
	runtime->request.rundir = runtime->rundir;
	runtime->configuration = configuration_boot(runtime->messages, &runtime->request);
	return runtime->configuration ? EXIT_CODE_OK : EXIT_CODE_CONFIG;
}

int supervise_prepare(struct runtime *runtime)
{
	int r = prepare_reaper();

	if (r < 0) {
		message(runtime->messages, MESSAGE_ERROR, "cannot become a subreaper: %s",
			strerror(-r));
		return EXIT_CODE_PREPARE;
	}
	runtime->spawner.restore_nofile = prepare_open_files(&runtime->spawner.nofile);
	prepare_node(runtime->messages, runtime->configuration->model);
	return EXIT_CODE_OK;
}

static void set_operations(struct runtime *runtime)
{
	runtime->notify_operations = (struct notify_operations){
		.context = runtime, .ready = on_ready, .main_pid = main_pid_of};
	runtime->reap_operations = (struct reap_operations){
		.context = runtime, .is_ours = is_ours, .exited = on_exited};
	runtime->signal_operations = (struct signal_operations){
		.context = runtime, .child = on_child, .arrived = on_signal};
}

int supervise_begin(struct runtime *runtime)
{
	int r;

	set_operations(runtime);
	runtime->engine = engine_create(runtime->configuration->model, loop_clock());
	r = runtime->engine ? signals_watch(runtime->loop, &runtime->signal_operations) : -ENOMEM;
	if (r < 0) {
		message(runtime->messages, MESSAGE_ERROR, "cannot begin: %s", strerror(-r));
		return EXIT_CODE_SYSTEM;
	}
	answer_open(runtime);
	supervise_refuse_consoles(runtime);
	messages_end_boot(runtime->messages);
	runtime->fed = true;
	return EXIT_CODE_OK;
}

/* Lines stay off the terminal while its user has it, or will have it again at once. */
static void watch_terminal(struct runtime *runtime)
{
	struct engine_summary summary;
	struct unit_view view;
	bool hold;

	if (runtime->terminal_user < 0)
		return;
	engine_summarize(runtime->engine, &summary);
	engine_view(runtime->engine, (unsigned)runtime->terminal_user, &view);
	hold = view.in_use &&
	       (state_is_active(view.state) ||
		       (summary.phase == PHASE_RUNNING &&
			       (view.state == STATE_BACKOFF || view.state == STATE_WAITING)));
	if (!hold)
		runtime->terminal_user = -1;
	hold = hold && outgoing_is_terminal(runtime->outgoing, runtime->terminal.device);
	if (hold == runtime->held)
		return;
	runtime->held = hold;
	messages_hold(runtime->messages, hold);
	output_hold(runtime->output, hold);
}

/* Lets the engine settle and does what it wants, until it wants nothing. true: more is left for the
 * next round. */
static bool advance(struct runtime *runtime)
{
	for (int i = 0; i < SETTLES_PER_ROUND && !runtime->ended; i++) {
		struct timestamp now = loop_clock();

		if (!runtime->fed && timestamp_before(now, engine_deadline(runtime->engine)))
			return false;
		runtime->fed = false;
		engine_settle(runtime->engine, now);
		report_transitions(runtime); /* now: acting may free the slot of one that went */
		bool more = act(runtime, SPAWNS_PER_ROUND);

		report_transitions(runtime);
		watch_terminal(runtime);
		configuration_forget(runtime->configuration, runtime->engine);
		control_notice(runtime->control);
		if (more)
			return true;
	}
	return true;
}

static void sleep_and_hear(struct runtime *runtime, struct timestamp until)
{
	int r = loop_wait(runtime->loop, until);

	if (r < 0) {
		/* Cannot be; but then rather slow than busy. */
		message(runtime->messages, MESSAGE_ERROR, "event loop: %s", strerror(-r));
		(void)poll(NULL, 0, BROKEN_LOOP_MS);
		runtime->reap_more = true;
	}
	if (runtime->reap_more)
		on_child(runtime);
}

int supervise_run(struct runtime *runtime)
{
	struct timestamp until = runtime->started; /* the first round does not sleep */

	while (!runtime->ended) {
		sleep_and_hear(runtime, until);
		struct timestamp expires = probes_expire(runtime->probes, loop_clock());
		bool more = advance(runtime);

		output_tell_drops(runtime->output);
		outgoing_flush(runtime->outgoing);
		until = timestamp_earliest(engine_deadline(runtime->engine), expires);
		if (more || runtime->reap_more || runtime->fed)
			until = runtime->started;
	}
	report_transitions(runtime);
	report_end(runtime);
	return runtime->exit_code;
}

void supervise_close(struct runtime *runtime)
{
	if (!runtime)
		return;
	if (runtime->outgoing)
		outgoing_finish(runtime->outgoing, LAST_OUTPUT_MS);
	control_close(runtime->control);
	probes_free(runtime->probes);
	act_close(runtime);
	engine_free(runtime->engine);
	configuration_free(runtime->configuration);
	output_free(runtime->output);
	messages_free(runtime->messages);
	outgoing_free(runtime->outgoing);
	loop_free(runtime->loop);
	terminal_close(&runtime->terminal);
	free(runtime);
}

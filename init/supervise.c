/* One round of PID 1: sleep; hear what there is, in order of rank; let the engine settle; do what
 * it wants; say what happened. Each part takes a bounded share, and what is left over is taken up
 * in the next round, which then does not sleep. */
#include "init/supervise.h"

#include "config/model.h"
#include "init/cgroup.h"
#include "init/commands.h"
#include "init/control.h"
#include "init/frr_save.h"
#include "init/giveback.h"
#include "init/harden.h"
#include "init/interfaces.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/output.h"
#include "init/persist_watch.h"
#include "init/prepare.h"
#include "init/probe.h"
#include "init/reason.h"
#include "init/rundir.h"
#include "init/runtime.h"
#include "init/seccomp_filter.h"
#include "supervisor/boot_record.h"
#include "supervisor/finding.h"
#include "supervisor/reason.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
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

/* With a terminal it is the console's from now on, also before its first start: no ^C of an
 * impatient user stops the router. */
void supervise_offer_terminal(struct runtime *runtime)
{
	const struct model *model = runtime->configuration->model;
	bool refused = false;

	for (unsigned i = 0; i < model->service_count; i++) {
		if (model->services[i].type != SERVICE_CONSOLE)
			continue;
		int unit = engine_find(runtime->engine, model->services[i].name);

		if (unit < 0)
			continue;
		terminal_claim(&runtime->terminal);
		refused = runtime->terminal.fd < 0;
		if (refused)
			runtime_feed(runtime,
				&(struct event){.kind = EVENT_STOP, .unit = (unsigned)unit});
	}
	if (refused && !runtime->refused_console)
		message(runtime->messages, MESSAGE_NOTE,
			"no terminal: console services are not started (docker run -it gives one)");
	runtime->refused_console = refused;
}

/* Nothing is there yet that could say it; stderr is whoever's that started us. */
static int tell_no_start(const char *what, int error)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "cannot begin: %s: %s", what, strerror(error));
	(void)dprintf(STDERR_FILENO, "firsthop: error: %s\n", text); /* there is nobody else */
	(void)close(SPAWN_NULL_FD); /* descriptors may be what lacks */
	reason_write(rundir_make(),
		(struct reason){
			.exit_code = EXIT_CODE_SYSTEM, .kind = REASON_SYSTEM, .text = text});
	return EXIT_CODE_SYSTEM;
}

int supervise_open(bool machine, struct runtime **ret_runtime)
{
	giveback_prepare();
	struct runtime *runtime = calloc(1, sizeof(*runtime));
	const char *what = "memory";
	int r = runtime ? 0 : -ENOMEM;

	if (r == 0) {
		what = "/dev/null and the process itself";
		r = prepare_process();
	}
	if (r == 0) {
		what = "descriptors for services";
		r = spawn_open(&runtime->spawner);
	}
	if (r < 0) {
		free(runtime);
		return tell_no_start(what, -r);
	}
	runtime->started = loop_clock();
	runtime->boot = boot_record_create(runtime->started);
	runtime->machine = machine;
	runtime->preparation.proc_sys = -1;
	runtime->all_ready = runtime->tidy_at = TIMESTAMP_NEVER;
	runtime->terminal_user = -1;
	runtime->loop = loop_create(0);
	if (runtime->loop)
		runtime->outgoing = outgoing_create(runtime->loop, STDOUT_FILENO);
	if (runtime->outgoing)
		runtime->messages =
			messages_create(runtime->outgoing, &runtime->journal, &runtime->form);
	if (runtime->messages)
		runtime->output = output_create(runtime->loop, runtime->outgoing, runtime->messages,
			&runtime->journal, &runtime->form);
	if (runtime->output)
		runtime->probes = probes_create(runtime->loop, hear_probe, runtime);
	if (runtime->probes)
		runtime->preparation.findings = findings_create();
	if (!runtime->preparation.findings) {
		r = errno;
		supervise_close(runtime);
		return tell_no_start("event loop and output", r);
	}
	terminal_open(&runtime->terminal);
	runtime->rundir = rundir_make();
	reason_forget(runtime->rundir);
	*ret_runtime = runtime;
	return EXIT_CODE_OK;
}

int supervise_configure(struct runtime *runtime, const struct configuration_request *request)
{
	runtime->request = *request;
	runtime->request.rundir = runtime->rundir;
	runtime->request.load.spawner = &runtime->spawner;
	boot_record_begin(runtime->boot, BOOT_STEP_CONFIGURATION, loop_clock());
	runtime->configuration = configuration_boot(runtime->messages, &runtime->request);
	boot_record_end(runtime->boot, BOOT_STEP_CONFIGURATION, loop_clock());
	if (!runtime->configuration)
		return EXIT_CODE_CONFIG;
	form_configure(&runtime->form, &runtime->configuration->model->node);
	return EXIT_CODE_OK;
}

int supervise_prepare(struct runtime *runtime)
{
	struct rlimit given;
	int r = prepare_reaper();

	if (r < 0) {
		message(runtime->messages, MESSAGE_ERROR, "cannot become a subreaper: %s",
			strerror(-r));
		return EXIT_CODE_PREPARE;
	}
	if (getrlimit(RLIMIT_NOFILE, &given) == 0)
		runtime->preparation.nofile_soft = given.rlim_cur;
	runtime->spawner.restore_nofile = prepare_open_files(&runtime->spawner.nofile);
	runtime->preparation.model = runtime->configuration->model;
	runtime->preparation.messages = runtime->messages;
	runtime->preparation.boot = runtime->boot;
	preparation_open(&runtime->preparation);
	runtime->preparation.machine = runtime->machine;
	runtime->preparation.spawner = &runtime->spawner;
	prepare_node(&runtime->preparation);
	runtime->preparation.spawner = NULL; /* a reload puts no files back */
	return report_failed_preparation(runtime, true) ? EXIT_CODE_PREPARE : EXIT_CODE_OK;
}

/* The interfaces are there, or the wait for them is over. */
static void on_interfaces(void *context)
{
	struct runtime *runtime = context;

	boot_record_end(runtime->boot, BOOT_STEP_FIRST + STEP_INTERFACES, loop_clock());
	if (report_failed_preparation(runtime, false))
		runtime_feed(runtime,
			&(struct event){.kind = EVENT_SHUTDOWN, .value = EXIT_CODE_PREPARE});
	else
		runtime_feed(runtime, &(struct event){.kind = EVENT_RELEASE});
}

/* Services are held back until on_interfaces(), which may be called at once. */
static void await_interfaces(struct runtime *runtime)
{
	boot_record_begin(runtime->boot, BOOT_STEP_FIRST + STEP_INTERFACES, loop_clock());
	runtime_feed(runtime, &(struct event){.kind = EVENT_HOLD});
	runtime->interfaces =
		interfaces_open(runtime->loop, &runtime->preparation, on_interfaces, runtime);
	if (runtime->interfaces)
		return;
	message(runtime->messages, MESSAGE_WARNING, "interfaces are not watched: %s",
		strerror(ENOMEM));
	on_interfaces(runtime);
}

int supervise_begin(struct runtime *runtime)
{
	int r;

	hear_prepare(runtime);
	runtime->engine = engine_create(runtime->configuration->model, loop_clock());
	r = runtime->engine ? signals_watch(runtime->loop, &runtime->signal_operations) : -ENOMEM;
	if (r < 0) {
		message(runtime->messages, MESSAGE_ERROR, "cannot begin: %s", strerror(-r));
		return EXIT_CODE_SYSTEM;
	}
	harden(runtime->configuration->model, runtime->messages);
	runtime->filters = seccomp_filters_create();
	runtime->cgroups = cgroups_create(runtime->messages);
	boot_record_services(runtime->boot, runtime->engine);
	supervise_offer_terminal(runtime);
	await_interfaces(runtime);
	runtime->persists =
		persists_create(runtime->loop, &runtime->preparation, &runtime->spawner);
	persists_configure(runtime->persists, runtime->configuration->model);
	messages_end_boot(runtime->messages);
	runtime->reap_more = true; /* children of whoever was this process before, by exec */
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
		crash_write(runtime);
		watch_terminal(runtime);
		configuration_forget(runtime->configuration, runtime->engine);
		control_notice(runtime->control);
		frr_save_notice(runtime);
		if (more)
			return true;
	}
	return true;
}

/* What is due by the clock of PID 1 itself, not of the engine. Returns when the next is due. */
static struct timestamp expire(struct runtime *runtime)
{
	struct timestamp now = loop_clock();
	struct timestamp next = probes_expire(runtime->probes, now);

	next = timestamp_earliest(next, persists_advance(runtime->persists, now));
	next = timestamp_earliest(next, control_expire(runtime->control, now));
	next = timestamp_earliest(next, frr_save_expire(runtime, now));
	if (!runtime->interfaces)
		return next;
	interfaces_expire(runtime->interfaces, now);
	return timestamp_earliest(next, interfaces_deadline(runtime->interfaces));
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
		hear_children(runtime);
}

/* What there is to say, for all who listen. What was dropped is told once stdout has taken the
 * rest; it may take that in the last flush, and nothing would wake us up to tell it then. */
static void put_out(struct runtime *runtime)
{
	outgoing_flush(runtime->outgoing);
	do {
		if (runtime->journal.news) {
			runtime->journal.news = false;
			control_notice(runtime->control);
		}
		outgoing_flush(runtime->outgoing);
	} while (output_tell_drops(runtime->output));
}

static void tidy_up(struct runtime *runtime, struct timestamp now)
{
	if (timestamp_before(now, runtime->tidy_at))
		return;
	runtime->tidy_at = TIMESTAMP_NEVER;
	configuration_keep(runtime->messages, runtime->configuration, runtime->rundir);
	giveback_boot_memory();
}

int supervise_run(struct runtime *runtime)
{
	struct timestamp until = runtime->started; /* the first round does not sleep */
	struct engine_summary summary;

	answer_open(runtime); /* first: the first service may ask at once */
	(void)advance(runtime);
	frr_save_configure(runtime);
	while (!runtime->ended) {
		sleep_and_hear(runtime, until);
		bool more = advance(runtime);
		/* Behind what may begin a probe, or we would sleep past its end. */
		struct timestamp expires = expire(runtime);

		frr_save_notice(runtime); /* what it saved may have been kept now */
		put_out(runtime);
		tidy_up(runtime, loop_now(runtime->loop));
		until = timestamp_earliest(engine_deadline(runtime->engine), expires);
		until = timestamp_earliest(until, runtime->tidy_at);
		if (more || runtime->reap_more || runtime->fed)
			until = runtime->started;
	}
	engine_summarize(runtime->engine, &summary);
	persists_finish(runtime->persists, summary.stop_by);
	report_transitions(runtime);
	crash_write(runtime);
	report_end(runtime);
	reason_of_end(runtime);
	control_notice(runtime->control); /* those who follow our lines get the last ones */
	return runtime->exit_code;
}

enum node_end supervise_machine_end(const struct runtime *runtime, int code)
{
	/* A foreground command ends the machine as it would end a container, with any code. */
	if (code == EXIT_CODE_OK || (runtime && runtime->ended && runtime->request.command))
		return runtime ? runtime->end : NODE_END_POWEROFF;
	if (!runtime || !runtime->configuration)
		return NODE_END_RESCUE;
	return runtime->configuration->model->node.on_failure;
}

void supervise_close(struct runtime *runtime)
{
	if (!runtime)
		return;
	if (runtime->outgoing)
		outgoing_finish(runtime->outgoing, LAST_OUTPUT_MS);
	control_close(runtime->control);
	frr_save_close(runtime);
	probes_free(runtime->probes);
	act_close(runtime);
	engine_free(runtime->engine);
	interfaces_close(runtime->interfaces);
	persists_free(runtime->persists);
	preparation_close(&runtime->preparation);
	findings_free(runtime->preparation.findings);
	configuration_free(runtime->configuration);
	output_free(runtime->output);
	boot_record_free(runtime->boot);
	messages_free(runtime->messages);
	form_free(&runtime->form);
	outgoing_free(runtime->outgoing);
	loop_free(runtime->loop);
	terminal_close(&runtime->terminal);
	cgroups_free(runtime->cgroups);
	seccomp_filters_free(runtime->filters);
	spawn_close(&runtime->spawner);
	free(runtime);
}

/* What is said of what the engine did: its trace, transition by transition, in words for people.
 * With --verbose each transition is a line of keys and values as well. */
#include "init/runtime.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/caught.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/output.h"
#include "supervisor/boot_record.h"
#include "supervisor/buffer.h"
#include "supervisor/finding.h"
#include "supervisor/human.h"
#include "supervisor/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct report {
	struct runtime *runtime;
	struct arena *arena;
	const struct trace_entry *entry;
	struct unit_view view; /* as it is now: perhaps further than the entry */
};

static int64_t took_ms(const struct report *report)
{
	if (timestamp_is_never(report->view.started))
		return 0;
	return timestamp_elapsed_ms(report->view.started, report->entry->at);
}

static const char *why(const struct report *report)
{
	const char *text = failure_text(report->arena, &report->view.last, report->view.spec);

	return text ? text : "ended";
}

static void say_ready(const struct report *report)
{
	const struct service *spec = report->view.spec;

	if (spec->ready.kind == READY_IMMEDIATELY)
		message(report->runtime->messages, MESSAGE_NOTE, "%s started (pid %d)", spec->name,
			(int)report->view.pid[ROLE_MAIN]);
	else
		message(report->runtime->messages, MESSAGE_NOTE, "%s ready in %s (pid %d)",
			spec->name, human_duration(took_ms(report)).text,
			(int)report->view.pid[ROLE_MAIN]);
}

static void say_done(const struct report *report)
{
	if (report->entry->from == STATE_STARTING)
		message(report->runtime->messages, MESSAGE_NOTE, "%s done in %s",
			report->view.spec->name, human_duration(took_ms(report)).text);
	else
		message(report->runtime->messages, MESSAGE_NOTE, "%s ended: %s",
			report->view.spec->name, why(report));
}

/* The console ends whenever its user logs out: no reason for a warning. */
static void say_retry(const struct report *report)
{
	const struct unit_view *view = &report->view;
	bool normal = view->spec->type == SERVICE_CONSOLE;
	int64_t delay_ms = view->state == STATE_BACKOFF
				   ? timestamp_elapsed_ms(report->entry->at, view->deadline)
				   : 0;

	message(report->runtime->messages, normal ? MESSAGE_DEBUG : MESSAGE_WARNING,
		"%s %s; restarting %s%s", view->spec->name, why(report), delay_ms ? "in " : "now",
		delay_ms ? human_duration(delay_ms).text : "");
}

static void say_fatal(const struct report *report)
{
	const struct unit_view *view = &report->view;

	if (view->spec->type == SERVICE_FOREGROUND)
		message(report->runtime->messages, MESSAGE_NOTE, "%s %s", view->spec->name,
			why(report));
	else if (view->spec->restart == RESTART_NEVER || !view->spec->give_up_count ||
		 view->last.lacks)
		message(report->runtime->messages, MESSAGE_ERROR, "%s %s; it is not restarted",
			view->spec->name, why(report));
	else
		message(report->runtime->messages, MESSAGE_ERROR,
			"%s %s; given up after %u failures in %s", view->spec->name, why(report),
			view->spec->give_up_count,
			human_duration(view->spec->give_up_window_ms).text);
}

static void say_gone(const struct report *report)
{
	message(report->runtime->messages, MESSAGE_NOTE, "%s stopped", report->view.spec->name);
}

static void say_abort(const struct report *report)
{
	message(report->runtime->messages, MESSAGE_WARNING, "%s %s; stopping it",
		report->view.spec->name, why(report));
}

/* Before the signal, which would change what there is to be seen. */
static void say_hung(const struct report *report)
{
	const struct unit_view *view = &report->view;
	bool at_once = report->entry->on == ON_HUNG;
	const char *signal = signal_short_name(view->spec->health_signal);
	struct caught caught = caught_look(view->pid[ROLE_MAIN]);

	message(report->runtime->messages, MESSAGE_WARNING,
		"%s %s: nothing good from it for %s; pid %d is in %s; %s%s", view->spec->name,
		why(report), human_duration(view->last.silent_ms).text, (int)view->pid[ROLE_MAIN],
		caught.text, at_once ? "killing it" : "sending it ",
		at_once	 ? ""
		: signal ? signal
			 : "a signal");
}

static void say_force(const struct report *report)
{
	struct engine_summary summary;

	engine_summarize(report->runtime->engine, &summary);
	if (summary.phase == PHASE_KILLING)
		message(report->runtime->messages, MESSAGE_WARNING,
			"%s still runs and the stop budget is nearly over; killing it",
			report->view.spec->name);
	else if (!report->view.overran)
		message(report->runtime->messages, MESSAGE_WARNING, "%s still runs; killing it",
			report->view.spec->name);
	else
		message(report->runtime->messages, MESSAGE_WARNING,
			"%s did not stop in %s; killing it", report->view.spec->name,
			human_duration(report->view.spec->stop_timeout_ms).text);
}

static void (*const sayers[TRANSITION_COUNT])(const struct report *) = {
	[ON_READY] = say_ready,
	[ON_DONE] = say_done,
	[ON_RETRY] = say_retry,
	[ON_FATAL] = say_fatal,
	[ON_GONE] = say_gone,
	[ON_ABORT] = say_abort,
	[ON_HUNG] = say_hung,
	[ON_HUNG_SIGNAL] = say_hung,
	[ON_FORCE] = say_force,
};

static void say_entry(const struct report *report)
{
	const struct trace_entry *entry = report->entry;

	message(report->runtime->messages, MESSAGE_DEBUG,
		"service=%s attempt=%u from=%s on=%s to=%s at_ms=%" PRId64, report->view.spec->name,
		entry->attempt, state_name(entry->from), transition_name(entry->on),
		state_name(entry->to), timestamp_elapsed_ms(report->runtime->started, entry->at));
	if (entry->on < TRANSITION_COUNT && sayers[entry->on])
		sayers[entry->on](report);
	boot_record_note(report->runtime->boot, entry, &report->view);
	if (entry->on == ON_RETRY || entry->on == ON_FATAL)
		crash_keep(report->runtime, entry, &report->view);
}

void report_transitions(struct runtime *runtime)
{
	struct arena arena = {0};
	struct trace_entry entry;
	struct report report = {.runtime = runtime, .arena = &arena, .entry = &entry};

	while (engine_read_trace(runtime->engine, &entry)) {
		engine_view(runtime->engine, entry.unit, &report.view);
		if (report.view.spec)
			say_entry(&report);
	}
	arena_free(&arena);
}

void report_reconfigured(struct runtime *runtime, const struct event *event)
{
	struct arena arena = {0};
	struct unit_view view;
	const char *how;

	engine_view(runtime->engine, event->unit, &view);
	/* Of an earlier life, or killed because the service has ended. */
	if (!view.in_use || view.state != STATE_READY ||
		(view.reload_was_last ? view.reloading : view.reconfiguring))
		return;
	const struct words *ran =
		view.reload_was_last ? &view.spec->reload_command : &view.spec->reconfigure;

	if (view.reload_was_last ? !view.reload_failed : !view.reconfigure_failed) {
		message(runtime->messages, MESSAGE_NOTE,
			view.reload_was_last ? "%s is reloaded" : "%s has its configuration back",
			view.spec->name);
		return;
	}
	how = event->kind == EVENT_EXITED ? wait_status_text(&arena, event->value)
					  : arena_printf(&arena, "could not be started: %s: %s",
						    event->stage, strerror(event->value));
	message(runtime->messages, MESSAGE_WARNING,
		"%s could not be %s: %s %s; it goes on with what it has", view.spec->name,
		view.reload_was_last ? "reloaded" : "given its configuration back",
		ran->count ? ran->word[0] : "the command", how ? how : "failed");
	arena_free(&arena);
}

/* CML waits for the message on the serial line, which is /dev/console. Without a terminal Docker
 * makes no such device, and a plain open for writing would make a file. */
static bool write_console(const char *text)
{
	struct stat st;
	int fd = open("/dev/console", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	bool written = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode))
		written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	(void)close(fd); /* the write has told */
	return written;
}

void report_ready(struct runtime *runtime)
{
	const char *ready = runtime->configuration->model->node.ready_message;
	struct engine_summary summary;
	char line[256];

	engine_summarize(runtime->engine, &summary);
	message(runtime->messages, MESSAGE_NOTE, "all ready in %s (%u service%s)",
		human_duration(timestamp_elapsed_ms(runtime->started, runtime->all_ready)).text,
		summary.wanted, summary.wanted == 1 ? "" : "s");
	if (runtime->configuration->problem)
		message(runtime->messages, MESSAGE_ERROR, "%s", runtime->configuration->problem);
	if (!ready || !*ready || snprintf(line, sizeof(line), "%s\n", ready) >= (int)sizeof(line))
		return;
	outgoing_flush(runtime->outgoing); /* what was before it stays before it */
	if (!write_console(line))
		(void)outgoing_add(runtime->outgoing,
			&(struct iovec){.iov_base = line, .iov_len = strlen(line)}, 1, true);
}

static void name_overrun(struct runtime *runtime)
{
	struct buffer names = {0};
	struct unit_view view;

	for (unsigned unit = 0; unit < engine_slot_count(runtime->engine); unit++) {
		engine_view(runtime->engine, unit, &view);
		if (view.in_use && view.overran)
			buffer_printf(&names, " %s", view.spec->name);
	}
	if (names.length)
		message(runtime->messages, MESSAGE_WARNING,
			"did not stop in time and had to be killed:%s", names.data);
	buffer_free(&names);
}

void report_end(struct runtime *runtime)
{
	struct engine_summary summary;
	struct unit_view view = {0};

	engine_summarize(runtime->engine, &summary);
	name_overrun(runtime);
	if (summary.ended_by >= 0)
		engine_view(runtime->engine, (unsigned)summary.ended_by, &view);
	if (view.spec)
		message(runtime->messages, MESSAGE_NOTE, "ended because of %s, exit code %d",
			view.spec->name, runtime->exit_code);
	else
		message(runtime->messages, MESSAGE_NOTE, "ended, exit code %d", runtime->exit_code);
}

bool report_failed_preparation(struct runtime *runtime, bool early)
{
	const struct finding *failed = findings_failed(runtime->preparation.findings, early);
	struct arena arena = {0};
	const char *line;

	if (!failed)
		return false;
	line = finding_line(&arena, failed);
	message(runtime->messages, MESSAGE_ERROR,
		"required, but not so: %s. Nothing was started; `firsthop doctor` shows all that "
		"is "
		"amiss, and without \"required\" the router boots all the same",
		line ? line : failed->subject);
	arena_free(&arena);
	return true;
}

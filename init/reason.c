#include "init/reason.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/commands.h"
#include "init/message.h"
#include "init/output.h"
#include "init/rundir.h"
#include "init/runtime.h"
#include "supervisor/buffer.h"
#include "supervisor/finding.h"
#include "supervisor/reason.h"
#include "supervisor/status.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	REASON_MODE = 0600, /* the last lines of a service may be anything */
	OUTPUT_LINES = 5,
	TIME_BYTES = 32,
};

static const char termination_log[] = "/dev/termination-log";

static bool reason_path(const char *rundir, char path[PATH_MAX])
{
	return rundir && snprintf(path, PATH_MAX, "%s/reason", rundir) < PATH_MAX;
}

void reason_forget(const char *rundir)
{
	char path[PATH_MAX];

	if (reason_path(rundir, path))
		(void)unlink(path); /* ENOENT: as it should be */
}

/* It is mounted there, so it is written in place. Nothing is made where no engine has asked for it.
 */
static void write_termination_log(const struct buffer *line)
{
	int fd = open(termination_log, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	/* Shorter is better than a mixture with what was in it. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && ftruncate(fd, 0) == 0 &&
		write(fd, line->data, line->length) < 0)
		(void)ftruncate(fd, 0);
	(void)close(fd); /* nobody is left to be told */
}

static void put_time(char text[TIME_BYTES])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || !strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &tm))
		text[0] = '\0';
}

void reason_write(const char *rundir, struct reason reason)
{
	struct buffer line = {0};
	char path[PATH_MAX], now[TIME_BYTES];

	put_time(now);
	reason.version = FIRSTHOP_VERSION;
	reason.time = now;
	reason_write_json(&line, &reason);
	if (!line.failed && reason_path(rundir, path))
		(void)rundir_write_file(path, line.data, REASON_MODE);
	if (!line.failed)
		write_termination_log(&line);
	buffer_free(&line);
}

/* 101, if it was for a finding; false: it was not. */
static bool write_finding(const struct runtime *runtime, bool early)
{
	const struct finding *failed = findings_failed(runtime->preparation.findings, early);
	struct arena arena = {0};

	if (!failed)
		return false;
	reason_write(runtime->rundir, (struct reason){
					      .exit_code = EXIT_CODE_PREPARE,
					      .kind = REASON_PREPARATION,
					      .step = step_name(failed->step),
					      .subject = failed->subject,
					      .text = finding_line(&arena, failed),
					      .last = failed->verdict,
					      .cure = failed->cure,
				      });
	arena_free(&arena);
	return true;
}

void reason_of_boot(const struct runtime *runtime, int code)
{
	static const struct {
		int code;
		enum reason_kind kind;
		const char *cure;
	} causes[] = {
		{EXIT_CODE_CONFIG, REASON_CONFIGURATION,
			"correct it; `firsthop check` tells every error, and without --strict the "
			"router boots with its last good configuration"},
		{EXIT_CODE_PREPARE, REASON_PREPARATION, NULL},
		{EXIT_CODE_SYSTEM, REASON_SYSTEM, NULL},
	};

	if (!runtime || (code == EXIT_CODE_PREPARE && write_finding(runtime, true)))
		return;
	for (unsigned i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].code == code)
			reason_write(runtime->rundir,
				(struct reason){
					.exit_code = code,
					.kind = causes[i].kind,
					.text = messages_first_error(runtime->messages),
					.cure = causes[i].cure,
				});
}

/* The newest lines of the unit that ended it; NULL: it has none. */
static const char *last_output(const struct runtime *runtime, unsigned unit, struct buffer *lines)
{
	if (unit < runtime->effects_size && runtime->effects[unit] &&
		runtime->effects[unit]->channel)
		channel_read(runtime->effects[unit]->channel, OUTPUT_LINES, false, lines);
	return lines->length && !lines->failed ? lines->data : NULL;
}

static const char *crash_of(const struct runtime *runtime, unsigned unit)
{
	if (unit >= runtime->effects_size || !runtime->effects[unit])
		return NULL;
	return runtime->effects[unit]->crash;
}

static enum reason_kind kind_of_end(const struct runtime *runtime, const struct unit_view *view)
{
	if (view->spec->type == SERVICE_FOREGROUND)
		return REASON_COMMAND;
	return runtime->exit_code == EXIT_CODE_NOT_READY ? REASON_NOT_READY : REASON_CRITICAL;
}

void reason_of_end(const struct runtime *runtime)
{
	struct engine_summary summary;
	struct status_service service;
	struct arena arena = {0};
	struct buffer lines = {0};
	struct unit_view view;

	engine_summarize(runtime->engine, &summary);
	if (runtime->exit_code == EXIT_CODE_OK)
		return;
	if (summary.ended_by < 0) {
		(void)write_finding(runtime, false); /* nothing else ends it so */
		return;
	}
	engine_view(runtime->engine, (unsigned)summary.ended_by, &view);
	if (!view.spec)
		return;
	service.last = failure_text(&arena, &view.last, view.spec);
	reason_write(runtime->rundir,
		(struct reason){
			.exit_code = runtime->exit_code,
			.kind = kind_of_end(runtime, &view),
			.service = view.spec->name,
			.text = arena_printf(&arena, "%s %s", view.spec->name,
				service.last ? service.last : "has failed"),
			.last = service.last,
			.cure = failure_cure(&arena, &view.last, view.spec),
			.crash = crash_of(runtime, (unsigned)summary.ended_by),
			.output = last_output(runtime, (unsigned)summary.ended_by, &lines),
		});
	buffer_free(&lines);
	arena_free(&arena);
}

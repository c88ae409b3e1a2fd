/* A save is a run of the service FRR_WRITER, so it is spawned, timed, reaped and logged as all
 * others are. It is allowed when each daemon is ready and configured, and it counts when that still
 * holds at its end, and none was started meanwhile: vtysh does not tell when a daemon leaves in the
 * midst of it. If it does not count, the file is put back as it was. If it does, and a [persist]
 * keeps the file, it is not over before that has been done: who reads [OK] may remove the container
 * at once. */
#include "init/frr_save.h"

#include "config/frr.h"
#include "config/model.h"
#include "init/frr_copy.h"
#include "init/listen.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/output.h"
#include "init/passwd.h"
#include "init/persist_watch.h"
#include "init/prepare.h"
#include "init/runtime.h"
#include "init/watchfrr.h"
#include "supervisor/buffer.h"
#include "supervisor/frr_guard.h"
#include "supervisor/status.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FRR_CONF "/etc/frr/frr.conf" /* what `vtysh -w` writes */

struct frr_save {
	struct watchfrr *watchfrr;
	struct watchfrr_operations operations;
	/* The save under way. */
	unsigned unit;
	uint32_t attempt; /* the unit's last before it */
	uint64_t starts;  /* frr_guard_starts() when it began */
	uint64_t lines;	  /* of output, before it */
	struct frr_copy copy;
	bool keeping; /* it has gone well, and the file is being kept */
};

static bool is_stopping(const struct runtime *runtime)
{
	struct engine_summary summary;

	engine_summarize(runtime->engine, &summary);
	return summary.phase != PHASE_RUNNING;
}

static void show(void *context, struct buffer *text)
{
	answer_frr_status(context, text);
}

/* With respect to what the file held before. */
static bool is_allowed(const struct runtime *runtime, struct buffer *why)
{
	bool file_exists = runtime->frr_save->copy.error != -ENOENT;

	return frr_guard_allows(runtime->engine, file_exists, loop_clock(), why);
}

static bool save_begin(void *context, struct buffer *why)
{
	struct runtime *runtime = context;
	struct frr_save *save = runtime->frr_save;
	struct buffer lacks = {0};
	struct unit_view view;
	int unit = engine_find(runtime->engine, FRR_WRITER);

	if (is_stopping(runtime) || unit < 0) {
		buffer_add_text(why, "% firsthop is stopping, cannot write config.\n");
		return false;
	}
	frr_copy_free(&save->copy);
	frr_copy_take(&save->copy, FRR_CONF);
	if (!is_allowed(runtime, &lacks)) {
		frr_copy_free(&save->copy);
		buffer_printf(why,
			"%% Not all daemons are up, cannot write config.\n%s"
			"%% " FRR_CONF " is as it was; try again when all are up.\n",
			lacks.data ? lacks.data : "");
		buffer_free(&lacks);
		return false;
	}
	engine_view(runtime->engine, (unsigned)unit, &view);
	const struct channel *channel = act_channel(runtime, (unsigned)unit);

	save->keeping = false;
	save->unit = (unsigned)unit;
	save->attempt = view.attempt;
	save->starts = frr_guard_starts(runtime->engine);
	save->lines = channel ? channel_lines(channel) : 0;
	runtime_feed(runtime, &(struct event){.kind = EVENT_RESTART, .unit = (unsigned)unit});
	return true;
}

/* What vtysh has said in this run. */
static void add_output(struct runtime *runtime, struct buffer *text)
{
	const struct channel *channel = act_channel(runtime, runtime->frr_save->unit);
	uint64_t lines = channel ? channel_lines(channel) : 0, before = runtime->frr_save->lines;

	if (lines < before)
		before = 0; /* it was opened anew */
	if (lines > before)
		channel_read(channel,
			lines - before < UINT_MAX ? (unsigned)(lines - before) : UINT_MAX, false,
			text);
}

/* It is not known to be whole: what was there before holds. */
static void undo(struct runtime *runtime, struct buffer *text, const char *why)
{
	int r = frr_copy_put_back(&runtime->frr_save->copy);

	if (r == 0) {
		buffer_printf(text, "%% Not saved: %s" FRR_CONF " is as it was.\n", why);
		message(runtime->messages, MESSAGE_WARNING,
			"the configuration was not saved, " FRR_CONF " is as it was");
		return;
	}
	buffer_printf(text, "%% Not saved: %s" FRR_CONF " cannot be put back as it was: %s.\n", why,
		strerror(-r));
	message(runtime->messages, MESSAGE_ERROR,
		"the configuration was not saved, and " FRR_CONF
		" may lack parts of it: it cannot be "
		"put back as it was: %s",
		strerror(-r));
}

/* Did it go well, and with all daemons there from beginning to end? */
static enum watchfrr_save judge(
	struct runtime *runtime, const struct unit_view *view, struct buffer *text)
{
	struct buffer why = {0};
	struct arena arena = {0};
	const char *failure;

	if (view->state != STATE_DONE) {
		/* What is known of an earlier run is not about this one. */
		failure = view->spec && view->attempt != runtime->frr_save->attempt
				  ? failure_text(&arena, &view->last, view->spec)
				  : NULL;
		buffer_printf(&why, "vtysh %s; ", failure ? failure : "was not run");
		arena_free(&arena);
	} else if (!is_allowed(runtime, &why)) {
		buffer_reset(&why);
		buffer_add_text(&why, "a daemon ended meanwhile; ");
	} else if (frr_guard_starts(runtime->engine) != runtime->frr_save->starts) {
		buffer_add_text(&why, "a daemon was restarted meanwhile; ");
	} else {
		return SAVE_DONE;
	}
	undo(runtime, text, why.data ? why.data : "");
	buffer_free(&why);
	return SAVE_FAILED;
}

/* Is vtysh still at it? */
static bool is_under_way(const struct runtime *runtime, const struct unit_view *view)
{
	if (!view->in_use)
		return false;
	/* It runs, or is about to: at a stop it will not, nor when somebody has stopped it. */
	return state_is_active(view->state) || (view->attempt == runtime->frr_save->attempt &&
						       view->wanted && !is_stopping(runtime));
}

/* vtysh has ended. */
static enum watchfrr_save end_writing(
	struct runtime *runtime, const struct unit_view *view, struct buffer *text)
{
	struct frr_save *save = runtime->frr_save;
	enum watchfrr_save result = judge(runtime, view, text);

	frr_copy_free(&save->copy);
	/* Done or not, it is over, and no part of what the router is. */
	if (view->in_use)
		runtime_feed(runtime, &(struct event){.kind = EVENT_STOP, .unit = save->unit});
	save->keeping = result == SAVE_DONE && persists_hurry(runtime->persists, FRR_CONF);
	return save->keeping ? SAVE_RUNS : result;
}

static enum watchfrr_save end_keeping(struct runtime *runtime, struct buffer *text)
{
	enum keeper_answer answer = persists_answer(runtime->persists, FRR_CONF);

	if (answer == KEEPER_OPEN)
		return SAVE_RUNS;
	runtime->frr_save->keeping = false;
	if (answer == KEEPER_KEPT)
		return SAVE_DONE;
	buffer_add_text(text, "% Saved, but not kept: the next container has what was kept before. "
			      "`firsthop status` says why.\n");
	return SAVE_FAILED;
}

static enum watchfrr_save saved(void *context, struct buffer *text)
{
	struct runtime *runtime = context;
	struct frr_save *save = runtime->frr_save;
	struct unit_view view;

	engine_view(runtime->engine, save->unit, &view);
	if (view.in_use && strcmp(view.spec->name, FRR_WRITER) != 0)
		view = (struct unit_view){.state = STATE_DOWN};
	if (!save->keeping && is_under_way(runtime, &view))
		return SAVE_RUNS;
	add_output(runtime, text);
	return save->keeping ? end_keeping(runtime, text) : end_writing(runtime, &view, text);
}

/* Who makes the directory otherwise, zebra's service, may not have been started yet. */
static void make_directory(struct runtime *runtime)
{
	const struct service *zebra = model_find(runtime->configuration->model, "zebra");

	if (zebra)
		prepare_runtime_directories(runtime->messages, zebra);
}

static void open_socket(struct runtime *runtime)
{
	struct frr_save *save = runtime->frr_save;
	gid_t group = LISTEN_OWN_GROUP;
	int r;

	save->operations = (struct watchfrr_operations){
		.context = runtime, .show = show, .save = save_begin, .saved = saved};
	make_directory(runtime);
	if (passwd_find_group(WATCHFRR_GROUP, &group) < 0)
		group = LISTEN_OWN_GROUP; /* then vtysh is for root alone */
	r = watchfrr_open(
		runtime->loop, WATCHFRR_SOCKET, group, &save->operations, &save->watchfrr);
	if (r < 0)
		message(runtime->messages, MESSAGE_WARNING,
			WATCHFRR_SOCKET
			": %s; `write memory` is not guarded: it drops from " FRR_CONF
			" what a daemon holds that is down",
			r == -EADDRINUSE ? "a watchfrr listens there" : strerror(-r));
}

void frr_save_configure(struct runtime *runtime)
{
	bool wanted = model_find(runtime->configuration->model, FRR_WRITER) != NULL;

	if (!wanted) {
		frr_save_close(runtime);
		return;
	}
	if (!runtime->frr_save)
		runtime->frr_save = calloc(1, sizeof(*runtime->frr_save));
	if (runtime->frr_save && !runtime->frr_save->watchfrr)
		open_socket(runtime);
}

void frr_save_notice(struct runtime *runtime)
{
	if (runtime->frr_save)
		watchfrr_notice(runtime->frr_save->watchfrr);
}

struct timestamp frr_save_expire(struct runtime *runtime, struct timestamp now)
{
	return runtime->frr_save ? watchfrr_expire(runtime->frr_save->watchfrr, now)
				 : TIMESTAMP_NEVER;
}

void frr_save_close(struct runtime *runtime)
{
	if (!runtime->frr_save)
		return;
	watchfrr_close(runtime->frr_save->watchfrr);
	frr_copy_free(&runtime->frr_save->copy);
	free(runtime->frr_save);
	runtime->frr_save = NULL;
}

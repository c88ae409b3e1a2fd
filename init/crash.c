#include "init/crash.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/crash_store.h"
#include "init/environment.h"
#include "init/message.h"
#include "init/output.h"
#include "init/passwd.h"
#include "init/runtime.h"
#include "supervisor/buffer.h"
#include "supervisor/crash.h"
#include "supervisor/policy.h"
#include "supervisor/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
	OUTPUT_LINES = 100,
	VARIABLES_MAX = 512,
	PLACES_MAX = 2,
	WAITING_MAX = 8, /* bundles in memory */
};

static const char default_parent[] = "/var/lib/firsthop";

static const char *time_text(struct arena *arena, time_t at)
{
	char text[32];
	struct tm tm;

	if (!gmtime_r(&at, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return NULL;
	return arena_strdup(arena, text);
}

static const char *core_pattern(struct arena *arena)
{
	char text[256];
	int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (fd >= 0)
		(void)close(fd); /* was only read */
	while (length > 0 && text[length - 1] == '\n')
		length--;
	return length < 0 ? NULL : arena_strndup(arena, text, (size_t)length);
}

/* As at its start, unless an environment_file has changed since. Names alone: a value may be a
 * password. */
static const char *const *variable_names(
	struct arena *arena, const struct service *spec, const char *notify_socket)
{
	const char **names = arena_array(arena, VARIABLES_MAX + 1, sizeof(*names));
	struct environment environment = {0};
	struct passwd_user user;
	bool has_user = spec->user && passwd_find(spec->user, spec->group, &user) == 0;
	unsigned count = 0;

	if (names &&
		environment_make(spec, has_user ? &user : NULL, notify_socket, &environment) == 0)
		for (; count < VARIABLES_MAX && environment.variables[count]; count++) {
			const char *variable = environment.variables[count];

			names[count] = arena_strndup(arena, variable, strcspn(variable, "="));
			if (!names[count])
				break;
		}
	environment_free(&environment);
	return names;
}

/* Memory of one bundle while it is made. */
struct crash_making {
	struct crash_making *next; /* to be written after this one */
	unsigned unit;
	const struct service *spec;
	const char *notify_socket;
	struct arena arena;
	struct crash crash;
	struct crash_usage usage;
	struct crash_limit limits[RLIM_NLIMITS];
	struct utsname names;
	struct buffer output;
};

static void add_end(struct crash_making *making, const struct process_end *end)
{
	struct crash *crash = &making->crash;

	process_end_usage(end, &making->usage);
	crash->usage = &making->usage;
	crash->limits = making->limits;
	crash->limit_count = process_end_limits(end, making->limits);
	crash->pid = end->pid;
	crash->has_status = true;
	crash->status = end->status;
	crash->ran_ms = end->ran_ms;
	crash->ready_ms = end->ready_ms;
	crash->time = time_text(&making->arena, end->at.tv_sec);
	if (end->ran_ms >= 0)
		crash->started = time_text(&making->arena,
			end->at.tv_sec + (end->at.tv_nsec / 1000000 - end->ran_ms) / 1000);
}

static bool is_of_prepare(enum failure_kind kind)
{
	return kind == FAILURE_PREPARE || kind == FAILURE_PREPARE_TIMEOUT;
}

static void gather(struct crash_making *making, const struct effects *effects,
	const struct trace_entry *entry, const struct unit_view *view)
{
	const struct service *spec = view->spec;
	bool prepare = is_of_prepare(view->last.kind);
	uint64_t lines = 0;

	making->crash = (struct crash){
		.version = FIRSTHOP_VERSION,
		.hostname = uname(&making->names) == 0 ? making->names.nodename : NULL,
		.service = spec->name,
		.role = prepare ? "prepare" : "main",
		.text = failure_text(&making->arena, &view->last, spec),
		.cure = failure_cure(&making->arena, &view->last, spec),
		.time = time_text(&making->arena, time(NULL)),
		.ran_ms = -1,
		.ready_ms = -1,
		.attempt = entry->attempt,
		.restarts = entry->attempt ? entry->attempt - 1 : 0,
		.failures = view->failures,
		.directory = spec->directory,
		.user = spec->user,
		.command = prepare ? spec->prepare.word : spec->command.word,
	};
	making->unit = entry->unit;
	making->spec = spec;
	making->notify_socket = effects->notify.socket_path
					? arena_strdup(&making->arena, effects->notify.socket_path)
					: NULL;
	if (effects->end && effects->end->role == (prepare ? ROLE_PREPARE : ROLE_MAIN))
		add_end(making, effects->end);
	/* Of this attempt: those of the one before are in its own bundle. */
	if (effects->channel)
		lines = channel_lines(effects->channel) - (prepare ? 0 : effects->lines);
	if (lines)
		channel_read(effects->channel,
			lines < OUTPUT_LINES ? (unsigned)lines : OUTPUT_LINES, false,
			&making->output);
}

/* Where bundles may be, best first: a place that outlives the container's process; but
 * $FIRSTHOP_RUNDIR, when set, is for all that we write by ourselves. */
static unsigned list_places(const struct runtime *runtime, char places[PLACES_MAX][PATH_MAX])
{
	const struct node *node = &runtime->configuration->model->node;
	const char *parents[PLACES_MAX] = {
		getenv("FIRSTHOP_RUNDIR") ? NULL : default_parent, runtime->rundir};
	unsigned count = 0;

	if (node->crash_dir)
		return snprintf(places[0], PATH_MAX, "%s", node->crash_dir) < PATH_MAX;
	for (unsigned i = 0; i < PLACES_MAX; i++)
		if (parents[i] &&
			snprintf(places[count], PATH_MAX, "%s/crashes", parents[i]) < PATH_MAX)
			count++;
	return count;
}

/* Unless it went with a reload. */
static struct effects *effects_of(const struct runtime *runtime, const struct crash_making *making)
{
	struct unit_view view;

	engine_view(runtime->engine, making->unit, &view);
	return view.in_use && strcmp(view.spec->name, making->spec->name) == 0 &&
			       making->unit < runtime->effects_size
		       ? runtime->effects[making->unit]
		       : NULL;
}

static void note_path(struct runtime *runtime, const struct crash_making *making, const char *path)
{
	struct effects *effects = effects_of(runtime, making);

	if (effects) {
		free(effects->crash);
		effects->crash = strdup(path);
	}
	message(runtime->messages, MESSAGE_NOTE, "%s: what is known of its end is in %s",
		making->crash.service, path);
}

static void write_bundle(struct runtime *runtime, struct crash_making *making)
{
	const struct node *node = &runtime->configuration->model->node;
	const struct crash_quota quota = {node->crash_keep, node->crash_max_bytes};
	struct buffer json = {0}, text = {0};
	const struct crash_file files[] = {
		{"crash.json", &json}, {"crash.txt", &text}, {"output.log", &making->output}};
	char places[PLACES_MAX][PATH_MAX], path[PATH_MAX];
	unsigned count = list_places(runtime, places);
	int r = -ENOENT;

	making->crash.core_pattern = core_pattern(&making->arena);
	making->crash.variables =
		variable_names(&making->arena, making->spec, making->notify_socket);
	crash_write_json(&json, &making->crash);
	crash_write_text(&text, &making->crash);
	if (json.failed || text.failed || making->output.failed) {
		r = -ENOMEM;
		count = 0;
	}
	for (unsigned i = 0; r < 0 && i < count; i++)
		r = crash_store_add(places[i], &quota, making->crash.service, files,
			sizeof(files) / sizeof(files[0]), path);
	buffer_free(&json);
	buffer_free(&text);
	if (r == 0) {
		note_path(runtime, making, path);
	} else if (!runtime->crash_untold) {
		message(runtime->messages, MESSAGE_WARNING,
			"%s: its end is kept nowhere: %s: %s; continuing without, and this is not "
			"said again",
			making->crash.service, count ? places[0] : "crash_dir", strerror(-r));
	}
	runtime->crash_untold = r < 0;
}

static bool is_kept(const struct runtime *runtime, const struct unit_view *view)
{
	const struct service *spec = view->spec;

	if (spec->type != SERVICE_DAEMON && spec->type != SERVICE_ONESHOT)
		return false; /* what a user types, and how he leaves */
	return !runtime->configuration->model->node.crash_off &&
	       !policy_is_success(spec, &view->last) && crash_is_due(view->failures);
}

void crash_keep(
	struct runtime *runtime, const struct trace_entry *entry, const struct unit_view *view)
{
	struct effects *effects = act_effects(runtime, entry->unit);
	struct crash_making *making, **last = &runtime->crashes;
	unsigned waiting = 0;

	if (!effects || !is_kept(runtime, view))
		return;
	making = calloc(1, sizeof(*making));
	if (!making)
		return; /* the log has said the most of it */
	gather(making, effects, entry, view);
	for (; *last; last = &(*last)->next)
		waiting++;
	*last = making;
	if (waiting + 1 >= WAITING_MAX)
		crash_write(runtime);
}

void crash_write(struct runtime *runtime)
{
	while (runtime->crashes) {
		struct crash_making *making = runtime->crashes;

		runtime->crashes = making->next;
		write_bundle(runtime, making);
		buffer_free(&making->output);
		arena_free(&making->arena);
		free(making);
	}
}

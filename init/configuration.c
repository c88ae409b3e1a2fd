#include "init/configuration.h"

#include "config/config.h"
#include "config/model.h"
#include "init/message.h"
#include "init/rundir.h"
#include "supervisor/engine.h"
#include "supervisor/reload.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	COPY_MODE = 0600, /* an environment may hold secrets */
	KEPT_PLACES = 2,
};

static const char kept_file[] = "last-good.ini";
static const char kept_directory[] = "/var/lib/firsthop";

static const enum message_level levels[] = {
	[SEVERITY_ERROR] = MESSAGE_ERROR,
	[SEVERITY_WARNING] = MESSAGE_WARNING,
	[SEVERITY_NOTE] = MESSAGE_NOTE,
};
_Static_assert(sizeof(levels) / sizeof(levels[0]) == SEVERITY_COUNT, "a level for each severity");

static void say_all(struct messages *messages, const struct diags *diags)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		if (diag->origin.line)
			message(messages, levels[diag->severity], "%s:%u: %s", diag->origin.file,
				diag->origin.line, diag->message);
		else
			message(messages, levels[diag->severity], "%s: %s", diag->origin.file,
				diag->message);
	}
	if (diags->dropped)
		message(messages, MESSAGE_ERROR, "%u more messages", diags->dropped);
}

/* `request`: of the command; what to load is said by `what`. */
static struct configuration *load(struct messages *messages, const struct load_request *what,
	const struct configuration_request *request, struct arena *arena,
	struct reload_report *report)
{
	struct configuration *configuration = calloc(1, sizeof(*configuration));
	struct diags diags;
	int r;

	if (!configuration)
		return NULL;
	diags_init(&diags, &configuration->arena);
	r = load_model(
		&configuration->arena, what, &diags, &configuration->model, &configuration->source);
	diags_sort(&diags);
	if (messages)
		say_all(messages, &diags);
	if (report)
		(void)reload_note_diags(arena, &diags, report); /* without memory: fewer words */
	configuration->asked = configuration->model;
	if (r == 0 && request->command) {
		configuration->model = config_add_command(&configuration->arena,
			configuration->model, request->command, request->directory);
		r = configuration->model ? 0 : -ENOMEM;
	}
	if (report) {
		report->accepted = r == 0;
		report->source = arena_strdup(arena, configuration->source);
	}
	if (r == 0)
		return configuration;
	if (messages && r != -EINVAL && r != -ENOENT)
		message(messages, MESSAGE_ERROR, "configuration: %s", strerror(-r));
	configuration_free(configuration);
	return NULL;
}

struct configuration *configuration_load(struct messages *messages,
	const struct configuration_request *request, struct arena *arena,
	struct reload_report *report)
{
	return load(messages, &request->load, request, arena, report);
}

/* The path of the copy in place `index`, best first: it should outlive the container's process, so
 * not on a tmpfs; but $FIRSTHOP_RUNDIR, when set, is for all that we write. false: there is none.
 */
static bool kept_path(unsigned index, const char *rundir, char path[PATH_MAX])
{
	const char *const directories[] = {
		getenv("FIRSTHOP_RUNDIR") ? NULL : kept_directory, rundir};

	return directories[index] &&
	       snprintf(path, PATH_MAX, "%s/%s", directories[index], kept_file) < PATH_MAX;
}

static struct configuration *load_kept(
	struct messages *messages, const struct configuration_request *request)
{
	char path[PATH_MAX];

	for (unsigned i = 0; i < KEPT_PLACES; i++) {
		struct stat st;

		/* An empty one is what a power failure may leave: it would say "no service". */
		if (!kept_path(i, request->rundir, path) || stat(path, &st) < 0 || st.st_size == 0)
			continue;
		struct load_request kept = {.file = path, .spawner = request->load.spawner};
		struct configuration *configuration = load(messages, &kept, request, NULL, NULL);

		if (configuration)
			return configuration;
	}
	return NULL;
}

struct configuration *configuration_boot(
	struct messages *messages, const struct configuration_request *request)
{
	const struct load_request builtin = {.root = request->load.root, .builtin = true};
	struct configuration *configuration = load(messages, &request->load, request, NULL, NULL);

	if (configuration || request->strict)
		return configuration;
	configuration = load_kept(messages, request);
	if (configuration) {
		configuration->problem =
			"the configuration is bad: running the last good one instead";
	} else {
		configuration = load(messages, &builtin, request, NULL, NULL);
		if (configuration)
			configuration->problem =
				"the configuration is bad and there is no good copy: running "
				"the built-in one instead";
	}
	if (configuration)
		message(messages, MESSAGE_ERROR, "%s; correct it, then `firsthop reload`",
			configuration->problem);
	return configuration;
}

void configuration_keep(
	struct messages *messages, const struct configuration *configuration, const char *rundir)
{
	struct arena arena = {0};
	char path[PATH_MAX];
	char *text;
	int r = -ENOENT;

	if (configuration->problem)
		return;
	text = config_print(&arena, configuration->asked);
	for (unsigned i = 0; text && r < 0 && i < KEPT_PLACES; i++) {
		if (kept_path(i, rundir, path))
			r = rundir_write_file(path, text, COPY_MODE);
	}
	arena_free(&arena);
	if (r < 0)
		message(messages, MESSAGE_DEBUG, "no copy of the configuration kept: %s",
			text ? strerror(-r) : strerror(ENOMEM));
}

void configuration_forget(struct configuration *newest, const struct engine *engine)
{
	struct configuration **at = &newest->older;

	while (*at) {
		struct configuration *configuration = *at;

		if (engine_uses(engine, configuration->model)) {
			at = &configuration->older;
			continue;
		}
		*at = configuration->older;
		configuration->older = NULL;
		configuration_free(configuration);
	}
}

void configuration_free(struct configuration *configuration)
{
	while (configuration) {
		struct configuration *older = configuration->older;

		arena_free(&configuration->arena);
		free(configuration);
		configuration = older;
	}
}

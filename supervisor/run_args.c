#include "supervisor/run_args.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/capability_needs.h"
#include "supervisor/json.h"
#include "supervisor/run_args_build.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define MS_PER_SECOND	     1000
#define STOP_MARGIN_S	     2 /* the engine counts before we do, and kills */
#define CONFIG_DIRECTORY     "/config"
#define HOSTNAME_LABEL_BYTES 64 /* with the NUL, see RFC 1123 */

/* What engines give without being asked. CML's `caps` take the place of Docker's. */
static const char *const docker_capabilities[] = {
	"AUDIT_WRITE",
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"MKNOD",
	"NET_BIND_SERVICE",
	"NET_RAW",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
	NULL,
};
/* See containers.conf(5): without AUDIT_WRITE, MKNOD and NET_RAW. */
static const char *const podman_capabilities[] = {
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"NET_BIND_SERVICE",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
	NULL,
};
/* Not every engine below Kubernetes has Docker's. */
static const char *const no_capabilities[] = {NULL};

#define DEFAULTS_MAX (sizeof(docker_capabilities) / sizeof(docker_capabilities[0]))

static const struct platform {
	const char *name;
	void (*write)(struct buffer *buffer, const struct run_args *args);
	const char *sources;	     /* in front of a file's name; NULL: files are not mounted */
	const char *const *defaults; /* capabilities that need not be asked for, up to a NULL */
	bool privileged;	     /* every node is, so that no capability need be asked for */
	bool replaces;	 /* what is asked for is all that there is, nothing is added to it */
	bool files_only; /* a directory cannot be mounted */
	bool label_only; /* a host name is a label of small letters */
} platforms[RUN_PLATFORM_COUNT] = {
	[RUN_DOCKER] = {"docker", run_write_docker, "", docker_capabilities, .privileged = false},
	[RUN_PODMAN] = {"podman", run_write_podman, "", podman_capabilities, .privileged = false},
	[RUN_COMPOSE] = {"compose", run_write_compose, "./", docker_capabilities,
		.privileged = false},
	[RUN_CML] = {"cml", run_write_cml, "cfg/", docker_capabilities, .replaces = true,
		.files_only = true},
	[RUN_CONTAINERLAB] = {"containerlab", run_write_containerlab, "", docker_capabilities,
		.privileged = true},
	[RUN_K8S] = {"k8s", run_write_k8s, NULL, no_capabilities, .label_only = true},
};

const char *run_platform_name(enum run_platform platform)
{
	return platforms[platform].name;
}

bool run_platform_find(const char *name, enum run_platform *ret_platform)
{
	for (unsigned i = 0; i < RUN_PLATFORM_COUNT; i++)
		if (strcmp(platforms[i].name, name) == 0) {
			*ret_platform = (enum run_platform)i;
			return true;
		}
	return false;
}

bool run_platform_is_privileged(enum run_platform platform)
{
	return platforms[platform].privileged;
}

void run_note(struct run_build *build, const char *format, ...)
{
	const char **grown = arena_grow(build->arena, build->notes, build->note_count,
		&build->note_capacity, sizeof(*grown));
	va_list args;

	if (!grown)
		return;
	build->notes = grown;
	va_start(args, format);
	grown[build->note_count] = arena_vprintf(build->arena, format, args);
	va_end(args);
	if (grown[build->note_count])
		build->note_count++;
}

static bool is_default(const struct platform *platform, const char *name)
{
	for (const char *const *at = platform->defaults; *at; at++)
		if (strcmp(*at, name) == 0)
			return true;
	return false;
}

static void add_capabilities(struct run_build *build, const struct words *needed)
{
	const struct platform *platform = &platforms[build->request->platform];
	const char **word = arena_array(build->arena, DEFAULTS_MAX + needed->count, sizeof(*word));
	struct words list = {word, 0};

	if (!word || platform->privileged)
		return;
	for (size_t i = 0; platform->replaces && platform->defaults[i]; i++)
		word[list.count++] = platform->defaults[i];
	for (unsigned i = 0; i < needed->count; i++)
		if (!is_default(platform, needed->word[i]))
			word[list.count++] = needed->word[i];
	build->args->capabilities = list;
}

static bool is_label(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length < HOSTNAME_LABEL_BYTES && name[length] == '\0';
}

/* The first source that is a name, not a place to look for one. */
static void add_hostname(struct run_build *build)
{
	const struct words *from = &build->model->node.hostname_from;
	const struct platform *platform = &platforms[build->request->platform];
	struct run_args *args = build->args;

	for (unsigned i = 0; i < from->count && !args->hostname; i++)
		if (from->word[i][0] != '/' && from->word[i][0] != '$')
			args->hostname = from->word[i];
	if (!args->hostname || !platform->label_only || is_label(args->hostname))
		return;
	run_note(build,
		"host name %s: left out: a pod's is one label of small letters; firsthop sets it "
		"if the container has SYS_ADMIN",
		args->hostname);
	args->hostname = NULL;
}

static void mount(struct run_build *build, const char *source, const char *target)
{
	struct run_args *args = build->args;
	struct run_mount *grown;

	for (unsigned i = 0; i < args->mount_count; i++)
		if (strcmp(build->mounts[i].target, target) == 0)
			return;
	grown = arena_grow(build->arena, build->mounts, args->mount_count, &build->mount_capacity,
		sizeof(*grown));
	source = arena_printf(
		build->arena, "%s%s", platforms[build->request->platform].sources, source);
	if (!grown || !source)
		return;
	args->mounts = build->mounts = grown;
	grown[args->mount_count++] = (struct run_mount){source, target};
}

static bool is_in_config(const char *path)
{
	return strncmp(path, CONFIG_DIRECTORY "/", strlen(CONFIG_DIRECTORY "/")) == 0;
}

/* What lies in /config comes with the whole directory: its files may be absent then, and may be
 * replaced by renaming. */
static void mount_file(struct run_build *build, const char *path)
{
	const struct platform *platform = &platforms[build->request->platform];

	if (!platform->sources)
		run_note(build, "%s: left out: bring it into the container in your own way", path);
	else if (is_in_config(path) && !platform->files_only)
		mount(build, &CONFIG_DIRECTORY[1], CONFIG_DIRECTORY);
	else
		mount(build, strrchr(path, '/') + 1, path);
}

/* A file that is kept has older ones beside it: so its directory. */
static void mount_store(struct run_build *build, const char *path)
{
	const struct platform *platform = &platforms[build->request->platform];
	size_t length = (size_t)(strrchr(path, '/') - path);
	const char *directory = arena_strndup(build->arena, path, length);

	if (!platform->sources || platform->files_only || is_in_config(path) || length == 0)
		mount_file(build, path);
	else if (directory)
		mount(build, strrchr(directory, '/') + 1, directory);
}

/* It comes from its store, at each boot. */
static bool is_kept(const struct model *model, const char *path)
{
	for (unsigned i = 0; i < model->persist_count; i++)
		if (strcmp(model->persists[i].path, path) == 0)
			return true;
	return false;
}

static void add_mounts(struct run_build *build)
{
	const struct model *model = build->model;
	const struct words *from = &model->node.hostname_from;
	bool files_only = platforms[build->request->platform].files_only;

	if (build->request->no_mounts)
		return;
	for (unsigned i = 0; i < model->persist_count; i++)
		mount_store(build, model->persists[i].store);
	if (model->frr.enabled && !is_kept(model, model->frr.config))
		mount_file(build, model->frr.config);
	if (model->frr.enabled)
		mount_file(build, model->frr.protocols);
	for (unsigned i = 0; i < from->count; i++) {
		if (!is_in_config(from->word[i]))
			continue;
		mount_file(build, from->word[i]);
		if (files_only)
			break; /* the others are for other platforms, and would not be there */
	}
	if (files_only && build->args->mount_count > 0)
		run_note(build, "each file of the mounts must be one of the node definition's; "
				"without it the node does not start");
}

static void add_stop_timeout(struct run_build *build)
{
	int64_t budget = build->model->node.stop_budget_ms;

	if (budget == TIME_INFINITE_MS)
		run_note(build, "stop_budget has no end, but the engine kills after its own time");
	else
		build->args->stop_timeout_s =
			(unsigned)((budget + MS_PER_SECOND - 1) / MS_PER_SECOND) + STOP_MARGIN_S;
}

static bool has_console(const struct model *model)
{
	for (unsigned i = 0; i < model->service_count; i++)
		if (model->services[i].type == SERVICE_CONSOLE &&
			model->services[i].start == START_AUTO)
			return true;
	return false;
}

int run_args_make(struct arena *arena, const struct model *model, const struct run_request *request,
	struct run_args *ret_args)
{
	struct run_args args = {.image = request->image, .terminal = has_console(model)};
	struct run_build build = {
		.arena = arena, .model = model, .request = request, .args = &args};
	struct words needed;

	if (capability_needs_names(arena, model, &needed) < 0)
		return -ENOMEM;
	add_capabilities(&build, &needed);
	run_add_sysctls(&build);
	add_hostname(&build);
	add_mounts(&build);
	add_stop_timeout(&build);
	args.notes = (struct words){build.notes, (unsigned)build.note_count};
	if (arena->failed)
		return -ENOMEM;
	*ret_args = args;
	return 0;
}

void run_args_write(struct buffer *buffer, const struct run_args *args, enum run_platform platform)
{
	platforms[platform].write(buffer, args);
}

void run_put_quoted(struct buffer *buffer, const char *text)
{
	struct json json = {.buffer = buffer};

	json_string(&json, NULL, text);
}

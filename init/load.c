#include "init/load.h"

#include "config/arena.h"
#include "config/config.h"
#include "config/image.h"
#include "init/shell_file.h"
#include "init/signals.h"
#include "init/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAIN_FILE "/etc/firsthop.ini"
#define DIRECTORY "/etc/firsthop.d"
#define SUFFIX	  ".ini"
#define FILES_MAX 256

/* What is being loaded. */
struct loading {
	struct arena *arena;
	struct diags *diags;
	struct image image;
	struct config_file files[FILES_MAX];
	unsigned count;
};

static void cannot_read(struct loading *loading, const char *path, int error)
{
	struct origin origin = {.file = path};

	diag_add(loading->diags, origin, SEVERITY_ERROR, "cannot be read: %s",
		error == -EFBIG	   ? "larger than 1 MiB"
		: error == -EINVAL ? "not a regular file"
				   : strerror(-error));
}

static void add_file(struct loading *loading, const char *path, const char *text, size_t length)
{
	loading->files[loading->count++] =
		(struct config_file){.path = path, .text = text, .length = length};
}

/* -c FILE: relative to where we are, and not below the root. */
static int read_named(struct loading *loading, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int error = fd < 0 ? -errno : image_read_fd(fd, loading->arena, &text, &length);

	if (fd >= 0)
		(void)close(fd); /* was only read */
	if (error)
		cannot_read(loading, path, error);
	else
		add_file(loading, path, text, length);
	return error;
}

/* A file of the standard places; one that is absent is none. */
static void read_standard(struct loading *loading, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	int error =
		loading->image.read(loading->image.context, path, loading->arena, &text, &length);

	if (error == -ENOENT)
		return;
	if (error)
		cannot_read(loading, path, error);
	else
		add_file(loading, path, text, length);
}

static int compare_paths(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static bool is_ours(const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);

	return name[0] != '.' && length > suffix && strcmp(name + length - suffix, SUFFIX) == 0;
}

/* Paths of the directory's files, in no order; over `max`, an error. Returns how many. */
static unsigned list_directory(
	struct loading *loading, DIR *directory, const char **paths, unsigned max)
{
	const struct dirent *entry;
	unsigned count = 0;

	while ((entry = readdir(directory))) {
		if (!is_ours(entry->d_name))
			continue;
		if (count == max) {
			diag_add(loading->diags, (struct origin){.file = DIRECTORY}, SEVERITY_ERROR,
				"more than %u files", max);
			break;
		}
		paths[count] = arena_printf(loading->arena, DIRECTORY "/%s", entry->d_name);
		if (!paths[count])
			break; /* config_load, with the same arena, will fail and say so */
		count++;
	}
	return count;
}

static void read_directory(struct loading *loading, int root)
{
	const char *paths[FILES_MAX - 1];
	int fd = image_open_file(root, DIRECTORY, O_RDONLY | O_DIRECTORY);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (!directory) {
		int error = fd < 0 ? fd : -errno;

		if (fd >= 0)
			(void)close(fd);
		if (error != -ENOENT)
			cannot_read(loading, DIRECTORY, error);
		return;
	}
	unsigned count = list_directory(loading, directory, paths, FILES_MAX - 1);
	(void)closedir(directory);
	qsort(paths, count, sizeof(*paths), compare_paths);
	for (unsigned i = 0; i < count; i++)
		read_standard(loading, paths[i]);
}

static const char *source_text(const struct loading *loading)
{
	const char *text = "built-in";

	if (loading->count == 1)
		text = loading->files[0].path;
	else if (loading->count > 1)
		text = arena_printf(loading->arena, "%s and %u more", loading->files[0].path,
			loading->count - 1);
	return text ? text : loading->files[0].path;
}

static int load_with_root(struct loading *loading, const struct load_request *request, int root,
	const struct model **ret_model)
{
	if (request->file) {
		int error = read_named(loading, request->file);
		if (error)
			return error;
	} else if (!request->builtin) {
		read_standard(loading, MAIN_FILE);
		read_directory(loading, root);
	}
	/* Not a single file could be read, yet there is one: the built-in configuration is not what
	 * was asked for. */
	if (loading->count == 0 && loading->diags->counts[SEVERITY_ERROR] > 0)
		return -EINVAL;
	int error = config_load(loading->arena, loading->files, loading->count, &loading->image,
		loading->diags, ret_model);
	if (!error && loading->diags->counts[SEVERITY_ERROR] > 0)
		error = -EINVAL;
	return error;
}

static int evaluate(void *context, const char *path, struct arena *arena, const char **ret_pairs,
	size_t *ret_length, const char **ret_why)
{
	const struct image_root *root = context;

	return shell_file_evaluate(root->spawner, path, arena, ret_pairs, ret_length, ret_why);
}

int load_model(struct arena *arena, const struct load_request *request, struct diags *diags,
	const struct model **ret_model, const char **ret_source)
{
	const char *path = request->root ? request->root : "/";
	struct loading *loading = arena_alloc(arena, sizeof(*loading));
	struct image_root root = {.fd = -1};

	*ret_source = request->file ? request->file : request->builtin ? "built-in" : MAIN_FILE;
	if (!loading)
		return -ENOMEM;
	loading->arena = arena;
	loading->diags = diags;
	int error = image_open(&root, path, &loading->image);
	if (error) {
		cannot_read(loading, path, error);
		return error;
	}
	root.spawner = request->spawner;
	if (root.spawner && strcmp(path, "/") == 0)
		loading->image.evaluate = evaluate;
	const struct model *model = NULL;
	error = load_with_root(loading, request, root.fd, &model);
	if (loading->count > 0 || !error)
		*ret_source = source_text(loading);
	image_close(&root);
	if (!error)
		*ret_model = model;
	return error;
}

int load_model_for_command(struct arena *arena, const struct load_request *request,
	struct diags *diags, const struct model **ret_model, const char **ret_source)
{
	struct load_request with = *request;
	struct spawner spawner;
	sigset_t before;
	int r;

	(void)sigprocmask(SIG_SETMASK, NULL, &before); /* fails for no valid pointer */
	signals_block();			       /* as the child is to begin */
	r = spawn_open(&spawner);
	with.spawner = r < 0 ? NULL : &spawner; /* without one: as in another tree */
	r = load_model(arena, &with, diags, ret_model, ret_source);
	if (with.spawner)
		spawn_close(&spawner);
	(void)sigprocmask(SIG_SETMASK, &before, NULL); /* the same */
	return r;
}

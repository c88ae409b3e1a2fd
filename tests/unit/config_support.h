/* For tests of config/: loads text with an image that is a table of files. */
#ifndef FIRSTHOP_TESTS_CONFIG_SUPPORT_H
#define FIRSTHOP_TESTS_CONFIG_SUPPORT_H

#include "config/arena.h"
#include "config/config.h"
#include "config/image.h"
#include "config/model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file of the image; text NULL: a program. Ends with an entry without path. */
struct fake_file {
	const char *path, *text;
};

struct fake_image {
	const struct fake_file *files;
	const char *variable, *variable_value; /* the only one in the environment */
};

static inline const struct fake_file *fake_find(const struct fake_image *fake, const char *path)
{
	for (const struct fake_file *file = fake->files; file && file->path; file++)
		if (strcmp(file->path, path) == 0)
			return file;
	return NULL;
}

static inline int fake_read(
	void *context, const char *path, struct arena *arena, char **ret_text, size_t *ret_length)
{
	const struct fake_file *file = fake_find(context, path);

	if (!file || !file->text)
		return -ENOENT;
	*ret_text = arena_strdup(arena, file->text);
	*ret_length = strlen(file->text);
	return *ret_text ? 0 : -ENOMEM;
}

/* Without a table, every program is there. */
static inline bool fake_is_executable(void *context, const char *path)
{
	const struct fake_image *fake = context;
	const struct fake_file *file = fake_find(fake, path);

	return fake->files ? file && !file->text : true;
}

static inline const char *fake_environment(void *context, const char *name)
{
	const struct fake_image *fake = context;

	return fake->variable && strcmp(fake->variable, name) == 0 ? fake->variable_value : NULL;
}

struct load {
	int r;
	const struct model *model;
	struct arena *arena;
	struct diags *diags;
	char *messages; /* one a line, "FILE:LINE: SEVERITY: TEXT" */
};

static inline void load_messages(struct load *load)
{
	size_t size = 1;
	char *at;

	diags_sort(load->diags);
	for (const struct diag *d = load->diags->first; d; d = d->next)
		size += strlen(d->origin.file) + strlen(d->message) + 40;
	at = load->messages = arena_alloc(load->arena, size);
	for (const struct diag *d = load->diags->first; d; d = d->next)
		at += sprintf(at, "%s:%u: %s: %s\n", d->origin.file, d->origin.line,
			severity_name(d->severity), d->message);
}

static inline struct load load_image(
	const struct config_file *files, unsigned count, const struct image *image)
{
	struct load load = {.arena = calloc(1, sizeof(struct arena))};

	load.diags = calloc(1, sizeof(*load.diags));
	diags_init(load.diags, load.arena);
	load.r = config_load(load.arena, files, count, image, load.diags, &load.model);
	load_messages(&load);
	return load;
}

static inline struct load load_files(
	const struct config_file *files, unsigned count, const struct fake_image *fake)
{
	struct fake_image none = {0}, given = fake ? *fake : none;
	struct image image = {&given, fake_read, fake_is_executable, fake_environment, NULL};

	return load_image(files, count, &image);
}

static inline struct load load_text(const char *text)
{
	struct config_file file = {"test.ini", text, strlen(text)};

	return load_files(&file, 1, NULL);
}

static inline void load_free(struct load *load)
{
	arena_free(load->arena);
	free(load->arena);
	free(load->diags);
}

#endif

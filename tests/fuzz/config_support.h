/* For the fuzz targets of config/: an image in which FRR is, with the input as its files. */
#ifndef FIRSTHOP_TESTS_FUZZ_CONFIG_SUPPORT_H
#define FIRSTHOP_TESTS_FUZZ_CONFIG_SUPPORT_H

#include "config/arena.h"
#include "config/config.h"
#include "config/image.h"
#include "config/model.h"
#include "tests/fuzz/replay.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* A fuzzer and a sanitizer both see this. */
#define ENSURE(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			__builtin_trap();                                                          \
	} while (0)

static const char *fuzz_daemons = "bgpd=yes\nospfd=no\n";
static size_t fuzz_daemons_length = sizeof("bgpd=yes\nospfd=no\n") - 1;

static inline int fuzz_read(
	void *context, const char *path, struct arena *arena, char **ret_text, size_t *ret_length)
{
	(void)context;
	if (strcmp(path, "/etc/frr/daemons") != 0 && strcmp(path, "/config/protocols") != 0 &&
		strcmp(path, "/etc/frr/frr.conf") != 0)
		return -ENOENT;
	*ret_text = arena_strndup(arena, fuzz_daemons, fuzz_daemons_length);
	*ret_length = fuzz_daemons_length;
	return *ret_text ? 0 : -ENOMEM;
}

static inline bool fuzz_is_executable(void *context, const char *path)
{
	(void)context;
	return !strstr(path, "ldpd");
}

static inline const char *fuzz_environment(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "MAX_FDS") == 0 ? "1024" : NULL;
}

static inline int fuzz_evaluate(void *context, const char *path, struct arena *arena,
	const char **ret_pairs, size_t *ret_length, const char **ret_why)
{
	(void)context;
	(void)path;
	(void)arena;
	(void)ret_why;
	*ret_pairs = fuzz_daemons;
	*ret_length = fuzz_daemons_length;
	return 0;
}

static const struct image fuzz_image = {
	NULL, fuzz_read, fuzz_is_executable, fuzz_environment, fuzz_evaluate};

#endif

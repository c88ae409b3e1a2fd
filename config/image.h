/* image: what a configuration may ask about the root tree it is for. config/ makes no system call:
 * init/ answers from the real tree (or --root DIR), tests from a table. */
#ifndef FIRSTHOP_CONFIG_IMAGE_H
#define FIRSTHOP_CONFIG_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* As the program of a command: firsthop itself, wherever it lies, for who executes it is its child.
 */
#define IMAGE_SELF "/proc/self/exe"

struct image {
	void *context;
	/* Reads a whole file (1 MiB at most) into the arena, NUL-terminated; *ret_length excludes
	 * the NUL. 0, or -errno: -ENOENT absent, -EFBIG too large, -EISDIR and so on. */
	int (*read)(void *context, const char *path, struct arena *arena, char **ret_text,
		size_t *ret_length);
	/* Is there an executable regular file at `path`? */
	bool (*is_executable)(void *context, const char *path);
	/* The value of an environment variable of PID 1, NULL when unset. */
	const char *(*environment)(void *context, const char *name);
	/* Lets bash source the file, and gives all variables that there are then, as
	 * frr_variables_from_shell() takes them; in the arena. NULL: nothing of this tree may be
	 * run. 0 or -errno, then perhaps with *ret_why, a part of a sentence. */
	int (*evaluate)(void *context, const char *path, struct arena *arena,
		const char **ret_pairs, size_t *ret_length, const char **ret_why);
};

#endif

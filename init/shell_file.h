/* shell_file: what a file of shell assignments sets, as bash sees it: for FRR's `daemons`, where
 * [frr] daemons_shell = yes. The only foreign script that firsthop ever runs by itself. */
#ifndef FIRSTHOP_INIT_SHELL_FILE_H
#define FIRSTHOP_INIT_SHELL_FILE_H

#include <stddef.h>

struct arena;
struct spawner;

#define SHELL_FILE_TIMEOUT_MS	3000  /* then bash, and what it has started, is killed */
#define SHELL_FILE_OUTPUT_BYTES 65536 /* of all variables together */

/* Sources the absolute `path` in a bash of its own, found in $PATH, with our environment, without
 * input; what the file prints is dropped. Gives all variables that there are then, for
 * frr_variables_from_shell(). Blocks for SHELL_FILE_TIMEOUT_MS at most, and as long again for a
 * process that the kernel does not let go. The arena owns the result.
 *
 * 0 or -errno: -ENOENT no bash, -ETIMEDOUT, -EBADMSG it ended early; *ret_why is then a part of a
 * sentence, unless memory lacks. */
int shell_file_evaluate(const struct spawner *spawner, const char *path, struct arena *arena,
	const char **ret_pairs, size_t *ret_length, const char **ret_why);

#endif

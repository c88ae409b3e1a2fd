/* crash_store: a directory of crash bundles, each a directory of its own, and no more of them than
 * the quota says: the oldest go first. Makes, counts and removes only what has a name of its own,
 * see crash_name(). Never syncs: waits for no disk, but for the kernel as long as a few small
 * writes take it. */
#ifndef FIRSTHOP_INIT_CRASH_STORE_H
#define FIRSTHOP_INIT_CRASH_STORE_H

#include <limits.h>
#include <stdint.h>

struct buffer;

struct crash_file {
	const char *name;
	const struct buffer *text;
};

struct crash_quota {
	unsigned keep; /* bundles, at least 1 */
	uint64_t bytes;
};

/* Puts a bundle of these files into `directory`, which is made; all or nothing. 0 and its path, or
 * -errno; -EDQUOT: alone it is more than the quota. */
int crash_store_add(const char *directory, const struct crash_quota *quota, const char *service,
	const struct crash_file *files, unsigned file_count, char ret_path[PATH_MAX]);

#endif

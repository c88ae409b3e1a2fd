/* persist_file: files read whole, compared, and written so that a crash at any moment leaves the
 * old or the new content. Blocks as long as the disk does; says nothing. */
#ifndef FIRSTHOP_INIT_PERSIST_FILE_H
#define FIRSTHOP_INIT_PERSIST_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;

#define PERSIST_FILE_MAX_BYTES ((size_t)16 << 20)

struct persist_bytes {
	const char *data;
	size_t length;
};

struct persist_attributes {
	bool keep_owner; /* it is whoever writes it */
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

/* Reads a regular file whole into the arena, following symbolic links. 0 or -errno; -EINVAL: not a
 * regular file, -EFBIG: longer than PERSIST_FILE_MAX_BYTES, -EPERM: the path is a link of neither
 * root nor the file's owner. */
int persist_file_read(struct arena *arena, const char *path, struct persist_bytes *ret_bytes);

/* Is it a file with just these bytes? */
bool persist_file_has(const char *path, const struct persist_bytes *bytes);

/* Puts a new file of that content in place of `path`, synced as its directory is. 0 or -errno, and
 * then `path` is as it was, unless it is only the directory that could not be synced; -EBUSY: a
 * file is mounted there. *ret_weak: errno of setting owner and mode, 0: they are as asked.
 * Attributes that cannot be had do not keep the content from its place.
 */
int persist_file_replace(const char *path, const struct persist_bytes *bytes,
	const struct persist_attributes *attributes, int *ret_weak);

/* Writes into the file that is there, and syncs it. Not at all safe by itself: with an error, or a
 * crash, it may hold a mixture. The same otherwise. */
int persist_file_overwrite(const char *path, const struct persist_bytes *bytes,
	const struct persist_attributes *attributes, int *ret_weak);

/* Can a file be put in place of `path` only by writing into what is there? */
bool persist_file_is_fixed(int error);

/* Gives the file that is there owner and mode. 0 or -errno. */
int persist_file_dress(const char *path, const struct persist_attributes *attributes);

/* Has a PID 1 that watches the file look at it again, as after a write; nothing is written. */
void persist_file_announce(const char *path);

int persist_file_sync_directory(const char *path); /* of the file; 0 or -errno */

#endif

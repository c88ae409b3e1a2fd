/* persist_keep: writes what persist_store.h describes.
 *
 * Every file but an in-place one is written under another name, synced, renamed, and its directory
 * synced. So whenever the program or the machine dies, STORE holds its old or its new content, or
 * there is a complete generation of the new one that says so. Whoever writes holds a lock on the
 * directory.
 *
 * Blocks as long as the disk does. Nothing is said here. */
#ifndef FIRSTHOP_INIT_PERSIST_KEEP_H
#define FIRSTHOP_INIT_PERSIST_KEEP_H

#include <stdbool.h>

struct arena;
struct persist;
struct persist_bytes;

/* What failed: static text, as in "cannot WHAT PATH: ERROR". */
struct persist_failure {
	const char *what, *path; /* path: in the arena */
	int error;		 /* errno; 0: nothing failed */
};

/* Makes `bytes` the content of STORE and of the newest generation, and drops those that are too
 * many. What STORE held and no generation does is put aside as "edited". 1: done; 0: it was so
 * already; -errno with *ret_failure: -EWOULDBLOCK: somebody else is writing and `wait` is false.
 * STORE has its old or its new content then. */
int persist_keep(struct arena *arena, const struct persist *spec, const struct persist_bytes *bytes,
	bool wait, struct persist_failure *ret_failure);

/* Writes a further file of the directory, "day0", "edited" or "replaced", unless it has these
 * bytes. As above. */
int persist_keep_note(struct arena *arena, const struct persist *spec, const char *name,
	const struct persist_bytes *bytes, struct persist_failure *ret_failure);

/* Puts aside as "replaced" what is at PATH, before something else takes its place: unless it is
 * nothing, cannot be read, or lies elsewhere, too. As above. */
int persist_keep_replaced(
	struct arena *arena, const struct persist *spec, struct persist_failure *ret_failure);

#endif

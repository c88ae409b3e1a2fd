/* persist_store: a kept file on the disk. STORE is what is put back at boot, and an ordinary file.
 * Beside it lies the directory STORE.generations, with
 *	000007		the content that was kept as the seventh; the highest number is the newest
 *	000008.to-store	the same while STORE, which no rename can replace, is being written in
 *place: as long as it is there, STORE is not to be believed day0		day-0 as it was last
 *seen replaced	what was in place of the file at boot, and nowhere else
 *
 * Every file but an in-place one is written under another name, synced, renamed, and its directory
 * synced. So whenever the program or the machine dies, STORE holds its old or its new content, or
 * there is a complete generation of the new one that says so. Whoever writes holds a lock on the
 * directory.
 *
 * Blocks as long as the disk does. Nothing is said here. */
#ifndef FIRSTHOP_INIT_PERSIST_STORE_H
#define FIRSTHOP_INIT_PERSIST_STORE_H

#include <stdbool.h>

struct arena;
struct persist;
struct persist_bytes;

struct persist_store {
	const struct persist *spec;
	const char *directory;
	const unsigned *numbers; /* of the generations, oldest first */
	unsigned count;
	unsigned unfinished; /* the newest that STORE was being written with in place; 0: none */
};

/* Looks at which generations there are. 0, also when there is no directory, or -errno. */
int persist_store_open(
	struct arena *arena, const struct persist *spec, struct persist_store *ret_store);
/* Where a generation lies; or the file of that name in the directory. NULL: no memory. */
const char *persist_store_generation(
	struct arena *arena, const struct persist_store *store, unsigned number);
const char *persist_store_file(
	struct arena *arena, const struct persist_store *store, const char *name);

/* Is that what STORE and the newest generation hold? */
bool persist_store_holds(
	struct arena *arena, const struct persist_store *store, const struct persist_bytes *bytes);

/* What failed: static text, as in "cannot WHAT PATH: ERROR". */
struct persist_failure {
	const char *what, *path; /* path: in the arena */
	int error;		 /* errno; 0: nothing failed */
};

/* Makes `bytes` the content of STORE and of the newest generation, and drops those that are too
 * many. 1: done; 0: it was so already; -errno with *ret_failure: -EWOULDBLOCK: somebody else is
 * writing and `wait` is false. STORE has its old or its new content then. */
int persist_store_keep(struct arena *arena, const struct persist *spec,
	const struct persist_bytes *bytes, bool wait, struct persist_failure *ret_failure);

/* Writes a further file of the directory, "day0" or "replaced", unless it has these bytes. As
 * above. */
int persist_store_note(struct arena *arena, const struct persist *spec, const char *name,
	const struct persist_bytes *bytes, struct persist_failure *ret_failure);

#endif

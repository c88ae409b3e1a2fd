/* persist_store: a kept file on the disk. STORE is what is put back at boot, and an ordinary file.
 * Beside it lies the directory STORE.generations, with
 *
 *   000007           the content that was kept as the seventh; the highest is the newest
 *   000008.to-store  the same while STORE, which no rename can replace, is written in place:
 *                    as long as it is there, STORE is not to be believed
 *   day0             day-0 as it was last seen
 *   edited           what somebody had written to STORE before a save, and nowhere else
 *   replaced         what was in place of the file when it was put back, and nowhere else
 *
 * Only looks: see persist_keep.h for how it is written. Blocks as long as the disk does. */
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

/* Is that what STORE holds, if it is to be believed; what the newest generation holds; both? */
bool persist_store_has(const struct persist_store *store, const struct persist_bytes *bytes);
bool persist_store_has_newest(
	struct arena *arena, const struct persist_store *store, const struct persist_bytes *bytes);
bool persist_store_holds(
	struct arena *arena, const struct persist_store *store, const struct persist_bytes *bytes);

#endif

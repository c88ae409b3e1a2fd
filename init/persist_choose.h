/* persist_choose: looks at what there is of a kept file, only as far as supervisor/persist.h asks
 * for it, until it is known which content is to be put back. Changes nothing. */
#ifndef FIRSTHOP_INIT_PERSIST_CHOOSE_H
#define FIRSTHOP_INIT_PERSIST_CHOOSE_H

#include "config/arena.h"
#include "init/persist_file.h"
#include "init/persist_store.h"
#include "supervisor/persist.h"
#include "supervisor/timestamp.h"

#include <stdbool.h>

struct spawner;

struct persist_choice {
	struct arena *arena; /* the caller's: of all that follows but the contents */
	const struct spawner *spawner;
	struct timestamp until; /* for checks */
	struct persist_store store;
	int unlisted; /* errno of looking which generations there are; then it is as if none were */
	struct persist_candidate *candidates;
	struct persist_bytes *bytes; /* of each; data NULL: not read, not there, or no good */
	struct arena contents;	     /* what `bytes` point to */
	struct persist_facts facts;
	struct persist_decision decision; /* PERSIST_RESTORE: its candidate was read */
};

/* Blocks as long as the checks take, some 20 s at most. 0 or -ENOMEM. */
int persist_choose(struct arena *arena, const struct persist *spec, const struct spawner *spawner,
	struct persist_choice *ret_choice);
void persist_choice_free(struct persist_choice *choice);

/* Where a candidate lies; NULL: no memory. */
const char *persist_choice_path(const struct persist_choice *choice, unsigned number);
/* Reads a candidate, unless it is there from before. False: it cannot be, or is not there. */
bool persist_choice_read(struct persist_choice *choice, unsigned number);

#endif

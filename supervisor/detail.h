/* detail: what is worth knowing about one service beyond its line in the status: how it is set up,
 * who needs it, how it ended before. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_DETAIL_H
#define FIRSTHOP_SUPERVISOR_DETAIL_H

#include "supervisor/timestamp.h"

#include <stdint.h>

struct arena;
struct engine;

struct detail_key {
	const char *key, *value; /* as `firsthop show` prints them */
};

struct detail_end {
	const char *text; /* "exited 1" */
	int64_t ago_ms;
};

struct service_detail {
	const struct detail_key *keys; /* those that were set, in the order of the table */
	unsigned key_count;
	const char *const *needed_by; /* who needs it, in the order of the configuration */
	unsigned needed_by_count;
	const struct detail_end *ends; /* the newest first, see ENDS_MAX */
	unsigned end_count;
};

/* In the arena; some texts are the model's. 0, -ENOENT: there is no such service, -ENOMEM. */
int detail_from_engine(struct arena *arena, const struct engine *engine, const char *name,
	struct timestamp now, struct service_detail *ret_detail);

#endif

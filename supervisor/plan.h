/* plan: what a model would start, and in which order. Pure; for `firsthop plan`. The engine does
 * not need it: it looks at what is. */
#ifndef FIRSTHOP_SUPERVISOR_PLAN_H
#define FIRSTHOP_SUPERVISOR_PLAN_H

#include <stdbool.h>

struct arena;
struct buffer;
struct model;
struct service;

struct plan_entry {
	const struct service *service;
	bool started;  /* false: only on request */
	unsigned wave; /* 0: at once; n: after something of wave n - 1 */
};

/* In the order of waves, each in the order of the configuration; those not started at the end. */
struct plan {
	struct plan_entry *entries;
	unsigned count, wave_count;
};

/* 0, or -ENOMEM; entries live in `arena`. */
int plan_make(struct arena *arena, const struct model *model, struct plan *ret_plan);

/* For people: wave by wave, each service with its command and what it waits for, and why. */
void plan_write_text(struct buffer *buffer, const struct plan *plan);
/* The same as JSON, version 1, see doc/json.md. */
void plan_write_json(struct buffer *buffer, const struct plan *plan);

#endif

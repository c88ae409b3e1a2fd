/* nearest: the known name that was most likely meant. */
#ifndef FIRSTHOP_CONFIG_NEAREST_H
#define FIRSTHOP_CONFIG_NEAREST_H

/* Holds the best match of `wanted` so far; offer names one by one, then read `best`. */
struct nearest {
	const char *wanted;
	const char *best; /* NULL: nothing near enough */
	unsigned distance;
};

void nearest_offer(struct nearest *nearest, const char *name);

struct arena;

/* `; did you mean X?` for a message, or "". Never NULL. */
const char *nearest_hint(struct arena *arena, const struct nearest *nearest);

#endif

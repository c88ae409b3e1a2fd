/* names: from a name to a number, quickly, for as many names as a configuration may hold. */
#ifndef FIRSTHOP_CONFIG_NAMES_H
#define FIRSTHOP_CONFIG_NAMES_H

#include <stddef.h>

struct arena;
struct name_entry;

#define NAMES_BUCKETS 256

struct names {
	struct name_entry *buckets[NAMES_BUCKETS];
};

/* The number added with that name, or -1. */
int names_find(const struct names *names, const char *name);

/* Adds a name that is not there yet; it is not copied. 0 or -ENOMEM. */
int names_add(struct names *names, struct arena *arena, const char *name, unsigned number);

#endif

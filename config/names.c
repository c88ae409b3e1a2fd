#include "config/names.h"

#include "config/arena.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

struct name_entry {
	struct name_entry *next;
	const char *name;
	unsigned number;
};

/* FNV-1a; the names come from the administrator's own files, so no keyed hash is needed. */
static size_t bucket_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash % NAMES_BUCKETS;
}

int names_find(const struct names *names, const char *name)
{
	for (const struct name_entry *e = names->buckets[bucket_of(name)]; e; e = e->next)
		if (strcmp(e->name, name) == 0)
			return (int)e->number;
	return -1;
}

int names_add(struct names *names, struct arena *arena, const char *name, unsigned number)
{
	struct name_entry **bucket = &names->buckets[bucket_of(name)];
	struct name_entry *entry = arena_alloc(arena, sizeof(*entry));

	if (!entry)
		return -ENOMEM;
	*entry = (struct name_entry){*bucket, name, number};
	*bucket = entry;
	return 0;
}

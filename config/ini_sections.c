#include "config/arena.h"
#include "config/ini_source.h"

struct ini_section *ini_section_add(struct arena *arena, struct ini_sections *sections,
	struct origin origin, const char *kind, const char *name)
{
	struct ini_section *section = arena_alloc(arena, sizeof(*section));

	if (!section)
		return NULL;
	*section = (struct ini_section){.origin = origin, .kind = kind, .name = name};
	section->last = &section->first;
	*sections->last = section;
	sections->last = &section->next;
	return section;
}

void ini_entry_add(struct arena *arena, struct ini_section *section, struct origin origin,
	const char *key, const char *value)
{
	struct ini_entry *entry = arena_alloc(arena, sizeof(*entry));

	if (!entry)
		return;
	*entry = (struct ini_entry){.origin = origin, .key = key, .value = value};
	*section->last = entry;
	section->last = &entry->next;
}

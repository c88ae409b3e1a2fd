/* [module NAME], [vrf NAME], [interface PATTERN] and [persist NAME], of all files together: those
 * of the same name are one, in the place of the first. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/parse.h"

#include <errno.h>
#include <string.h>

/* Where their lists are, and their fields of the same meaning. */
static const struct named_kind {
	enum section_kind section;
	size_t list, size, name, origin, settings;
	bool (*read_other)(
		struct build *build, const struct target *target, const struct ini_entry *entry);
} kinds[] = {
	{SECTION_MODULE, offsetof(struct build, modules), sizeof(struct module),
		offsetof(struct module, name), offsetof(struct module, origin),
		offsetof(struct module, settings), NULL},
	{SECTION_VRF, offsetof(struct build, vrfs), sizeof(struct vrf), offsetof(struct vrf, name),
		offsetof(struct vrf, origin), offsetof(struct vrf, settings), NULL},
	{SECTION_INTERFACE, offsetof(struct build, rules), sizeof(struct interface_rule),
		offsetof(struct interface_rule, pattern), offsetof(struct interface_rule, origin),
		offsetof(struct interface_rule, settings), parse_interface_sysctl},
	{SECTION_PERSIST, offsetof(struct build, persists), sizeof(struct persist),
		offsetof(struct persist, name), offsetof(struct persist, origin),
		offsetof(struct persist, settings), NULL},
};

/* Makes the structure of that name, with its defaults. Its number, or -1: no memory. */
static int add(struct build *build, const struct named_kind *kind, struct named_list *list,
	const char *name)
{
	unsigned number = list->count;
	char *items = arena_grow(build->scratch, list->items, number, &list->capacity, kind->size);
	char *own_name = arena_strdup(build->arena, name), *item;

	if (!items || !own_name || names_add(&list->names, build->scratch, own_name, number) < 0)
		return -1;
	list->items = items;
	list->count++;
	item = items + number * kind->size;
	parse_defaults(build, kind->section, item);
	*(const char **)(item + kind->name) = own_name;
	return (int)number;
}

static int parse_kind(
	struct build *build, const struct named_kind *kind, const struct ini_section *section)
{
	struct named_list *list = (struct named_list *)((char *)build + kind->list);
	struct target target = {.section = kind->section, .read_other = kind->read_other};
	int number = names_find(&list->names, section->name);
	char *item;

	if (number < 0)
		number = add(build, kind, list, section->name);
	if (number < 0)
		return -ENOMEM;
	item = (char *)list->items + (unsigned)number * kind->size;
	*(struct origin *)(item + kind->origin) = section->origin;
	target.base = item;
	target.settings = (const struct setting **)(item + kind->settings);
	target.number = (unsigned)number;
	parse_section(build, &target, section);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}

int parse_named(struct build *build, const struct ini_section *section)
{
	int number = section_find(section->kind);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((int)kinds[i].section == number)
			return parse_kind(build, &kinds[i], section);
	return 0;
}

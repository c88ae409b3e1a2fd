#include "config/changes.h"

#include "config/arena.h"
#include "config/keys.h"
#include "config/print.h"
#include "config/text.h"

#include <errno.h>
#include <string.h>

/* What is found, while it is looked for. */
struct finding_out {
	struct arena *arena;
	struct changes changes;
	size_t capacity;
	/* Of the section under way. */
	struct changed_key *keys;
	unsigned key_count;
	size_t key_capacity;
};

/* A section in one of the two. */
struct side {
	const void *base; /* its structure; NULL: it is not there */
	const struct setting *settings;
};

static void note_key(struct finding_out *out, const char *key, const char *from, const char *to,
	struct origin origin)
{
	struct changed_key *list;

	if (from == to || (from && to && strcmp(from, to) == 0))
		return;
	list = arena_grow(out->arena, out->keys, out->key_count, &out->key_capacity, sizeof(*list));
	if (!list)
		return;
	out->keys = list;
	list[out->key_count++] = (struct changed_key){key, from, to, origin};
}

/* Ends the section under way; it is noted if it has changed. */
static void end_section(
	struct finding_out *out, enum section_kind section, const char *name, enum change change)
{
	bool has_changed = change != CHANGE_NONE && (change != CHANGE_IN_PLACE || out->key_count);
	struct changed_section *all =
		has_changed ? arena_grow(out->arena, out->changes.sections, out->changes.count,
				      &out->capacity, sizeof(*all))
			    : NULL;

	if (all) {
		out->changes.sections = all;
		all[out->changes.count++] = (struct changed_section){
			.section = sections[section].name,
			.name = name ? arena_strdup(out->arena, name) : NULL,
			.change = change,
			.keys = out->keys,
			.key_count = out->key_count,
		};
	}
	out->keys = NULL;
	out->key_count = 0;
	out->key_capacity = 0;
}

static bool has_default(const struct key *key)
{
	for (unsigned type = 0; type < SERVICE_TYPE_COUNT; type++)
		if (key->defaults[type])
			return true;
	return false;
}

/* What it says; NULL: nothing, for it was not set, and nothing holds then. */
static const char *said(struct arena *arena, const struct key *key, const struct side *side)
{
	if (!side->base || (!setting_find(side->settings, key) && !has_default(key)))
		return NULL;
	return key_text(arena, key, side->base, ", ");
}

static struct origin origin_of(const struct setting *setting)
{
	return setting ? setting->origin : (struct origin){NULL, 0};
}

/* The keys of the table. Of a section that is new, those that were set. */
static void compare_keys(struct finding_out *out, enum section_kind section,
	const struct side *from, const struct side *to)
{
	for (unsigned i = 0; i < key_count; i++) {
		const struct key *key = &keys[i];

		if (key->section != section || (!from->base && !setting_find(to->settings, key)))
			continue;
		note_key(out, key->name, said(out->arena, key, from), said(out->arena, key, to),
			origin_of(setting_find(to->settings, key)));
	}
}

static const char *sysctl_text(struct arena *arena, const struct sysctl *sysctl)
{
	return arena_printf(arena, "%s%s", sysctl->value,
		sysctl->may_be_absent ? " (may be absent)"
		: sysctl->required    ? " (required)"
				      : "");
}

static const struct sysctl *find_sysctl(const struct sysctl *list, unsigned count, const char *key)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(list[i].key, key) == 0)
			return &list[i];
	return NULL;
}

static void compare_sysctls(struct finding_out *out, const char *prefix, const struct sysctl *from,
	unsigned from_count, const struct sysctl *to, unsigned to_count)
{
	for (unsigned i = 0; i < to_count; i++) {
		const struct sysctl *old = find_sysctl(from, from_count, to[i].key);

		note_key(out, arena_printf(out->arena, "%s%s", prefix, to[i].key),
			old ? sysctl_text(out->arena, old) : NULL, sysctl_text(out->arena, &to[i]),
			to[i].origin);
	}
	for (unsigned i = 0; i < from_count; i++)
		if (!find_sysctl(to, to_count, from[i].key))
			note_key(out, arena_printf(out->arena, "%s%s", prefix, from[i].key),
				sysctl_text(out->arena, &from[i]), NULL, (struct origin){NULL, 0});
}

/* The lists of named sections in a model: where they are, and what their elements look like. */
static const struct named_list {
	enum section_kind section;
	size_t list, count, size, name, settings;
} lists[] = {
#define LIST(section, list, count, type, name)                                                     \
	{                                                                                          \
		section, offsetof(struct model, list), offsetof(struct model, count),              \
			sizeof(struct type), offsetof(struct type, name),                          \
			offsetof(struct type, settings)                                            \
	}
	LIST(SECTION_MODULE, modules, module_count, module, name),
	LIST(SECTION_VRF, vrfs, vrf_count, vrf, name),
	LIST(SECTION_INTERFACE, interface_rules, interface_rule_count, interface_rule, pattern),
	LIST(SECTION_PERSIST, persists, persist_count, persist, name),
	LIST(SECTION_SERVICE, services, service_count, service, name),
#undef LIST
};

static unsigned list_count(const struct model *model, const struct named_list *list)
{
	unsigned count;

	memcpy(&count, (const char *)model + list->count, sizeof(count));
	return count;
}

static const char *element(const struct model *model, const struct named_list *list, unsigned index)
{
	const char *first;

	memcpy(&first, (const char *)model + list->list, sizeof(first));
	return first + index * list->size;
}

static const char *name_of(const char *base, const struct named_list *list)
{
	const char *name;

	memcpy(&name, base + list->name, sizeof(name));
	return name;
}

static const struct setting *settings_of(const char *base, const struct named_list *list)
{
	const struct setting *settings;

	memcpy(&settings, base + list->settings, sizeof(settings));
	return settings;
}

static const char *find_element(
	const struct model *model, const struct named_list *list, const char *name)
{
	for (unsigned i = 0; i < list_count(model, list); i++)
		if (strcmp(name_of(element(model, list, i), list), name) == 0)
			return element(model, list, i);
	return NULL;
}

static void compare_element(
	struct finding_out *out, const struct named_list *list, const char *from, const char *to)
{
	enum change change = from ? CHANGE_IN_PLACE : CHANGE_ADDED;

	if (list->section == SECTION_SERVICE)
		change = service_diff((const void *)from, (const void *)to);
	if (change == CHANGE_NONE)
		return; /* of a thousand services most are as they were */
	compare_keys(out, list->section,
		&(struct side){from, from ? settings_of(from, list) : NULL},
		&(struct side){to, settings_of(to, list)});
	if (list->section == SECTION_INTERFACE) {
		const struct interface_rule *new = (const void *)to, *old = (const void *)from;

		compare_sysctls(out, "sysctl ", old ? old->sysctls : NULL,
			old ? old->sysctl_count : 0, new->sysctls, new->sysctl_count);
	}
	end_section(out, list->section, name_of(to, list), change);
}

static void compare_list(struct finding_out *out, const struct named_list *list,
	const struct model *from, const struct model *to)
{
	for (unsigned i = 0; i < list_count(to, list); i++) {
		const char *new = element(to, list, i);

		compare_element(out, list, find_element(from, list, name_of(new, list)), new);
	}
	for (unsigned i = 0; i < list_count(from, list); i++) {
		const char *name = name_of(element(from, list, i), list);

		if (!find_element(to, list, name))
			end_section(out, list->section, name, CHANGE_REMOVED);
	}
}

static void compare_signals(
	struct finding_out *out, const struct model *from, const struct model *to)
{
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		const struct signal_rule *old = &from->signals[signal], *new = &to->signals[signal];

		if (old->action == SIGNAL_DEFAULT && new->action == SIGNAL_DEFAULT)
			continue;
		note_key(out, signal_short_name(signal),
			old->action == SIGNAL_DEFAULT ? NULL : signal_rule_text(out->arena, old),
			new->action == SIGNAL_DEFAULT ? NULL : signal_rule_text(out->arena, new),
			new->origin);
	}
	end_section(out, SECTION_SIGNALS, NULL, CHANGE_IN_PLACE);
}

static void compare_frr(struct finding_out *out, const struct frr *from, const struct frr *to)
{
	enum change change = !from->enabled && !to->enabled ? CHANGE_NONE
			     : !from->enabled		    ? CHANGE_ADDED
			     : !to->enabled		    ? CHANGE_REMOVED
							    : CHANGE_IN_PLACE;

	if (to->enabled)
		compare_keys(out, SECTION_FRR,
			&(struct side){from->enabled ? from : NULL, from->settings},
			&(struct side){to, to->settings});
	end_section(out, SECTION_FRR, NULL, change);
}

int config_changes(struct arena *arena, const struct model *from, const struct model *to,
	struct changes *ret_changes)
{
	static const struct model nothing;
	struct finding_out out = {.arena = arena};
	const struct node *node = from ? &from->node : NULL;

	if (!from)
		from = &nothing;
	compare_keys(&out, SECTION_NODE, &(struct side){node, from->node.settings},
		&(struct side){&to->node, to->node.settings});
	end_section(&out, SECTION_NODE, NULL, CHANGE_IN_PLACE);
	compare_sysctls(&out, "", from->sysctls, from->sysctl_count, to->sysctls, to->sysctl_count);
	end_section(&out, SECTION_SYSCTL, NULL, CHANGE_IN_PLACE);
	compare_signals(&out, from, to);
	compare_frr(&out, &from->frr, &to->frr);
	for (unsigned i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		compare_list(&out, &lists[i], from, to);
	if (arena->failed)
		return -ENOMEM;
	*ret_changes = out.changes;
	return 0;
}

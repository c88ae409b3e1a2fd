/* From sections to the model's structures, by the table of keys. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/parse.h"
#include "config/text.h"
#include "config/values.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

/* Reads one value, in the form that its kind wants to see. */
static bool read_value(struct value *value, struct arena *scratch, void *base)
{
	char *text;
	int r;

	if (!value->key->kind->raw) {
		r = words_unquote(scratch, value->text, &text);
		if (r < 0)
			return value_refuse_words(value, r);
		value->text = text;
	}
	return value->key->kind->parse(value, base);
}

static void refuse_key(
	struct build *build, const struct target *target, const struct ini_entry *entry)
{
	struct nearest nearest = {.wanted = entry->key};
	const char *hint, *elsewhere = NULL;

	for (unsigned i = 0; i < key_count; i++) {
		if (keys[i].section == target->section)
			nearest_offer(&nearest, keys[i].name);
		else if (strcmp(keys[i].name, entry->key) == 0)
			elsewhere = sections[keys[i].section].name;
	}
	hint = nearest_hint(build->scratch, &nearest);
	if (elsewhere && !(nearest.best && nearest.distance == 1))
		hint = arena_printf(build->scratch, "; it belongs in [%s]", elsewhere);
	diag_add(build->diags, entry->origin, SEVERITY_ERROR, "unknown key %s in [%s]%s",
		text_quote_string(build->scratch, entry->key), sections[target->section].name,
		hint ? hint : "");
}

static void remember(struct build *build, const struct target *target, const struct key *key,
	struct origin origin)
{
	struct setting *setting = arena_alloc(build->arena, sizeof(*setting));

	if (!setting)
		return;
	*setting = (struct setting){*target->settings, key, origin, target->generated};
	*target->settings = setting;
}

/* A service that does not exist. One of FRR's that is only not enabled may be waited for in vain.
 */
static void refuse_service(struct build *build, const struct ini_entry *entry,
	const struct service *service, const char *name)
{
	struct nearest nearest = {.wanted = name};

	if (build->frr.enabled && frr_makes(name)) {
		diag_add(build->diags, entry->origin,
			strcmp(entry->key, "needs") == 0 ? SEVERITY_ERROR : SEVERITY_NOTE,
			"%s: %s is not enabled in %s", entry->key, name, build->frr.daemons);
		return;
	}
	for (unsigned i = 0; i < build->service_count; i++)
		if (&build->services[i] != service)
			nearest_offer(&nearest, build->services[i].name);
	diag_add(build->diags, entry->origin, SEVERITY_ERROR, "%s: no service is called %s%s",
		entry->key, text_quote_string(build->scratch, name),
		nearest_hint(build->scratch, &nearest));
}

/* Checks the names in a list of services at once, while the line they stand in is known: all
 * services have been declared by now. */
static void check_names(
	struct build *build, const struct target *target, const struct ini_entry *entry)
{
	const struct service *service = target->base;
	struct words names;

	if (words_split(build->scratch, entry->value, &names) < 0)
		return;
	for (unsigned i = 0; i < names.count; i++) {
		const char *name = names.word[i];

		if (strcmp(name, service->name) == 0)
			diag_add(build->diags, entry->origin, SEVERITY_ERROR,
				"%s: %s cannot depend on itself", entry->key, name);
		else if (names_find(build->service_names, name) < 0)
			refuse_service(build, entry, service, name);
	}
}

static void read_entry(
	struct build *build, const struct target *target, const struct ini_entry *entry)
{
	const struct key *key = key_find(target->section, entry->key);
	struct value value = {build->arena, build->diags, entry->origin, key, entry->value};
	const struct setting *before;

	if (!key) {
		if (!target->read_other || !target->read_other(build, target, entry))
			refuse_key(build, target, entry);
		return;
	}
	before = setting_find(*target->settings, key);
	remember(build, target, key, entry->origin);
	if (before && before->origin.file == entry->origin.file && !key->kind->clear &&
		!before->generated) {
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s is set again; the first time in line %u", key->name,
			before->origin.line);
	} else if (*entry->value) {
		if (read_value(&value, build->scratch, target->base) &&
			key->kind == &value_services)
			check_names(build, target, entry);
	} else if (key->kind->clear) {
		key->kind->clear(key, target->base);
	} else {
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s has no value; it takes %s", key->name, key->kind->expects);
	}
}

void parse_section(
	struct build *build, const struct target *target, const struct ini_section *section)
{
	for (const struct ini_entry *entry = section->first; entry; entry = entry->next)
		read_entry(build, target, entry);
}

static void read_defaults(struct arena *arena, struct arena *scratch, enum section_kind section,
	enum service_type type, void *base)
{
	struct diags diags; /* stays empty: the defaults are ours, and tested */
	struct value value = {arena, &diags, {"default", 0}, NULL, NULL};

	diags_init(&diags, scratch);
	for (unsigned i = 0; i < key_count; i++) {
		if (keys[i].section != section || !keys[i].defaults[type])
			continue;
		value.key = &keys[i];
		value.text = keys[i].defaults[type];
		(void)read_value(&value, scratch, base);
	}
}

void parse_defaults(struct build *build, enum section_kind section, void *base)
{
	read_defaults(build->arena, build->scratch, section, 0, base);
}

void service_set_defaults(
	struct arena *arena, struct arena *scratch, enum service_type type, struct service *service)
{
	read_defaults(arena, scratch, SECTION_SERVICE, type, service);
	service->type = type;
}

int build_init(struct build *build)
{
	build->service_names = arena_alloc(build->arena, sizeof(*build->service_names));
	parse_defaults(build, SECTION_NODE, &build->node);
	parse_defaults(build, SECTION_FRR, &build->frr);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}

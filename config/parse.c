/* From sections to the model's structures, by the table of keys. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/text.h"
#include "config/values.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

/* What one section is read into. */
struct target {
	enum section_kind section;
	void *base;
	const struct setting **settings;
	bool generated;
};

static int section_number(const char *name)
{
	for (int i = 0; i < SECTION_KIND_COUNT; i++)
		if (strcmp(sections[i].name, name) == 0)
			return i;
	return -1;
}

/* The value as its kind wants to see it; NULL when that was refused. */
static const char *value_text_of(const struct value *value, const char *written)
{
	char *text;
	int r;

	if (value->key->kind->raw)
		return arena_strdup(value->arena, written);
	r = words_unquote(value->arena, written, &text);
	if (r < 0)
		(void)value_refuse_words(value, r); /* only says why */
	return r < 0 ? NULL : text;
}

static bool read_value(struct build *build, const struct key *key, const char *written,
	struct origin origin, void *base)
{
	struct value value = {build->arena, build->diags, origin, key, NULL};

	value.text = value_text_of(&value, written);
	return value.text && key->kind->parse(&value, base);
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
	if (elsewhere)
		hint = arena_printf(build->scratch, "; it belongs into [%s]", elsewhere);
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
static void refuse_service(struct build *build, const struct ini_entry *entry, const char *name)
{
	struct nearest nearest = {.wanted = name};

	if (build->frr.enabled && frr_is_daemon(name)) {
		diag_add(build->diags, entry->origin,
			strcmp(entry->key, "needs") == 0 ? SEVERITY_ERROR : SEVERITY_NOTE,
			"%s: %s is not enabled in %s", entry->key, name, build->frr.daemons);
		return;
	}
	for (unsigned i = 0; i < build->service_count; i++)
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
			refuse_service(build, entry, name);
	}
}

static void read_entry(
	struct build *build, const struct target *target, const struct ini_entry *entry)
{
	const struct key *key = key_find(target->section, entry->key);
	const struct setting *before;

	if (!key) {
		refuse_key(build, target, entry);
		return;
	}
	before = setting_find(*target->settings, key);
	remember(build, target, key, entry->origin);
	if (before && before->origin.file == entry->origin.file && !key->kind->clear &&
		!target->generated) {
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s is set again; the first time in line %u", key->name,
			before->origin.line);
	} else if (*entry->value) {
		if (read_value(build, key, entry->value, entry->origin, target->base) &&
			key->kind == &value_services)
			check_names(build, target, entry);
	} else if (key->kind->clear) {
		key->kind->clear(key, target->base);
	} else {
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s has no value; it takes %s", key->name, key->kind->expects);
	}
}

static void read_section(
	struct build *build, const struct target *target, const struct ini_section *section)
{
	for (const struct ini_entry *entry = section->first; entry; entry = entry->next)
		read_entry(build, target, entry);
}

static void read_defaults(
	struct build *build, enum section_kind section, enum service_type type, void *base)
{
	for (unsigned i = 0; i < key_count; i++)
		if (keys[i].section == section && keys[i].defaults[type])
			(void)read_value(build, &keys[i], keys[i].defaults[type],
				(struct origin){"default", 0}, base);
}

void service_set_defaults(struct arena *arena, enum service_type type, struct service *service)
{
	struct diags diags; /* stays empty: the defaults are ours, and tested */
	struct build build = {.arena = arena, .scratch = arena, .diags = &diags};

	diags_init(&diags, arena);
	read_defaults(&build, SECTION_SERVICE, type, service);
	service->type = type;
}

int build_init(struct build *build)
{
	build->service_names = arena_alloc(build->arena, sizeof(*build->service_names));
	read_defaults(build, SECTION_NODE, 0, &build->node);
	read_defaults(build, SECTION_FRR, 0, &build->frr);
	for (enum service_type type = SERVICE_DAEMON; type < SERVICE_FOREGROUND; type++)
		service_set_defaults(build->arena, type, &build->templates[type]);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}

/* Headers. */

static void refuse_section(struct build *build, const struct ini_section *section)
{
	struct nearest nearest = {.wanted = section->kind};

	for (int i = 0; i < SECTION_KIND_COUNT; i++)
		nearest_offer(&nearest, sections[i].name);
	diag_add(build->diags, section->origin, SEVERITY_ERROR, "unknown section %s%s",
		text_quote_string(build->scratch, section->kind),
		nearest_hint(build->scratch, &nearest));
}

static void check_header(struct build *build, struct ini_section *section)
{
	int number = section_number(section->kind);

	section->ignored = true;
	if (number < 0) {
		refuse_section(build, section);
	} else if (!sections[number].is_named && section->name) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR,
			"[%s] takes no name, but has %s", section->kind,
			text_quote_string(build->scratch, section->name));
	} else if (sections[number].is_named && !section->name) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR,
			"[%s] needs a name, as in [%s sshd]", section->kind, section->kind);
	} else if (section->name && !service_name_is_valid(section->name)) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR,
			"%s is no name for a service: letters, digits and ._@- after a first "
			"letter or digit, %d at most",
			text_quote_string(build->scratch, section->name), SERVICE_NAME_MAX);
	} else {
		section->ignored = false;
	}
}

/* "service sshd" for [service sshd]. */
static const char *full_name(struct build *build, const struct ini_section *section)
{
	if (!section->name)
		return section->kind;
	return arena_printf(build->scratch, "%s %s", section->kind, section->name);
}

int parse_headers(struct build *build, struct ini_sections *list)
{
	struct names *seen = NULL;
	const char *file = NULL;
	int line;

	for (struct ini_section *section = list->first; section; section = section->next) {
		const char *name = full_name(build, section);

		if (section->origin.file != file)
			seen = arena_alloc(build->scratch, sizeof(*seen));
		file = section->origin.file;
		if (!seen || !name)
			return -ENOMEM;
		check_header(build, section);
		line = names_find(seen, name);
		if (line < 0 && names_add(seen, build->scratch, name, section->origin.line) < 0)
			return -ENOMEM;
		if (line < 0 || section->ignored)
			continue;
		section->ignored = true;
		diag_add(build->diags, section->origin, SEVERITY_ERROR,
			"[%s] again; the first time in line %d", name, line);
	}
	return 0;
}

int parse_globals(struct build *build, const struct ini_sections *list)
{
	const struct target node = {SECTION_NODE, &build->node, &build->node.settings, false};
	const struct target frr = {SECTION_FRR, &build->frr, &build->frr.settings, false};

	for (const struct ini_section *section = list->first; section; section = section->next) {
		switch (section->ignored ? -1 : section_number(section->kind)) {
		case SECTION_NODE:
			read_section(build, &node, section);
			break;
		case SECTION_FRR:
			build->frr.enabled = true;
			build->frr.origin = section->origin;
			read_section(build, &frr, section);
			break;
		case SECTION_SYSCTL:
			(void)parse_sysctls(build, section); /* no memory: seen below */
			break;
		case SECTION_SIGNALS:
			(void)parse_signals(build, section); /* the same */
			break;
		default: /* [service], or to be ignored */
			break;
		}
	}
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}

/* Services. */

static bool is_service(const struct ini_section *section)
{
	return !section->ignored && section_number(section->kind) == SECTION_SERVICE;
}

static bool has_key(const struct ini_section *section, const char *key)
{
	for (const struct ini_entry *entry = section->first; entry; entry = entry->next)
		if (strcmp(entry->key, key) == 0)
			return true;
	return false;
}

/* [service bgpd] that only changes what [frr] would make, while FRR's files do not enable bgpd. */
static bool changes_nothing(struct build *build, const struct ini_section *section)
{
	return !section->generated && build->frr.enabled && frr_is_daemon(section->name) &&
	       names_find(build->service_names, section->name) < 0 && !has_key(section, "command");
}

/* The type has to be known before the rest is read, for it decides on the defaults. */
static void find_type(struct service *service, const struct ini_section *section)
{
	for (const struct ini_entry *entry = section->first; entry; entry = entry->next) {
		if (strcmp(entry->key, "type") != 0)
			continue;
		for (int i = 0; service_type_names[i]; i++)
			if (strcmp(entry->value, service_type_names[i]) == 0)
				service->type = (enum service_type)i;
	}
}

static struct service *add_service(struct build *build, const char *name)
{
	unsigned number = build->service_count;
	struct service *grown = arena_grow(
		build->scratch, build->services, number, &build->service_capacity, sizeof(*grown));
	const char *own_name = arena_strdup(build->arena, name);

	if (!grown || !own_name ||
		names_add(build->service_names, build->arena, own_name, number) < 0)
		return NULL;
	build->services = grown;
	build->service_count++;
	grown[number] = (struct service){.name = own_name};
	return &grown[number];
}

/* Makes the service of that section known, with its place and type. False: there is no room. */
static bool declare(struct build *build, const struct ini_section *section)
{
	int number = names_find(build->service_names, section->name);
	struct service *service = number < 0 ? NULL : &build->services[number];

	if (!service && build->service_count == SERVICES_MAX) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR, "more than %d services",
			SERVICES_MAX);
		return false;
	}
	if (!service) {
		service = add_service(build, section->name);
		if (!service)
			return false;
		service->from_frr = section->generated;
	}
	service->origin = section->origin;
	find_type(service, section);
	return true;
}

static void declare_all(struct build *build, struct ini_sections *list)
{
	for (struct ini_section *section = list->first; section; section = section->next) {
		if (!is_service(section))
			continue;
		section->ignored = changes_nothing(build, section);
		if (section->ignored)
			diag_add(build->diags, section->origin, SEVERITY_WARNING,
				"[service %s] has no effect: %s is not enabled in %s",
				section->name, section->name, build->frr.daemons);
		else if (!declare(build, section))
			break;
	}
}

static void fill_in_defaults(struct build *build, struct service *service)
{
	struct service made = build->templates[service->type];

	made.name = service->name;
	made.origin = service->origin;
	made.from_frr = service->from_frr;
	*service = made;
}

static void read_services(struct build *build, const struct ini_sections *list)
{
	for (const struct ini_section *section = list->first; section; section = section->next) {
		int number =
			is_service(section) ? names_find(build->service_names, section->name) : -1;
		struct target target = {SECTION_SERVICE, NULL, NULL, section->generated};

		if (number < 0)
			continue;
		target.base = &build->services[number];
		target.settings = &build->services[number].settings;
		read_section(build, &target, section);
	}
}

int parse_services(struct build *build, struct ini_sections *generated, struct ini_sections *list)
{
	declare_all(build, generated);
	declare_all(build, list);
	if (build->arena->failed || build->scratch->failed)
		return -ENOMEM;
	for (unsigned i = 0; i < build->service_count; i++)
		fill_in_defaults(build, &build->services[i]);
	read_services(build, generated);
	read_services(build, list);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}

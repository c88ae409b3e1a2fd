/* [service NAME], of all files together. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/parse.h"
#include "config/values.h"

#include <errno.h>
#include <string.h>

static bool is_service(const struct ini_section *section)
{
	return !section->ignored && section_find(section->kind) == SECTION_SERVICE;
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
	return !section->generated && build->frr.enabled && frr_makes(section->name) &&
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
				"[service %s] has no effect: [frr] does not make %s, see %s",
				section->name, section->name, build->frr.daemons);
		else if (!declare(build, section))
			break;
	}
}

static void fill_in_defaults(struct build *build, struct service *service)
{
	struct service *template = &build->templates[service->type], made;

	if (!template->directory) /* which all types have */
		service_set_defaults(build->arena, build->scratch, service->type, template);
	made = *template;
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
		struct target target = {SECTION_SERVICE, .generated = section->generated};

		if (number < 0)
			continue;
		target.base = &build->services[number];
		target.settings = &build->services[number].settings;
		parse_section(build, &target, section);
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

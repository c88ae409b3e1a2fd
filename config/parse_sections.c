/* Which sections there are, and those that are there once. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/parse.h"
#include "config/text.h"

#include <errno.h>
#include <string.h>

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
	int number = section_find(section->kind);
	const struct section_names *names = number < 0 ? NULL : sections[number].names;

	section->ignored = true;
	if (number < 0) {
		refuse_section(build, section);
	} else if (!names && section->name) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR,
			"[%s] takes no name, but has %s", section->kind,
			text_quote_string(build->scratch, section->name));
	} else if (names && !section->name) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR,
			"[%s] needs a name, as in [%s %s]", section->kind, section->kind,
			names->example);
	} else if (names && !names->is_valid(section->name)) {
		diag_add(build->diags, section->origin, SEVERITY_ERROR, "%s is no name for %s: %s",
			text_quote_string(build->scratch, section->name), names->what,
			names->expects);
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
	const struct target node = {
		.section = SECTION_NODE, .base = &build->node, .settings = &build->node.settings};
	const struct target frr = {
		.section = SECTION_FRR, .base = &build->frr, .settings = &build->frr.settings};

	for (const struct ini_section *section = list->first; section; section = section->next) {
		switch (section->ignored ? -1 : section_find(section->kind)) {
		case SECTION_NODE:
			parse_section(build, &node, section);
			break;
		case SECTION_FRR:
			build->frr.enabled = true;
			build->frr.origin = section->origin;
			parse_section(build, &frr, section);
			break;
		case SECTION_SYSCTL:
			(void)parse_sysctls(build, section); /* no memory: seen below */
			break;
		case SECTION_MODULE:
		case SECTION_VRF:
		case SECTION_INTERFACE:
		case SECTION_PERSIST:
			(void)parse_named(build, section); /* the same */
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

/* parse: reads one section by the table of keys; used by parse_*.c only. */
#ifndef FIRSTHOP_CONFIG_PARSE_H
#define FIRSTHOP_CONFIG_PARSE_H

#include "config/keys.h"

struct build;
struct ini_section;

struct ini_entry;

/* What a section is read into. */
struct target {
	enum section_kind section;
	void *base; /* the section's structure in config/model.h */
	const struct setting **settings;
	bool generated;
	unsigned number; /* of a named section among those of its kind */
	/* Reads an entry whose key is not in the table; false: it is not known here either. */
	bool (*read_other)(
		struct build *build, const struct target *target, const struct ini_entry *entry);
};

void parse_section(
	struct build *build, const struct target *target, const struct ini_section *section);

/* Fills in what the keys of the section hold when they are not set. */
void parse_defaults(struct build *build, enum section_kind section, void *base);

/* An entry `sysctl KEY = VALUE` of an [interface PATTERN]. */
bool parse_interface_sysctl(
	struct build *build, const struct target *target, const struct ini_entry *entry);

#endif

/* parse: reads one section by the table of keys; used by parse_*.c only. */
#ifndef FIRSTHOP_CONFIG_PARSE_H
#define FIRSTHOP_CONFIG_PARSE_H

#include "config/keys.h"

struct build;
struct ini_section;

/* What a section is read into. */
struct target {
	enum section_kind section;
	void *base; /* struct node, frr or service */
	const struct setting **settings;
	bool generated;
};

void parse_section(
	struct build *build, const struct target *target, const struct ini_section *section);

#endif

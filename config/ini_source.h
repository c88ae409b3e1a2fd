/* ini_source: one INI text as sections and entries, each with its line. A thin, strict front of
 * inih: what inih would cut, join or take silently for something else is refused here with its
 * line, so that the result is the same with every way to build inih (see ini.h).
 *
 * The form of a line, blanks at its end aside:
 *	[KIND] or [KIND NAME]
 *	KEY = VALUE
 *	; comment		also # at the start of a line, and ` ;` behind a value
 * Quotes and backslashes in a value protect blanks and `;`; they stay in it, for config/words.h. */
#ifndef FIRSTHOP_CONFIG_INI_SOURCE_H
#define FIRSTHOP_CONFIG_INI_SOURCE_H

#include "config/diag.h"

struct arena;
struct config_file;

/* inih reads lines into a buffer of 200 bytes, and wants 3 more than the longest line. A line is
 * counted without its comment and the blanks around `=`. */
#define INI_LINE_MAX	196
#define INI_SECTION_MAX 49 /* inih's MAX_SECTION, less the NUL */

struct ini_entry {
	struct ini_entry *next;
	struct origin origin;
	const char *key, *value;
};

struct ini_section {
	struct ini_section *next;
	struct origin origin;
	const char *kind, *name; /* [service sshd]: "service", "sshd"; name NULL: [kind] alone */
	bool generated;		 /* by us, not written by the user */
	bool ignored;		 /* its header is wrong, or it is of no use here */
	struct ini_entry *first, **last;
};

struct ini_sections {
	struct ini_section *first, **last; /* last: where the next one is linked */
};

/* Adds the sections of one file to `sections`. Errors go to diags. 0 or -ENOMEM. */
int ini_source_parse(struct arena *arena, const struct config_file *file, struct diags *diags,
	struct ini_sections *sections);

/* For sections that no file holds. NULL: no memory. The strings are not copied. */
struct ini_section *ini_section_add(struct arena *arena, struct ini_sections *sections,
	struct origin origin, const char *kind, const char *name);
void ini_entry_add(struct arena *arena, struct ini_section *section, struct origin origin,
	const char *key, const char *value);

#endif

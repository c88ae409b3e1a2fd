/* print: pieces of the canonical configuration; used by print*.c only. */
#ifndef FIRSTHOP_CONFIG_PRINT_H
#define FIRSTHOP_CONFIG_PRINT_H

#include "config/keys.h"

#define LIST_COLUMNS 72 /* a longer list is printed item by item */

/* PREFIX KEY = VALUE, and where it comes from. */
void print_line(struct text *out, const char *prefix, const char *key, const char *value,
	struct origin origin);
/* [KIND NAME]; name NULL: [KIND]. No source when origin.file is NULL. */
void print_header(struct text *out, const char *prefix, const char *kind, const char *name,
	struct origin origin);
/* All keys of a section that were set. A list that [frr] began and the user added to is printed
 * whole, so what [frr] will put there again has to be taken back first. */
void print_settings(struct text *out, enum section_kind section, const void *base,
	const struct setting *settings, bool from_frr);
/* What else holds, as comments. */
void print_defaults(struct text *out, enum section_kind section, const void *base,
	const struct setting *settings);

/* What [signals] says of a signal, without its name: "stop", "USR1 bgpd". In the arena. */
const char *signal_rule_text(struct arena *arena, const struct signal_rule *rule);

/* print_sections.c: [sysctl], [module], [vrf] and [interface]; [signals]. */
void print_network(struct text *out, const struct model *model);
void print_signals(struct text *out, const struct model *model);

#endif

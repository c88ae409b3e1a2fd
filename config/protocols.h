/* protocols: reads /config/protocols, with which Cisco Modeling Labs says what FRR shall speak: the
 * names of daemons, one in a line, and # comments. NAME=yes is understood too. */
#ifndef FIRSTHOP_CONFIG_PROTOCOLS_H
#define FIRSTHOP_CONFIG_PROTOCOLS_H

#include "config/diag.h"

struct arena;

struct protocol {
	struct protocol *next;
	const char *name; /* any text without blanks: whether there is such a daemon is not known */
	struct origin origin;
};

/* Reads `text`, which may hold anything. *ret_first is NULL when nothing is named. 0 or -ENOMEM. */
int protocols_parse(struct arena *arena, const char *path, const char *text, size_t length,
	struct protocol **ret_first);

#endif

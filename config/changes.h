/* changes: what differs between two configurations, by section, name and key. Pure. */
#ifndef FIRSTHOP_CONFIG_CHANGES_H
#define FIRSTHOP_CONFIG_CHANGES_H

#include "config/config.h"

struct arena;
struct model;

/* A value as `firsthop show` prints it. */
struct changed_key {
	const char *key; /* "restart_delay"; in [sysctl] the parameter, in [signals] the signal */
	const char *from, *to; /* NULL: there was none, there is none any more */
	struct origin origin;  /* of `to`, in its model; file NULL: nowhere was it set */
};

struct changed_section {
	const char *section;		/* "service" */
	const char *name;		/* "sshd"; NULL: [section] stands alone */
	enum change change;		/* RESTART: of services only */
	const struct changed_key *keys; /* that differ; of one that was added, those that are set;
					 * of one that was removed, none */
	unsigned key_count;
};

struct changes {
	struct changed_section *sections; /* in the order of the sections and of `to` */
	unsigned count;
};

/* All lives in `arena`; but for origins nothing points into the models. `from` NULL: all that was
 * set in `to`. 0 or -ENOMEM. */
int config_changes(struct arena *arena, const struct model *from, const struct model *to,
	struct changes *ret_changes);

#endif

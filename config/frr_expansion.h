/* frr_expansion: what frr_services.c and frr_command.c share. */
#ifndef FIRSTHOP_CONFIG_FRR_EXPANSION_H
#define FIRSTHOP_CONFIG_FRR_EXPANSION_H

#include "config/frr_daemons.h"
#include "config/model.h"

struct arena;
struct build;
struct ini_sections;
struct protocol;

#define FRR_PROGRAMS "/usr/lib/frr/"

struct expansion {
	struct build *build;
	struct arena *arena;
	struct frr_variables variables;
	struct protocol *protocols;
	struct ini_sections *sections;
	struct words global_options, global_wrap;
	const char *profile; /* NULL: FRR's own */
	bool has_mgmtd;
	bool has_loader; /* there is a configuration, and vtysh to load it */
};

/* The variable PREFIX + `name` + SUFFIX, NULL when it is not set; *origin is where it was set, and
 * as it was when no file did. The same holds for the others. */
const char *frr_get(struct expansion *x, const char *prefix, const char *name, const char *suffix,
	struct origin *origin);

/* The words of NAME_options, without those that are no good for a process that is watched. */
struct words frr_options(
	struct expansion *x, const char *name, const char *suffix, struct origin *origin);
struct words frr_wrap(struct expansion *x, const char *name);

/* The command line of a daemon, as the value of `command`; instance NULL: it has none. */
const char *frr_command(
	struct expansion *x, const char *daemon, const char *instance, struct origin *origin);

/* The value for limit_nofile; NULL: not limited. */
const char *frr_max_files(struct expansion *x, const char *daemon, struct origin *origin);

#endif

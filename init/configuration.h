/* configuration: which model PID 1 runs, and what it does about a bad one.
 *
 * At boot a router with its last good configuration is worth more than a crash loop: when what was
 * asked for has an error, the copy that last brought everything up is taken, else the built-in one,
 * and that is said loudly. With --strict it is an error. A bad reload changes nothing. See
 * doc/bad-configuration.md. */
#ifndef FIRSTHOP_INIT_CONFIGURATION_H
#define FIRSTHOP_INIT_CONFIGURATION_H

#include "config/arena.h"
#include "init/load.h"

#include <stdbool.h>

struct engine;
struct messages;
struct reload_report;

/* One model, and the memory that it is in. */
struct configuration {
	struct configuration *older; /* still used by a service that runs */
	struct arena arena;
	const struct model *model;
	const struct model *asked; /* the same without the foreground command */
	const char *source;	   /* "/etc/firsthop.ini" … */
	const char *problem;	   /* why it is not what was asked for; NULL: it is */
};

struct configuration_request {
	struct load_request load;
	const char *const *command; /* the foreground command; NULL: none */
	const char *directory;	    /* where it runs; NULL: in "/" */
	bool strict;
	const char *rundir; /* where a last good copy may be; NULL: nowhere */
};

/* The configuration to boot with, all errors said. NULL: --strict and it is bad, or no memory. */
struct configuration *configuration_boot(
	struct messages *messages, const struct configuration_request *request);

/* What was asked for or NULL: never another one. What there is to say of it is said (`messages`
 * NULL: it is not) and goes into *report, whose texts live in `arena`; accepted is set too. */
struct configuration *configuration_load(struct messages *messages,
	const struct configuration_request *request, struct arena *arena,
	struct reload_report *report);

/* After everything came up with it, and after a reload: keeps a copy, where that is possible. Not
 * of a fallback. */
void configuration_keep(
	struct messages *messages, const struct configuration *configuration, const char *rundir);

/* Frees those older than `newest` that the engine has no more use for. */
void configuration_forget(struct configuration *newest, const struct engine *engine);
void configuration_free(struct configuration *configuration); /* the older ones too */

#endif

/* capability_needs: which capabilities a configuration takes, see capabilities(7): those of the
 * programs that it starts, as far as they are known, and firsthop's own for what it is asked to do.
 * Sets are as in config/capability.h. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_CAPABILITY_NEEDS_H
#define FIRSTHOP_SUPERVISOR_CAPABILITY_NEEDS_H

#include "config/capability.h"

#include <stdint.h>

struct arena;
struct model;
struct service;
struct words;

/* What a service takes: its `capabilities`, or else what its program is known to need, and what
 * firsthop needs to start it as it is described (another user, a higher priority …). */
uint64_t capability_needs(const struct service *service);

/* What firsthop itself takes for what the configuration asks of it: interfaces, vrfs, a host name
 * that must be looked for. A host name that stands in the configuration is not in it, because an
 * engine gives it. */
uint64_t capability_needs_of_node(const struct model *model);

/* All of these, as names in order of their numbers. 0 or -ENOMEM. */
int capability_needs_names(struct arena *arena, const struct model *model, struct words *ret_names);

/* Who needs it, and what becomes of them without: "needed by zebra, bgpd and sshd; FRR's daemons
 * exit at once without it". Owned by the arena; NULL: no service needs it, or no memory. */
const char *capability_why(struct arena *arena, const struct model *model, unsigned number);

#endif

/* harden: PID 1 gives up what it will not need any more, once the node is prepared: `[node] harden
 * = yes`. Not by default, because a later configuration may want more than is left, and because
 * nobody may look into /proc/1 then, nor find a core. */
#ifndef FIRSTHOP_INIT_HARDEN_H
#define FIRSTHOP_INIT_HARDEN_H

#include <stdint.h>

struct messages;
struct model;

/* The capabilities that PID 1 keeps of `all`: those of its services, and those for its own work.
 * All of them while a service is not limited to a list of its own. */
uint64_t harden_keeps(const struct model *model, uint64_t all);

/* Drops the others from the bounding, permitted, effective and inheritable set, and makes our
 * memory undumpable, see prctl(2). What cannot be done is said; the services start all the same. */
void harden(const struct model *model, struct messages *messages);

#endif

/* converged: has the routing settled? Reads what FRR's daemons answer when they are asked for their
 * neighbours, and judges it. Pure; what a daemon says is taken for hostile. The answers differ
 * little from FRR 8.4 to 10.3, tests/fuzz/corpus/converged holds both. BGP and OSPF are read as
 * JSON, IS-IS as text, because the JSON of isisd shows one neighbour of an interface where there
 * may be several. */
#ifndef FIRSTHOP_SUPERVISOR_CONVERGED_H
#define FIRSTHOP_SUPERVISOR_CONVERGED_H

#include "supervisor/json_scan.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buffer;
struct converged_counts;

enum routing { ROUTING_BGP, ROUTING_OSPF, ROUTING_OSPF6, ROUTING_ISIS, ROUTING_COUNT };

/* The protocol of the service, which has the name of its daemon: "bgpd", "ospfd-2"; false: none
 * that has neighbours. */
bool routing_of_service(const char *service, enum routing *ret_routing);

/* What to ask its daemon. */
const char *routing_command(enum routing routing);

struct neighbour {
	struct slice name;  /* its address, router id or name */
	struct slice where; /* the interface, or the vrf of BGP; may be absent */
	struct slice level; /* of IS-IS */
	struct slice state;
	bool is_up;
};

struct neighbours {
	bool has_instance; /* the protocol is configured at all */
	struct neighbour *list;
	size_t count;
};

/* More than any router has; what says each neighbour again and again costs no more time than this.
 */
#define NEIGHBOURS_MAX 16384

/* Reads an answer. The list lives in `arena`, its texts in `text`. 0; -EPROTO: it is none;
 * -EMSGSIZE: more than NEIGHBOURS_MAX; -ENOMEM. *ret_neighbours is untouched on failure. */
int converged_read(struct arena *arena, enum routing routing, const char *text, size_t length,
	struct neighbours *ret_neighbours);

/* Are there as many as wanted, and, but for BGP with a number, none that is not up? Appends what
 * holds or what lacks to `reason`: "bgp: 1 of 2 neighbours established: 10.0.12.2 is Active". What
 * is not configured or not wanted is fine and says nothing. */
bool converged_judge(enum routing routing, const struct converged_counts *counts,
	const struct neighbours *neighbours, struct buffer *reason);

#endif

#include "supervisor/converged.h"

#include "config/model.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"

#include <string.h>

#define REASON_NAME_MAX 64 /* bytes of a foreign text in a reason */

static const struct protocol {
	const char *daemon, *name, *command;
	const char *adjacent; /* the word for "up" */
} protocols[ROUTING_COUNT] = {
	[ROUTING_BGP] = {"bgpd", "bgp", "show bgp vrf all summary json", "established"},
	[ROUTING_OSPF] = {"ospfd", "ospf", "show ip ospf vrf all neighbor json", "adjacent"},
	[ROUTING_OSPF6] = {"ospf6d", "ospf6", "show ipv6 ospf6 vrf all neighbor json", "adjacent"},
	[ROUTING_ISIS] = {"isisd", "isis", "show isis vrf all neighbor", "up"},
};

bool routing_of_service(const char *service, enum routing *ret_routing)
{
	for (unsigned i = 0; i < ROUTING_COUNT; i++) {
		size_t length = strlen(protocols[i].daemon);

		if (strncmp(service, protocols[i].daemon, length) == 0 &&
			(service[length] == '\0' || service[length] == '-')) {
			*ret_routing = (enum routing)i;
			return true;
		}
	}
	return false;
}

const char *routing_command(enum routing routing)
{
	return protocols[routing].command;
}

static void put_slice(struct buffer *out, struct slice slice)
{
	human_add_printable(out, slice.at,
		slice.length < REASON_NAME_MAX ? slice.length : REASON_NAME_MAX, false);
}

static void put_first_down(
	enum routing routing, const struct neighbours *neighbours, struct buffer *reason)
{
	size_t i = 0;

	while (i < neighbours->count && neighbours->list[i].is_up)
		i++;
	if (i == neighbours->count)
		return;
	const struct neighbour *neighbour = &neighbours->list[i];
	buffer_add_text(reason, ": ");
	if (neighbour->where.at && !slice_is(neighbour->where, "default")) {
		buffer_add_text(reason, routing == ROUTING_BGP ? "vrf " : "");
		put_slice(reason, neighbour->where);
		buffer_add_text(reason, ": ");
	}
	buffer_add_text(reason, routing == ROUTING_BGP ? "" : "neighbour ");
	put_slice(reason, neighbour->name);
	if (neighbour->level.at) {
		buffer_add_text(reason, " (level ");
		put_slice(reason, neighbour->level);
		buffer_add_text(reason, ")");
	}
	buffer_add_text(reason, " is ");
	put_slice(reason, neighbour->state);
}

static unsigned wanted_count(enum routing routing, const struct converged_counts *counts)
{
	switch (routing) {
	case ROUTING_BGP:
		return counts->bgp;
	case ROUTING_OSPF:
	case ROUTING_OSPF6:
		return counts->ospf;
	case ROUTING_ISIS:
		return counts->isis;
	case ROUTING_COUNT:
		break;
	}
	return 0;
}

bool converged_judge(enum routing routing, const struct converged_counts *counts,
	const struct neighbours *neighbours, struct buffer *reason)
{
	unsigned wanted = wanted_count(routing, counts);
	size_t up = 0;

	if (wanted == 0 || !neighbours->has_instance)
		return true;
	for (size_t i = 0; i < neighbours->count; i++)
		up += neighbours->list[i].is_up;
	bool is_all = wanted == CONVERGED_ALL;
	size_t asked = is_all || wanted < neighbours->count ? neighbours->count : wanted;
	/* Which of the BGP neighbours may be down is left open when a number is asked for. An IGP's
	 * neighbour that was heard is on its way, or in trouble. */
	if (routing == ROUTING_BGP && !is_all)
		asked = wanted;
	bool holds = up >= asked;

	buffer_printf(reason, "%s: %zu of %zu neighbour%s %s", protocols[routing].name, up, asked,
		asked == 1 ? "" : "s", protocols[routing].adjacent);
	if (!holds)
		put_first_down(routing, neighbours, reason);
	return holds;
}

#include "supervisor/gate.h"

#include "config/arena.h"
#include "config/text.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum {
	CLAB_INTFS_MAX = 4096,
	MISSING_TOLD_MAX = 8, /* names; the rest is a number */
};

/* What is made within the container, by firsthop, by a service or by the kernel itself, and so says
 * nothing about what the engine has still to bring. Other kinds (veth, macvlan, tun …) are how it
 * brings interfaces. */
static const char *const own_kinds[] = {"vrf", "bridge", "dummy", "bond", "team", "vlan", "vxlan",
	"geneve", "gretap", "ip6gretap", "erspan", "ip6erspan", "ifb", "nlmon", "macsec", "batadv",
	"hsr"};

static bool is_from_outside(const struct gate_link *link)
{
	if (link->is_loopback || !link->is_ethernet)
		return false;
	for (unsigned i = 0; i < sizeof(own_kinds) / sizeof(own_kinds[0]); i++) {
		if (strcmp(own_kinds[i], link->kind) == 0)
			return false;
	}
	return true;
}

/* What containerlab counts in CLAB_INTFS: the links of the topology, whatever it calls them, but
 * not its own eth0. A link to nowhere is a dummy there. */
static bool is_clab(const struct gate_link *link)
{
	return (is_from_outside(link) || strcmp(link->kind, "dummy") == 0) &&
	       strcmp(link->name, "eth0") != 0;
}

/* How many of the links that count there are. */
static unsigned count(bool (*counts)(const struct gate_link *), const struct gate_link *links,
	unsigned link_count)
{
	unsigned found = 0;

	for (unsigned i = 0; i < link_count; i++)
		found += counts(&links[i]);
	return found;
}

static bool is_there(const char *pattern, const struct gate_link *links, unsigned link_count)
{
	for (unsigned i = 0; i < link_count; i++) {
		if (fnmatch(pattern, links[i].name, 0) == 0)
			return true;
	}
	return false;
}

/* 0 when it is not set or no number. */
static unsigned parse_clab_intfs(struct arena *arena, const char *value, const char **ret_note)
{
	char *end;
	unsigned long number;

	if (!value)
		return 0;
	errno = 0;
	number = strtoul(value, &end, 10);
	/* strtoul() takes blanks and signs; none belongs here. */
	if (value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0 &&
		number <= CLAB_INTFS_MAX)
		return (unsigned)number;
	*ret_note = arena_printf(arena, "CLAB_INTFS is %s, which is no number of interfaces",
		text_quote_string(arena, value));
	return 0;
}

/* "missing eth3, eth4 and 2 others" */
static void tell_missing(struct text *text, const struct words *names,
	const struct gate_link *links, unsigned link_count)
{
	unsigned missing = 0;

	for (unsigned i = 0; i < names->count; i++) {
		if (is_there(names->word[i], links, link_count))
			continue;
		missing++;
		if (missing <= MISSING_TOLD_MAX)
			text_printf(
				text, "%s%s", missing > 1 ? ", " : ": missing ", names->word[i]);
	}
	if (missing > MISSING_TOLD_MAX)
		text_printf(text, " and %u more", missing - MISSING_TOLD_MAX);
}

static const char *tell(struct arena *arena, const struct interfaces *asked,
	const struct gate_link *links, unsigned link_count, const struct gate_answer *answer)
{
	struct text text = {.arena = arena};

	if (answer->wanted == 0)
		return "none is waited for";
	if (answer->is_open)
		text_printf(&text, answer->wanted > 1 ? "all %u are there" : "it is there",
			answer->wanted);
	else
		text_printf(&text, "%u of %u", answer->there, answer->wanted);
	if (!answer->is_open && asked->kind == INTERFACES_NAMES)
		tell_missing(&text, &asked->names, links, link_count);
	return text_string(&text);
}

void gate_look(struct arena *arena, const struct interfaces *asked, const char *clab_intfs,
	const struct gate_link *links, unsigned link_count, struct gate_answer *ret_answer)
{
	struct gate_answer answer = {0};

	switch (asked->kind) {
	case INTERFACES_NONE:
	case INTERFACES_KIND_COUNT:
		break;
	case INTERFACES_AUTO:
		answer.wanted = parse_clab_intfs(arena, clab_intfs, &answer.note);
		answer.there = count(is_clab, links, link_count);
		break;
	case INTERFACES_COUNT:
		answer.wanted = asked->count;
		answer.there = count(is_from_outside, links, link_count);
		break;
	case INTERFACES_NAMES:
		answer.wanted = asked->names.count;
		for (unsigned i = 0; i < asked->names.count; i++)
			answer.there += is_there(asked->names.word[i], links, link_count);
		break;
	}
	answer.is_open = answer.there >= answer.wanted;
	answer.text = tell(arena, asked, links, link_count, &answer);
	*ret_answer = answer;
}

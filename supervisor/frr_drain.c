/* BGP: `bgp shutdown` sends each peer a NOTIFICATION, Cease/Administrative Shutdown.
 *
 * OSPF has no such message. What a neighbour understands is a Hello that does not name it: it falls
 * back to Init at once and takes our links out of its routes. ospfd and ospf6d send one when an
 * interface comes up, and `clear … interface` takes all down and up again. It does not change the
 * configuration.
 *
 * Measured with FRR 8.4 and 10.3, see doc/frr.md. */
#include "supervisor/frr_drain.h"

#include "supervisor/buffer.h"

#include <errno.h>
#include <string.h>

#define BGP_MESSAGE "firsthop stops bgpd"

/* One "router …" line of the configuration, of `length` bytes. */
static void drain_bgp(struct buffer *buffer, const char *line, size_t length)
{
	static const char enter[] = "configure terminal", leave[] = "end";
	static const char shutdown[] = "bgp shutdown message " BGP_MESSAGE;

	buffer_add(buffer, enter, sizeof(enter));
	buffer_add(buffer, line, length);
	buffer_add(buffer, "", 1);
	buffer_add(buffer, shutdown, sizeof(shutdown));
	buffer_add(buffer, leave, sizeof(leave));
}

/* The name after " vrf " in the line; NULL: the default VRF. */
static const char *vrf_of(const char *line, size_t length, size_t *ret_length)
{
	static const char word[] = " vrf ";
	const char *at = strstr(line, word); /* perhaps in a later line */

	if (!at || at >= line + length)
		return NULL;
	at += sizeof(word) - 1;
	*ret_length = (size_t)(line + length - at);
	return at;
}

static void clear(struct buffer *buffer, const char *what, const char *line, size_t length)
{
	const char *vrf = vrf_of(line, length, &length);

	buffer_add_text(buffer, what);
	if (vrf) {
		buffer_add_text(buffer, " vrf ");
		buffer_add(buffer, vrf, length);
	}
	buffer_add(buffer, " interface", sizeof(" interface"));
}

static void drain_ospf(struct buffer *buffer, const char *line, size_t length)
{
	clear(buffer, "clear ip ospf", line, length);
}

static void drain_ospf6(struct buffer *buffer, const char *line, size_t length)
{
	clear(buffer, "clear ipv6 ospf6", line, length);
}

static const struct drain {
	const char *daemon, *router;
	void (*tell)(struct buffer *buffer, const char *line, size_t length);
} drains[] = {
	{"bgpd", "router bgp ", drain_bgp},
	{"ospfd", "router ospf", drain_ospf},
	{"ospf6d", "router ospf6", drain_ospf6},
};

static const struct drain *find(const char *daemon)
{
	size_t length = strcspn(daemon, "-");

	for (size_t i = 0; i < sizeof(drains) / sizeof(drains[0]); i++)
		if (strlen(drains[i].daemon) == length &&
			strncmp(drains[i].daemon, daemon, length) == 0)
			return &drains[i];
	return NULL;
}

bool frr_drain_knows(const char *daemon)
{
	return find(daemon) != NULL;
}

int frr_drain_commands(const char *daemon, const char *configuration, struct buffer *buffer)
{
	const struct drain *drain = find(daemon);
	bool any = false;

	for (const char *line = configuration; drain && *line;) {
		/* vty ends its lines as a terminal wants them, in places. */
		size_t length = strcspn(line, "\r\n");

		if (strncmp(line, drain->router, strlen(drain->router)) == 0) {
			drain->tell(buffer, line, length);
			any = true;
		}
		line += length;
		line += strspn(line, "\r\n");
	}
	if (buffer->failed)
		return -ENOMEM;
	return any ? 0 : -ENOENT;
}

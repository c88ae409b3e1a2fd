/* netlink: links as they are. */
#include "init/netlink.h"
#include "init/netlink_message.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

/* Counters of traffic are most of a link's message, and nobody here asks for them. */
static const uint32_t filter = RTEXT_FILTER_SKIP_STATS;

/* The kind, and what only a vrf has. */
static void parse_linkinfo(struct nlattr *linkinfo, struct link *link)
{
	struct nlattr *parts[IFLA_INFO_MAX + 1], *vrf[IFLA_VRF_MAX + 1];

	if (nla_parse_nested(parts, IFLA_INFO_MAX, linkinfo, NULL) < 0 || !parts[IFLA_INFO_KIND])
		return;
	(void)nla_strlcpy(link->kind, parts[IFLA_INFO_KIND], sizeof(link->kind));
	if (strcmp(link->kind, "vrf") != 0 || !parts[IFLA_INFO_DATA] ||
		nla_parse_nested(vrf, IFLA_VRF_MAX, parts[IFLA_INFO_DATA], NULL) < 0)
		return;
	if (vrf[IFLA_VRF_TABLE] && nla_len(vrf[IFLA_VRF_TABLE]) >= (int)sizeof(uint32_t))
		link->vrf_table = nla_get_u32(vrf[IFLA_VRF_TABLE]);
}

static uint32_t get_number(struct nlattr *attribute)
{
	if (!attribute || nla_len(attribute) < (int)sizeof(uint32_t))
		return 0;
	return nla_get_u32(attribute);
}

bool netlink_parse_link(struct nlmsghdr *message, struct link *ret_link)
{
	struct nlattr *parts[IFLA_MAX + 1];
	struct ifinfomsg info;

	if (nlmsg_datalen(message) < (int)sizeof(info))
		return false;
	memcpy(&info, nlmsg_data(message), sizeof(info));
	/* Bridges tell of their ports with the same types, as AF_BRIDGE. */
	if (info.ifi_family != AF_UNSPEC || info.ifi_index <= 0 ||
		nlmsg_parse(message, sizeof(info), parts, IFLA_MAX, NULL) < 0 ||
		!parts[IFLA_IFNAME])
		return false;
	*ret_link = (struct link){
		.index = (unsigned)info.ifi_index,
		.up = info.ifi_flags & IFF_UP,
		.is_loopback = info.ifi_flags & IFF_LOOPBACK,
		.is_ethernet = info.ifi_type == ARPHRD_ETHER,
		.mtu = get_number(parts[IFLA_MTU]),
		.master = get_number(parts[IFLA_MASTER]),
	};
	(void)nla_strlcpy(ret_link->name, parts[IFLA_IFNAME], sizeof(ret_link->name));
	if (parts[IFLA_LINKINFO])
		parse_linkinfo(parts[IFLA_LINKINFO], ret_link);
	return true;
}

enum { LIST_TRIES = 5 }; /* of a list that changes while it is told */

struct walk {
	bool (*each)(void *context, const struct link *link);
	void *context;
	bool over;
};

static void take_link(void *context, struct nlmsghdr *answer)
{
	struct walk *walk = context;
	struct link link;

	if (!walk->over && answer->nlmsg_type == RTM_NEWLINK && netlink_parse_link(answer, &link))
		walk->over = !walk->each(walk->context, &link);
}

int netlink_each_link(struct netlink *netlink, bool (*each)(void *context, const struct link *link),
	void *context)
{
	const struct ifinfomsg all = {.ifi_family = AF_UNSPEC};
	struct walk walk = {.each = each, .context = context};
	int r = -EAGAIN;

	for (unsigned i = 0; i < LIST_TRIES && r == -EAGAIN; i++) {
		struct nl_msg *message =
			netlink_message(RTM_GETLINK, NLM_F_DUMP, &all, sizeof(all));

		if (message)
			message = netlink_finish(
				message, nla_put_u32(message, IFLA_EXT_MASK, filter));
		r = netlink_request(netlink, message, take_link, &walk);
	}
	return r;
}

static bool keep_link(void *context, const struct link *link)
{
	*(struct link *)context = *link;
	return true;
}

int netlink_find_link(struct netlink *netlink, const char *name, struct link *ret_link)
{
	const struct ifinfomsg by_name = {.ifi_family = AF_UNSPEC};
	struct link link = {0};
	struct walk walk = {.each = keep_link, .context = &link};
	struct nl_msg *message = netlink_message(RTM_GETLINK, 0, &by_name, sizeof(by_name));

	if (message)
		message = netlink_finish(
			message, nla_put_string(message, IFLA_IFNAME, name) |
					 nla_put_u32(message, IFLA_EXT_MASK, filter));
	int r = netlink_request(netlink, message, take_link, &walk);

	if (r < 0)
		return r;
	if (!link.index)
		return -ENODEV;
	*ret_link = link;
	return 0;
}

struct search {
	unsigned index;
	const struct address *address;
	bool found;
};

static void take_address(void *context, struct nlmsghdr *answer)
{
	struct search *search = context;
	struct nlattr *parts[IFA_MAX + 1];
	struct ifaddrmsg info;
	int size = search->address->family == AF_INET ? 4 : 16;

	if (answer->nlmsg_type != RTM_NEWADDR || nlmsg_datalen(answer) < (int)sizeof(info))
		return;
	memcpy(&info, nlmsg_data(answer), sizeof(info));
	if (info.ifa_index != search->index || info.ifa_family != search->address->family ||
		info.ifa_prefixlen != search->address->prefix ||
		nlmsg_parse(answer, sizeof(info), parts, IFA_MAX, NULL) < 0)
		return;
	/* IFA_ADDRESS is the other end's, where there is one. */
	const struct nlattr *own = parts[IFA_LOCAL] ? parts[IFA_LOCAL] : parts[IFA_ADDRESS];

	if (own && nla_len(own) == size &&
		memcmp(nla_data(own), search->address->bytes, (size_t)size) == 0)
		search->found = true;
}

int netlink_has_address(struct netlink *netlink, unsigned index, const struct address *address)
{
	const struct ifaddrmsg all = {.ifa_family = address->family};
	struct search search = {.index = index, .address = address};
	int r = -EAGAIN;

	for (unsigned i = 0; i < LIST_TRIES && r == -EAGAIN; i++)
		r = netlink_request(netlink,
			netlink_message(RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all)), take_address,
			&search);
	return r < 0 ? r : search.found;
}

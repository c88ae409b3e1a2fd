/* netlink: changes, and questions in the form of a change that cannot be.
 *
 * What the kernel can do it tells only when it is told to do it, and only then it loads a module.
 * So it is asked for a link with more queues than it gives to any, and for a route to nowhere: it
 * looks for the kind first, and finds the fault then. */
#include "init/netlink.h"
#include "init/netlink_message.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

enum {
	MAKE = NLM_F_CREATE | NLM_F_EXCL,
	QUEUES_TOO_MANY = 1 << 20, /* the kernel's maximum is 4096 */
	LOOPBACK_NET = 127,
};

static const char probe_name[] = "firsthop-probe";
static const unsigned char probe_address[] = {192, 0, 2, 254}; /* RFC 5737: nobody's */

static struct nl_msg *link_message(int type, int flags, const struct ifinfomsg *info)
{
	return netlink_message(type, flags, info, sizeof(*info));
}

/* A link of that kind; a vrf also with its table. */
static struct nl_msg *put_kind(struct nl_msg *message, const char *kind, uint32_t table)
{
	struct nlattr *info = message ? nla_nest_start(message, IFLA_LINKINFO) : NULL, *data = NULL;
	int failed = info ? nla_put_string(message, IFLA_INFO_KIND, kind) : -1;

	if (!failed && table) {
		data = nla_nest_start(message, IFLA_INFO_DATA);
		failed = data ? nla_put_u32(message, IFLA_VRF_TABLE, table) : -1;
		if (!failed)
			nla_nest_end(message, data);
	}
	if (!failed)
		nla_nest_end(message, info);
	return message ? netlink_finish(message, failed) : NULL;
}

/* It cannot have been made; but if it was, it goes. */
static void delete_probe(struct netlink *netlink)
{
	const struct ifinfomsg info = {.ifi_family = AF_UNSPEC};
	struct nl_msg *message = link_message(RTM_DELLINK, 0, &info);

	if (message)
		message = netlink_finish(message, nla_put_string(message, IFLA_IFNAME, probe_name));
	(void)netlink_request(netlink, message, NULL, NULL); /* nothing else is to be done */
}

int netlink_ask_link(struct netlink *netlink, const char *kind)
{
	const struct ifinfomsg info = {.ifi_family = AF_UNSPEC};
	struct nl_msg *message = link_message(RTM_NEWLINK, MAKE, &info);

	if (message)
		message = netlink_finish(
			message, nla_put_string(message, IFLA_IFNAME, probe_name) |
					 nla_put_u32(message, IFLA_NUM_TX_QUEUES, QUEUES_TOO_MANY));
	int r = netlink_request(netlink, put_kind(message, kind, 0), NULL, NULL);

	if (r == 0)
		delete_probe(netlink);
	/* Anything that is wrong with the link was found behind the kind. */
	return r == -EINVAL || r == -ERANGE ? 0 : r;
}

static struct nl_msg *route_message(int type, int flags)
{
	const struct rtmsg route = {.rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST};
	struct nl_msg *message = netlink_message(type, flags, &route, sizeof(route));

	if (!message)
		return NULL;
	return netlink_finish(
		message, nla_put(message, RTA_DST, sizeof(probe_address), probe_address));
}

int netlink_ask_encapsulation(struct netlink *netlink, unsigned type)
{
	struct nl_msg *message = route_message(RTM_NEWROUTE, MAKE);

	if (message)
		message = netlink_finish(
			message, nla_put_u16(message, RTA_ENCAP_TYPE, (uint16_t)type));
	int r = netlink_request(netlink, message, NULL, NULL);

	switch (r) {
	case 0: /* cannot be: it leads nowhere */
		(void)netlink_request(netlink, route_message(RTM_DELROUTE, 0), NULL, NULL);
		return 0;
	case -EINVAL: /* a kernel that does not know the number */
		return -EOPNOTSUPP;
	case -ENODEV: /* the encapsulation is there; what lacks is where the route leads */
	case -ENETUNREACH:
	case -EHOSTUNREACH:
		return 0;
	default:
		return r;
	}
}

int netlink_ask_change(struct netlink *netlink)
{
	const struct ifinfomsg nothing = {.ifi_index = LOOPBACK_INDEX};

	return netlink_request(netlink, link_message(RTM_SETLINK, 0, &nothing), NULL, NULL);
}

int netlink_set_up(struct netlink *netlink, unsigned index)
{
	const struct ifinfomsg info = {
		.ifi_index = (int)index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};

	return netlink_request(netlink, link_message(RTM_NEWLINK, 0, &info), NULL, NULL);
}

static int set_number(struct netlink *netlink, unsigned index, int attribute, uint32_t number)
{
	const struct ifinfomsg info = {.ifi_index = (int)index};
	struct nl_msg *message = link_message(RTM_NEWLINK, 0, &info);

	if (message)
		message = netlink_finish(message, nla_put_u32(message, attribute, number));
	return netlink_request(netlink, message, NULL, NULL);
}

int netlink_set_mtu(struct netlink *netlink, unsigned index, unsigned mtu)
{
	return set_number(netlink, index, IFLA_MTU, mtu);
}

int netlink_set_master(struct netlink *netlink, unsigned index, unsigned master)
{
	return set_number(netlink, index, IFLA_MASTER, master);
}

int netlink_add_address(struct netlink *netlink, unsigned index, const struct address *address)
{
	bool is_ipv4 = address->family == AF_INET;
	bool is_host = is_ipv4 && address->bytes[0] == LOOPBACK_NET;
	int size = is_ipv4 ? 4 : 16;
	const struct ifaddrmsg info = {
		.ifa_family = address->family,
		.ifa_prefixlen = address->prefix,
		.ifa_scope = is_host ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
		.ifa_index = index,
	};
	struct nl_msg *message = netlink_message(RTM_NEWADDR, MAKE, &info, sizeof(info));

	if (message)
		message = netlink_finish(
			message, nla_put(message, IFA_LOCAL, size, address->bytes) |
					 nla_put(message, IFA_ADDRESS, size, address->bytes));
	return netlink_request(netlink, message, NULL, NULL);
}

int netlink_add_vrf(struct netlink *netlink, const char *name, uint32_t table)
{
	const struct ifinfomsg info = {
		.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
	struct nl_msg *message = link_message(RTM_NEWLINK, MAKE, &info);

	if (message)
		message = netlink_finish(message, nla_put_string(message, IFLA_IFNAME, name));
	return netlink_request(netlink, put_kind(message, "vrf", table), NULL, NULL);
}

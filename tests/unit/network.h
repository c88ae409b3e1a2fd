/* network: a network namespace of its own for a test program, so that links can be made in it. */
#ifndef FIRSTHOP_TESTS_UNIT_NETWORK_H
#define FIRSTHOP_TESTS_UNIT_NETWORK_H

#include "init/netlink.h"
#include "init/netlink_message.h"
#include "tests/check.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sched.h>
#include <sys/capability.h>
#include <sys/socket.h>

/* As root or, where that may, as an ordinary user. false: there are none here, which is said. */
static bool network_enter(void)
{
	if (unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
		return true;
	printf("skip network: no network namespaces here: %s\n", strerror(errno));
	return false;
}

/* A message about the link of that name, to be filled. */
static inline struct nl_msg *network_message(int type, int flags, const char *name)
{
	const struct ifinfomsg info = {.ifi_family = AF_UNSPEC};
	struct nl_msg *message = netlink_message(type, flags, &info, sizeof(info));

	return netlink_finish(message, nla_put_string(message, IFLA_IFNAME, name));
}

/* A link of a kind that asks for nothing else; with a peer, a veth pair. */
static inline int network_add(
	struct netlink *netlink, const char *kind, const char *name, const char *peer)
{
	const struct ifinfomsg other = {.ifi_family = AF_UNSPEC};
	struct nl_msg *message = network_message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name);
	struct nlattr *info = nla_nest_start(message, IFLA_LINKINFO);

	(void)nla_put_string(message, IFLA_INFO_KIND, kind);
	if (peer) {
		struct nlattr *data = nla_nest_start(message, IFLA_INFO_DATA);
		struct nlattr *end = nla_nest_start(message, VETH_INFO_PEER);

		(void)nlmsg_append(
			message, (void *)(uintptr_t)&other, sizeof(other), NLMSG_ALIGNTO);
		(void)nla_put_string(message, IFLA_IFNAME, peer);
		nla_nest_end(message, end);
		nla_nest_end(message, data);
	}
	nla_nest_end(message, info);
	return netlink_request(netlink, message, NULL, NULL);
}

static inline int network_delete(struct netlink *netlink, const char *name)
{
	return netlink_request(netlink, network_message(RTM_DELLINK, 0, name), NULL, NULL);
}

/* Sets it down as well: before Linux 6.3 only then it may be. */
static inline int network_rename(struct netlink *netlink, const char *name, const char *to)
{
	struct link link = {0};
	int r = netlink_find_link(netlink, name, &link);
	const struct ifinfomsg info = {.ifi_index = (int)link.index, .ifi_change = IFF_UP};

	if (r == 0)
		r = netlink_request(
			netlink, netlink_message(RTM_NEWLINK, 0, &info, sizeof(info)), NULL, NULL);
	if (r < 0)
		return r;
	struct nl_msg *message = netlink_message(RTM_NEWLINK, 0, &info, sizeof(info));

	return netlink_request(netlink,
		netlink_finish(message, nla_put_string(message, IFLA_IFNAME, to)), NULL, NULL);
}

/* Takes NET_ADMIN from this process, as a container without it. The kernel asks for it in the user
 * namespace that owns the network. */
static inline bool network_lose_capability(void)
{
	const cap_value_t lost = CAP_NET_ADMIN;
	cap_t all = cap_get_proc();
	bool done = all && cap_set_flag(all, CAP_EFFECTIVE, 1, &lost, CAP_CLEAR) == 0 &&
		    cap_set_proc(all) == 0;

	(void)cap_free(all);
	return done;
}

static inline void network_regain_capability(void)
{
	const cap_value_t lost = CAP_NET_ADMIN;
	cap_t all = cap_get_proc();

	CHECK(all && cap_set_flag(all, CAP_EFFECTIVE, 1, &lost, CAP_SET) == 0 &&
		cap_set_proc(all) == 0);
	(void)cap_free(all);
}

#endif

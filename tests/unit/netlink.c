/* netlink: what the kernel is asked, told and changed through it, in a network of its own. */
#include "init/netlink.h"
#include "tests/unit/network.h"

#include <linux/lwtunnel.h>
#include <netlink/socket.h>
#include <stdlib.h>

static struct netlink *netlink;

static bool count_link(void *context, const struct link *link)
{
	(void)link;
	++*(unsigned *)context;
	return true;
}

static unsigned count_links(void)
{
	unsigned count = 0;

	CHECK_INT(netlink_each_link(netlink, count_link, &count), 0);
	return count;
}

static bool stop_at_once(void *context, const struct link *link)
{
	(void)link;
	return ++*(unsigned *)context < 2;
}

static void links_are_told(void)
{
	struct link link;
	unsigned before = count_links(), told = 0;

	CHECK_INT(netlink_find_link(netlink, "lo", &link), 0);
	CHECK_INT(link.index, 1);
	CHECK(link.is_loopback && !link.is_ethernet && !link.up);
	CHECK_STR(link.kind, "");
	CHECK_INT(network_add(netlink, "veth", "eth1", "other"), 0);
	CHECK_INT(count_links(), before + 2);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK_STR(link.name, "eth1");
	CHECK_STR(link.kind, "veth");
	CHECK(link.is_ethernet && !link.up && !link.is_loopback);
	CHECK_INT(link.mtu, 1500);
	CHECK_INT(link.master, 0);
	CHECK_INT(netlink_each_link(netlink, stop_at_once, &told), 0);
	CHECK_INT(told, 2);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(count_links(), before);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), -ENODEV);
}

static void asking_makes_nothing(void)
{
	static const char *const kinds[] = {"dummy", "veth", "bridge", "vxlan", "vrf", "bond",
		"macvlan", "vlan", "ipvlan", "wireguard", "gre", "sit", "ip6gre", "geneve", "tun",
		"ifb", "xfrm", "no-such-kind", ""};
	unsigned before = count_links();

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int r = netlink_ask_link(netlink, kinds[i]);

		if (r != 0 && r != -EOPNOTSUPP)
			fprintf(stderr, "%s: %d, %s\n", kinds[i], r, netlink_words(netlink));
		CHECK(r == 0 || r == -EOPNOTSUPP);
		/* Other kinds' modules may have brought links such as sit0 with them. */
		struct link link;

		CHECK_INT(netlink_find_link(netlink, "firsthop-probe", &link), -ENODEV);
	}
	CHECK(count_links() >= before);
	CHECK_INT(netlink_ask_link(netlink, "veth"), 0);
	CHECK_INT(netlink_ask_link(netlink, "no-such-kind"), -EOPNOTSUPP);
	CHECK_STR(netlink_words(netlink), "Unknown device type");
}

/* Nor is one made for a moment: of that there would be news. */
static void asking_is_no_news(void)
{
	static const char *const kinds[] = {"veth", "bridge", "dummy", "vrf"};
	struct nl_sock *listener = NULL;
	char byte;

	CHECK_INT(netlink_socket(SOCK_NONBLOCK, &listener), 0);
	CHECK_INT(nl_socket_add_membership(listener, RTNLGRP_LINK), 0);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		(void)netlink_ask_link(netlink, kinds[i]); /* there or not */
	CHECK_INT(recv(nl_socket_get_fd(listener), &byte, 1, 0), -1);
	CHECK_INT(errno, EAGAIN);
	CHECK_INT(network_add(netlink, "bridge", "br0", NULL), 0);
	CHECK_INT(recv(nl_socket_get_fd(listener), &byte, 1, 0), 1);
	CHECK_INT(network_delete(netlink, "br0"), 0);
	nl_socket_free(listener);
}

static void count_route(void *context, struct nlmsghdr *answer)
{
	if (answer->nlmsg_type == RTM_NEWROUTE)
		++*(unsigned *)context;
}

static unsigned count_routes(void)
{
	const struct rtmsg all = {.rtm_family = AF_INET};
	unsigned count = 0;

	CHECK_INT(netlink_request(netlink,
			  netlink_message(RTM_GETROUTE, NLM_F_DUMP, &all, sizeof(all)), count_route,
			  &count),
		0);
	return count;
}

static void asking_adds_no_route(void)
{
	static const unsigned types[] = {
		LWTUNNEL_ENCAP_MPLS, LWTUNNEL_ENCAP_SEG6, LWTUNNEL_ENCAP_SEG6_LOCAL, 99};
	struct link lo;

	CHECK_INT(netlink_find_link(netlink, "lo", &lo), 0);
	CHECK_INT(netlink_set_up(netlink, lo.index), 0);
	unsigned before = count_routes();

	CHECK(before > 0);
	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int r = netlink_ask_encapsulation(netlink, types[i]);

		CHECK(r == 0 || r == -EOPNOTSUPP);
		CHECK_INT(count_routes(), before);
	}
	CHECK_INT(netlink_ask_encapsulation(netlink, 99), -EOPNOTSUPP);
}

static void without_the_capability_it_does_not_tell(void)
{
	struct link link;

	CHECK(network_lose_capability());
	CHECK_INT(netlink_ask_link(netlink, "veth"), -EPERM);
	CHECK_STR(netlink_words(netlink), "Operation not permitted");
	CHECK_INT(netlink_ask_encapsulation(netlink, LWTUNNEL_ENCAP_SEG6), -EPERM);
	CHECK_INT(netlink_set_up(netlink, 1), -EPERM);
	CHECK_INT(netlink_find_link(netlink, "lo", &link), 0);
	network_regain_capability();
}

static void links_are_changed(void)
{
	const struct address ipv4 = {
		.text = "192.0.2.1/24", .family = AF_INET, .prefix = 24, .bytes = {192, 0, 2, 1}};
	const struct address ipv6 = {.text = "2001:db8::1/64",
		.family = AF_INET6,
		.prefix = 64,
		.bytes = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
	struct address shorter = ipv4;
	struct link link, bridge;

	shorter.prefix = 25;
	CHECK_INT(network_add(netlink, "veth", "eth1", "other"), 0);
	CHECK_INT(network_add(netlink, "bridge", "br0", NULL), 0);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK_INT(netlink_find_link(netlink, "br0", &bridge), 0);
	CHECK_INT(netlink_set_up(netlink, link.index), 0);
	CHECK_INT(netlink_set_mtu(netlink, link.index, 9000), 0);
	CHECK_INT(netlink_has_address(netlink, link.index, &ipv4), 0);
	CHECK_INT(netlink_add_address(netlink, link.index, &ipv4), 0);
	CHECK_INT(netlink_add_address(netlink, link.index, &ipv4), -EEXIST);
	CHECK_INT(netlink_add_address(netlink, link.index, &ipv6), 0);
	CHECK_INT(netlink_add_address(netlink, link.index, &ipv6), -EEXIST);
	CHECK_INT(netlink_has_address(netlink, link.index, &ipv4), 1);
	CHECK_INT(netlink_has_address(netlink, link.index, &ipv6), 1);
	CHECK_INT(netlink_has_address(netlink, link.index, &shorter), 0);
	CHECK_INT(netlink_has_address(netlink, bridge.index, &ipv4), 0);
	CHECK_INT(netlink_set_master(netlink, link.index, bridge.index), 0);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK(link.up);
	CHECK_INT(link.mtu, 9000);
	CHECK_INT(link.master, bridge.index);
	CHECK_INT(netlink_set_mtu(netlink, link.index, 1000000), -EINVAL);
	CHECK_STR(netlink_words(netlink), "mtu greater than device maximum");
	CHECK_INT(netlink_set_master(netlink, link.index, 0), 0);
	CHECK_INT(netlink_set_up(netlink, 4711), -ENODEV);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(network_delete(netlink, "br0"), 0);
}

/* Where the kernel has no vrf, it says so. */
static void a_vrf_is_made_up_and_with_its_table(void)
{
	int known = netlink_ask_link(netlink, "vrf");
	int r = netlink_add_vrf(netlink, "CE", 1001);
	struct link link;

	CHECK_INT(r, known);
	if (known != 0)
		return;
	CHECK_INT(netlink_find_link(netlink, "CE", &link), 0);
	CHECK_INT(link.vrf_table, 1001);
	CHECK(link.up);
	CHECK_INT(netlink_add_vrf(netlink, "CE", 1001), -EEXIST);
	CHECK_INT(network_delete(netlink, "CE"), 0);
}

int main(void)
{
	/* The debug handlers of libnl are for nobody who is PID 1. */
	(void)setenv("NLCB", "debug", 1);
	if (!network_enter())
		return 0;
	int r = netlink_open(&netlink);

	CHECK_INT(r, 0);
	if (r < 0)
		return 1;
	RUN(links_are_told);
	RUN(asking_makes_nothing);
	RUN(asking_is_no_news);
	RUN(asking_adds_no_route);
	RUN(without_the_capability_it_does_not_tell);
	RUN(links_are_changed);
	RUN(a_vrf_is_made_up_and_with_its_table);
	netlink_close(netlink);
	return CHECK_EXIT_STATUS();
}

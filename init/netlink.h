/* netlink: one socket to the kernel's routing netlink (rtnetlink(7)), for questions and changes
 * that are answered at once. libnl makes and parses the messages; errors stay the kernel's own,
 * with the kernel's words for them, because the cure depends on which one it was.
 *
 * Each call blocks until the kernel has answered. For news of links see links.h. */
#ifndef FIRSTHOP_INIT_NETLINK_H
#define FIRSTHOP_INIT_NETLINK_H

#include "config/model.h"

#include <stdbool.h>
#include <stdint.h>

#define LOOPBACK_INDEX 1 /* in each network namespace, by the kernel's promise */

struct netlink;

/* 0 or -errno (no netlink in this sandbox, no memory). */
int netlink_open(struct netlink **ret_netlink);
void netlink_close(struct netlink *netlink); /* NULL is fine */

/* What the kernel said about the last failure in its own words ("VRF table id is missing"), or what
 * its errno means. Good until the next call. Never NULL. */
const char *netlink_words(const struct netlink *netlink);

/* May a link of that kind ("vrf", "dummy", "vxlan", "wireguard" …) be made here? Asks for one that
 * cannot be, so that none is made; which lets the kernel load the module. 0: yes; -EOPNOTSUPP: the
 * kernel has it not, and could not load it; -EPERM: without NET_ADMIN it does not tell; -errno. */
int netlink_ask_link(struct netlink *netlink, const char *kind);
/* The same for a kind of encapsulation of routes: LWTUNNEL_ENCAP_MPLS, _SEG6, _SEG6_LOCAL of
 * linux/lwtunnel.h. No route is added. */
int netlink_ask_encapsulation(struct netlink *netlink, unsigned type);

#define LINK_KIND_MAX 15 /* bytes without the NUL; a longer kind is cut */

/* A link as it is. */
struct link {
	unsigned index;
	char name[INTERFACE_NAME_MAX + 1];
	char kind[LINK_KIND_MAX + 1]; /* "vrf", "veth", "dummy"; "": hardware, or it does not say */
	bool up;		      /* administratively, IFF_UP */
	bool is_loopback;
	bool is_ethernet;
	unsigned mtu;	    /* bytes */
	unsigned master;    /* index; 0: none */
	uint32_t vrf_table; /* of a vrf; else 0 */
};

/* Calls `each` for every link; stops when it returns false. 0 or -errno. `each` must not use
 * `netlink`. When links come or go meanwhile, the kernel is asked again, and `each` may be called
 * more than once for a link; -EAGAIN: it has not come to rest. */
int netlink_each_link(struct netlink *netlink, bool (*each)(void *context, const struct link *link),
	void *context);
/* 0, -ENODEV or another -errno. */
int netlink_find_link(struct netlink *netlink, const char *name, struct link *ret_link);
/* Has the link that address, with that prefix? 1, 0 or -errno. */
int netlink_has_address(struct netlink *netlink, unsigned index, const struct address *address);

/* May links be changed? 0, or -EPERM: without NET_ADMIN not; -errno. Changes nothing. */
int netlink_ask_change(struct netlink *netlink);

/* Changes. 0 or -errno, see netlink_words(). */
int netlink_set_up(struct netlink *netlink, unsigned index);
int netlink_set_mtu(struct netlink *netlink, unsigned index, unsigned mtu);
int netlink_set_master(struct netlink *netlink, unsigned index, unsigned master);
/* -EEXIST: it has it already. */
int netlink_add_address(struct netlink *netlink, unsigned index, const struct address *address);
/* Made and set up in one. -EEXIST: there is an interface of that name. */
int netlink_add_vrf(struct netlink *netlink, const char *name, uint32_t table);

#endif

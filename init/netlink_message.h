/* netlink_message: what the parts of netlink share, and links.c with them: a socket, one request
 * with its answers, and what a message says of a link. */
#ifndef FIRSTHOP_INIT_NETLINK_MESSAGE_H
#define FIRSTHOP_INIT_NETLINK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct link;
struct netlink;
struct nl_msg;
struct nl_sock;
struct nlmsghdr;

/* A bound socket; `flags` as in socket(2), SOCK_NONBLOCK or 0. nl_socket_free() closes it. 0 or
 * -errno. */
int netlink_socket(int flags, struct nl_sock **ret_socket);

typedef void netlink_answer_fn(void *context, struct nlmsghdr *answer);

/* Sends the message, which it frees (NULL: -ENOMEM), and calls `each`, if not NULL, for each
 * answer, but for the one that says how it went: 0 or -errno; -EAGAIN: a list that changed while it
 * was told, and is not whole. */
int netlink_request(
	struct netlink *netlink, struct nl_msg *message, netlink_answer_fn *each, void *context);

/* A message of that RTM_ type with the fixed part `header`. NULL: no memory. */
struct nl_msg *netlink_message(int type, int flags, const void *header, size_t size);
/* The message, if `failed` is 0 (the sum of what nla_put and its like returned); else NULL, and the
 * message is freed. */
struct nl_msg *netlink_finish(struct nl_msg *message, int failed);

/* Of RTM_NEWLINK or RTM_DELLINK. false: it is about no link (a bridge's port, say), or malformed.
 */
bool netlink_parse_link(struct nlmsghdr *message, struct link *ret_link);

#endif

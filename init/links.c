/* The kernel tells of each change of a link in a message, of a new name as of a new flag, and keeps
 * them until they are read. What is told from here is the difference between what the messages say
 * when all were read and what was told before. So a link that has been renamed twice by then never
 * had the names between, and it does not matter in which order a list of all links and the messages
 * of the same moments are taken in.
 *
 * When the kernel has run out of room it drops messages and says so (ENOBUFS). Then all links are
 * asked for, and those that are not among them are gone. */
#include "init/links.h"

#include "init/loop.h"
#include "init/netlink_message.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
	MESSAGES_PER_CALL = 64,	  /* what is left over wakes the loop again */
	QUEUE_BYTES = 512 * 1024, /* the kernel gives less where net.core.rmem_max is less */
	LINKS_MIN = 16,
};

struct known {
	struct link link; /* as the kernel says */
	bool is_there;
	bool is_told;
	bool was_away;	/* it has left since: what comes again is bare of all that it had */
	bool is_listed; /* the list that is being taken in has it */
	char told_name[INTERFACE_NAME_MAX + 1];
};

struct links {
	struct loop *loop;
	const struct link_operations *operations;
	struct nl_sock *socket;
	struct nl_cb *handlers;
	uint64_t source;
	struct known *known;
	unsigned count, capacity;
	bool lost;     /* something was dropped: ask for all */
	bool tell_all; /* also of those that were told */
};

static struct known *find(const struct links *links, unsigned index)
{
	for (unsigned i = 0; i < links->count; i++) {
		if (links->known[i].link.index == index)
			return &links->known[i];
	}
	return NULL;
}

static struct known *add(struct links *links)
{
	if (links->count == links->capacity) {
		unsigned capacity = links->capacity ? 2 * links->capacity : LINKS_MIN;
		struct known *known = realloc(links->known, capacity * sizeof(*known));

		if (!known)
			return NULL;
		links->known = known;
		links->capacity = capacity;
	}
	links->known[links->count] = (struct known){0};
	return &links->known[links->count++];
}

/* Without memory the link is not known until the kernel mentions it again. */
static bool take_present(void *context, const struct link *link)
{
	struct links *links = context;
	struct known *known = find(links, link->index);

	if (!known)
		known = add(links);
	if (!known)
		return true;
	known->link = *link;
	known->is_there = true;
	known->is_listed = true;
	return true;
}

static int on_message(struct nl_msg *message, void *context)
{
	struct links *links = context;
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct link link;

	if (links->lost || !netlink_parse_link(header, &link))
		return NL_OK; /* old news: a list of all follows */
	if (header->nlmsg_type == RTM_NEWLINK) {
		(void)take_present(links, &link);
	} else if (header->nlmsg_type == RTM_DELLINK) {
		struct known *known = find(links, link.index);

		if (known) {
			known->is_there = false;
			known->was_away = true;
		}
	}
	return NL_OK;
}

/* Takes in a list of all links. */
static int ask_for_all(struct links *links)
{
	struct netlink *netlink = NULL;
	int r = netlink_open(&netlink);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < links->count; i++)
		links->known[i].is_listed = false;
	r = netlink_each_link(netlink, take_present, links);
	for (unsigned i = 0; i < links->count && r == 0; i++)
		links->known[i].is_there = links->known[i].is_listed;
	netlink_close(netlink);
	return r;
}

static void tell_gone(const struct links *links, struct known *known)
{
	struct link gone = known->link;

	memcpy(gone.name, known->told_name, sizeof(gone.name));
	known->is_told = false;
	links->operations->gone(links->operations->context, &gone);
}

/* Tells what is different from what was told, and forgets what is gone. First what is gone: its
 * name may be another's now. */
static void settle(struct links *links)
{
	const struct link_operations *operations = links->operations;
	unsigned kept = 0;

	for (unsigned i = 0; i < links->count; i++) {
		struct known *known = &links->known[i];

		if (known->is_told && (!known->is_there || known->was_away ||
					      strcmp(known->told_name, known->link.name) != 0))
			tell_gone(links, known);
		known->was_away = false;
	}
	for (unsigned i = 0; i < links->count; i++) {
		if (links->known[i].is_there)
			links->known[kept++] = links->known[i];
	}
	links->count = kept;
	for (unsigned i = 0; i < links->count; i++) {
		struct known *known = &links->known[i];

		if (known->is_told && !links->tell_all)
			continue;
		memcpy(known->told_name, known->link.name, sizeof(known->told_name));
		known->is_told = true;
		operations->arrived(operations->context, &known->link);
	}
	links->tell_all = false;
	operations->settled(operations->context);
}

static void on_readable(void *context, int fd, uint32_t events)
{
	struct links *links = context;
	int r = 0;

	(void)fd;
	(void)events; /* an error shows in the read */
	for (int i = 0; i < MESSAGES_PER_CALL && r != -NLE_AGAIN; i++) {
		r = nl_recvmsgs(links->socket, links->handlers);
		/* libnl's NLE_NOMEM is also ENOBUFS. Anything but "no more" loses something, too.
		 */
		links->lost |= r < 0 && r != -NLE_AGAIN;
	}
	/* The kernel says so before what it has kept, and drops all news until that is read: so the
	 * list is of use only behind it. When it fails, the next message is the next attempt. */
	if (links->lost && r == -NLE_AGAIN && ask_for_all(links) == 0) {
		links->lost = false;
		links->tell_all = true; /* each of them may have been away meanwhile */
	}
	if (!links->lost)
		settle(links);
}

static int subscribe(struct links *links)
{
	int r = netlink_socket(SOCK_NONBLOCK, &links->socket);

	if (r < 0)
		return r;
	links->handlers = nl_cb_alloc(NL_CB_CUSTOM);
	if (!links->handlers)
		return -ENOMEM;
	(void)nl_cb_set(links->handlers, NL_CB_VALID, NL_CB_CUSTOM, on_message, links);
	nl_socket_disable_auto_ack(links->socket); /* nor does it then compare sequence numbers */
	(void)nl_socket_set_buffer_size(links->socket, QUEUE_BYTES, 0); /* less does as well */
	if (nl_socket_add_membership(links->socket, RTNLGRP_LINK) < 0)
		return -EIO;
	return loop_add(links->loop, nl_socket_get_fd(links->socket), EPOLLIN, RANK_LINK,
		on_readable, links, &links->source);
}

int links_open(
	struct loop *loop, const struct link_operations *operations, struct links **ret_links)
{
	struct links *links = calloc(1, sizeof(*links));
	int r;

	if (!links)
		return -ENOMEM;
	links->loop = loop;
	links->operations = operations;
	r = subscribe(links); /* first, so that nothing is missed between the two */
	if (r == 0)
		r = ask_for_all(links);
	if (r < 0) {
		links_close(links);
		return r;
	}
	*ret_links = links; /* for those who are told */
	settle(links);
	return 0;
}

void links_close(struct links *links)
{
	if (!links)
		return;
	loop_remove(links->loop, links->source);
	nl_cb_put(links->handlers);
	nl_socket_free(links->socket);
	free(links->known);
	free(links);
}

void links_tell_again(struct links *links)
{
	for (unsigned i = 0; i < links->count; i++)
		links->known[i].is_told = false;
	settle(links);
}

unsigned links_count(const struct links *links)
{
	return links->count;
}

const struct link *links_get(const struct links *links, unsigned number)
{
	return &links->known[number].link;
}

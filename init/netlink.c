/* libnl turns the kernel's errors into its own, fewer ones, and drops the kernel's words. So the
 * handlers here take both from the message itself, and the socket is opened without libnl, whose
 * errors when it does so say no more than "failure".
 *
 * The kernel answers within the send, all but the later parts of a long list; so a request blocks
 * no longer than the kernel works on it. */
#include "init/netlink.h"

#include "init/netlink_message.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORDS_MAX_BYTES = 128 };

struct netlink {
	struct nl_sock *socket;
	struct nl_cb *handlers;
	uint32_t sequence; /* of the request; answers to an earlier one are not for us */
	bool done, interrupted;
	int result; /* 0 or -errno */
	netlink_answer_fn *each;
	void *context;
	char words[WORDS_MAX_BYTES];
};

static int on_sequence(struct nl_msg *message, void *context)
{
	const struct netlink *netlink = context;

	return nlmsg_hdr(message)->nlmsg_seq == netlink->sequence ? NL_OK : NL_SKIP;
}

static int on_answer(struct nl_msg *message, void *context)
{
	const struct netlink *netlink = context;

	if (netlink->each)
		netlink->each(netlink->context, nlmsg_hdr(message));
	return NL_OK;
}

/* The list has changed while it was told: before Linux 6.10 it may lack what has been there all the
 * time, and of that no news will come. */
static int on_interruption(struct nl_msg *message, void *context)
{
	struct netlink *netlink = context;

	(void)message;
	netlink->interrupted = true;
	return NL_OK;
}

static int on_success(struct nl_msg *message, void *context)
{
	struct netlink *netlink = context;

	(void)message;
	netlink->done = true;
	return NL_STOP;
}

/* A list that ends with an error says so in its last message. */
static int on_end_of_list(struct nl_msg *message, void *context)
{
	struct netlink *netlink = context;
	struct nlmsghdr *header = nlmsg_hdr(message);

	if (nlmsg_datalen(header) >= (int)sizeof(netlink->result))
		memcpy(&netlink->result, nlmsg_data(header), sizeof(netlink->result));
	netlink->done = true;
	return NL_STOP;
}

/* The kernel's words come behind the request, which the error repeats unless it is capped. */
static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *context)
{
	struct netlink *netlink = context;
	struct nlmsghdr *header = (struct nlmsghdr *)(void *)((char *)error - NLMSG_HDRLEN);
	int fixed = sizeof(*error);
	const struct nlattr *words = NULL;

	(void)from; /* the kernel; others may send here only with NET_ADMIN */
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		fixed += (int)error->msg.nlmsg_len - NLMSG_HDRLEN;
	if (header->nlmsg_flags & NLM_F_ACK_TLVS && fixed <= nlmsg_datalen(header))
		words = nlmsg_find_attr(header, fixed, NLMSGERR_ATTR_MSG);
	if (words)
		(void)nla_strlcpy(netlink->words, words, sizeof(netlink->words));
	netlink->result = error->error;
	netlink->done = true;
	return NL_STOP;
}

int netlink_socket(int flags, struct nl_sock **ret_socket)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK};
	struct nl_sock *handle = NULL;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE);
	int r = fd < 0 ? -errno : 0;

	if (r == 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		r = -errno;
	if (r == 0) {
		/* With handlers of our own: nl_socket_alloc() takes those that $NLCB names. */
		struct nl_cb *none = nl_cb_alloc(NL_CB_CUSTOM);

		handle = none ? nl_socket_alloc_cb(none) : NULL;
		nl_cb_put(none);
		r = handle ? 0 : -ENOMEM;
	}
	if (r == 0 && nl_socket_set_fd(handle, NETLINK_ROUTE, fd) < 0)
		r = -EIO;
	if (r < 0) {
		nl_socket_free(handle);
		if (fd >= 0)
			(void)close(fd); /* nothing was sent */
		return r;
	}
	nl_socket_enable_msg_peek(handle); /* a link with many functions is longer than a page */
	*ret_socket = handle;
	return 0;
}

int netlink_open(struct netlink **ret_netlink)
{
	const int on = 1;
	struct netlink *netlink = calloc(1, sizeof(*netlink));
	int r = netlink ? netlink_socket(0, &netlink->socket) : -ENOMEM;

	if (r == 0) {
		netlink->handlers = nl_cb_alloc(NL_CB_CUSTOM);
		r = netlink->handlers ? 0 : -ENOMEM;
	}
	if (r < 0) {
		netlink_close(netlink);
		return r;
	}
	(void)nl_cb_set(netlink->handlers, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, netlink);
	(void)nl_cb_set(netlink->handlers, NL_CB_VALID, NL_CB_CUSTOM, on_answer, netlink);
	(void)nl_cb_set(netlink->handlers, NL_CB_ACK, NL_CB_CUSTOM, on_success, netlink);
	(void)nl_cb_set(netlink->handlers, NL_CB_FINISH, NL_CB_CUSTOM, on_end_of_list, netlink);
	(void)nl_cb_set(netlink->handlers, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interruption, netlink);
	(void)nl_cb_err(netlink->handlers, NL_CB_CUSTOM, on_error, netlink);
	/* Before Linux 4.12 the kernel has no words. */
	(void)setsockopt(
		nl_socket_get_fd(netlink->socket), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	*ret_netlink = netlink;
	return 0;
}

void netlink_close(struct netlink *netlink)
{
	if (!netlink)
		return;
	nl_cb_put(netlink->handlers);
	nl_socket_free(netlink->socket);
	free(netlink);
}

const char *netlink_words(const struct netlink *netlink)
{
	return netlink->words[0] ? netlink->words : strerror(-netlink->result);
}

struct nl_msg *netlink_message(int type, int flags, const void *header, size_t size)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (!message)
		return NULL;
	return netlink_finish(
		message, nlmsg_append(message, (void *)(uintptr_t)header, size, NLMSG_ALIGNTO));
}

struct nl_msg *netlink_finish(struct nl_msg *message, int failed)
{
	if (failed == 0)
		return message;
	nlmsg_free(message);
	return NULL;
}

/* What libnl says when it could not send or receive; the kernel's own errors do not come here. */
static int error_of_libnl(int error)
{
	switch (-error) {
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM; /* a seccomp filter */
	case NLE_NOMEM:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

int netlink_request(
	struct netlink *netlink, struct nl_msg *message, netlink_answer_fn *each, void *context)
{
	int r = message ? nl_send_auto(netlink->socket, message) : -NLE_NOMEM;

	netlink->words[0] = '\0';
	netlink->result = 0;
	netlink->done = netlink->interrupted = false;
	netlink->each = each;
	netlink->context = context;
	if (message)
		netlink->sequence = nlmsg_hdr(message)->nlmsg_seq;
	while (r >= 0 && !netlink->done)
		r = nl_recvmsgs(netlink->socket, netlink->handlers);
	nlmsg_free(message);
	if (!netlink->done)
		netlink->result = error_of_libnl(r);
	else if (netlink->interrupted && netlink->result == 0)
		netlink->result = -EAGAIN;
	return netlink->result;
}

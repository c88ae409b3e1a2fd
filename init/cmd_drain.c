/* firsthop drain DAEMON: tells the neighbours of an FRR daemon that it goes down. The stop_command
 * of the daemons that [frr] makes, run as a process of its own, so that it may wait for answers.
 * All of it together has DRAIN_MS: a daemon that hangs does not get more out of the stop. */
#include "init/commands.h"

#include "init/loop.h"
#include "init/options.h"
#include "supervisor/buffer.h"
#include "supervisor/frr_drain.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	DRAIN_MS = 500,
	/* ospfd sends the Hello of an interface that came up by a timer of 1 ms. */
	PARTING_MS = 20,
	/* A reply ends with three NULs and a byte of status. */
	REPLY_END_BYTES = 4,
};

struct vty {
	const char *daemon;
	int fd;
	struct timestamp start;
	struct buffer reply; /* without its end */
	bool refused;	     /* a command had another status than 0 */
};

/* Waits until the daemon has taken or said something. 0, -ETIMEDOUT, -errno. */
static int wait_for(const struct vty *vty, short events)
{
	struct pollfd poller = {.fd = vty->fd, .events = events};
	int r;

	do {
		int64_t left_ms = DRAIN_MS - timestamp_elapsed_ms(vty->start, loop_clock());

		r = left_ms > 0 ? poll(&poller, 1, (int)left_ms) : 0;
	} while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	return r ? 0 : -ETIMEDOUT;
}

static int vty_open(struct vty *vty)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(
		address.sun_path, sizeof(address.sun_path), "/var/run/frr/%s.vty", vty->daemon);

	if (length < 0 || (size_t)length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	vty->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (vty->fd < 0)
		return -errno;
	/* Full (EAGAIN) is the queue of one that does not answer anybody. */
	return connect(vty->fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno
											: 0;
}

static int vty_send(const struct vty *vty, const char *command)
{
	for (size_t left = strlen(command) + 1; left > 0;) {
		ssize_t sent = send(vty->fd, command, left, MSG_NOSIGNAL);

		if (sent > 0) {
			command += sent;
			left -= (size_t)sent;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		int r = wait_for(vty, POLLOUT);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Is the reply whole? There is no NUL in its text. */
static bool is_whole(const struct buffer *reply)
{
	return reply->length >= REPLY_END_BYTES &&
	       memcmp(reply->data + reply->length - REPLY_END_BYTES, "\0\0", 3) == 0;
}

/* One command and its reply. 0 whatever its status; -errno: no reply. */
static int vty_say(struct vty *vty, const char *command)
{
	char bytes[4096];
	int r = vty_send(vty, command);

	buffer_reset(&vty->reply);
	while (r == 0 && !is_whole(&vty->reply)) {
		r = wait_for(vty, POLLIN);
		if (r < 0)
			return r;
		ssize_t length = recv(vty->fd, bytes, sizeof(bytes), 0);

		if (length == 0)
			return -EPIPE;
		if (length < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		buffer_add(&vty->reply, bytes, length > 0 ? (size_t)length : 0);
		if (vty->reply.failed)
			return -ENOMEM;
	}
	if (r == 0 && vty->reply.data[vty->reply.length - 1] != '\0') {
		vty->refused = true;
		fprintf(stderr, "firsthop drain: %s: %s: %s\n", vty->daemon, command,
			vty->reply.data);
	}
	return r;
}

/* -ENOENT: no neighbour is to be told. */
static int drain(struct vty *vty, struct buffer *lines)
{
	int r = vty_open(vty);

	if (r == 0)
		r = vty_say(vty, "enable");
	if (r == 0)
		r = vty_say(vty, "show running-config");
	if (r < 0) /* no vty yet: no neighbours yet */
		return r == -ECONNREFUSED ? -ENOENT : r;
	r = frr_drain_commands(vty->daemon, vty->reply.data, lines);
	for (size_t at = 0; r == 0 && at < lines->length; at += strlen(lines->data + at) + 1)
		r = vty_say(vty, lines->data + at);
	if (r == 0)
		(void)poll(NULL, 0, PARTING_MS); /* a pause; cut short is fine */
	return r;
}

int cmd_drain(int argc, char **argv)
{
	const struct option_rules rules = {.operands_min = 1, .operands_max = 1};
	struct vty vty = {.fd = -1, .start = loop_clock()};
	struct buffer lines = {0};
	int operands;
	int r = options_parse(argc, argv, &rules, &operands);

	if (r)
		return options_exit_code(r);
	vty.daemon = argv[1];
	if (!frr_drain_knows(vty.daemon)) {
		fprintf(stderr, "firsthop drain: %s: bgpd, ospfd or ospf6d was expected\n",
			vty.daemon);
		return EXIT_CODE_CONFIG;
	}
	r = drain(&vty, &lines);
	if (r < 0 && r != -ENOENT)
		fprintf(stderr, "firsthop drain: %s: %s; its neighbours find out by themselves\n",
			vty.daemon, r == -ETIMEDOUT ? "does not answer on its vty" : strerror(-r));
	if (vty.fd >= 0)
		(void)close(vty.fd); /* all was said */
	buffer_free(&vty.reply);
	buffer_free(&lines);
	return (r < 0 && r != -ENOENT) || vty.refused ? EXIT_CODE_NO : EXIT_CODE_OK;
}

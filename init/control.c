/* One connection is one conversation: requests are answered one after the other, in order. While an
 * answer is owed (not sent in full, or waited for) the client is not read, so it can make us hold
 * one request and one answer, no more.
 *
 * There are no timers here: at rest the server costs nothing. A client that sends half a request,
 * or never reads its answer, keeps its slot until somebody needs one; then the slot that was quiet
 * for the longest is taken, those that wait for a level of health last. So it is, too, when the
 * answers that nobody fetched come to more than PENDING_MAX. */
#include "init/control.h"

#include "init/control_answer.h"
#include "init/control_socket.h"
#include "init/loop.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS_MAX	 32
#define ACCEPTS_PER_CALL 16
#define PENDING_MAX	 ((size_t)2 * PROTOCOL_REPLY_MAX)
#define REQUEST_BYTES	 (PROTOCOL_HEADER_BYTES + PROTOCOL_REQUEST_MAX)

struct client {
	struct control *control;
	int fd; /* -1: a free slot */
	uint64_t source;
	uint64_t active; /* control->clock when it last did something */
	struct buffer in, out;
	size_t sent;	 /* of out */
	uint32_t events; /* that the loop watches for */
	bool waits;	 /* the answer to `request` comes later */
	bool last_reply; /* close once out is sent */
	struct request request;
};

struct control {
	struct loop *loop;
	const struct control_operations *operations;
	int fd;
	int spare;
	uint64_t source;
	uint64_t clock; /* counts what clients did: an order, not a time */
	unsigned waiting;
	struct sockaddr_un address;
	struct client clients[CLIENTS_MAX];
};

static void client_close(struct client *client)
{
	if (client->fd < 0)
		return;
	loop_remove(client->control->loop, client->source);
	(void)close(client->fd); /* nothing of ours is lost by it */
	buffer_free(&client->in);
	buffer_free(&client->out);
	client->control->waiting -= client->waits;
	*client = (struct client){.control = client->control, .fd = -1};
}

/* The slot to give up for another: quiet for the longest; one that waits only when all do. */
static struct client *quietest(struct control *control, const struct client *keep, bool owed_only)
{
	struct client *found = NULL;

	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &control->clients[i];

		if (client == keep || client->fd < 0 || (owed_only && client->out.length == 0))
			continue;
		if (!found || client->waits < found->waits ||
			(client->waits == found->waits && client->active < found->active))
			found = client;
	}
	return found;
}

static size_t pending_bytes(const struct control *control)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		bytes += control->clients[i].out.capacity;
	return bytes;
}

static void bound_pending(struct client *client)
{
	while (pending_bytes(client->control) > PENDING_MAX) {
		struct client *other = quietest(client->control, client, true);

		if (!other)
			return;
		client_close(other);
	}
}

/* Answers one request of those that have come in. False: there is no whole one. One a call, so that
 * a client that sends many gets no more than its share of a wake-up. */
static bool process(struct client *client)
{
	struct frame frame;
	struct request request;
	int result = frame_read(client->in.data, client->in.length, PROTOCOL_REQUEST_MAX, &frame);

	if (result == 0)
		return false;
	if (result == 1) {
		result = protocol_get_request(&frame, &request);
		buffer_consume(&client->in, frame.frame_bytes);
	}
	if (result < 0) {
		control_refuse(result, &client->out);
		/* A stream that is not of this protocol cannot be trusted any further. */
		client->last_reply = result == -EPROTO || result == -EMSGSIZE;
		return true;
	}
	client->request = request;
	client->waits = !control_answer(client->control->operations, &request, &client->out);
	client->control->waiting += client->waits;
	bound_pending(client);
	return true;
}

/* Takes in what there is room for. False: the client is gone, or has said all. */
static bool take_input(struct client *client)
{
	char bytes[REQUEST_BYTES];
	ssize_t count = recv(client->fd, bytes, sizeof(bytes) - client->in.length, MSG_DONTWAIT);

	if (count < 0)
		return errno == EAGAIN || errno == EINTR;
	buffer_add(&client->in, bytes, (size_t)count);
	return count > 0 && !client->in.failed;
}

/* Sends what the socket takes. False: the connection is of no use any more. */
static bool flush(struct client *client)
{
	struct buffer *out = &client->out;

	if (out->failed)
		return false; /* an answer cut short must not go out */
	while (client->sent < out->length) {
		ssize_t count = send(client->fd, out->data + client->sent,
			out->length - client->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (count < 0)
			return errno == EAGAIN || errno == EINTR;
		client->sent += (size_t)count;
	}
	buffer_free(out); /* an idle client keeps no memory */
	client->sent = 0;
	return !client->last_reply;
}

static int watch(struct client *client, uint32_t events)
{
	if (client->events == events)
		return 0;
	client->events = events;
	return loop_modify(client->control->loop, client->source, events);
}

/* Goes on with the conversation as far as it goes now, and watches for what it needs next. False:
 * it is over. */
static bool proceed(struct client *client)
{
	bool processed = false;

	if (!flush(client))
		return false;
	if (client->out.length == 0 && !client->waits) {
		processed = process(client);
		if (!flush(client))
			return false;
	}
	/* A waiting client is watched for its end only; after a request there may be a further one
	 * in `in`, of which epoll knows nothing: being writable serves as the next wake-up. */
	uint32_t events = client->waits				? EPOLLRDHUP
			  : client->out.length > 0 || processed ? EPOLLOUT
								: EPOLLIN;
	return watch(client, events) == 0;
}

static void on_client(void *context, int fd, uint32_t events)
{
	struct client *client = context;

	(void)fd;
	client->active = ++client->control->clock;
	if (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) ||
		(events & EPOLLIN && !take_input(client)) || !proceed(client))
		client_close(client);
}

static struct client *free_slot(struct control *control)
{
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		if (control->clients[i].fd < 0)
			return &control->clients[i];
	struct client *client = quietest(control, NULL, false);

	client_close(client);
	return client;
}

/* The socket's mode keeps others out as well; this holds also where the mode was changed. */
static void deny(int fd)
{
	struct buffer out = {0};

	control_refuse(-EPERM, &out);
	if (!out.failed)
		(void)send(fd, out.data, out.length, MSG_DONTWAIT | MSG_NOSIGNAL); /* courtesy */
	buffer_free(&out);
	(void)close(fd);
}

static void admit(struct control *control, int fd)
{
	if (!control_trusts(fd)) {
		deny(fd);
		return;
	}
	struct client *client = free_slot(control);

	*client = (struct client){
		.control = control,
		.fd = fd,
		.active = ++control->clock,
		.in.limit = REQUEST_BYTES,
		.out.limit = PROTOCOL_HEADER_BYTES + PROTOCOL_REPLY_MAX,
		.events = EPOLLIN,
	};
	if (loop_add(control->loop, fd, EPOLLIN, RANK_REQUEST, on_client, client, &client->source) <
		0)
		client_close(client);
}

/* Without a descriptor for it, a connection would stay in the queue and wake us up for ever: so one
 * is kept in reserve, to take the connection and drop it. */
static void drop_connection(struct control *control)
{
	(void)close(control->spare);
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		(void)close(fd);
	control->spare = open("/", O_PATH | O_CLOEXEC);
}

static void on_connection(void *context, int listener, uint32_t events)
{
	struct control *control = context;

	(void)events;
	for (unsigned i = 0; i < ACCEPTS_PER_CALL; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			admit(control, fd);
		} else if (errno == EMFILE || errno == ENFILE) {
			drop_connection(control);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

void control_notice(struct control *control)
{
	if (!control || control->waiting == 0)
		return;
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &control->clients[i];

		if (!client->waits ||
			!control_answer(control->operations, &client->request, &client->out))
			continue;
		client->waits = false;
		control->waiting--;
		if (!proceed(client))
			client_close(client);
	}
}

int control_open(struct loop *loop, const char *rundir, const struct control_operations *operations,
	struct control **ret_control)
{
	struct control *control = calloc(1, sizeof(*control));
	int error = -ENOMEM;

	if (!control)
		return error;
	*control = (struct control){.loop = loop, .operations = operations};
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		control->clients[i] = (struct client){.control = control, .fd = -1};
	/* First, since without it better no socket than one that cannot be emptied. */
	control->spare = open("/", O_PATH | O_CLOEXEC);
	error = control->spare < 0 ? -errno : control_address(rundir, &control->address);
	control->fd = error ? error : control_listen(&control->address);
	if (control->fd < 0) {
		error = control->fd;
		if (control->spare >= 0)
			(void)close(control->spare);
		free(control);
		return error;
	}
	error = loop_add(
		loop, control->fd, EPOLLIN, RANK_REQUEST, on_connection, control, &control->source);
	if (error < 0) {
		control_close(control);
		return error;
	}
	*ret_control = control;
	return 0;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		client_close(&control->clients[i]);
	loop_remove(control->loop, control->source);
	(void)unlink(control->address.sun_path); /* before the close: nobody finds it deaf */
	(void)close(control->fd);
	if (control->spare >= 0)
		(void)close(control->spare);
	free(control);
}

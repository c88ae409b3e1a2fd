/* One connection is one conversation: requests are answered one after the other, in order. While an
 * answer is owed (not sent in full, or waited for) the client is not read, so it can make us hold
 * one request and one answer, no more.
 *
 * There are no timers here: at rest the server costs nothing. A client that sends half a request,
 * or never reads its answer, keeps its slot until somebody needs one; then the slot that was quiet
 * for the longest is taken, those that wait for an answer last. So it is, too, when the answers
 * that nobody fetched come to more than pending_max. */
#include "init/server.h"

#include "init/loop.h"
#include "supervisor/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS_MAX	 32
#define ACCEPTS_PER_CALL 16
#define READ_BYTES	 4096

struct client {
	struct server *server;
	int fd; /* -1: a free slot */
	uint64_t id;
	uint64_t source;
	uint64_t active; /* server->clock when it last did something */
	struct buffer in, out;
	size_t sent;	 /* of out */
	uint32_t events; /* that the loop watches for */
	bool waits;	 /* the answer to the first request in `in` comes later */
	bool last_reply; /* close once out is sent */
};

struct server {
	struct loop *loop;
	const struct server_rules *rules;
	int fd;
	int spare;
	uint64_t source;
	uint64_t clock; /* counts what clients did: an order, not a time */
	unsigned waiting;
	struct client clients[CLIENTS_MAX];
};

static void client_close(struct client *client)
{
	if (client->fd < 0)
		return;
	loop_remove(client->server->loop, client->source);
	(void)close(client->fd); /* nothing of ours is lost by it */
	buffer_free(&client->in);
	buffer_free(&client->out);
	client->server->waiting -= client->waits;
	if (client->server->rules->closed)
		client->server->rules->closed(client->server->rules->context, client->id);
	*client = (struct client){.server = client->server, .fd = -1};
}

/* The slot to give up for another: quiet for the longest; one that waits only when all do. */
static struct client *quietest(struct server *server, const struct client *keep, bool owed_only)
{
	struct client *found = NULL;

	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &server->clients[i];

		if (client == keep || client->fd < 0 || (owed_only && client->out.length == 0))
			continue;
		if (!found || client->waits < found->waits ||
			(client->waits == found->waits && client->active < found->active))
			found = client;
	}
	return found;
}

static size_t pending_bytes(const struct server *server)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		bytes += server->clients[i].out.capacity;
	return bytes;
}

static void bound_pending(struct client *client)
{
	while (pending_bytes(client->server) > client->server->rules->pending_max) {
		struct client *other = quietest(client->server, client, true);

		if (!other)
			return;
		client_close(other);
	}
}

static bool answer(struct client *client)
{
	struct server *server = client->server;
	enum server_answer answer = server->rules->answer(
		server->rules->context, client->id, &client->in, &client->out);

	server->waiting -= client->waits;
	client->waits = answer == SERVER_WAITS;
	server->waiting += client->waits;
	client->last_reply = answer == SERVER_LAST;
	return answer != SERVER_NO_REQUEST;
}

/* Answers one request of those that have come in. False: there is no whole one. One a call, so that
 * a client that sends many gets no more than its share of a wake-up. */
static bool process(struct client *client)
{
	bool answered = client->in.length > 0 && answer(client);

	if (answered)
		bound_pending(client);
	return answered;
}

/* Takes in what there is room for. False: the client is gone, or has said all. */
static bool take_input(struct client *client)
{
	char bytes[READ_BYTES];
	size_t room = client->in.limit - client->in.length;
	ssize_t count =
		recv(client->fd, bytes, room < sizeof(bytes) ? room : sizeof(bytes), MSG_DONTWAIT);

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
	return loop_modify(client->server->loop, client->source, events);
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
	client->active = ++client->server->clock;
	if (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) ||
		(events & EPOLLIN && !take_input(client)) || !proceed(client))
		client_close(client);
}

static struct client *free_slot(struct server *server)
{
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		if (server->clients[i].fd < 0)
			return &server->clients[i];
	struct client *client = quietest(server, NULL, false);

	client_close(client);
	return client;
}

static void admit(struct server *server, int fd)
{
	const struct server_rules *rules = server->rules;

	if (rules->admits && !rules->admits(rules->context, fd)) {
		(void)close(fd);
		return;
	}
	struct client *client = free_slot(server);

	*client = (struct client){
		.server = server,
		.fd = fd,
		.id = ++server->clock,
		.active = server->clock,
		.in.limit = rules->request_max,
		.out.limit = rules->answer_max,
		.events = EPOLLIN,
	};
	if (loop_add(server->loop, fd, EPOLLIN, RANK_REQUEST, on_client, client, &client->source) <
		0)
		client_close(client);
}

/* Without a descriptor for it, a connection would stay in the queue and wake us up for ever: so one
 * is kept in reserve, to take the connection and drop it. */
static void drop_connection(struct server *server)
{
	(void)close(server->spare);
	int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		(void)close(fd);
	server->spare = open("/", O_PATH | O_CLOEXEC);
}

static void on_connection(void *context, int listener, uint32_t events)
{
	struct server *server = context;

	(void)events;
	for (unsigned i = 0; i < ACCEPTS_PER_CALL; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			admit(server, fd);
		} else if (errno == EMFILE || errno == ENFILE) {
			drop_connection(server);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

void server_notice(struct server *server)
{
	if (!server || server->waiting == 0)
		return;
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &server->clients[i];

		if (!client->waits)
			continue;
		(void)answer(client); /* there is a request: the one that it waits with */
		if (!client->waits && !proceed(client))
			client_close(client);
	}
}

int server_open(
	struct loop *loop, int fd, const struct server_rules *rules, struct server **ret_server)
{
	struct server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	*server = (struct server){.loop = loop, .rules = rules, .fd = fd};
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		server->clients[i] = (struct client){.server = server, .fd = -1};
	/* Without it better no server than one whose queue cannot be emptied. */
	server->spare = open("/", O_PATH | O_CLOEXEC);
	r = server->spare < 0 ? -errno : 0;
	if (r == 0)
		r = loop_add(
			loop, fd, EPOLLIN, RANK_REQUEST, on_connection, server, &server->source);
	if (r < 0) {
		if (server->spare >= 0)
			(void)close(server->spare);
		free(server);
		return r;
	}
	*ret_server = server;
	return 0;
}

void server_close(struct server *server)
{
	if (!server)
		return;
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		client_close(&server->clients[i]);
	loop_remove(server->loop, server->source);
	(void)close(server->fd);
	if (server->spare >= 0)
		(void)close(server->spare);
	free(server);
}

/* One connection is one conversation: requests are answered one after the other, in order. While an
 * answer is owed (not sent in full, or waited for) the client is not read, so it can make us hold
 * one request and one answer, no more.
 *
 * Who has sent half a request has a limited time for the rest, however busy it looks; nobody else
 * has a limit, so that at rest the server costs nothing. Who never reads its answer keeps its slot
 * until somebody needs one; then the slot is taken of the one that was served longest ago, those
 * that wait for an answer last. So it is, too, when the answers that nobody fetched come to more
 * than pending_max.
 *
 * However many crowd in, each gets some time to be served in: while all slots are that young,
 * nobody is accepted, and those who wait in the kernel's queue cost nothing. */
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
#define GRACE_MS	 50 /* in which nobody loses its slot; most have asked before they are accepted */
#define REQUEST_MS	 10000 /* from the first byte of a request to the last */

struct client {
	struct server *server;
	int fd; /* -1: a free slot */
	uint64_t id;
	uint64_t source;
	struct timestamp served; /* when it came, or was last answered */
	struct buffer in, out;
	size_t sent;		/* of out */
	uint32_t events;	/* that the loop watches for */
	bool waits;		/* the answer to the first request in `in` comes later */
	bool last_reply;	/* close once out is sent */
	int role;		/* as admits() has said */
	struct timestamp until; /* for the rest of a request; NEVER: there is no half of one */
};

struct server {
	struct loop *loop;
	const struct server_rules *rules;
	int fd;
	int spare;
	uint64_t source;
	uint64_t newest;	     /* id of a client */
	struct timestamp resumes_at; /* nobody is accepted until then; NEVER: all are */
	unsigned waiting;
	struct client clients[CLIENTS_MAX];
};

/* Who connects is accepted again. */
static void resume(struct server *server)
{
	if (timestamp_is_never(server->resumes_at))
		return;
	server->resumes_at = TIMESTAMP_NEVER;
	(void)loop_modify(server->loop, server->source, EPOLLIN); /* as it was before */
}

static void client_close(struct client *client)
{
	if (client->fd < 0)
		return;
	resume(client->server);
	loop_remove(client->server->loop, client->source);
	(void)close(client->fd); /* nothing of ours is lost by it */
	buffer_free(&client->in);
	buffer_free(&client->out);
	client->server->waiting -= client->waits;
	if (client->server->rules->closed)
		client->server->rules->closed(client->server->rules->context, client->id);
	*client = (struct client){.server = client->server, .fd = -1, .until = TIMESTAMP_NEVER};
}

static bool is_before(const struct client *a, const struct client *b)
{
	if (a->waits != b->waits)
		return b->waits;
	if (a->served.ns != b->served.ns)
		return timestamp_before(a->served, b->served);
	return a->id < b->id;
}

/* The slot to give up for another: served longest ago; one that waits only when all do. */
static struct client *quietest(struct server *server, const struct client *keep, bool owed_only)
{
	struct client *found = NULL;

	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &server->clients[i];

		if (client == keep || client->fd < 0 || (owed_only && client->out.length == 0))
			continue;
		if (!found || is_before(client, found))
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
	if (client->waits)
		resume(server); /* its slot can be had now, if all others wait as well */
	client->last_reply = answer == SERVER_LAST;
	return answer != SERVER_NO_REQUEST;
}

/* Answers one request of those that have come in. False: there is no whole one. One a call, so that
 * a client that sends many gets no more than its share of a wake-up. */
static bool process(struct client *client)
{
	bool answered = client->in.length > 0 && answer(client);

	if (answered) {
		client->served = loop_now(client->server->loop);
		bound_pending(client);
	}
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

/* Is there half of a request? Each further byte of it does not put off the end of its time. */
static void note_half(struct client *client, bool processed)
{
	bool is_half = client->in.length > 0 && !client->waits && client->out.length == 0;

	if (!is_half || processed)
		client->until = TIMESTAMP_NEVER;
	else if (timestamp_is_never(client->until))
		client->until = timestamp_add_ms(loop_clock(), REQUEST_MS);
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
	note_half(client, processed);
	return watch(client, events) == 0;
}

static void on_client(void *context, int fd, uint32_t events)
{
	struct client *client = context;

	(void)fd;
	if (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) ||
		(events & EPOLLIN && !take_input(client)) || !proceed(client))
		client_close(client);
}

/* A slot for somebody new: a free one, or the one to be given up. NULL: all are taken by those who
 * have only just come; when that is over is noted. */
static struct client *next_slot(struct server *server)
{
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		if (server->clients[i].fd < 0)
			return &server->clients[i];
	struct client *client = quietest(server, NULL, false);

	if (!client)
		return NULL; /* cannot be: none was free */
	struct timestamp old_at = timestamp_add_ms(client->served, GRACE_MS);

	if (client->waits || timestamp_is_due(old_at, loop_now(server->loop)))
		return client;
	server->resumes_at = old_at;
	return NULL;
}

static void admit(struct server *server, int fd)
{
	const struct server_rules *rules = server->rules;

	int role = rules->admits ? rules->admits(rules->context, fd) : 0;

	if (role < 0) {
		(void)close(fd);
		return;
	}
	struct client *client = next_slot(server);

	if (!client) {
		(void)close(fd); /* cannot be: it was looked before */
		return;
	}
	client_close(client);
	*client = (struct client){
		.server = server,
		.fd = fd,
		.id = ++server->newest,
		.served = loop_now(server->loop),
		.in.limit = rules->request_max,
		.out.limit = rules->answer_max,
		.events = EPOLLIN,
		.role = role,
		.until = TIMESTAMP_NEVER,
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
		if (!next_slot(server)) {
			/* Else it would wake us up for nothing; but that is all. */
			(void)loop_modify(server->loop, server->source, 0);
			return;
		}
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

int server_role(const struct server *server, uint64_t id)
{
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		if (server->clients[i].fd >= 0 && server->clients[i].id == id)
			return server->clients[i].role;
	return 0;
}

struct timestamp server_expire(struct server *server, struct timestamp now)
{
	struct timestamp next = TIMESTAMP_NEVER;

	if (!server)
		return next;
	if (timestamp_is_due(server->resumes_at, now))
		resume(server);
	next = server->resumes_at;
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &server->clients[i];

		if (client->fd < 0)
			continue;
		if (timestamp_is_due(client->until, now))
			client_close(client);
		else
			next = timestamp_earliest(next, client->until);
	}
	return next;
}

int server_open(
	struct loop *loop, int fd, const struct server_rules *rules, struct server **ret_server)
{
	struct server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	*server = (struct server){
		.loop = loop, .rules = rules, .fd = fd, .resumes_at = TIMESTAMP_NEVER};
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

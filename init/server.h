/* server: conversations over a listening stream socket, for the control socket and for vtysh. Takes
 * requests in and sends answers out, bounded in clients, bytes and time; what they mean is its
 * user's. A client that misbehaves loses its connection, never more. Never blocks. */
#ifndef FIRSTHOP_INIT_SERVER_H
#define FIRSTHOP_INIT_SERVER_H

#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct loop;
struct server;

/* What became of the first request in `in`. */
enum server_answer {
	SERVER_NO_REQUEST, /* there is none yet: its end has not come */
	SERVER_ANSWERED,   /* was taken off `in`; its answer was appended to `out` */
	SERVER_LAST,	   /* the same, and nothing more is taken from this client */
	SERVER_MORE,  /* a part of its answer was appended to `out`; it is still in `in`, and is
		       * asked for again once that was sent */
	SERVER_WAITS, /* the answer comes later: it is still in `in`, `out` is as it was; asked
		       * for again by server_notice() */
};

struct server_rules {
	void *context;
	size_t request_max; /* bytes of a request: of `in` */
	size_t answer_max;  /* bytes of an answer: of `out` */
	size_t pending_max; /* bytes of all answers that were not fetched yet */
	/* Who may talk to us; NULL: whoever the socket's mode lets in. Below 0: nobody of the kind,
	 * the connection is closed. Else it is remembered, see server_role(). */
	int (*admits)(void *context, int fd);
	/* Must take or refuse a request before `in` is full. `client`: never 0, and no other's. */
	enum server_answer (*answer)(
		void *context, uint64_t client, struct buffer *in, struct buffer *out);
	/* A client has gone; NULL: nobody wants to know. */
	void (*closed)(void *context, uint64_t client);
};

/* Serves who connects to `fd`, a listening socket (nonblocking), which is the server's from then
 * on. `rules` must outlive it. 0 or -errno (and `fd` is still the caller's). */
int server_open(
	struct loop *loop, int fd, const struct server_rules *rules, struct server **ret_server);
/* Something may have changed: answers those who wait, if it is time. NULL is fine. */
void server_notice(struct server *server);
/* What admits() has said of that client, which is there; 0 without admits(). */
int server_role(const struct server *server, uint64_t client);
/* Closes those that have not sent the rest of a request in time, and lets in those who had to wait.
 * When it has to be called next: NEVER when there is neither, as it is at rest. NULL is fine. */
struct timestamp server_expire(struct server *server, struct timestamp now);
void server_close(struct server *server); /* NULL is fine */

#endif

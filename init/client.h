/* client: one question to the firsthop that runs here, one answer. Blocks; for commands only. */
#ifndef FIRSTHOP_INIT_CLIENT_H
#define FIRSTHOP_INIT_CLIENT_H

#include "supervisor/protocol.h"

#include <stdint.h>

struct arena;
struct buffer;
struct status;

/* Sends `request` and waits for the whole answer, `timeout_ms` at most (below 0: for ever). `bytes`
 * gets what was received and holds the payload that *ret_frame points to; the caller frees it. 0,
 * or -errno: -ENOENT: nobody listens in any run directory; -EACCES: not for this user; -ETIMEDOUT;
 * -ECONNRESET: it ended before the answer was complete; -EPROTO: not an answer. */
int client_ask(const struct request *request, int64_t timeout_ms, struct buffer *bytes,
	struct frame *ret_frame);

/* The same for requests that are answered by a plain reply; texts live in `arena`. A REPLY_ERROR is
 * a reply, too. */
int client_ask_plain(const struct request *request, int64_t timeout_ms, struct arena *arena,
	struct reply *ret_reply);

/* What becomes of a conversation after a frame. */
enum client_next {
	CLIENT_MORE,	/* the next frame is due within the same time */
	CLIENT_FOREVER, /* it may come at any time */
	CLIENT_ENOUGH,
};

/* A frame of the answer; or -errno, which ends it. */
typedef int client_frame_fn(void *context, const struct frame *frame);

/* The same for an answer of many frames: each is handed to `fn`, which returns what comes next. 0
 * once that was CLIENT_ENOUGH, or -errno, `fn`'s included. */
int client_listen(
	const struct request *request, int64_t timeout_ms, client_frame_fn *fn, void *context);

/* Says on stderr what an error of these functions means. Returns EXIT_CODE_SYSTEM. */
int client_complain(const char *verb, int error);

/* The exit code for an answer that could not be decoded with `error`, after a message: it may be an
 * error of the server's that tells why. `frame` is read only when `error` is -ENOSYS: it is none of
 * what was asked for. 0 for 0. */
int client_undecoded(const char *verb, int error, const struct frame *frame, struct arena *arena);

/* The status, decoded into the arena. 0, or an exit code after a message. */
int client_ask_status(const char *verb, struct arena *arena, struct status *ret_status);

/* Says on stderr what a reply of type REPLY_ERROR told. Returns the exit code for it. */
int client_refused(const char *verb, const struct reply *reply);

#endif

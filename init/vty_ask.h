/* vty_ask: asks a daemon of FRR on its vty socket and waits for the answer. Blocks; for commands
 * only, never for PID 1. The bytes are those of supervisor/vty.h, from vtysh's side. */
#ifndef FIRSTHOP_INIT_VTY_ASK_H
#define FIRSTHOP_INIT_VTY_ASK_H

#include "supervisor/timestamp.h"

struct buffer;

/* More than the table of a router with ten thousand neighbours. */
#define VTY_ANSWER_MAX ((size_t)8 << 20)

/* Sends `command` to the daemon that listens at `path` and waits for the whole answer until
 * `until`. Its text, without the NULs and the status behind it, goes into `answer`, which the
 * caller frees. 0; -ENAMETOOLONG; -ENOENT, -ECONNREFUSED: nobody listens; -ETIMEDOUT; -ECONNRESET:
 * it closed before the answer was whole; -EMSGSIZE: longer than VTY_ANSWER_MAX; -EPROTO: the daemon
 * refused the command, or its answer is none; -ENOMEM or another -errno. */
int vty_ask(const char *path, const char *command, struct timestamp until, struct buffer *answer);

/* The same in parts, for several commands of which one depends on another. vty_connect() returns a
 * descriptor that the caller closes, or the errors above; does not block. vty_say() may be called
 * again after -EPROTO. "enable" comes first. */
int vty_connect(const char *path);
int vty_say(int fd, const char *command, struct timestamp until, struct buffer *answer);

#endif

/* outgoing: what PID 1 still owes to its stdout. Whole lines go into a bounded queue, and from
 * there to the descriptor whenever that takes them; PID 1 never waits for a reader. Lines that
 * find no room are refused, and the caller counts them. */
#ifndef FIRSTHOP_INIT_OUTGOING_H
#define FIRSTHOP_INIT_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

struct loop;
struct outgoing;

enum {
	OUTGOING_MAX_BYTES = 256 * 1024,    /* for the lines of services */
	OUTGOING_RESERVED_BYTES = 16 * 1024 /* and so much more for our own */
};

/* For the open file `fd` (usually 1), which stays the caller's. Pipes and terminals are opened
 * anew, so that O_NONBLOCK is ours alone. NULL: no memory. */
struct outgoing *outgoing_create(struct loop *loop, int fd);
void outgoing_free(struct outgoing *outgoing);

/* Queues the parts as one line, all or nothing. false: no room. `reserved`: may use the reserve. */
bool outgoing_add(
	struct outgoing *outgoing, const struct iovec *parts, unsigned count, bool reserved);

/* Writes what can be written now. Called once after each wake-up; the loop does the rest. */
void outgoing_flush(struct outgoing *outgoing);

/* At the very end: writes on for up to `ms` milliseconds. */
void outgoing_finish(struct outgoing *outgoing, int ms);

/* Has all been written? */
bool outgoing_is_empty(const struct outgoing *outgoing);

/* Is it the terminal with that device number? */
bool outgoing_is_terminal(const struct outgoing *outgoing, dev_t device);

#endif

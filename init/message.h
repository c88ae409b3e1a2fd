/* message: PID 1's own lines, "firsthop: …" on its stdout (see form.h), one for each thing that
 * happened. An error means that somebody must act; a warning, that something is degraded and goes
 * on. User text within a line comes from validated names or is quoted; control characters are made
 * visible. */
#ifndef FIRSTHOP_INIT_MESSAGE_H
#define FIRSTHOP_INIT_MESSAGE_H

#include <stdbool.h>

struct buffer;
struct form;
struct journal;
struct outgoing;
struct messages;

enum message_level { MESSAGE_ERROR, MESSAGE_WARNING, MESSAGE_NOTE, MESSAGE_DEBUG };

enum { MESSAGE_MAX_BYTES = 2048 }; /* a longer one ends with "..." */

/* NULL: no memory. All of these stay the caller's. */
struct messages *messages_create(
	struct outgoing *outgoing, struct journal *journal, struct form *form);
void messages_free(struct messages *messages);

/* Says it, without a final newline in `format`. Does not block. Errors and warnings before
 * messages_end_boot are kept as problems of the boot. */
void message(struct messages *messages, enum message_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, but never kept as a problem: what it says is kept elsewhere, and may get better. */
void message_passing(struct messages *messages, enum message_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Notes and debug lines above this level are not said; MESSAGE_NOTE at first. The only setting that
 * is kept outside of any struct. */
void message_set_level(enum message_level level);
bool message_would_say(enum message_level level);

/* While the console owns the terminal that is our stdout, lines are only kept. */
void messages_hold(struct messages *messages, bool hold);

void messages_end_boot(struct messages *messages);

/* What went wrong while booting: NULL-terminated, in order, good until the next message. */
const char *const *messages_problems(const struct messages *messages, unsigned *ret_count);

/* The first error of the boot, without a prefix; NULL: there was none. */
const char *messages_first_error(const struct messages *messages);

/* The newest `lines` of what was said. */
void messages_read(const struct messages *messages, unsigned lines, struct buffer *buffer);

#endif

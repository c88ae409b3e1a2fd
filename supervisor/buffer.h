/* buffer: bytes or text that grow, up to a limit. A failure (limit, memory) is kept, and later
 * calls then do nothing: so check `failed` once, at the end. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_BUFFER_H
#define FIRSTHOP_SUPERVISOR_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *data; /* NUL-terminated once something was added; NULL: empty */
	size_t length, capacity;
	size_t limit; /* bytes; 0: BUFFER_LIMIT_BYTES */
	bool failed;
};

#define BUFFER_LIMIT_BYTES ((size_t)16 << 20)

/* All or nothing is added. */
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Drops the first `length` bytes (all when there are fewer). */
void buffer_consume(struct buffer *buffer, size_t length);

/* Empty, failure forgotten, memory kept. */
void buffer_reset(struct buffer *buffer);

/* Empty, memory freed; usable again. */
void buffer_free(struct buffer *buffer);

#endif

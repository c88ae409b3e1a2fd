/* ring: the newest lines of a service, bounded. Takes no memory until there is a line, then 1 KiB,
 * and doubles up to RING_MAX_BYTES; then the oldest lines make room. */
#ifndef FIRSTHOP_INIT_RING_H
#define FIRSTHOP_INIT_RING_H

#include <stddef.h>

struct buffer;

#define RING_MAX_BYTES ((size_t)16 * 1024)

struct ring {
	char *data; /* NULL: empty, never used */
	size_t size, first, length;
};

/* Adds one line, given without its newline. Of a longer one than the ring only the start is kept.
 * Without memory for it, the oldest lines make room; when there is none at all, it is lost. */
void ring_add(struct ring *ring, const char *line, size_t length);

/* Appends the newest `lines` lines, oldest first, each as `prefix` (may be "") line '\n'. */
void ring_read(const struct ring *ring, unsigned lines, const char *prefix, struct buffer *buffer);

void ring_free(struct ring *ring);

#endif

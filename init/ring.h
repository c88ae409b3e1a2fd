/* ring: the newest lines of a service with the time of each, bounded. Takes no memory until there
 * is a line, then 1 KiB, and doubles up to RING_MAX_BYTES; then the oldest lines make room. A line
 * takes two to five bytes beside its own: its length, and how much later than the line before it
 * came. */
#ifndef FIRSTHOP_INIT_RING_H
#define FIRSTHOP_INIT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_MAX_BYTES ((size_t)16 * 1024)

/* What a line is stamped with. `mark` is the user's own; it is cheap as long as it stays the same.
 */
struct ring_stamp {
	int64_t time_us;
	uint32_t mark;
};

/* All zero: empty, never used. */
struct ring {
	unsigned char *data;
	size_t size, first, length; /* size is a power of two */
	unsigned count;		    /* lines */
	struct ring_stamp oldest;   /* of the line before the first one; counting begins there */
	struct ring_stamp newest;   /* of the last one */
};

/* Adds one line, given without its newline. Of a longer one than the ring only the start is kept.
 * Without memory for it, the oldest lines make room; when there is none at all, it is lost. */
void ring_add(struct ring *ring, const struct ring_stamp *stamp, const char *line, size_t length);

/* Where a reader is; good until the next ring_add(). */
struct ring_cursor {
	const struct ring *ring;
	size_t offset;
	struct ring_stamp stamp; /* of the line that was read last */
};

/* A line in the ring: one part, or two where the ring wraps around. */
struct ring_line {
	struct ring_stamp stamp;
	const char *part[2];
	size_t part_bytes[2];
};

/* Before the newest `lines` lines. */
struct ring_cursor ring_newest(const struct ring *ring, unsigned lines);
/* The next line; false: there is none. */
bool ring_next(struct ring_cursor *cursor, struct ring_line *ret_line);

void ring_free(struct ring *ring);

#endif

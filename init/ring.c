#include "init/ring.h"

#include "supervisor/buffer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 1024 };

static char at(const struct ring *ring, size_t offset)
{
	return ring->data[(ring->first + offset) % ring->size];
}

/* Copies `length` bytes from `offset` on: two pieces at most. */
static void copy_out(const struct ring *ring, size_t offset, size_t length, char *to)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a ring that holds a byte has a size */
	size_t start = (ring->first + offset) % ring->size;
	size_t piece = length < ring->size - start ? length : ring->size - start;

	memcpy(to, ring->data + start, piece);
	memcpy(to + piece, ring->data, length - piece);
}

static void copy_in(struct ring *ring, const char *from, size_t length)
{
	size_t start = (ring->first + ring->length) % ring->size;
	size_t piece = length < ring->size - start ? length : ring->size - start;

	memcpy(ring->data + start, from, piece);
	memcpy(ring->data, from + piece, length - piece);
	ring->length += length;
}

static bool grow(struct ring *ring)
{
	size_t size = ring->size ? ring->size * 2 : FIRST_BYTES;
	char *data = size <= RING_MAX_BYTES ? malloc(size) : NULL;

	if (!data)
		return false;
	if (ring->length)
		copy_out(ring, 0, ring->length, data);
	free(ring->data);
	*ring = (struct ring){.data = data, .size = size, .length = ring->length};
	return true;
}

static void drop_oldest(struct ring *ring)
{
	size_t length = 0;

	while (length < ring->length && at(ring, length) != '\n')
		length++;
	length += length < ring->length;
	ring->first = (ring->first + length) % ring->size;
	ring->length -= length;
}

void ring_add(struct ring *ring, const char *line, size_t length)
{
	if (length > RING_MAX_BYTES - 1)
		length = RING_MAX_BYTES - 1;
	while (ring->size - ring->length < length + 1 && grow(ring))
		;
	if (ring->size < length + 1)
		return;
	while (ring->size - ring->length < length + 1)
		drop_oldest(ring);
	copy_in(ring, line, length);
	copy_in(ring, "\n", 1);
}

/* Where the newest `lines` lines begin. */
static size_t find_start(const struct ring *ring, unsigned lines)
{
	size_t offset = ring->length;

	while (offset > 0) {
		if (at(ring, offset - 1) == '\n' && lines-- == 0)
			break;
		offset--;
	}
	return offset;
}

void ring_read(const struct ring *ring, unsigned lines, const char *prefix, struct buffer *buffer)
{
	size_t offset = find_start(ring, lines);

	while (offset < ring->length) {
		size_t start = (ring->first + offset) % ring->size;
		size_t piece = ring->size - start; /* up to where the ring wraps around */
		const char *newline;

		if (piece > ring->length - offset)
			piece = ring->length - offset;
		if (offset == 0 || at(ring, offset - 1) == '\n')
			buffer_add_text(buffer, prefix);
		newline = memchr(ring->data + start, '\n', piece);
		if (newline)
			piece = (size_t)(newline - (ring->data + start)) + 1;
		buffer_add(buffer, ring->data + start, piece);
		offset += piece;
	}
}

void ring_free(struct ring *ring)
{
	free(ring->data);
	*ring = (struct ring){0};
}

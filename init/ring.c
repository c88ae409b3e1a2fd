/* A record is: a number that is twice the line's length, and one more if its mark is another than
 * that of the line before; the time since that line, which may be negative, for the clock may be
 * set; the mark, if it is another; the line. Numbers have seven bits a byte, the lowest first, and
 * the eighth says that more follow; the sign of a time is in its lowest bit. */
#include "init/ring.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BYTES = 1024,
	NUMBER_MAX_BYTES = 10, /* of 64 bits */
	HEAD_MAX_BYTES = 3 + NUMBER_MAX_BYTES + 5,
};

/* What stands before a line. */
struct head {
	size_t length;
	struct ring_stamp stamp;
};

static size_t put_number(unsigned char *to, uint64_t number)
{
	size_t length = 0;

	for (; number > 0x7f; number >>= 7)
		to[length++] = (unsigned char)(number | 0x80);
	to[length++] = (unsigned char)number;
	return length;
}

static uint64_t get_number(const struct ring *ring, size_t *offset)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 7 * NUMBER_MAX_BYTES; shift += 7) {
		unsigned char byte = ring->data[(ring->first + (*offset)++) & (ring->size - 1)];

		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
	}
	return number;
}

/* The head at *offset, behind a line with the stamp `before`. */
static struct head get_head(
	const struct ring *ring, size_t *offset, const struct ring_stamp *before)
{
	uint64_t length = get_number(ring, offset);
	uint64_t later = get_number(ring, offset);
	struct head head = {.length = (size_t)(length >> 1), .stamp.mark = before->mark};
	/* Without a sign, so that no sum is too large. */
	uint64_t distance = (later >> 1) ^ (0 - (later & 1));

	head.stamp.time_us = (int64_t)((uint64_t)before->time_us + distance);
	if (length & 1)
		head.stamp.mark = (uint32_t)get_number(ring, offset);
	return head;
}

static size_t put_head(unsigned char head[HEAD_MAX_BYTES], size_t length,
	const struct ring_stamp *stamp, const struct ring_stamp *before)
{
	bool marked = stamp->mark != before->mark;
	uint64_t distance = (uint64_t)stamp->time_us - (uint64_t)before->time_us;
	uint64_t negative = distance >> 63;
	size_t bytes = put_number(head, (uint64_t)length << 1 | marked);

	bytes += put_number(head + bytes, (distance << 1) ^ (0 - negative));
	if (marked)
		bytes += put_number(head + bytes, stamp->mark);
	return bytes;
}

/* `length` bytes from `offset` on: two pieces at most. Returns the length of the first. */
static size_t split(const struct ring *ring, size_t offset, size_t length, size_t *ret_start)
{
	size_t start = (ring->first + offset) & (ring->size - 1);

	*ret_start = start;
	return length < ring->size - start ? length : ring->size - start;
}

static void copy_in(struct ring *ring, const void *from, size_t length)
{
	size_t start, piece = split(ring, ring->length, length, &start);

	memcpy(ring->data + start, from, piece);
	if (piece < length)
		memcpy(ring->data, (const unsigned char *)from + piece, length - piece);
	ring->length += length;
}

static bool grow(struct ring *ring)
{
	size_t size = ring->size ? ring->size * 2 : FIRST_BYTES;
	unsigned char *data = size <= RING_MAX_BYTES ? malloc(size) : NULL;

	if (!data)
		return false;
	if (ring->length) {
		size_t start, piece = split(ring, 0, ring->length, &start);

		memcpy(data, ring->data + start, piece);
		memcpy(data + piece, ring->data, ring->length - piece);
	}
	free(ring->data);
	ring->data = data;
	ring->size = size;
	ring->first = 0;
	return true;
}

static void drop_oldest(struct ring *ring)
{
	size_t offset = 0;
	struct head head = get_head(ring, &offset, &ring->oldest);

	offset += head.length;
	ring->oldest = head.stamp;
	ring->first = (ring->first + offset) & (ring->size - 1);
	ring->length -= offset;
	ring->count--;
}

void ring_add(struct ring *ring, const struct ring_stamp *stamp, const char *line, size_t length)
{
	unsigned char head[HEAD_MAX_BYTES];
	size_t head_bytes;

	if (length > RING_MAX_BYTES - HEAD_MAX_BYTES)
		length = RING_MAX_BYTES - HEAD_MAX_BYTES;
	head_bytes = put_head(head, length, stamp, &ring->newest);
	while (ring->size - ring->length < head_bytes + length && grow(ring))
		;
	if (ring->size < head_bytes + length)
		return;
	while (ring->size - ring->length < head_bytes + length)
		drop_oldest(ring);
	copy_in(ring, head, head_bytes);
	copy_in(ring, line, length);
	ring->newest = *stamp;
	ring->count++;
}

struct ring_cursor ring_newest(const struct ring *ring, unsigned lines)
{
	struct ring_cursor cursor = {.ring = ring, .stamp = ring->oldest};

	for (unsigned skip = ring->count > lines ? ring->count - lines : 0; skip; skip--) {
		struct head head = get_head(ring, &cursor.offset, &cursor.stamp);

		cursor.offset += head.length;
		cursor.stamp = head.stamp;
	}
	return cursor;
}

bool ring_next(struct ring_cursor *cursor, struct ring_line *ret_line)
{
	const struct ring *ring = cursor->ring;
	struct head head;
	size_t start, piece;

	if (cursor->offset >= ring->length)
		return false;
	head = get_head(ring, &cursor->offset, &cursor->stamp);
	piece = split(ring, cursor->offset, head.length, &start);
	*ret_line = (struct ring_line){
		.stamp = head.stamp,
		.part = {(const char *)ring->data + start, (const char *)ring->data},
		.part_bytes = {piece, head.length - piece},
	};
	cursor->offset += head.length;
	cursor->stamp = head.stamp;
	return true;
}

void ring_free(struct ring *ring)
{
	free(ring->data);
	*ring = (struct ring){0};
}

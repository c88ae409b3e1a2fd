#include "supervisor/wire.h"

#include "config/arena.h"
#include "supervisor/buffer.h"

#include <string.h>

static void put_bytes(struct buffer *buffer, uint64_t value, unsigned count)
{
	uint8_t bytes[8];
	for (unsigned i = 0; i < count; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	buffer_add(buffer, bytes, count);
}

void wire_put_u8(struct buffer *buffer, uint8_t value)
{
	put_bytes(buffer, value, 1);
}

void wire_put_u16(struct buffer *buffer, uint16_t value)
{
	put_bytes(buffer, value, 2);
}

void wire_put_u32(struct buffer *buffer, uint32_t value)
{
	put_bytes(buffer, value, 4);
}

void wire_put_u64(struct buffer *buffer, uint64_t value)
{
	put_bytes(buffer, value, 8);
}

void wire_put_i64(struct buffer *buffer, int64_t value)
{
	put_bytes(buffer, (uint64_t)value, 8);
}

void wire_put_string(struct buffer *buffer, const char *text)
{
	if (!text) {
		wire_put_u32(buffer, WIRE_NULL);
		return;
	}
	size_t length = strlen(text);
	if (length >= WIRE_NULL) {
		buffer->failed = true;
		return;
	}
	wire_put_u32(buffer, (uint32_t)length);
	buffer_add(buffer, text, length);
}

void wire_patch_u32(struct buffer *buffer, size_t offset, uint32_t value)
{
	if (buffer->failed || buffer->length < 4 || offset > buffer->length - 4)
		return;
	for (unsigned i = 0; i < 4; i++)
		buffer->data[offset + i] = (char)(uint8_t)(value >> (8 * i));
}

/* The next `count` bytes, or NULL when the cursor has failed or fails by it. */
static const uint8_t *take(struct cursor *cursor, size_t count)
{
	if (cursor->failed || count > cursor->left) {
		cursor->failed = true;
		return NULL;
	}
	const uint8_t *at = cursor->at;
	cursor->at += count;
	cursor->left -= count;
	return at;
}

static uint64_t get_bytes(struct cursor *cursor, unsigned count)
{
	const uint8_t *at = take(cursor, count);
	uint64_t value = 0;
	for (unsigned i = 0; at && i < count; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

uint8_t wire_get_u8(struct cursor *cursor)
{
	return (uint8_t)get_bytes(cursor, 1);
}

uint16_t wire_get_u16(struct cursor *cursor)
{
	return (uint16_t)get_bytes(cursor, 2);
}

uint32_t wire_get_u32(struct cursor *cursor)
{
	return (uint32_t)get_bytes(cursor, 4);
}

uint64_t wire_get_u64(struct cursor *cursor)
{
	return get_bytes(cursor, 8);
}

int64_t wire_get_i64(struct cursor *cursor)
{
	uint64_t value = get_bytes(cursor, 8);
	int64_t result;
	memcpy(&result, &value, sizeof(result)); /* two's complement, without a conversion */
	return result;
}

unsigned wire_get_enum(struct cursor *cursor, unsigned count)
{
	unsigned value = wire_get_u8(cursor);
	if (value < count)
		return value;
	cursor->failed = true;
	return 0;
}

bool wire_get_bool(struct cursor *cursor)
{
	return wire_get_enum(cursor, 2) == 1;
}

int wire_get_pid(struct cursor *cursor)
{
	uint32_t value = wire_get_u32(cursor);
	if (value <= INT32_MAX)
		return (int)value;
	cursor->failed = true;
	return 0;
}

unsigned wire_get_count(struct cursor *cursor, size_t element_bytes)
{
	uint32_t count = wire_get_u32(cursor);
	if (!cursor->failed && count <= cursor->left / element_bytes)
		return count;
	cursor->failed = true;
	return 0;
}

/* The bytes of a string and their count; NULL for WIRE_NULL and on failure. */
static const uint8_t *get_text(struct cursor *cursor, uint32_t *ret_length)
{
	uint32_t length = wire_get_u32(cursor);
	*ret_length = 0;
	if (cursor->failed || length == WIRE_NULL)
		return NULL;
	const uint8_t *text = take(cursor, length);
	if (text && memchr(text, '\0', length)) {
		cursor->failed = true;
		return NULL;
	}
	*ret_length = length;
	return text;
}

const char *wire_get_string(struct cursor *cursor, struct arena *arena)
{
	uint32_t length;
	const uint8_t *text = get_text(cursor, &length);
	if (!text)
		return NULL;
	char *copy = arena_strndup(arena, (const char *)text, length);
	if (!copy)
		cursor->failed = cursor->no_memory = true;
	return copy;
}

void wire_get_name(struct cursor *cursor, char *text, size_t size)
{
	uint32_t length;
	const uint8_t *bytes = get_text(cursor, &length);
	if (length >= size) {
		cursor->failed = true;
		bytes = NULL;
	}
	if (bytes)
		memcpy(text, bytes, length);
	text[bytes ? length : 0] = '\0';
}

const char *wire_get_bytes(struct cursor *cursor, size_t count)
{
	return (const char *)take(cursor, count);
}

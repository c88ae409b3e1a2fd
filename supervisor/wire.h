/* wire: integers and strings as bytes, little endian. Writing goes to a buffer; reading keeps a
 * cursor that fails for good at the first thing that is wrong: check `failed` once, at the end. */
#ifndef FIRSTHOP_SUPERVISOR_WIRE_H
#define FIRSTHOP_SUPERVISOR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;

void wire_put_u8(struct buffer *buffer, uint8_t value);
void wire_put_u16(struct buffer *buffer, uint16_t value);
void wire_put_u32(struct buffer *buffer, uint32_t value);
void wire_put_u64(struct buffer *buffer, uint64_t value);
void wire_put_i64(struct buffer *buffer, int64_t value);
/* u32 length and the bytes; NULL: the length WIRE_NULL and nothing. */
void wire_put_string(struct buffer *buffer, const char *text);
/* Overwrites four bytes that were put at `offset`. */
void wire_patch_u32(struct buffer *buffer, size_t offset, uint32_t value);

#define WIRE_NULL UINT32_MAX

struct cursor {
	const uint8_t *at;
	size_t left;
	bool failed;	/* cut short or out of range; all further values are 0 or NULL */
	bool no_memory; /* failed, but not for what the bytes say */
};

uint8_t wire_get_u8(struct cursor *cursor);
uint16_t wire_get_u16(struct cursor *cursor);
uint32_t wire_get_u32(struct cursor *cursor);
uint64_t wire_get_u64(struct cursor *cursor);
int64_t wire_get_i64(struct cursor *cursor);
/* 0 or 1, everything else fails. */
bool wire_get_bool(struct cursor *cursor);
/* 0 .. count-1, everything else fails. */
unsigned wire_get_enum(struct cursor *cursor, unsigned count);
/* A process, or 0 for none; what is no pid fails. */
int wire_get_pid(struct cursor *cursor);
/* A number of elements that need `element_bytes` each at least, so that a count can never ask for
 * more memory than the bytes that came with it justify. */
unsigned wire_get_count(struct cursor *cursor, size_t element_bytes);
/* A copy in the arena; NULL when it was NULL or on failure. A NUL inside fails. */
const char *wire_get_string(struct cursor *cursor, struct arena *arena);
/* The same into `text` of `size` bytes; too long fails; NULL becomes "". */
void wire_get_name(struct cursor *cursor, char *text, size_t size);
/* The next `count` bytes, which may be any, where they lie; NULL on failure. */
const char *wire_get_bytes(struct cursor *cursor, size_t count);

#endif

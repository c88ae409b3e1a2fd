/* The details of a service, as bytes. */
#include "supervisor/protocol_frame.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"

#include <errno.h>

#define DETAIL_MINOR	 1 /* the minor version that brought this reply */
#define KEY_BYTES_MIN	 (4 + 4)
#define NEEDED_BYTES_MIN 4
#define END_BYTES_MIN	 (4 + 8)

void protocol_put_detail(struct buffer *buffer, const struct service_detail *detail)
{
	size_t payload = frame_begin(buffer, REPLY_DETAIL, DETAIL_MINOR);
	wire_put_u32(buffer, detail->key_count);
	for (unsigned i = 0; i < detail->key_count; i++) {
		wire_put_string(buffer, detail->keys[i].key);
		wire_put_string(buffer, detail->keys[i].value);
	}
	wire_put_u32(buffer, detail->needed_by_count);
	for (unsigned i = 0; i < detail->needed_by_count; i++)
		wire_put_string(buffer, detail->needed_by[i]);
	wire_put_u32(buffer, detail->end_count);
	for (unsigned i = 0; i < detail->end_count; i++) {
		wire_put_string(buffer, detail->ends[i].text);
		wire_put_i64(buffer, detail->ends[i].ago_ms);
	}
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

static void get_keys(struct cursor *cursor, struct arena *arena, struct service_detail *detail)
{
	struct detail_key *keys;

	detail->key_count = wire_get_count(cursor, KEY_BYTES_MIN);
	detail->keys = keys = arena_array(arena, detail->key_count, sizeof(*keys));
	for (unsigned i = 0; keys && i < detail->key_count; i++) {
		keys[i].key = payload_get_required(cursor, arena);
		keys[i].value = payload_get_required(cursor, arena);
	}
}

static void get_needed_by(struct cursor *cursor, struct arena *arena, struct service_detail *detail)
{
	const char **names;

	detail->needed_by_count = wire_get_count(cursor, NEEDED_BYTES_MIN);
	detail->needed_by = names = arena_array(arena, detail->needed_by_count, sizeof(*names));
	for (unsigned i = 0; names && i < detail->needed_by_count; i++)
		names[i] = payload_get_required(cursor, arena);
}

static void get_ends(struct cursor *cursor, struct arena *arena, struct service_detail *detail)
{
	struct detail_end *ends;

	detail->end_count = wire_get_count(cursor, END_BYTES_MIN);
	detail->ends = ends = arena_array(arena, detail->end_count, sizeof(*ends));
	for (unsigned i = 0; ends && i < detail->end_count; i++) {
		ends[i].text = payload_get_required(cursor, arena);
		ends[i].ago_ms = wire_get_i64(cursor);
	}
}

int protocol_get_detail(
	const struct frame *frame, struct arena *arena, struct service_detail *ret_detail)
{
	struct service_detail detail;
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type != REPLY_DETAIL)
		return -ENOSYS;

	get_keys(&cursor, arena, &detail);
	get_needed_by(&cursor, arena, &detail);
	get_ends(&cursor, arena, &detail);
	if (arena->failed)
		return -ENOMEM;
	error = payload_close(&cursor);
	if (!error)
		*ret_detail = detail;
	return error;
}

/* What a reload found and changed, as bytes. */
#include "supervisor/protocol_frame.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/reload.h"

#include <errno.h>

#define RELOAD_MINOR	 1 /* the minor version that brought this reply */
#define DIAG_BYTES_MIN	 (4 + 4 + 1 + 4)
#define CHANGE_BYTES_MIN (1 + 4 + 4 + 4)
#define KEY_BYTES_MIN	 (4 + 4 + 4)

static void put_change(struct buffer *buffer, const struct reload_change *change)
{
	wire_put_u8(buffer, (uint8_t)change->effect);
	wire_put_string(buffer, change->section);
	wire_put_string(buffer, change->name);
	wire_put_u32(buffer, change->key_count);
	for (unsigned i = 0; i < change->key_count; i++) {
		wire_put_string(buffer, change->keys[i].key);
		wire_put_string(buffer, change->keys[i].from);
		wire_put_string(buffer, change->keys[i].to);
	}
}

void protocol_put_reload(struct buffer *buffer, const struct reload_report *report)
{
	size_t payload = frame_begin(buffer, REPLY_CHANGE, RELOAD_MINOR);
	wire_put_u8(buffer, report->accepted);
	wire_put_u8(buffer, report->applied);
	wire_put_string(buffer, report->source);
	wire_put_u32(buffer, report->diags_dropped);
	wire_put_u32(buffer, report->diag_count);
	for (unsigned i = 0; i < report->diag_count; i++) {
		wire_put_string(buffer, report->diags[i].file);
		wire_put_u32(buffer, report->diags[i].line);
		wire_put_u8(buffer, (uint8_t)report->diags[i].severity);
		wire_put_string(buffer, report->diags[i].message);
	}
	wire_put_u32(buffer, report->change_count);
	for (unsigned i = 0; i < report->change_count; i++)
		put_change(buffer, &report->changes[i]);
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

static void get_diags(struct cursor *cursor, struct arena *arena, struct reload_report *report)
{
	struct reload_diag *list;

	report->diags_dropped = wire_get_u32(cursor);
	report->diag_count = wire_get_count(cursor, DIAG_BYTES_MIN);
	report->diags = list = arena_array(arena, report->diag_count, sizeof(*list));
	for (unsigned i = 0; list && i < report->diag_count; i++) {
		list[i].file = payload_get_required(cursor, arena);
		list[i].line = wire_get_u32(cursor);
		list[i].severity = (enum severity)wire_get_enum(cursor, SEVERITY_COUNT);
		list[i].message = payload_get_required(cursor, arena);
	}
}

static void get_change(struct cursor *cursor, struct arena *arena, struct reload_change *ret_change)
{
	struct changed_key *keys;

	ret_change->effect = (enum reload_effect)wire_get_enum(cursor, RELOAD_EFFECT_COUNT);
	ret_change->section = payload_get_required(cursor, arena);
	ret_change->name = wire_get_string(cursor, arena);
	ret_change->key_count = wire_get_count(cursor, KEY_BYTES_MIN);
	ret_change->keys = keys = arena_array(arena, ret_change->key_count, sizeof(*keys));
	for (unsigned i = 0; keys && i < ret_change->key_count; i++) {
		keys[i].key = payload_get_required(cursor, arena);
		keys[i].from = wire_get_string(cursor, arena);
		keys[i].to = wire_get_string(cursor, arena);
	}
}

int protocol_get_reload(
	const struct frame *frame, struct arena *arena, struct reload_report *ret_report)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type != REPLY_CHANGE)
		return -ENOSYS;

	struct reload_report report = {.accepted = wire_get_bool(&cursor)};
	report.applied = wire_get_bool(&cursor);
	report.source = wire_get_string(&cursor, arena);
	get_diags(&cursor, arena, &report);
	report.change_count = wire_get_count(&cursor, CHANGE_BYTES_MIN);
	report.changes = arena_array(arena, report.change_count, sizeof(*report.changes));
	for (unsigned i = 0; report.changes && i < report.change_count; i++)
		get_change(&cursor, arena, &report.changes[i]);
	if (arena->failed)
		return -ENOMEM;
	error = payload_close(&cursor);
	if (!error)
		*ret_report = report;
	return error;
}

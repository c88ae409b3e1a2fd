#include "supervisor/protocol_frame.h"

#include "supervisor/buffer.h"

#include <errno.h>
#include <string.h>

/* The least that a record takes: see protocol_add_record(). */
#define RECORD_BYTES_MIN (8 + 1 + 4 + 4 + 4)
#define STRING_BYTES_MIN 4

bool log_query_has(const struct log_query *query, const char *service)
{
	for (unsigned i = 0; i < query->name_count; i++)
		if (strcmp(query->names[i], service) == 0)
			return true;
	return query->name_count == 0;
}

void protocol_put_query(struct buffer *buffer, const struct log_query *query)
{
	wire_put_u32(buffer, query->lines);
	wire_put_i64(buffer, query->since_us);
	wire_put_u8(buffer, query->follow);
	wire_put_u32(buffer, query->name_count);
	for (unsigned i = 0; i < query->name_count; i++)
		wire_put_string(buffer, query->names[i]);
}

void protocol_get_query(struct cursor *cursor, struct log_query *ret_query)
{
	ret_query->lines = wire_get_u32(cursor);
	ret_query->since_us = wire_get_i64(cursor);
	ret_query->follow = wire_get_bool(cursor);
	ret_query->name_count = wire_get_count(cursor, STRING_BYTES_MIN);
	if (ret_query->lines > LOG_QUERY_LINES_MAX || ret_query->name_count > LOG_QUERY_NAMES_MAX) {
		cursor->failed = true;
		ret_query->name_count = 0;
	}
	for (unsigned i = 0; i < ret_query->name_count; i++)
		wire_get_name(cursor, ret_query->names[i], sizeof(ret_query->names[i]));
}

void protocol_put_records(
	struct buffer *buffer, const struct records *records, const struct buffer *body)
{
	size_t payload = frame_begin(buffer, REPLY_RECORDS, 1);

	wire_put_u8(buffer, records->caught_up);
	wire_put_u64(buffer, records->lost);
	wire_put_u32(buffer, records->count);
	buffer_add(buffer, body->length ? body->data : "", body->length);
	if (body->failed)
		buffer->failed = true;
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

void protocol_add_record(struct buffer *body, const struct record *record)
{
	wire_put_i64(body, record->time_us);
	wire_put_u8(body, (uint8_t)record->level);
	wire_put_u32(body, record->pid);
	wire_put_string(body, record->service);
	wire_put_u32(body, (uint32_t)record->length); /* a line: far below WIRE_NULL */
	buffer_add(body, record->text, record->length);
}

size_t protocol_record_bytes(const struct record *record)
{
	return RECORD_BYTES_MIN + strlen(record->service) + record->length;
}

int protocol_get_records(
	const struct frame *frame, struct records *ret_records, struct records_reader *ret_reader)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);

	if (error)
		return error;
	if (frame->type != REPLY_RECORDS)
		return -ENOSYS;
	ret_records->caught_up = wire_get_bool(&cursor);
	ret_records->lost = wire_get_u64(&cursor);
	ret_records->count = wire_get_count(&cursor, RECORD_BYTES_MIN);
	*ret_reader = (struct records_reader){.cursor = cursor, .left = ret_records->count};
	return cursor.failed ? -EPROTO : 0;
}

int protocol_next_record(struct records_reader *reader, struct record *ret_record)
{
	struct cursor *cursor = &reader->cursor;

	if (reader->left == 0)
		return payload_close(cursor);
	reader->left--;
	ret_record->time_us = wire_get_i64(cursor);
	ret_record->level = (enum record_level)wire_get_enum(cursor, RECORD_LEVEL_COUNT);
	ret_record->pid = wire_get_u32(cursor);
	wire_get_name(cursor, reader->service, sizeof(reader->service));
	ret_record->service = reader->service;
	ret_record->length = wire_get_u32(cursor);
	ret_record->text = wire_get_bytes(cursor, ret_record->length);
	return cursor->failed ? -EPROTO : 1;
}

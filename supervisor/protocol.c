#include "supervisor/protocol_frame.h"

#include "config/arena.h"
#include "supervisor/buffer.h"

#include <errno.h>

int frame_read(const void *bytes, size_t length, size_t payload_max, struct frame *ret_frame)
{
	struct cursor cursor = {.at = bytes, .left = length};
	uint32_t magic = wire_get_u32(&cursor);
	if (!cursor.failed && magic != PROTOCOL_MAGIC)
		return -EPROTO;
	struct frame frame = {0};
	frame.major = wire_get_u8(&cursor);
	frame.minor = wire_get_u8(&cursor);
	frame.type = wire_get_u16(&cursor);
	frame.length = wire_get_u32(&cursor);
	if (cursor.failed)
		return 0;
	if (frame.length > payload_max)
		return -EMSGSIZE;
	if (frame.length > cursor.left)
		return 0;
	frame.payload = cursor.at;
	frame.frame_bytes = PROTOCOL_HEADER_BYTES + frame.length;
	*ret_frame = frame;
	return 1;
}

size_t frame_begin(struct buffer *buffer, enum message type, uint8_t minor)
{
	wire_put_u32(buffer, PROTOCOL_MAGIC);
	wire_put_u8(buffer, PROTOCOL_MAJOR);
	wire_put_u8(buffer, minor);
	wire_put_u16(buffer, (uint16_t)type);
	wire_put_u32(buffer, 0);
	return buffer->length;
}

void frame_end(struct buffer *buffer, size_t payload_at, size_t payload_max)
{
	if (buffer->failed)
		return;
	size_t length = buffer->length - payload_at;
	if (length > payload_max) {
		buffer->failed = true;
		return;
	}
	wire_patch_u32(buffer, payload_at - 4, (uint32_t)length);
}

int payload_open(const struct frame *frame, struct cursor *ret_cursor)
{
	if (frame->major != PROTOCOL_MAJOR || frame->minor > PROTOCOL_MINOR)
		return -EPROTONOSUPPORT;
	*ret_cursor = (struct cursor){.at = frame->payload, .left = frame->length};
	return 0;
}

int payload_close(const struct cursor *cursor)
{
	if (cursor->no_memory)
		return -ENOMEM;
	return cursor->failed || cursor->left > 0 ? -EPROTO : 0;
}

const char *payload_get_required(struct cursor *cursor, struct arena *arena)
{
	const char *text = wire_get_string(cursor, arena);
	if (!text)
		cursor->failed = true;
	return text;
}

static void put_health(struct buffer *buffer, const struct request *request)
{
	wire_put_u8(buffer, (uint8_t)request->level);
	wire_put_u8(buffer, request->wait);
}

static void get_health(struct cursor *cursor, struct request *request)
{
	request->level = (enum health_level)wire_get_enum(cursor, HEALTH_LEVEL_COUNT);
	request->wait = wire_get_bool(cursor);
}

static void put_logs(struct buffer *buffer, const struct request *request)
{
	wire_put_string(buffer, request->service);
	wire_put_u32(buffer, request->lines);
}

static void get_logs(struct cursor *cursor, struct request *request)
{
	wire_get_name(cursor, request->service, sizeof(request->service));
	request->lines = wire_get_u32(cursor);
	if (request->lines < 1 || request->lines > PROTOCOL_LOG_LINES_MAX)
		cursor->failed = true;
}

static void put_order(struct buffer *buffer, const struct request *request)
{
	wire_put_u8(buffer, (uint8_t)request->verb);
	wire_put_u32(buffer, request->name_count);
	for (unsigned i = 0; i < request->name_count; i++)
		wire_put_string(buffer, request->names[i]);
}

static void get_order(struct cursor *cursor, struct request *request)
{
	request->verb = (enum order_verb)wire_get_enum(cursor, ORDER_VERB_COUNT);
	request->name_count = wire_get_u32(cursor);
	if (request->name_count < 1 || request->name_count > ORDER_SERVICES_MAX) {
		cursor->failed = true;
		return;
	}
	for (unsigned i = 0; i < request->name_count; i++)
		wire_get_name(cursor, request->names[i], sizeof(request->names[i]));
}

static void put_await(struct buffer *buffer, const struct request *request)
{
	wire_put_u8(buffer, (uint8_t)request->verb);
	wire_put_string(buffer, request->service);
	wire_put_u32(buffer, request->attempt);
}

static void get_await(struct cursor *cursor, struct request *request)
{
	request->verb = (enum order_verb)wire_get_enum(cursor, ORDER_VERB_COUNT);
	wire_get_name(cursor, request->service, sizeof(request->service));
	request->attempt = wire_get_u32(cursor);
}

static void put_change(struct buffer *buffer, const struct request *request)
{
	wire_put_u8(buffer, request->dry_run);
}

static void get_change(struct cursor *cursor, struct request *request)
{
	request->dry_run = wire_get_bool(cursor);
}

static void put_service_name(struct buffer *buffer, const struct request *request)
{
	wire_put_string(buffer, request->service);
}

static void get_service_name(struct cursor *cursor, struct request *request)
{
	wire_get_name(cursor, request->service, sizeof(request->service));
}

/* In the first version it has no field. */
static void put_shutdown(struct buffer *buffer, const struct request *request)
{
	if (request->minor >= PROTOCOL_MINOR_END)
		wire_put_u8(buffer, (uint8_t)request->end);
}

static void get_shutdown(struct cursor *cursor, struct request *request)
{
	if (request->minor >= PROTOCOL_MINOR_END)
		request->end = (enum node_end)wire_get_enum(cursor, NODE_END_COUNT);
}

static void put_records(struct buffer *buffer, const struct request *request)
{
	protocol_put_query(buffer, &request->query);
}

static void get_records(struct cursor *cursor, struct request *request)
{
	protocol_get_query(cursor, &request->query);
}

/* The requests that there are: since which minor version, and their fields; NULL: none. */
static const struct request_rule {
	enum message type;
	uint8_t since;
	void (*put)(struct buffer *buffer, const struct request *request);
	void (*get)(struct cursor *cursor, struct request *request);
} rules[] = {
	{REQUEST_STATUS, 0, NULL, NULL},
	{REQUEST_HEALTH, 0, put_health, get_health},
	{REQUEST_SHUTDOWN, 0, put_shutdown, get_shutdown},
	{REQUEST_RELOAD, 0, NULL, NULL},
	{REQUEST_LOGS, 0, put_logs, get_logs},
	{REQUEST_ORDER, 1, put_order, get_order},
	{REQUEST_AWAIT, 1, put_await, get_await},
	{REQUEST_CHANGE, 1, put_change, get_change},
	{REQUEST_DETAIL, 1, put_service_name, get_service_name},
	{REQUEST_RECORDS, 1, put_records, get_records},
	{REQUEST_BOOT, 1, NULL, NULL},
};

static const struct request_rule *find_rule(uint16_t type)
{
	for (unsigned i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

/* Each request that comes to it has to be put here on purpose. */
bool protocol_only_reads(enum message type)
{
	static const enum message reading[] = {REQUEST_STATUS, REQUEST_HEALTH, REQUEST_LOGS,
		REQUEST_AWAIT, REQUEST_DETAIL, REQUEST_RECORDS, REQUEST_BOOT};

	for (unsigned i = 0; i < sizeof(reading) / sizeof(reading[0]); i++)
		if (reading[i] == type)
			return true;
	return false;
}

void protocol_put_request(struct buffer *buffer, const struct request *request)
{
	/* One that nobody knows is a header, for tests of who gets it. */
	const struct request_rule *rule = find_rule((uint16_t)request->type);
	uint8_t since = rule ? rule->since : 0;
	uint8_t minor = request->minor > since ? request->minor : since;
	size_t payload = frame_begin(buffer, request->type, minor);
	if (rule && rule->put)
		rule->put(buffer, request);
	frame_end(buffer, payload, PROTOCOL_REQUEST_MAX);
}

int protocol_get_request(const struct frame *frame, struct request *ret_request)
{
	const struct request_rule *rule = find_rule(frame->type);
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (!rule || frame->minor < rule->since)
		return -ENOSYS;

	struct request request = {.type = rule->type, .minor = frame->minor};
	if (rule->get)
		rule->get(&cursor, &request);
	error = payload_close(&cursor);
	if (!error)
		*ret_request = request;
	return error;
}

void protocol_put_reply(struct buffer *buffer, const struct reply *reply)
{
	size_t payload = frame_begin(buffer, reply->type, 0);
	if (reply->type == REPLY_HEALTH)
		wire_put_u8(buffer, reply->ok);
	else if (reply->type == REPLY_ERROR)
		wire_put_u16(buffer, (uint16_t)reply->code);
	wire_put_string(buffer, reply->text);
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

int protocol_get_reply(const struct frame *frame, struct arena *arena, struct reply *ret_reply)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type < REPLY_HEALTH || frame->type > REPLY_TEXT)
		return -ENOSYS;

	struct reply reply = {.type = (enum message)frame->type};
	if (reply.type == REPLY_HEALTH)
		reply.ok = wire_get_bool(&cursor);
	else if (reply.type == REPLY_ERROR) /* a code that is new to us still has its text */
		reply.code = (enum protocol_error)wire_get_u16(&cursor);
	reply.text = wire_get_string(&cursor, arena);
	error = payload_close(&cursor);
	if (error)
		return error;
	if (!reply.text)
		reply.text = "";
	*ret_reply = reply;
	return 0;
}

#include "supervisor/protocol.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/status.h"
#include "supervisor/wire.h"

#include <errno.h>
#include <string.h>

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

/* Puts a header whose length frame_end() fills in; returns where the payload begins. */
static size_t frame_begin(struct buffer *buffer, enum message type)
{
	wire_put_u32(buffer, PROTOCOL_MAGIC);
	wire_put_u8(buffer, PROTOCOL_MAJOR);
	wire_put_u8(buffer, PROTOCOL_MINOR);
	wire_put_u16(buffer, (uint16_t)type);
	wire_put_u32(buffer, 0);
	return buffer->length;
}

static void frame_end(struct buffer *buffer, size_t payload_at, size_t payload_max)
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

/* What get functions begin and end with: the frame must be of a version that we know, and must be
 * used up by its fields. */
static int payload_open(const struct frame *frame, struct cursor *ret_cursor)
{
	if (frame->major != PROTOCOL_MAJOR || frame->minor > PROTOCOL_MINOR)
		return -EPROTONOSUPPORT;
	*ret_cursor = (struct cursor){.at = frame->payload, .left = frame->length};
	return 0;
}

static int payload_close(const struct cursor *cursor)
{
	if (cursor->no_memory)
		return -ENOMEM;
	return cursor->failed || cursor->left > 0 ? -EPROTO : 0;
}

void protocol_put_request(struct buffer *buffer, const struct request *request)
{
	size_t payload = frame_begin(buffer, request->type);
	if (request->type == REQUEST_HEALTH) {
		wire_put_u8(buffer, (uint8_t)request->level);
		wire_put_u8(buffer, request->wait);
	} else if (request->type == REQUEST_LOGS) {
		wire_put_string(buffer, request->service);
		wire_put_u32(buffer, request->lines);
	}
	frame_end(buffer, payload, PROTOCOL_REQUEST_MAX);
}

int protocol_get_request(const struct frame *frame, struct request *ret_request)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type < REQUEST_STATUS || frame->type > REQUEST_LOGS)
		return -ENOSYS;

	struct request request = {.type = (enum message)frame->type};
	if (request.type == REQUEST_HEALTH) {
		request.level = (enum health_level)wire_get_enum(&cursor, HEALTH_LEVEL_COUNT);
		request.wait = wire_get_bool(&cursor);
	} else if (request.type == REQUEST_LOGS) {
		wire_get_name(&cursor, request.service, sizeof(request.service));
		request.lines = wire_get_u32(&cursor);
		if (request.lines < 1 || request.lines > PROTOCOL_LOG_LINES_MAX)
			cursor.failed = true;
	}
	error = payload_close(&cursor);
	if (!error)
		*ret_request = request;
	return error;
}

void protocol_put_reply(struct buffer *buffer, const struct reply *reply)
{
	size_t payload = frame_begin(buffer, reply->type);
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

/* The least that a service takes on the wire: see put_service(). */
#define SERVICE_BYTES_MIN (4 + 1 + 1 + 1 + 4 + 8 + 8 + 8 + 4 + 4 + 4 + 8 + 4)
#define STRING_BYTES_MIN  4
#define FINDING_BYTES_MIN (1 + 1 + 1 + 4 + 4 + 4 + 4)

static void put_service(struct buffer *buffer, const struct status_service *service)
{
	wire_put_string(buffer, service->name);
	wire_put_u8(buffer, (uint8_t)service->type);
	wire_put_u8(buffer, (uint8_t)service->state);
	wire_put_u8(buffer, service->wanted);
	wire_put_u32(buffer, (uint32_t)service->pid);
	wire_put_i64(buffer, service->since_ms);
	wire_put_i64(buffer, service->uptime_ms);
	wire_put_i64(buffer, service->ready_ms);
	wire_put_u32(buffer, service->restarts);
	wire_put_string(buffer, service->reason);
	wire_put_string(buffer, service->last);
	wire_put_u64(buffer, service->lines_dropped);
	wire_put_string(buffer, service->output);
}

/* A string that must not be NULL: a name, a problem. */
static const char *get_required(struct cursor *cursor, struct arena *arena)
{
	const char *name = wire_get_string(cursor, arena);
	if (!name)
		cursor->failed = true;
	return name;
}

static void get_service(
	struct cursor *cursor, struct arena *arena, struct status_service *ret_service)
{
	struct status_service *s = ret_service;
	s->name = get_required(cursor, arena);
	s->type = (enum service_type)wire_get_enum(cursor, SERVICE_TYPE_COUNT);
	s->state = (enum service_state)wire_get_enum(cursor, STATE_COUNT);
	s->wanted = wire_get_bool(cursor);
	uint32_t pid = wire_get_u32(cursor);
	if (pid > INT32_MAX)
		cursor->failed = true;
	else
		s->pid = (pid_t)pid;
	s->since_ms = wire_get_i64(cursor);
	s->uptime_ms = wire_get_i64(cursor);
	s->ready_ms = wire_get_i64(cursor);
	s->restarts = wire_get_u32(cursor);
	s->reason = wire_get_string(cursor, arena);
	s->last = wire_get_string(cursor, arena);
	s->lines_dropped = wire_get_u64(cursor);
	s->output = wire_get_string(cursor, arena);
}

static void put_finding(struct buffer *buffer, const struct finding *finding)
{
	wire_put_u8(buffer, (uint8_t)finding->step);
	wire_put_u8(buffer, (uint8_t)finding->state);
	wire_put_u8(buffer, finding->required);
	wire_put_string(buffer, finding->subject);
	wire_put_string(buffer, finding->verdict);
	wire_put_string(buffer, finding->reason);
	wire_put_string(buffer, finding->cure);
}

static void get_finding(struct cursor *cursor, struct arena *arena, struct finding *ret_finding)
{
	ret_finding->step = (enum step)wire_get_enum(cursor, STEP_COUNT);
	ret_finding->state = (enum finding_state)wire_get_enum(cursor, FINDING_STATE_COUNT);
	ret_finding->required = wire_get_bool(cursor);
	ret_finding->subject = get_required(cursor, arena);
	ret_finding->verdict = get_required(cursor, arena);
	ret_finding->reason = wire_get_string(cursor, arena);
	ret_finding->cure = wire_get_string(cursor, arena);
}

void protocol_put_status(struct buffer *buffer, const struct status *status)
{
	size_t payload = frame_begin(buffer, REPLY_STATUS);
	wire_put_string(buffer, status->version);
	wire_put_string(buffer, status->hostname);
	wire_put_u8(buffer, (uint8_t)status->phase);
	wire_put_u8(buffer, status->all_ready);
	wire_put_u8(buffer, status->was_ready);
	wire_put_i64(buffer, status->uptime_ms);
	wire_put_i64(buffer, status->ready_ms);
	wire_put_i64(buffer, status->stop_left_ms);
	wire_put_string(buffer, status->config_source);
	wire_put_u8(buffer, status->config_is_fallback);
	wire_put_string(buffer, status->config_problem);
	wire_put_u32(buffer, status->converged.bgp);
	wire_put_u32(buffer, status->converged.ospf);
	wire_put_u32(buffer, status->converged.isis);
	wire_put_u32(buffer, status->wanted);
	wire_put_u32(buffer, status->ready);
	wire_put_u32(buffer, status->failed);
	wire_put_u32(buffer, status->problem_count);
	for (unsigned i = 0; i < status->problem_count; i++)
		wire_put_string(buffer, status->problems[i]);
	wire_put_u32(buffer, status->service_count);
	for (unsigned i = 0; i < status->service_count; i++)
		put_service(buffer, &status->services[i]);
	wire_put_u32(buffer, status->finding_count);
	for (unsigned i = 0; i < status->finding_count; i++)
		put_finding(buffer, &status->findings[i]);
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

static void get_node(struct cursor *cursor, struct arena *arena, struct status *status)
{
	status->version = wire_get_string(cursor, arena);
	status->hostname = wire_get_string(cursor, arena);
	status->phase = (enum phase)wire_get_enum(cursor, PHASE_COUNT);
	status->all_ready = wire_get_bool(cursor);
	status->was_ready = wire_get_bool(cursor);
	status->uptime_ms = wire_get_i64(cursor);
	status->ready_ms = wire_get_i64(cursor);
	status->stop_left_ms = wire_get_i64(cursor);
	status->config_source = wire_get_string(cursor, arena);
	status->config_is_fallback = wire_get_bool(cursor);
	status->config_problem = wire_get_string(cursor, arena);
	status->converged.bgp = wire_get_u32(cursor);
	status->converged.ospf = wire_get_u32(cursor);
	status->converged.isis = wire_get_u32(cursor);
	status->wanted = wire_get_u32(cursor);
	status->ready = wire_get_u32(cursor);
	status->failed = wire_get_u32(cursor);
}

/* The three lists; false: no memory. */
static bool get_lists(struct cursor *cursor, struct arena *arena, struct status *status)
{
	status->problem_count = wire_get_count(cursor, STRING_BYTES_MIN);
	const char **problems = arena_array(arena, status->problem_count, sizeof(*problems));
	for (unsigned i = 0; problems && i < status->problem_count; i++)
		problems[i] = get_required(cursor, arena);
	status->problems = problems;

	status->service_count = wire_get_count(cursor, SERVICE_BYTES_MIN);
	status->services = arena_array(arena, status->service_count, sizeof(*status->services));
	for (unsigned i = 0; status->services && i < status->service_count; i++)
		get_service(cursor, arena, &status->services[i]);

	status->finding_count = wire_get_count(cursor, FINDING_BYTES_MIN);
	struct finding *findings = arena_array(arena, status->finding_count, sizeof(*findings));
	for (unsigned i = 0; findings && i < status->finding_count; i++)
		get_finding(cursor, arena, &findings[i]);
	status->findings = findings;
	return (!status->problem_count || problems) &&
	       (!status->service_count || status->services) && (!status->finding_count || findings);
}

int protocol_get_status(const struct frame *frame, struct arena *arena, struct status *ret_status)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type != REPLY_STATUS)
		return -ENOSYS;

	struct status status = {0};
	get_node(&cursor, arena, &status);
	if (!get_lists(&cursor, arena, &status))
		return -ENOMEM;
	error = payload_close(&cursor);
	if (!error)
		*ret_status = status;
	return error;
}

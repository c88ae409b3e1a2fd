/* The status as bytes, in the layout of each minor version. */
#include "supervisor/protocol_frame.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/status.h"

#include <errno.h>

/* The least that a service takes on the wire: see put_service(). */
#define SERVICE_BYTES_MIN (4 + 1 + 1 + 1 + 4 + 8 + 8 + 8 + 4 + 4 + 4 + 8 + 4)
#define SERVICE_1_1_BYTES (1 + 8 + 8 + 4 + 8 + 4) /* what 1.1 has added to it */
#define STRING_BYTES_MIN  4
#define FINDING_BYTES_MIN (1 + 1 + 1 + 4 + 4 + 4 + 4)

static void put_service(struct buffer *buffer, const struct status_service *service, uint8_t minor)
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
	if (minor < 1)
		return;
	wire_put_u8(buffer, (uint8_t)service->health);
	wire_put_i64(buffer, service->memory_bytes);
	wire_put_i64(buffer, service->cpu_ms);
	wire_put_string(buffer, service->crash);
	wire_put_u64(buffer, service->lines);
	wire_put_u32(buffer, service->checks_failed);
}

static void get_service(struct cursor *cursor, struct arena *arena, uint8_t minor,
	struct status_service *ret_service)
{
	struct status_service *s = ret_service;
	s->name = payload_get_required(cursor, arena);
	s->type = (enum service_type)wire_get_enum(cursor, SERVICE_TYPE_COUNT);
	s->state = (enum service_state)wire_get_enum(cursor, STATE_COUNT);
	s->wanted = wire_get_bool(cursor);
	s->pid = wire_get_pid(cursor);
	s->since_ms = wire_get_i64(cursor);
	s->uptime_ms = wire_get_i64(cursor);
	s->ready_ms = wire_get_i64(cursor);
	s->restarts = wire_get_u32(cursor);
	s->reason = wire_get_string(cursor, arena);
	s->last = wire_get_string(cursor, arena);
	s->lines_dropped = wire_get_u64(cursor);
	s->output = wire_get_string(cursor, arena);
	s->memory_bytes = s->cpu_ms = -1;
	if (minor < 1)
		return;
	s->health = (enum status_health)wire_get_enum(cursor, STATUS_HEALTH_COUNT);
	s->memory_bytes = wire_get_i64(cursor);
	s->cpu_ms = wire_get_i64(cursor);
	s->crash = wire_get_string(cursor, arena);
	s->lines = wire_get_u64(cursor);
	s->checks_failed = wire_get_u32(cursor);
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
	ret_finding->subject = payload_get_required(cursor, arena);
	ret_finding->verdict = payload_get_required(cursor, arena);
	ret_finding->reason = wire_get_string(cursor, arena);
	ret_finding->cure = wire_get_string(cursor, arena);
}

void protocol_put_status(struct buffer *buffer, const struct status *status, uint8_t minor)
{
	size_t payload = frame_begin(buffer, REPLY_STATUS, minor);
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
		put_service(buffer, &status->services[i], minor);
	wire_put_u32(buffer, status->finding_count);
	for (unsigned i = 0; i < status->finding_count; i++)
		put_finding(buffer, &status->findings[i]);
	for (unsigned i = 0; minor >= 1 && i < FINDING_STATE_COUNT; i++)
		wire_put_u32(buffer, status->finding_counts[i]);
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
static bool get_lists(
	struct cursor *cursor, struct arena *arena, uint8_t minor, struct status *status)
{
	status->problem_count = wire_get_count(cursor, STRING_BYTES_MIN);
	const char **problems = arena_array(arena, status->problem_count, sizeof(*problems));
	for (unsigned i = 0; problems && i < status->problem_count; i++)
		problems[i] = payload_get_required(cursor, arena);
	status->problems = problems;

	status->service_count =
		wire_get_count(cursor, SERVICE_BYTES_MIN + (minor < 1 ? 0 : SERVICE_1_1_BYTES));
	status->services = arena_array(arena, status->service_count, sizeof(*status->services));
	for (unsigned i = 0; status->services && i < status->service_count; i++)
		get_service(cursor, arena, minor, &status->services[i]);

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
	if (!get_lists(&cursor, arena, frame->minor, &status))
		return -ENOMEM;
	for (unsigned i = 0; frame->minor >= 1 && i < FINDING_STATE_COUNT; i++)
		status.finding_counts[i] = wire_get_u32(&cursor);
	error = payload_close(&cursor);
	if (!error)
		*ret_status = status;
	return error;
}

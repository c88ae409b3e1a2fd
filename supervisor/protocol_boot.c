/* The record of the boot as bytes, since 1.1. */
#include "supervisor/protocol_frame.h"

#include "config/arena.h"
#include "supervisor/boot.h"
#include "supervisor/buffer.h"

#include <errno.h>

#define STEP_BYTES_MIN	  (4 + 4 + 4)
#define SERVICE_BYTES_MIN (4 + 1 + 6 * 4)

static void put_service(struct buffer *buffer, const struct boot_service *service)
{
	wire_put_string(buffer, service->name);
	wire_put_u8(buffer, (uint8_t)service->outcome);
	wire_put_u32(buffer, service->wanted);
	wire_put_u32(buffer, service->released);
	wire_put_u32(buffer, service->started);
	wire_put_u32(buffer, service->there);
	wire_put_u32(buffer, service->waited_for);
	wire_put_u32(buffer, service->failures);
}

void protocol_put_boot(struct buffer *buffer, const struct boot *boot)
{
	size_t payload = frame_begin(buffer, REPLY_BOOT, 1);

	wire_put_string(buffer, boot->version);
	wire_put_string(buffer, boot->hostname);
	wire_put_u32(buffer, boot->ready);
	wire_put_u32(buffer, boot->until);
	wire_put_u32(buffer, boot->step_count);
	for (unsigned i = 0; i < boot->step_count; i++) {
		wire_put_string(buffer, boot->steps[i].name);
		wire_put_u32(buffer, boot->steps[i].begin);
		wire_put_u32(buffer, boot->steps[i].end);
	}
	wire_put_u32(buffer, boot->service_count);
	for (unsigned i = 0; i < boot->service_count; i++)
		put_service(buffer, &boot->services[i]);
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

/* Never, or within what is called a boot: so that no chart is wider than that. */
static uint32_t get_moment(struct cursor *cursor)
{
	uint32_t moment = wire_get_u32(cursor);

	if (moment != BOOT_NEVER && moment > BOOT_END_US)
		cursor->failed = true;
	return moment;
}

static void get_service(struct cursor *cursor, struct arena *arena, unsigned count,
	struct boot_service *ret_service)
{
	struct boot_service *s = ret_service;

	s->name = payload_get_required(cursor, arena);
	s->outcome = (enum boot_outcome)wire_get_enum(cursor, BOOT_OUTCOME_COUNT);
	s->wanted = get_moment(cursor);
	s->released = get_moment(cursor);
	s->started = get_moment(cursor);
	s->there = get_moment(cursor);
	s->waited_for = wire_get_u32(cursor);
	if (s->waited_for != BOOT_NOBODY && s->waited_for >= count)
		cursor->failed = true;
	s->failures = wire_get_u32(cursor);
}

/* false: no memory. */
static bool get_lists(struct cursor *cursor, struct arena *arena, struct boot *boot)
{
	boot->step_count = wire_get_count(cursor, STEP_BYTES_MIN);
	struct boot_step *steps = arena_array(arena, boot->step_count, sizeof(*steps));
	for (unsigned i = 0; steps && i < boot->step_count; i++) {
		steps[i].name = payload_get_required(cursor, arena);
		steps[i].begin = get_moment(cursor);
		steps[i].end = get_moment(cursor);
	}
	boot->service_count = wire_get_count(cursor, SERVICE_BYTES_MIN);
	struct boot_service *services = arena_array(arena, boot->service_count, sizeof(*services));
	for (unsigned i = 0; services && i < boot->service_count; i++)
		get_service(cursor, arena, boot->service_count, &services[i]);
	boot->steps = steps;
	boot->services = services;
	return (!boot->step_count || steps) && (!boot->service_count || services);
}

int protocol_get_boot(const struct frame *frame, struct arena *arena, struct boot *ret_boot)
{
	struct cursor cursor;
	struct boot boot = {0};
	int error = payload_open(frame, &cursor);

	if (error)
		return error;
	if (frame->type != REPLY_BOOT)
		return -ENOSYS;
	boot.version = wire_get_string(&cursor, arena);
	boot.hostname = wire_get_string(&cursor, arena);
	boot.ready = get_moment(&cursor);
	boot.until = get_moment(&cursor);
	if (boot.until == BOOT_NEVER)
		cursor.failed = true;
	if (!get_lists(&cursor, arena, &boot))
		return -ENOMEM;
	error = payload_close(&cursor);
	if (!error)
		*ret_boot = boot;
	return error;
}

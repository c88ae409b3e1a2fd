/* What a hostile client sends, as control.c takes it in: a stream in pieces, each request answered.
 * The first byte says how large the pieces are. Must hold: what is understood means the same when
 * it is put and got again; every answer is one whole frame that a client understands. */
#include "config/arena.h"
#include "init/control.h"
#include "init/control_answer.h"
#include "init/control_records.h"
#include "init/follow.h"
#include "supervisor/boot.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/protocol.h"
#include "supervisor/reload.h"
#include "supervisor/status.h"
#include "tests/fuzz/replay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int status(void *context, struct arena *arena, bool usage, struct status *ret_status)
{
	(void)usage;
	(void)context;
	(void)arena;
	*ret_status = (struct status){.hostname = "r1"};
	return 0;
}

static int detail(
	void *context, struct arena *arena, const char *name, struct service_detail *ret_detail)
{
	(void)context;
	(void)arena;
	*ret_detail = (struct service_detail){.key_count = 0};
	return *name ? 0 : -ENOENT;
}

static bool health(void *context, enum health_level level, char *reason, size_t reason_bytes)
{
	(void)context;
	snprintf(reason, reason_bytes, "%s", health_level_name(level));
	return level == HEALTH_STARTED;
}

static int end(void *context, enum node_end how)
{
	(void)context;
	return how == NODE_END_HALT ? -ENOTSUP : 0;
}

static int reload(
	void *context, bool dry_run, struct arena *arena, struct reload_report *ret_report)
{
	(void)context;
	(void)arena;
	*ret_report = (struct reload_report){.accepted = dry_run, .source = "built-in"};
	return 0;
}

static int logs(void *context, const char *service, unsigned lines, struct buffer *buffer)
{
	(void)context;
	buffer_printf(buffer, "%s %u\n", service ? service : "", lines);
	return 0;
}

static int order(void *context, struct arena *arena, enum order_verb verb, const char *const *names,
	unsigned count, struct order *ret_order, const char **ret_why)
{
	(void)context;
	if (verb == ORDER_RELOAD) {
		*ret_why = names[0];
		return -EINVAL;
	}
	*ret_order = (struct order){.verb = verb,
		.items = arena_array(arena, count, sizeof(struct order_item)),
		.item_count = count};
	for (unsigned i = 0; i < count; i++)
		ret_order->items[i] = (struct order_item){names[i], true, i};
	return 0;
}

static bool look(void *context, struct arena *arena, enum order_verb verb, const char *name,
	uint32_t attempt, struct order_outcome *ret_outcome)
{
	(void)context;
	*ret_outcome = (struct order_outcome){.state = (enum service_state)(attempt % STATE_COUNT),
		.progress = ORDER_FAILED,
		.text = arena_strdup(arena, name)};
	return verb != ORDER_STOP;
}

/* As many lines as there are names. */
static int records(
	void *context, uint64_t client, const struct log_query *query, struct buffer *out)
{
	struct records records = {.caught_up = true, .lost = client};
	struct buffer body = {0};

	(void)context;
	for (unsigned i = 0; i < query->name_count; i++, records.count++) {
		const struct record record = {.time_us = query->since_us,
			.service = query->names[i],
			.text = query->names[i],
			.length = strlen(query->names[i])};

		protocol_add_record(&body, &record);
	}
	protocol_put_records(out, &records, &body);
	buffer_free(&body);
	return query->follow ? FOLLOW_NOTHING : FOLLOW_LAST;
}

static int boot(void *context, struct arena *arena, struct boot *ret_boot)
{
	(void)context;
	(void)arena;
	*ret_boot = (struct boot){.version = "0"};
	return 0;
}

static const struct control_operations operations = {.status = status,
	.detail = detail,
	.health = health,
	.shutdown = end,
	.reload = reload,
	.order = order,
	.look = look,
	.logs = logs,
	.boot = boot,
	.records = records};

static void must(bool condition)
{
	if (!condition)
		__builtin_trap();
}

/* The answer must be exactly one frame of a known type. */
static void check_answer(struct buffer *out)
{
	struct arena arena = {0};
	struct frame frame;
	struct reply reply;
	struct status got;
	struct order given;
	struct order_outcome outcome;
	struct reload_report report;
	struct service_detail details;
	struct records records;
	struct records_reader reader;

	must(!out->failed);
	must(frame_read(out->data, out->length, PROTOCOL_REPLY_MAX, &frame) == 1);
	must(frame.frame_bytes == out->length);
	if (frame.type == REPLY_STATUS)
		must(protocol_get_status(&frame, &arena, &got) == 0);
	else if (frame.type == REPLY_ORDER)
		must(protocol_get_order(&frame, &arena, &given) == 0);
	else if (frame.type == REPLY_OUTCOME)
		must(protocol_get_outcome(&frame, &arena, &outcome) == 0);
	else if (frame.type == REPLY_CHANGE)
		must(protocol_get_reload(&frame, &arena, &report) == 0);
	else if (frame.type == REPLY_DETAIL)
		must(protocol_get_detail(&frame, &arena, &details) == 0);
	else if (frame.type == REPLY_BOOT)
		must(protocol_get_boot(&frame, &arena, &(struct boot){0}) == 0);
	else if (frame.type == REPLY_RECORDS)
		must(protocol_get_records(&frame, &records, &reader) == 0);
	else
		must(protocol_get_reply(&frame, &arena, &reply) == 0);
	arena_free(&arena);
}

static void check_request(const struct request *request)
{
	struct buffer again = {0};
	struct frame frame;
	struct request got;

	protocol_put_request(&again, request);
	must(frame_read(again.data, again.length, PROTOCOL_REQUEST_MAX, &frame) == 1);
	must(protocol_get_request(&frame, &got) == 0);
	must(got.type == request->type && got.level == request->level && got.wait == request->wait);
	must(got.lines == request->lines && strcmp(got.service, request->service) == 0);
	must(got.verb == request->verb && got.attempt == request->attempt);
	must(got.dry_run == request->dry_run && got.name_count == request->name_count);
	for (unsigned i = 0; i < got.name_count; i++)
		must(strcmp(got.names[i], request->names[i]) == 0);
	must(got.query.lines == request->query.lines &&
		got.query.since_us == request->query.since_us &&
		got.query.follow == request->query.follow &&
		got.query.name_count == request->query.name_count);
	for (unsigned i = 0; i < got.query.name_count; i++)
		must(strcmp(got.query.names[i], request->query.names[i]) == 0);
	buffer_free(&again);
}

/* Answers what is whole in `in`. False: the connection would be closed. */
static bool process(struct buffer *in)
{
	struct frame frame;
	struct request request;
	int result;

	while ((result = frame_read(in->data, in->length, PROTOCOL_REQUEST_MAX, &frame)) != 0) {
		struct buffer out = {0};

		if (result == 1) {
			result = protocol_get_request(&frame, &request);
			buffer_consume(in, frame.frame_bytes);
		}
		if (result == 0) {
			check_request(&request);
			if (request.type == REQUEST_RECORDS)
				(void)control_answer_records(&operations, 1, &request, &out);
			else if (!control_answer(&operations, &request, &out))
				must((request.wait || request.type == REQUEST_AWAIT) &&
					out.length == 0);
		} else {
			control_refuse(result, &out);
		}
		if (out.length > 0)
			check_answer(&out);
		buffer_free(&out);
		if (result == -EPROTO || result == -EMSGSIZE)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer in = {.limit = PROTOCOL_HEADER_BYTES + PROTOCOL_REQUEST_MAX};
	size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;

	for (size_t at = 1; at < size;) {
		size_t room = in.limit - in.length;
		size_t length = size - at < piece ? size - at : piece;

		must(room > 0); /* a frame is either whole or refused before the buffer is full */
		if (length > room)
			length = room;
		buffer_add(&in, data + at, length);
		at += length;
		if (!process(&in))
			break;
	}
	buffer_free(&in);
	return 0;
}

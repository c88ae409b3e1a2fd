/* What a hostile server answers, up to what the terminal gets. Must hold: a status that is
 * understood becomes the same bytes again; text has no control character but the line ends that we
 * put, and JSON none at all; both are UTF-8. */
#include "config/arena.h"
#include "config/text.h"
#include "supervisor/boot.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/protocol.h"
#include "supervisor/reload.h"
#include "supervisor/status.h"
#include "supervisor/table.h"
#include "tests/fuzz/replay.h"

#include <string.h>

static void must(bool condition)
{
	if (!condition)
		__builtin_trap();
}

static void check_clean(struct buffer *out)
{
	must(!out->failed);
	for (size_t i = 0; i < out->length; i++)
		if (out->data[i] == '\n')
			out->data[i] = ' ';
	must(text_check(out->data, out->length) == out->length);
	must(memchr(out->data, '\t', out->length) == NULL);
	buffer_reset(out);
}

static void check_shown(const struct status *status)
{
	static const struct table_style styles[] = {{.utf8 = true}, {.columns = 40}};
	struct buffer out = {.limit = (size_t)256 << 20};
	for (unsigned i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		status_write_text(&out, status, &styles[i]);
		check_clean(&out);
		if (status->service_count > 0) {
			status_write_service(&out, status->services, NULL, &styles[i]);
			check_clean(&out);
		}
	}
	status_write_json(&out, status, NULL, NULL);
	must(memchr(out.data, '\n', out.length) == out.data + out.length - 1);
	check_clean(&out);
	buffer_free(&out);
}

static void check_status(const struct frame *frame, const struct status *status)
{
	struct buffer again = {0};

	protocol_put_status(&again, status, frame->minor);
	must(!again.failed);
	must(again.length == PROTOCOL_HEADER_BYTES + frame->length);
	must(memcmp(again.data + PROTOCOL_HEADER_BYTES, frame->payload, frame->length) == 0);
	buffer_free(&again);
	check_shown(status);
}

/* Understood, so it can be said again, and shown. */
static void check_order(struct arena *arena, const struct frame *frame, const struct order *order)
{
	struct buffer again = {0};

	protocol_put_order(&again, order);
	must(again.length == PROTOCOL_HEADER_BYTES + frame->length);
	must(memcmp(again.data + PROTOCOL_HEADER_BYTES, frame->payload, frame->length) == 0);
	for (unsigned i = 0; i < order->other_count; i++)
		must(order_other_text(arena, &order->others[i]) != NULL || arena->failed);
	buffer_free(&again);
}

static void check_reload(const struct frame *frame, const struct reload_report *report)
{
	static const struct table_style style = {.utf8 = true};
	struct buffer out = {.limit = (size_t)256 << 20};

	protocol_put_reload(&out, report);
	must(out.length == PROTOCOL_HEADER_BYTES + frame->length);
	must(memcmp(out.data + PROTOCOL_HEADER_BYTES, frame->payload, frame->length) == 0);
	buffer_reset(&out);
	reload_write_diags(&out, report, &style);
	reload_write_text(&out, report, &style);
	check_clean(&out);
	reload_write_json(&out, report);
	must(memchr(out.data, '\n', out.length) == out.data + out.length - 1);
	check_clean(&out);
	buffer_free(&out);
}

static void check_detail(const struct frame *frame, const struct service_detail *detail)
{
	static const struct status_service service = {.name = "a"};
	static const struct status status = {.services = NULL};
	static const struct table_style style = {.columns = 40};
	struct buffer out = {.limit = (size_t)256 << 20};

	protocol_put_detail(&out, detail);
	must(out.length == PROTOCOL_HEADER_BYTES + frame->length);
	must(memcmp(out.data + PROTOCOL_HEADER_BYTES, frame->payload, frame->length) == 0);
	buffer_reset(&out);
	status_write_service(&out, &service, detail, &style);
	check_clean(&out);
	status_write_json(&out, &status, &service, detail);
	check_clean(&out);
	buffer_free(&out);
}

static void check_boot(const struct frame *frame, const struct boot *boot)
{
	static const struct table_style styles[] = {{.utf8 = true}, {.columns = 40}};
	struct buffer out = {.limit = (size_t)256 << 20};

	protocol_put_boot(&out, boot);
	must(out.length == PROTOCOL_HEADER_BYTES + frame->length);
	must(memcmp(out.data + PROTOCOL_HEADER_BYTES, frame->payload, frame->length) == 0);
	buffer_reset(&out);
	for (unsigned i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		boot_write_text(&out, boot, &styles[i]);
		check_clean(&out);
	}
	boot_write_svg(&out, boot);
	check_clean(&out);
	boot_write_json(&out, boot);
	must(memchr(out.data, '\n', out.length) == out.data + out.length - 1);
	check_clean(&out);
	buffer_free(&out);
}

/* As many as were announced, or an error; what is shown is clean. */
static void check_records(const struct records *records, struct records_reader *reader)
{
	static const struct record_style style = {
		.named = true, .stamped = true, .printable = true, .utf8 = true};
	struct buffer out = {0};
	struct record record;
	unsigned count = 0;
	int r;

	while ((r = protocol_next_record(reader, &record)) == 1) {
		record_add_json(&out, &record);
		must(memchr(out.data, '\n', out.length) == out.data + out.length - 1);
		check_clean(&out);
		record.service = "a"; /* a name that PID 1 gave; terminals get no other */
		record_add_text(&out, &record, &style);
		check_clean(&out);
		count++;
	}
	must(r < 0 || count == records->count);
	buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame;
	struct boot boot;
	struct service_detail detail;
	struct reload_report report;
	struct order_outcome outcome;
	struct order order;
	struct status status;
	struct reply reply;
	struct records records;
	struct records_reader reader;

	while (frame_read(data, size, PROTOCOL_REPLY_MAX, &frame) == 1) {
		struct arena arena = {0};

		if (protocol_get_status(&frame, &arena, &status) == 0)
			check_status(&frame, &status);
		else if (protocol_get_order(&frame, &arena, &order) == 0)
			check_order(&arena, &frame, &order);
		else if (protocol_get_outcome(&frame, &arena, &outcome) == 0)
			must(outcome.pid >= 0 && outcome.state < STATE_COUNT);
		else if (protocol_get_reload(&frame, &arena, &report) == 0)
			check_reload(&frame, &report);
		else if (protocol_get_detail(&frame, &arena, &detail) == 0)
			check_detail(&frame, &detail);
		else if (protocol_get_boot(&frame, &arena, &boot) == 0)
			check_boot(&frame, &boot);
		else if (protocol_get_records(&frame, &records, &reader) == 0)
			check_records(&records, &reader);
		else if (protocol_get_reply(&frame, &arena, &reply) == 0)
			must(reply.text != NULL);
		arena_free(&arena);
		data += frame.frame_bytes;
		size -= frame.frame_bytes;
	}
	return 0;
}

/* firsthop logs: what was kept, in the order of its time, and with -f what comes. PID 1 sends it
 * service by service; they are sorted here, where it costs PID 1 nothing. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "init/client.h"
#include "init/loop.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/calendar.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS	 10000
#define LINES_DEFAULT	 100
#define KEPT_LIMIT_BYTES ((size_t)256 << 20)

/* A record that was kept, with its place in the order in which they came. */
struct kept {
	struct record record;
	size_t place;
};

struct logs {
	struct arena arena; /* of the kept ones */
	struct kept *kept;
	size_t count, capacity;
	bool live;	/* all that was kept has been printed */
	bool unwritten; /* stdout takes no more, which was said */
	bool json;
	struct record_style style;
	const struct log_query *query;
	struct reply refused; /* by PID 1; its text is in the arena */
};

static int compare_kept(const void *a, const void *b)
{
	const struct kept *left = a, *right = b;

	if (left->record.time_us != right->record.time_us)
		return left->record.time_us < right->record.time_us ? -1 : 1;
	return left->place < right->place ? -1 : left->place > right->place;
}

static void add_record(const struct logs *logs, const struct record *record, struct buffer *out)
{
	if (logs->json)
		record_add_json(out, record);
	else
		record_add_text(out, record, &logs->style);
}

static void add_lost(const struct logs *logs, uint64_t lost, struct buffer *out)
{
	if (logs->json) {
		struct json json = {.buffer = out};

		json_open_object(&json, NULL);
		json_int(&json, "lost", (int64_t)(lost & INT64_MAX));
		json_close_object(&json);
		buffer_add(out, "\n", 1);
		return;
	}
	buffer_printf(
		out, "[%" PRIu64 " lines lost: they came faster than they were read]\n", lost);
}

/* The newest of all; each service has sent as many. */
static void add_kept(struct logs *logs, struct buffer *out)
{
	size_t first = 0;

	if (logs->count > logs->query->lines)
		first = logs->count - logs->query->lines;
	if (logs->count)
		qsort(logs->kept, logs->count, sizeof(*logs->kept), compare_kept);
	for (size_t i = first; i < logs->count; i++)
		add_record(logs, &logs->kept[i].record, out);
	arena_free(&logs->arena);
	logs->kept = NULL;
	logs->count = logs->capacity = 0;
}

static int keep(struct logs *logs, const struct record *record)
{
	struct kept *kept = arena_grow(
		&logs->arena, logs->kept, logs->count, &logs->capacity, sizeof(*logs->kept));
	char *text = arena_alloc(&logs->arena, record->length + 1);
	char *service = arena_strdup(&logs->arena, record->service);

	if (!kept || !text || !service)
		return -ENOMEM;
	memcpy(text, record->text, record->length);
	logs->kept = kept;
	kept[logs->count] = (struct kept){.record = *record, .place = logs->count};
	kept[logs->count].record.text = text;
	kept[logs->count].record.service = service;
	logs->count++;
	return 0;
}

static int refused(struct logs *logs, const struct frame *frame)
{
	int error = protocol_get_reply(frame, &logs->arena, &logs->refused);

	if (error)
		return error;
	return logs->refused.type == REPLY_ERROR ? CLIENT_ENOUGH : -EPROTO;
}

static int on_frame(void *context, const struct frame *frame)
{
	struct logs *logs = context;
	struct records records;
	struct records_reader reader;
	struct record record;
	struct buffer out = {.limit = KEPT_LIMIT_BYTES};
	int error = protocol_get_records(frame, &records, &reader);

	if (error)
		return error == -ENOSYS ? refused(logs, frame) : error;
	while ((error = protocol_next_record(&reader, &record)) == 1) {
		if (logs->live)
			add_record(logs, &record, &out);
		else
			error = keep(logs, &record);
		if (error < 0)
			break;
	}
	if (!error && records.caught_up && !logs->live)
		add_kept(logs, &out);
	if (!error && records.lost)
		add_lost(logs, records.lost, &out);
	logs->live = logs->live || records.caught_up;
	if (out.length || out.failed)
		logs->unwritten = print_buffer(&out) != EXIT_CODE_OK;
	if (logs->unwritten)
		return CLIENT_ENOUGH;
	if (error < 0)
		return error;
	return !logs->live ? CLIENT_MORE : logs->query->follow ? CLIENT_FOREVER : CLIENT_ENOUGH;
}

/* A time that has gone by since, or a date. */
static int read_since(const char *verb, const char *since, int64_t *ret_us)
{
	int64_t ms;

	if (calendar_read(since, ret_us) == 0)
		return 0;
	if (quantity_time(since, &ms) == 0) {
		int64_t now_us = loop_wall_us();

		*ret_us = ms < now_us / 1000 ? now_us - ms * 1000 : 0;
		return 0;
	}
	fprintf(stderr,
		"firsthop %s: --since %s: a time such as 90s, 5m or 2h was expected, or a date "
		"such as "
		"2026-11-30T10:53:23Z\n",
		verb, since);
	return EXIT_CODE_CONFIG;
}

static int read_lines(const char *verb, const char *lines, uint32_t *ret_lines)
{
	int64_t count;

	if (quantity_number(lines, 0, LOG_QUERY_LINES_MAX, &count) < 0) {
		fprintf(stderr, "firsthop %s: -n %s: a number from 0 to %d was expected\n", verb,
			lines, LOG_QUERY_LINES_MAX);
		return EXIT_CODE_CONFIG;
	}
	*ret_lines = (uint32_t)count;
	return 0;
}

static int read_names(char **argv, int count, struct log_query *query)
{
	for (int i = 0; i < count; i++) {
		if (strlen(argv[1 + i]) > SERVICE_NAME_MAX) {
			fprintf(stderr, "firsthop %s: no service has so long a name\n", argv[0]);
			return EXIT_CODE_CONFIG;
		}
		memcpy(query->names[i], argv[1 + i], strlen(argv[1 + i]) + 1);
	}
	query->name_count = (unsigned)count;
	return 0;
}

static int run(const char *verb, const struct request *request, struct logs *logs)
{
	int error = client_listen(request, TIMEOUT_MS, on_frame, logs), code = EXIT_CODE_OK;

	if (error == -ECONNRESET && logs->live) {
		fprintf(stderr,
			"firsthop %s: firsthop has ended, or needed the connection for others\n",
			verb);
		code = EXIT_CODE_SYSTEM;
	} else if (error) {
		code = client_complain(verb, error);
	} else if (logs->refused.type == REPLY_ERROR) {
		code = client_refused(verb, &logs->refused);
	} else if (logs->unwritten) {
		code = EXIT_CODE_SYSTEM;
	}
	arena_free(&logs->arena);
	return code;
}

int cmd_logs(int argc, char **argv)
{
	struct request request = {
		.type = REQUEST_RECORDS, .query = {.lines = LINES_DEFAULT, .since_us = INT64_MIN}};
	struct logs logs = {.arena.limit_bytes = KEPT_LIMIT_BYTES, .query = &request.query};
	const char *lines = NULL, *since = NULL;
	const struct option_spec options[] = {
		{.name = "follow", .letter = 'f', .flag = &request.query.follow},
		{.name = "lines", .letter = 'n', .kind = OPTION_VALUE, .value = &lines},
		{.name = "since", .kind = OPTION_VALUE, .value = &since},
		{.name = "timestamps", .letter = 't', .flag = &logs.style.stamped},
		{.name = "json", .flag = &logs.json},
	};
	const struct option_rules rules = {.options = options,
		.option_count = sizeof(options) / sizeof(options[0]),
		.operands_max = LOG_QUERY_NAMES_MAX};
	struct table_style style;
	int operands, result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	if (since && read_since(argv[0], since, &request.query.since_us))
		return EXIT_CODE_CONFIG;
	if (since)
		request.query.lines = LOG_QUERY_LINES_MAX;
	if ((lines && read_lines(argv[0], lines, &request.query.lines)) ||
		read_names(argv, operands, &request.query))
		return EXIT_CODE_CONFIG;
	print_style(STDOUT_FILENO, &style);
	logs.style.named = operands != 1;
	logs.style.printable = isatty(STDOUT_FILENO);
	logs.style.utf8 = style.utf8;
	return run(argv[0], &request, &logs);
}

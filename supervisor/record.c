#include "supervisor/record.h"

#include "supervisor/buffer.h"
#include "supervisor/calendar.h"
#include "supervisor/human.h"
#include "supervisor/json.h"

static const struct {
	const char *word, *prefix;
} levels[] = {
	[RECORD_LINE] = {NULL, ""},
	[RECORD_ERROR] = {"error", "error: "},
	[RECORD_WARNING] = {"warning", "warning: "},
	[RECORD_NOTE] = {"note", ""},
	[RECORD_DEBUG] = {"debug", "debug: "},
};
_Static_assert(sizeof(levels) / sizeof(levels[0]) == RECORD_LEVEL_COUNT, "one each");

const char *record_level_prefix(enum record_level level)
{
	return levels[level].prefix;
}

void record_add_json(struct buffer *buffer, const struct record *record)
{
	struct json json = {.buffer = buffer};
	char time[CALENDAR_BYTES];

	calendar_write(time, record->time_us);
	json_open_object(&json, NULL);
	json_string(&json, "time", time);
	json_string(&json, "service", record->service);
	if (record->level != RECORD_LINE)
		json_string(&json, "level", levels[record->level].word);
	json_int_or_null(&json, "pid", record->pid ? (int64_t)record->pid : -1);
	json_text(&json, "text", record->text, record->length);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

void record_add_text(
	struct buffer *buffer, const struct record *record, const struct record_style *style)
{
	if (style->stamped) {
		char time[CALENDAR_BYTES];

		calendar_write(time, record->time_us);
		buffer_add(buffer, time, CALENDAR_BYTES - 1);
		buffer_add(buffer, " ", 1);
	}
	if (style->named) {
		buffer_add_text(buffer, record->service);
		buffer_add(buffer, ": ", 2);
	}
	buffer_add_text(buffer, record_level_prefix(record->level));
	if (style->printable)
		human_add_printable(buffer, record->text, record->length, style->utf8);
	else
		buffer_add(buffer, record->text, record->length);
	buffer_add(buffer, "\n", 1);
}

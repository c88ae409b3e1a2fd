#include "supervisor/reason.h"

#include "supervisor/buffer.h"
#include "supervisor/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define REASON_JSON_VERSION 1

static const char *const kind_names[REASON_KIND_COUNT] = {
	[REASON_USAGE] = "usage",
	[REASON_CONFIGURATION] = "configuration",
	[REASON_PREPARATION] = "preparation",
	[REASON_CRITICAL] = "critical",
	[REASON_NOT_READY] = "not-ready",
	[REASON_SYSTEM] = "system",
	[REASON_COMMAND] = "command",
};

const char *reason_kind_name(enum reason_kind kind)
{
	return kind < REASON_KIND_COUNT ? kind_names[kind] : "?";
}

/* What is left out, step by step, until it fits. Nine texts of 64 bytes fit in any case, also if
 * each of them becomes a \u escape of six. */
static const struct {
	bool output;
	size_t text_bytes;
} shapes[] = {{true, SIZE_MAX}, {false, SIZE_MAX}, {false, 512}, {false, 64}};

static void put_text(struct json *json, const char *key, const char *text, size_t bytes_max)
{
	struct buffer cut = {0};

	if (!text || strlen(text) <= bytes_max) {
		json_string(json, key, text);
		return;
	}
	buffer_add(&cut, text, bytes_max);
	json_string(json, key, cut.length ? cut.data : NULL);
	buffer_free(&cut);
}

static void write_as(struct buffer *buffer, const struct reason *reason, unsigned shape)
{
	const struct {
		const char *key, *text;
	} texts[] = {
		{"firsthop", reason->version},
		{"time", reason->time},
		{"service", reason->service},
		{"step", reason->step},
		{"subject", reason->subject},
		{"text", reason->text},
		{"last", reason->last},
		{"cure", reason->cure},
		{"crash", reason->crash},
	};
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", REASON_JSON_VERSION);
	json_int(&json, "exit_code", reason->exit_code);
	json_string(&json, "kind", reason_kind_name(reason->kind));
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		put_text(&json, texts[i].key, texts[i].text, shapes[shape].text_bytes);
	json_string(&json, "output", shapes[shape].output ? reason->output : NULL);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

void reason_write_json(struct buffer *buffer, const struct reason *reason)
{
	struct buffer line = {.limit = REASON_MAX_BYTES};

	for (unsigned shape = 0; shape < sizeof(shapes) / sizeof(shapes[0]); shape++) {
		buffer_reset(&line);
		write_as(&line, reason, shape);
		if (!line.failed)
			break;
	}
	if (line.failed)
		buffer->failed = true;
	else
		buffer_add(buffer, line.data, line.length);
	buffer_free(&line);
}

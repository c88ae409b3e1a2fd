#include "supervisor/json.h"

#include "config/text.h"
#include "supervisor/buffer.h"

#include <inttypes.h>
#include <string.h>

/* One byte that is not clean UTF-8. Control characters have an escape; C1 controls and broken
 * sequences cannot be told apart by now, and nobody will miss them. */
static void add_unclean(struct buffer *buffer, unsigned char byte)
{
	if (byte < 0x20 || byte == 0x7f)
		buffer_printf(buffer, "\\u%04x", byte);
	else
		buffer_add_text(buffer, "\\ufffd");
}

/* Clean UTF-8, with what JSON wants escaped. */
static void add_clean(struct buffer *buffer, const char *text, size_t length)
{
	while (length > 0) {
		size_t plain = 0;

		while (plain < length && text[plain] != '"' && text[plain] != '\\' &&
			text[plain] != '\t')
			plain++;
		buffer_add(buffer, text, plain);
		if (plain == length)
			break;
		if (text[plain] == '\t')
			add_unclean(buffer, '\t');
		else
			buffer_printf(buffer, "\\%c", text[plain]);
		text += plain + 1;
		length -= plain + 1;
	}
}

/* So much of the text stands for itself: most of it, mostly. */
static size_t plain_bytes(const char *text, size_t length)
{
	size_t plain = 0;

	while (plain < length && text[plain] >= ' ' && text[plain] < 0x7f && text[plain] != '"' &&
		text[plain] != '\\')
		plain++;
	return plain;
}

static void add_quoted(struct buffer *buffer, const char *text, size_t left)
{
	size_t plain = plain_bytes(text, left);

	buffer_add(buffer, "\"", 1);
	buffer_add(buffer, text, plain);
	text += plain;
	left -= plain;
	while (left > 0) {
		size_t clean = text_check(text, left);

		add_clean(buffer, text, clean);
		text += clean;
		left -= clean;
		if (left == 0)
			break;
		add_unclean(buffer, (unsigned char)*text);
		text++;
		left--;
	}
	buffer_add(buffer, "\"", 1);
}

/* What stands before each value: the comma and the key. */
static void begin_value(struct json *json, const char *key)
{
	if (json->has_element)
		buffer_add(json->buffer, ",", 1);
	json->has_element = true;
	if (!key)
		return;
	add_quoted(json->buffer, key, strlen(key));
	buffer_add(json->buffer, ":", 1);
}

static void open_with(struct json *json, const char *key, const char *bracket)
{
	begin_value(json, key);
	buffer_add_text(json->buffer, bracket);
	json->has_element = false;
}

static void close_with(struct json *json, const char *bracket)
{
	buffer_add_text(json->buffer, bracket);
	json->has_element = true; /* what was closed is an element of what it was in */
}

void json_open_object(struct json *json, const char *key)
{
	open_with(json, key, "{");
}

void json_close_object(struct json *json)
{
	close_with(json, "}");
}

void json_open_array(struct json *json, const char *key)
{
	open_with(json, key, "[");
}

void json_close_array(struct json *json)
{
	close_with(json, "]");
}

void json_string(struct json *json, const char *key, const char *text)
{
	begin_value(json, key);
	if (text)
		add_quoted(json->buffer, text, strlen(text));
	else
		buffer_add_text(json->buffer, "null");
}

void json_text(struct json *json, const char *key, const char *text, size_t length)
{
	begin_value(json, key);
	add_quoted(json->buffer, text, length);
}

void json_words(struct json *json, const char *key, const char *const *words, unsigned count)
{
	json_open_array(json, key);
	for (unsigned i = 0; i < count; i++)
		json_string(json, NULL, words[i]);
	json_close_array(json);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin_value(json, key);
	buffer_add_text(json->buffer, value ? "true" : "false");
}

void json_int(struct json *json, const char *key, int64_t value)
{
	begin_value(json, key);
	buffer_printf(json->buffer, "%" PRId64, value);
}

void json_int_or_null(struct json *json, const char *key, int64_t value)
{
	if (value < 0)
		json_string(json, key, NULL);
	else
		json_int(json, key, value);
}

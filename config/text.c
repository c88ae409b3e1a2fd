#include "config/text.h"

#include "config/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Longer pieces of a user's text say no more in a message. */
#define QUOTE_MAX 80

void text_put_bytes(struct text *text, const char *bytes, size_t length)
{
	if (text->capacity - text->length <= length) {
		size_t capacity = (text->length + length + 1) * 2;
		char *data = arena_alloc(text->arena, capacity);

		if (!data)
			return;
		if (text->length)
			memcpy(data, text->data, text->length);
		text->data = data;
		text->capacity = capacity;
	}
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_put(struct text *text, const char *piece)
{
	text_put_bytes(text, piece, strlen(piece));
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	char *piece;

	va_start(args, format);
	piece = arena_vprintf(text->arena, format, args);
	va_end(args);
	if (piece)
		text_put(text, piece);
}

const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

const char *text_quote(struct arena *arena, const char *bytes, size_t length)
{
	struct text text = {.arena = arena};

	text_put(&text, "\"");
	for (size_t i = 0; i < length && i < QUOTE_MAX; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '"' || byte == '\\')
			text_printf(&text, "\\%c", byte);
		else if (byte < ' ' || byte >= 0x7f)
			text_printf(&text, "\\x%02x", byte);
		else
			text_put_bytes(&text, bytes + i, 1);
	}
	text_put(&text, length > QUOTE_MAX ? "...\"" : "\"");
	return text_string(&text);
}

const char *text_quote_string(struct arena *arena, const char *string)
{
	return text_quote(arena, string, strlen(string));
}

/* The length of the UTF-8 sequence at `bytes`, 0 when it is none; RFC 3629. */
static size_t utf8_length(const unsigned char *bytes, size_t length)
{
	size_t need = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	uint32_t point = bytes[0] & (0xffu >> (need + 1));

	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || need > length)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (bytes[i] & 0x3f);
	}
	if ((need == 3 && point < 0x800) || (need == 4 && (point < 0x10000 || point > 0x10ffff)))
		return 0;
	if ((point >= 0xd800 && point <= 0xdfff) || (point >= 0x80 && point < 0xa0))
		return 0; /* surrogates; C1 controls */
	return need;
}

size_t text_check(const char *bytes, size_t length)
{
	size_t i = 0;

	while (i < length) {
		unsigned char byte = (unsigned char)bytes[i];
		size_t step = 1;

		if ((byte < ' ' && byte != '\t') || byte == 0x7f)
			return i;
		if (byte >= 0x80)
			step = utf8_length((const unsigned char *)bytes + i, length - i);
		if (step == 0)
			return i;
		i += step;
	}
	return length;
}

#include "supervisor/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `extra` bytes and a NUL behind what is there. */
static bool reserve(struct buffer *buffer, size_t extra)
{
	size_t limit = buffer->limit ? buffer->limit : BUFFER_LIMIT_BYTES;
	if (buffer->failed || extra > limit || buffer->length > limit - extra) {
		buffer->failed = true;
		return false;
	}
	size_t need = buffer->length + extra + 1;
	if (need <= buffer->capacity)
		return true;

	size_t capacity = buffer->capacity ? buffer->capacity : 256;
	while (capacity < need)
		capacity *= 2; /* need is bounded by the limit, far below SIZE_MAX / 2 */
	char *data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	if (length == 0 || !reserve(buffer, length))
		return;
	memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length < 0)
		buffer->failed = true;
	else if (reserve(buffer, (size_t)length)) {
		(void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buffer_vprintf(buffer, format, args);
	va_end(args);
}

void buffer_consume(struct buffer *buffer, size_t length)
{
	if (length >= buffer->length) {
		buffer->length = 0;
		return;
	}
	memmove(buffer->data, buffer->data + length, buffer->length - length + 1);
	buffer->length -= length;
}

void buffer_reset(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	buffer->data = NULL;
	buffer->length = buffer->capacity = 0;
	buffer->failed = false;
}

#include "init/lines.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 256 };

static const char cut_mark[] = " [...]";

void lines_free(struct lines *lines)
{
	free(lines->partial);
	*lines = (struct lines){0};
}

/* Room for `length` bytes and the mark of a cut. */
static bool reserve(struct lines *lines, size_t length)
{
	size_t size = lines->size ? lines->size : FIRST_BYTES;
	char *partial;

	while (size < length + sizeof(cut_mark))
		size *= 2;
	if (size == lines->size)
		return true;
	partial = realloc(lines->partial, size);
	if (!partial)
		return false;
	lines->partial = partial;
	lines->size = size;
	return true;
}

/* The line is full, and more of it is coming. */
static void cut(struct lines *lines, line_fn *fn, void *context)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a full line has memory */
	memcpy(lines->partial + lines->length, cut_mark, sizeof(cut_mark) - 1);
	fn(context, lines->partial, lines->length + sizeof(cut_mark) - 1);
	lines->length = 0;
}

static bool add(struct lines *lines, const char *piece, size_t length, line_fn *fn, void *context)
{
	while (length) {
		if (lines->length == LINES_MAX_BYTES)
			cut(lines, fn, context);
		size_t room = LINES_MAX_BYTES - lines->length;
		size_t part = length < room ? length : room;

		if (!reserve(lines, lines->length + part)) {
			lines_free(lines);
			return false;
		}
		memcpy(lines->partial + lines->length, piece, part);
		lines->length += part;
		piece += part;
		length -= part;
	}
	return true;
}

void lines_end(struct lines *lines, line_fn *fn, void *context)
{
	if (lines->partial)
		fn(context, lines->partial, lines->length);
	lines_free(lines);
}

bool lines_take(struct lines *lines, const char *bytes, size_t length, line_fn *fn, void *context)
{
	bool all = true;

	while (length) {
		const char *newline = memchr(bytes, '\n', length);
		size_t piece = newline ? (size_t)(newline - bytes) : length;

		if (newline && !lines->partial && piece <= LINES_MAX_BYTES) {
			fn(context, bytes, piece); /* most of them: nothing is copied */
		} else {
			all &= add(lines, bytes, piece, fn, context);
			if (newline)
				lines_end(lines, fn, context);
		}
		piece += newline != NULL;
		bytes += piece;
		length -= piece;
	}
	return all;
}

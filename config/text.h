/* text: builds a string in an arena, piece by piece. When memory lacks, the string stays as it was
 * and the arena's `failed` is set: look there once, at the end. */
#ifndef FIRSTHOP_CONFIG_TEXT_H
#define FIRSTHOP_CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct text {
	struct arena *arena;
	char *data; /* NUL-terminated once something was put; NULL before */
	size_t length, capacity;
	bool dense; /* words.h: quotes as short as can be, not as they read best */
};

void text_put(struct text *text, const char *piece);
void text_put_bytes(struct text *text, const char *bytes, size_t length);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The string built so far, never NULL. */
const char *text_string(const struct text *text);

/* `bytes` in double quotes for a message: control characters, quotes and bytes that are not ASCII
 * become \xNN, what is long is cut and ends in "...". Owned by the arena; never NULL. */
const char *text_quote(struct arena *arena, const char *bytes, size_t length);
const char *text_quote_string(struct arena *arena, const char *string);

/* Is it well-formed UTF-8 without control characters, but for tabs? Returns the offset of the
 * first byte that is not, or `length`. */
size_t text_check(const char *bytes, size_t length);

#endif

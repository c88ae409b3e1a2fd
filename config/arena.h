/* arena: memory that is freed all at once. A configuration lives in one arena, from its text to
 * its model; nothing in it is freed alone. Never used by the engine at run time. */
#ifndef FIRSTHOP_CONFIG_ARENA_H
#define FIRSTHOP_CONFIG_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t limit_bytes; /* 0: ARENA_LIMIT_BYTES */
	size_t used_bytes;
	bool failed; /* an allocation has failed: whoever builds something checks once, at its end
		      */
};

/* More than any sane configuration needs; a file that asks for more is refused, not swapped in. */
#define ARENA_LIMIT_BYTES ((size_t)64 << 20)

/* Zeroed memory for `size` bytes, aligned for any type; owned by the arena. NULL when the limit
 * is reached or malloc(3) fails. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same for `count` elements; NULL also when count * size overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* The array, or a larger copy of it, with room for an element behind the first `count`; *capacity
 * is how many it has room for. NULL: no memory. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);

/* Copies of text, NUL-terminated, owned by the arena; NULL when memory lacks. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Frees all; the arena is then empty and usable again. */
void arena_free(struct arena *arena);

#endif

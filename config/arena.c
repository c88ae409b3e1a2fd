#include "config/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Large enough that the C library maps it by itself: freeing a configuration then gives its pages
 * back, and a small one touches only the pages that it uses. */
#define BLOCK_BYTES ((size_t)256 << 10)
/* Many arenas hold a few lines and live for a moment: for these a mapping is dear. */
#define FIRST_BYTES ((size_t)2 << 10)

struct arena_block {
	struct arena_block *older;
	size_t capacity, used;
	alignas(max_align_t) unsigned char data[];
};

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t usual = arena->newest || size > FIRST_BYTES ? BLOCK_BYTES : FIRST_BYTES;
	size_t capacity = size > usual ? size : usual;
	struct arena_block *block = malloc(sizeof(*block) + capacity);

	if (!block)
		return NULL;
	block->capacity = capacity;
	block->used = 0;
	block->older = arena->newest;
	arena->newest = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t align = alignof(max_align_t);
	struct arena_block *block = arena->newest;
	size_t limit = arena->limit_bytes ? arena->limit_bytes : ARENA_LIMIT_BYTES;
	void *memory;

	/* Compared before it is rounded up, which could wrap, and after: so much is used. */
	if (size <= limit)
		size = (size + align - 1) / align * align;
	if (size > limit || size > limit - arena->used_bytes) {
		arena->failed = true;
		return NULL;
	}
	if (!block || block->capacity - block->used < size)
		block = add_block(arena, size);
	if (!block) {
		arena->failed = true;
		return NULL;
	}
	memory = block->data + block->used;
	block->used += size;
	arena->used_bytes += size;
	return memset(memory, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) {
		arena->failed = true;
		return NULL;
	}
	return arena_alloc(arena, count * size);
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	size_t larger = *capacity ? *capacity * 2 : 16;
	void *copy;

	if (count < *capacity)
		return array;
	copy = arena_array(arena, larger, size);
	if (!copy)
		return NULL;
	if (count)
		memcpy(copy, array, count * size);
	*capacity = larger;
	return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = length < SIZE_MAX ? arena_alloc(arena, length + 1) : NULL;

	if (copy)
		memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text = NULL;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length >= 0)
		text = arena_alloc(arena, (size_t)length + 1);
	if (text)
		(void)vsnprintf(text, (size_t)length + 1, format, args); /* measured above */
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void arena_free(struct arena *arena)
{
	while (arena->newest) {
		struct arena_block *block = arena->newest;

		arena->newest = block->older;
		free(block);
	}
	arena->used_bytes = 0;
	arena->failed = false;
}

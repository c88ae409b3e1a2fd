#include "config/protocols.h"

#include "config/arena.h"

#include <errno.h>
#include <string.h>

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == ',';
}

/* Takes `=yes` off a name; the length that is left. */
static size_t without_yes(const char *word, size_t length)
{
	if (length > 4 && memcmp(word + length - 4, "=yes", 4) == 0)
		return length - 4;
	return length;
}

/* The words of one line, up to a comment. */
static int read_line(struct arena *arena, const char *at, const char *end, struct origin origin,
	struct protocol ***last)
{
	while (at < end) {
		const char *word = at;
		struct protocol *protocol;

		if (is_blank(*at)) {
			at++;
			continue;
		}
		if (*at == '#')
			break;
		while (at < end && !is_blank(*at))
			at++;
		protocol = arena_alloc(arena, sizeof(*protocol));
		if (!protocol)
			return -ENOMEM;
		protocol->name = arena_strndup(arena, word, without_yes(word, (size_t)(at - word)));
		protocol->origin = origin;
		if (!protocol->name)
			return -ENOMEM;
		**last = protocol;
		*last = &protocol->next;
	}
	return 0;
}

int protocols_parse(struct arena *arena, const char *path, const char *text, size_t length,
	struct protocol **ret_first)
{
	const char *end = text + length;
	struct origin origin = {path, 0};
	struct protocol *first = NULL, **last = &first;
	int r = 0;

	while (text < end && r == 0) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		origin.line++;
		r = read_line(arena, text, newline ? newline : end, origin, &last);
		text = newline ? newline + 1 : end;
	}
	if (r == 0)
		*ret_first = first;
	return r;
}

#include "config/hosts.h"

#include "config/arena.h"
#include "config/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct rename {
	const char *old_name, *new_name;
	struct text out;
	bool changed; /* something was replaced */
	bool there;   /* the new name is in the text */
};

/* What every machine answers to must stay, whatever its name was. */
static bool is_own(const char *name)
{
	static const char local[] = "localhost";
	size_t length = sizeof(local) - 1;

	if (!*name || strcmp(name, "(none)") == 0)
		return false;
	return strncasecmp(name, local, length) != 0 || (name[length] && name[length] != '.');
}

static bool is_name(const char *word, size_t length, const char *name)
{
	return length == strlen(name) && strncasecmp(word, name, length) == 0;
}

static void rename_word(struct rename *rename, const char *word, size_t length)
{
	bool is_old = is_own(rename->old_name) && is_name(word, length, rename->old_name);
	bool is_new = is_name(word, length, rename->new_name);

	rename->there = rename->there || is_old || is_new;
	if (is_old && (!is_new || memcmp(word, rename->new_name, length) != 0))
		rename->changed = true;
	if (is_old)
		text_put(&rename->out, rename->new_name);
	else
		text_put_bytes(&rename->out, word, length);
}

/* One line: an address, names, perhaps a comment. */
static void rename_line(struct rename *rename, const char *at, const char *end)
{
	const char *hash = memchr(at, '#', (size_t)(end - at)), *stop = hash ? hash : end;
	bool is_address = true; /* the first word is */

	while (at < stop) {
		const char *start = at;

		while (at < stop && isspace((unsigned char)*at))
			at++;
		text_put_bytes(&rename->out, start, (size_t)(at - start));
		start = at;
		while (at < stop && !isspace((unsigned char)*at))
			at++;
		if (at > start && is_address)
			text_put_bytes(&rename->out, start, (size_t)(at - start));
		else if (at > start)
			rename_word(rename, start, (size_t)(at - start));
		is_address = is_address && at == start;
	}
	text_put_bytes(&rename->out, stop, (size_t)(end - stop));
}

int hosts_rename(struct arena *arena, const char *text, size_t length, const char *old_name,
	const char *new_name, const char **ret_text, size_t *ret_length)
{
	struct rename rename = {old_name, new_name, {.arena = arena}, false, false};
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;

		rename_line(&rename, text, next);
		text = next;
	}
	if (!rename.there) {
		if (length && end[-1] != '\n')
			text_put(&rename.out, "\n");
		text_printf(&rename.out, "127.0.1.1\t%s\n", new_name);
	}
	if (arena->failed)
		return -ENOMEM;
	if (!rename.changed && rename.there)
		return 0;
	*ret_text = text_string(&rename.out);
	*ret_length = rename.out.length;
	return 1;
}

/* runtime_directory = PATH [MODE [USER[:GROUP]]] */
#include "config/values.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

/* USER[:GROUP] */
static bool parse_owner(
	const struct value *value, const char *owner, struct runtime_directory *directory)
{
	const char *colon = strchr(owner, ':');
	size_t length = colon ? (size_t)(colon - owner) : strlen(owner);

	if (length == 0 || (colon && (!colon[1] || strchr(colon + 1, ':'))))
		return value_refuse(value);
	directory->user = arena_strndup(value->arena, owner, length);
	if (colon)
		directory->group = colon + 1;
	return directory->user;
}

static bool parse_directories(const struct value *value, void *base)
{
	struct runtime_directory **list = value_field(value->key, base), *longer;
	struct runtime_directory added = {.mode = 0755};
	unsigned *count = value_also(value->key, base), place = 0;
	struct words words;
	int r;

	r = words_split(value->arena, value->text, &words);
	if (r < 0)
		return value_refuse_words(value, r);
	if (words.count < 1 || words.count > 3 || words.word[0][0] != '/')
		return value_refuse(value);
	added.path = words.word[0];
	if (words.count > 1 && quantity_mode(words.word[1], &added.mode) < 0)
		return value_refuse(value);
	if (words.count > 2 && !parse_owner(value, words.word[2], &added))
		return false;
	if (*count == WORDS_MAX)
		return value_refuse_because(value, "more than %d directories", WORDS_MAX);
	longer = arena_array(value->arena, *count + 1, sizeof(*longer));
	if (!longer)
		return false;
	if (*count)
		memcpy(longer, *list, *count * sizeof(*longer));
	*list = longer;
	while (place < *count && strcmp(longer[place].path, added.path) != 0)
		place++;
	longer[place] = added; /* the later one of the same path holds */
	if (place == *count)
		++*count;
	return true;
}

static unsigned count_directories(const struct key *key, const void *base)
{
	return *(const unsigned *)value_also_const(key, base);
}

static void print_directory(
	struct text *out, const struct key *key, const void *base, unsigned item)
{
	const struct runtime_directory *const *list = value_field_const(key, base);
	const struct runtime_directory *directory = &(*list)[item];

	words_put(out, directory->path);
	text_printf(out, " %04o", directory->mode);
	if (directory->user) {
		text_put(out, " ");
		words_put(out, directory->user);
	}
	if (directory->group) {
		text_put(out, ":");
		words_put(out, directory->group);
	}
}

static void clear_directories(const struct key *key, void *base)
{
	*(const struct runtime_directory **)value_field(key, base) = NULL;
	*(unsigned *)value_also(key, base) = 0;
}

const struct value_kind value_directories = {
	.expects = "PATH [MODE [USER[:GROUP]]]",
	.parse = parse_directories,
	.raw = true,
	.count = count_directories,
	.print_item = print_directory,
	.clear = clear_directories,
};

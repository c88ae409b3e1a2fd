#include "config/signed_list.h"

#include "config/arena.h"
#include "config/values.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

bool signed_list_takes_away(const struct words *list)
{
	return list->count == 0 || list->word[0][0] == '-';
}

bool signed_list_is_none(const struct words *list)
{
	return list->count == 1 && strcmp(list->word[0], SIGNED_LIST_NONE) == 0;
}

const char *signed_list_name(const char *word)
{
	return word + (*word == '-');
}

static const char *canonical(const struct value *value, const char *word,
	const char *(*find)(const struct value *value, const char *name))
{
	const char *name = find(value, signed_list_name(word));

	if (!name || *word != '-')
		return name;
	return arena_printf(value->arena, "-%s", name);
}

/* `none` takes back what was said before. */
static bool set_none(const struct value *value, struct words *list, unsigned count)
{
	static const char *const none[] = {SIGNED_LIST_NONE, NULL};

	if (count > 1)
		return value_refuse_because(value, "none stands alone");
	*list = (struct words){none, 1};
	return true;
}

bool signed_list_parse(const struct value *value, void *base,
	const char *(*find)(const struct value *value, const char *name))
{
	struct words *list = value_field(value->key, base);
	const char *word[WORDS_MAX];
	unsigned count = list->count;
	struct words words;
	int r = words_split(value->arena, value->text, &words);

	if (r < 0)
		return value_refuse_words(value, r);
	for (unsigned i = 0; i < words.count; i++)
		if (strcmp(words.word[i], SIGNED_LIST_NONE) == 0)
			return set_none(value, list, words.count);
	if (signed_list_is_none(list))
		count = 0; /* a later line says more */
	if (count)
		memcpy(word, list->word, count * sizeof(word[0]));
	for (unsigned i = 0; i < words.count; i++) {
		const char *added = canonical(value, words.word[i], find);

		if (!added)
			return false;
		if (count == WORDS_MAX)
			return value_refuse_words(value, -E2BIG);
		word[count++] = added;
	}
	r = words_copy(value->arena, word, count, list);
	return r < 0 ? value_refuse_words(value, r) : true;
}

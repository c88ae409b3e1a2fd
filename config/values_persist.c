/* The kinds of values that only [persist NAME] has. */
#include "config/values.h"

#include "config/arena.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

/* As useradd(8) takes it, or a number. Whether it exists is seen when it is used. */
static bool is_account(const char *name)
{
	return *name && *name != '-' && !name[strcspn(name, ":/ \t,")];
}

static bool parse_owner(const struct value *value, void *base)
{
	const char *colon = strchrnul(value->text, ':');
	char *user = arena_strndup(value->arena, value->text, (size_t)(colon - value->text));
	char *group = *colon ? arena_strdup(value->arena, colon + 1) : NULL;

	if (!user || (*colon && !group))
		return false;
	if (!is_account(user) || (group && !is_account(group)))
		return value_refuse(value);
	*(const char **)value_field(value->key, base) = user;
	*(const char **)value_also(value->key, base) = group;
	return true;
}

static void print_owner(struct text *out, const struct key *key, const void *base)
{
	struct text owner = {.arena = out->arena};
	const char *user = *(const char *const *)value_field_const(key, base);
	const char *group = *(const char *const *)value_also_const(key, base);

	text_put(&owner, user ? user : "");
	text_put(&owner, group ? ":" : "");
	text_put(&owner, group ? group : "");
	words_put_text(out, text_string(&owner));
}

const struct value_kind value_owner = {
	.expects = "USER or USER:GROUP, each a name or a number",
	.parse = parse_owner,
	.print = print_owner,
};

static bool names_file(const struct words *words)
{
	for (unsigned i = 0; i < words->count; i++) {
		const char *percent = words->word[i];

		while ((percent = strchr(percent, '%')) && percent[1] != 'f')
			percent += percent[1] ? 2 : 1;
		if (percent)
			return true;
	}
	return false;
}

static bool parse_check(const struct value *value, void *base)
{
	struct words words;
	int r = words_split(value->arena, value->text, &words);

	if (r < 0)
		return value_refuse_words(value, r);
	if (words.count == 0)
		return value_refuse(value);
	if (words.word[0][0] != '/' && strchr(words.word[0], '/'))
		return value_refuse_because(value,
			"%s is neither an absolute path nor a name to be searched for in $PATH",
			text_quote_string(value->arena, words.word[0]));
	if (!names_file(&words))
		return value_refuse_because(value,
			"no %%f in it, which stands for the file to check; such as vtysh -C -f "
			"%%f");
	*(struct words *)value_field(value->key, base) = words;
	return true;
}

static void print_check(struct text *out, const struct key *key, const void *base)
{
	words_put_all(out, value_field_const(key, base));
}

const struct value_kind value_check = {
	.expects = "a command with %f for the file to check, such as vtysh -C -f %f",
	.parse = parse_check,
	.print = print_check,
	.raw = true,
};

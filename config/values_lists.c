/* The kinds of values that are made of words: commands and lists. */
#include "config/values.h"

#include "config/arena.h"
#include "config/hostname.h"
#include "config/text.h"
#include "config/words.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

bool service_name_is_valid(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > SERVICE_NAME_MAX || !isalnum((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._@-", name[i]))
			return false;
	return true;
}

static bool split(const struct value *value, struct words *ret_words)
{
	int r = words_split(value->arena, value->text, ret_words);

	return r < 0 ? value_refuse_words(value, r) : true;
}

static void print_words(struct text *out, const struct key *key, const void *base)
{
	words_put_all(out, value_field_const(key, base));
}

static bool parse_command(const struct value *value, void *base)
{
	struct words words;

	if (!split(value, &words))
		return false;
	if (words.count == 0)
		return value_refuse(value);
	if (words.word[0][0] != '/')
		return value_refuse_because(value,
			"%s is not an absolute path; write it in full, such as /usr/sbin/sshd "
			"(no shell, no search in PATH)",
			text_quote_string(value->arena, words.word[0]));
	*(struct words *)value_field(value->key, base) = words;
	return true;
}

const struct value_kind value_command = {
	.expects = "a command: an absolute path and arguments",
	.parse = parse_command,
	.print = print_words,
	.raw = true,
};

/* $NAME, as a shell would take it. */
static bool is_variable(const char *word)
{
	if (word[0] != '$' || !word[1] || isdigit((unsigned char)word[1]))
		return false;
	for (word++; *word; word++)
		if (!isalnum((unsigned char)*word) && *word != '_')
			return false;
	return true;
}

static bool parse_hostnames(const struct value *value, void *base)
{
	struct words words;

	if (!split(value, &words))
		return false;
	for (unsigned i = 0; i < words.count; i++) {
		if (words.word[i][0] != '/' && !is_variable(words.word[i]) &&
			!hostname_is_valid(words.word[i]))
			return value_refuse_because(value,
				"%s is neither an absolute path, nor $NAME, nor a host name",
				text_quote_string(value->arena, words.word[i]));
	}
	*(struct words *)value_field(value->key, base) = words;
	return true;
}

const struct value_kind value_hostnames = {
	.expects = "absolute paths of files to search, $NAME, or a host name",
	.parse = parse_hostnames,
	.print = print_words,
	.raw = true,
};

/* Lists. */

static unsigned count_words(const struct key *key, const void *base)
{
	return ((const struct words *)value_field_const(key, base))->count;
}

static void print_word(struct text *out, const struct key *key, const void *base, unsigned item)
{
	words_put(out, ((const struct words *)value_field_const(key, base))->word[item]);
}

static void clear_words(const struct key *key, void *base)
{
	*(struct words *)value_field(key, base) = (struct words){NULL, 0};
}

static bool is_same_word(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool is_same_variable(const char *a, const char *b)
{
	size_t length = strcspn(a, "=") + 1;

	return strncmp(a, b, length) == 0;
}

/* How one kind of list differs from another. */
struct list_kind {
	bool (*is_valid)(const char *word);
	/* Do two items say the same thing? Then the later takes the place of the earlier. */
	bool (*is_same)(const char *a, const char *b);
};

static bool append(const struct value *value, void *base, const struct words *added,
	bool (*is_same)(const char *a, const char *b))
{
	struct words *list = value_field(value->key, base);
	const char *word[WORDS_MAX];
	unsigned count = list->count;
	int r;

	if (count)
		memcpy(word, list->word, count * sizeof(word[0]));
	for (unsigned i = 0; i < added->count; i++) {
		unsigned place = 0;

		while (place < count && !is_same(word[place], added->word[i]))
			place++;
		if (place == WORDS_MAX)
			return value_refuse_words(value, -E2BIG);
		word[place] = added->word[i];
		if (place == count)
			count++;
	}
	r = words_copy(value->arena, word, count, list);
	return r < 0 ? value_refuse_words(value, r) : true;
}

static bool parse_list(const struct value *value, void *base, const struct list_kind *kind)
{
	struct words words;

	if (!split(value, &words))
		return false;
	for (unsigned i = 0; i < words.count; i++) {
		if (!kind->is_valid(words.word[i]))
			return value_refuse_because(value, "%s is not %s",
				text_quote_string(value->arena, words.word[i]),
				value->key->kind->expects);
	}
	return append(value, base, &words, kind->is_same);
}

static bool parse_services(const struct value *value, void *base)
{
	static const struct list_kind kind = {service_name_is_valid, is_same_word};

	return parse_list(value, base, &kind);
}

const struct value_kind value_services = {
	.expects = "the name of a service",
	.parse = parse_services,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

/* NAME=value; the name as in environ(7), though a shell could not set all of them. */
static bool is_assignment(const char *word)
{
	size_t length = strcspn(word, "=");

	if (!word[length] || length == 0 || isdigit((unsigned char)word[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '_')
			return false;
	return true;
}

static bool parse_environment(const struct value *value, void *base)
{
	static const struct list_kind kind = {is_assignment, is_same_variable};

	return parse_list(value, base, &kind);
}

const struct value_kind value_environment = {
	.expects = "an assignment, such as NAME=value or 'NAME=a b'",
	.parse = parse_environment,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

static bool is_absolute(const char *word)
{
	return word[0] == '/';
}

static bool parse_paths(const struct value *value, void *base)
{
	static const struct list_kind kind = {is_absolute, is_same_word};

	return parse_list(value, base, &kind);
}

const struct value_kind value_paths = {
	.expects = "an absolute path",
	.parse = parse_paths,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

static bool parse_accounts(const struct value *value, void *base)
{
	static const struct list_kind kind = {account_name_is_valid, is_same_word};

	return parse_list(value, base, &kind);
}

const struct value_kind value_accounts = {
	.expects = "the name or number of an account",
	.parse = parse_accounts,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

static bool parse_interface_names(const struct value *value, void *base)
{
	static const struct list_kind kind = {interface_pattern_is_valid, is_same_word};

	return parse_list(value, base, &kind);
}

const struct value_kind value_interface_names = {
	.expects = AN_INTERFACE,
	.parse = parse_interface_names,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

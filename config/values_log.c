/* Where a service's output goes: log = prefix | raw | file:PATH | syslog[:TARGET] | none. */
#include "config/values.h"

#include "config/arena.h"
#include "config/syslog_target.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

static bool is_path(const char *word)
{
	return *word == '/';
}

static bool is_target(const char *word)
{
	struct syslog_target target;

	return syslog_target_read(word, &target);
}

static const struct {
	const char *name;
	bool (*is_word)(const char *word);
	const char *without; /* what it means without a word; NULL: it needs one */
} kinds[] = {
	[LOG_PREFIX] = {"prefix", NULL, NULL},
	[LOG_RAW] = {"raw", NULL, NULL},
	[LOG_FILE] = {"file", is_path, NULL},
	[LOG_SYSLOG] = {"syslog", is_target, SYSLOG_DEFAULT_PATH},
	[LOG_NONE] = {"none", NULL, NULL},
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == LOG_KIND_COUNT, "one each");

/* The word of that kind in `text`, or NULL: it is not of that kind. "" for a kind that has none. */
static const char *word_of(enum log_kind kind, const char *text)
{
	size_t length = strlen(kinds[kind].name);

	if (strncmp(text, kinds[kind].name, length) != 0)
		return NULL;
	if (!text[length])
		return !kinds[kind].is_word ? "" : kinds[kind].without;
	if (text[length] != ':' || !kinds[kind].is_word || !kinds[kind].is_word(text + length + 1))
		return NULL;
	return text + length + 1;
}

static bool parse_log(const struct value *value, void *base)
{
	for (enum log_kind kind = LOG_PREFIX; kind < LOG_KIND_COUNT; kind++) {
		const char *word = word_of(kind, value->text);

		if (!word)
			continue;
		word = *word ? arena_strdup(value->arena, word) : NULL;
		if (!word && kinds[kind].is_word)
			return false; /* no memory */
		*(enum log_kind *)value_field(value->key, base) = kind;
		*(const char **)value_also(value->key, base) = word;
		return true;
	}
	return value_refuse(value);
}

static void print_log(struct text *out, const struct key *key, const void *base)
{
	enum log_kind kind = *(const enum log_kind *)value_field_const(key, base);
	const char *word = *(const char *const *)value_also_const(key, base);

	text_put(out, kinds[kind].name);
	if (!word || (kinds[kind].without && strcmp(word, kinds[kind].without) == 0))
		return;
	text_put(out, ":");
	words_put_text(out, word);
}

const struct value_kind value_log = {
	.expects = "prefix, raw, none, file:/PATH, syslog, syslog:/PATH or syslog:ADDRESS:PORT",
	.parse = parse_log,
	.print = print_log,
};

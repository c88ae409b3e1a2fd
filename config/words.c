#include "config/words.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

bool quoting_step(struct quoting *quoting, char byte)
{
	if (quoting->escaped) {
		quoting->escaped = false;
		return true;
	}
	if (quoting->quote == byte) {
		quoting->quote = 0;
		return false;
	}
	if (byte == '\\' && quoting->quote != '\'') {
		quoting->escaped = true;
		return false;
	}
	if (quoting->quote)
		return true;
	if (byte == '"' || byte == '\'')
		quoting->quote = byte;
	return false;
}

/* Is this byte, which is not quoted, one that only quotes and is no part of the text? */
static bool is_mark(struct quoting before, char byte)
{
	return byte == '\\' || byte == '"' || byte == '\'' || before.quote == byte;
}

/* Takes quotes away from one word, or with `whole` from all of the value. Returns where it stopped;
 * NULL when a quote stays open. *length bytes are written to `out`. */
static const char *unquote(const char *at, bool whole, char *out, size_t *length)
{
	struct quoting quoting = {0};

	*length = 0;
	for (; *at; at++) {
		struct quoting before = quoting;
		bool quoted = quoting_step(&quoting, *at);

		/* Inside "…" a backslash has a meaning only before what it must protect. */
		if (before.escaped && before.quote && *at != '"' && *at != '\\')
			return NULL;
		if (!quoted && is_blank(*at) && !whole)
			break;
		if (quoted || !is_mark(before, *at))
			out[(*length)++] = *at;
	}
	return quoting.quote || quoting.escaped ? NULL : at;
}

int words_split(struct arena *arena, const char *value, struct words *ret_words)
{
	const char *word[WORDS_MAX];
	unsigned count = 0;
	/* Taking quotes away never lengthens; a NUL takes the place of each blank. */
	char *out = arena_alloc(arena, strlen(value) + 1);

	if (!out)
		return -ENOMEM;
	for (;;) {
		size_t length;

		while (is_blank(*value))
			value++;
		if (!*value)
			return words_copy(arena, word, count, ret_words);
		if (count == WORDS_MAX)
			return -E2BIG;
		value = unquote(value, false, out, &length);
		if (!value)
			return -EINVAL;
		word[count++] = out;
		out[length] = '\0';
		out += length + 1;
	}
}

int words_unquote(struct arena *arena, const char *value, char **ret_text)
{
	char *out = arena_alloc(arena, strlen(value) + 1);
	size_t length;

	if (!out)
		return -ENOMEM;
	if (!unquote(value, true, out, &length))
		return -EINVAL;
	*ret_text = out;
	return 0;
}

/* The ways to write a byte, and what each costs. One way for a whole word is not always the
 * shortest, and a line must not outgrow its limit by being printed. */
enum style { BARE, SINGLE, DOUBLE, STYLE_COUNT };

#define IMPOSSIBLE (UINT_MAX / 2)

/* Must byte `i` be protected outside of quotes? With `blanks` those inside the text need not. */
static bool is_special(const char *word, size_t i, bool blanks)
{
	/* Where a comment could begin: behind a blank that is not itself protected. */
	bool first = i == 0 || (i > 1 && blanks && is_blank(word[i - 1]));

	if (is_blank(word[i]))
		return !blanks || i == 0 || !word[i + 1];
	return strchr(first ? "'\"\\;#" : "'\"\\", word[i]);
}

static unsigned byte_cost(enum style style, const char *word, size_t i, bool blanks)
{
	if (style == SINGLE)
		return word[i] == '\'' ? IMPOSSIBLE : 1;
	if (style == DOUBLE)
		return word[i] == '"' || word[i] == '\\' ? 2 : 1;
	return is_special(word, i, blanks) ? 2 : 1;
}

/* From one style to another costs a quote to close and a quote to open. */
static unsigned switch_cost(enum style from, enum style to)
{
	return from == to ? 0 : (from != BARE) + (to != BARE);
}

static const char *const quote_marks[STYLE_COUNT] = {"", "'", "\""};

static void put_styled(
	struct text *text, const char *word, const unsigned char *styles, bool blanks)
{
	enum style now = BARE;

	for (size_t i = 0; word[i]; i++) {
		enum style style = styles[i];

		if (style != now) {
			text_put(text, quote_marks[now]);
			text_put(text, quote_marks[style]);
		}
		now = style;
		if (byte_cost(style, word, i, blanks) == 2)
			text_put(text, "\\");
		text_put_bytes(text, word + i, 1);
	}
	text_put(text, quote_marks[now]);
}

/* One style for the whole word, as one would write it. */
static enum style plain_style(const char *word, bool blanks)
{
	enum style style = BARE;

	for (size_t i = 0; word[i] && style != DOUBLE; i++)
		if (is_special(word, i, blanks))
			style = strchr(word, '\'') ? DOUBLE : SINGLE;
	return style;
}

/* The cheapest style of each byte, found from the last to the first. */
static bool find_shortest(
	struct arena *arena, const char *word, size_t length, bool blanks, unsigned char *styles)
{
	unsigned(*cost)[STYLE_COUNT] = arena_array(arena, length + 1, sizeof(*cost));
	unsigned char(*then)[STYLE_COUNT] = arena_array(arena, length + 1, sizeof(*then));

	if (!cost || !then)
		return false;
	for (enum style s = BARE; s < STYLE_COUNT; s++)
		cost[length][s] = switch_cost(s, BARE);
	for (size_t i = length; i-- > 0;) {
		for (enum style from = BARE; from < STYLE_COUNT; from++) {
			cost[i][from] = UINT_MAX;
			for (enum style s = BARE; s < STYLE_COUNT; s++) {
				unsigned total = switch_cost(from, s) + cost[i + 1][s] +
						 byte_cost(s, word, i, blanks);

				if (total < cost[i][from]) {
					cost[i][from] = total;
					then[i][from] = (unsigned char)s;
				}
			}
		}
	}
	for (size_t i = 0, from = BARE; i < length; i++)
		from = styles[i] = then[i][from];
	return true;
}

static void put_quoted(struct text *text, const char *word, bool blanks)
{
	size_t length = strlen(word);
	unsigned char *styles = arena_alloc(text->arena, length + 1);

	if (length == 0)
		text_put(text, "''");
	if (length == 0 || !styles)
		return;
	memset(styles, (int)plain_style(word, blanks), length);
	if (!text->dense || find_shortest(text->arena, word, length, blanks, styles))
		put_styled(text, word, styles, blanks);
}

void words_put(struct text *text, const char *word)
{
	put_quoted(text, word, false);
}

void words_put_text(struct text *text, const char *value)
{
	put_quoted(text, value, true);
}

void words_put_all(struct text *text, const struct words *words)
{
	for (unsigned i = 0; i < words->count; i++) {
		text_put(text, i ? " " : "");
		words_put(text, words->word[i]);
	}
}

int words_copy(
	struct arena *arena, const char *const *word, unsigned count, struct words *ret_words)
{
	const char **copy;

	if (count > WORDS_MAX)
		return -E2BIG;
	copy = arena_array(arena, count + 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	if (count)
		memcpy(copy, word, count * sizeof(*copy));
	*ret_words = (struct words){copy, count};
	return 0;
}

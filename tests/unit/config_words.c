/* Quoting, both ways: what is put reads back, and never grows when it has to be dense. */
#include "config/arena.h"
#include "config/model.h"
#include "config/text.h"
#include "config/words.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void splits(void)
{
	static const struct {
		const char *value;
		int r; /* words, or an error */
		const char *word[4];
	} samples[] = {
		{"", 0, {0}},
		{" \t ", 0, {0}},
		{"a", 1, {"a"}},
		{"  a\tb  c ", 3, {"a", "b", "c"}},
		{"'a b' \"c d\"", 2, {"a b", "c d"}},
		{"a' 'b\" \"c\\ d", 1, {"a b c d"}},
		{"''", 1, {""}},
		{"'' \"\"", 2, {"", ""}},
		{"'\\'", 1, {"\\"}},
		{"\"\\\"\\\\\"", 1, {"\"\\"}},
		{"\\'\\\"\\\\\\;", 1, {"'\"\\;"}},
		{"\"it's\" 'say \"x\"'", 2, {"it's", "say \"x\""}},
		{"'open", -EINVAL, {0}},
		{"\"open", -EINVAL, {0}},
		{"end\\", -EINVAL, {0}},
		{"\"\\n\"", -EINVAL, {0}},
	};

	for (size_t i = 0; i < COUNT(samples); i++) {
		struct arena arena = {0};
		struct words words = {NULL, 0};
		int r = words_split(&arena, samples[i].value, &words);

		CHECK_INT(r < 0 ? r : (int)words.count, samples[i].r);
		for (unsigned j = 0; r == 0 && j < words.count; j++)
			CHECK_STR(words.word[j], samples[i].word[j] ? samples[i].word[j] : "?");
		CHECK(r < 0 || !words.word[words.count]);
		arena_free(&arena);
	}
}

static void unquotes(void)
{
	static const char *const samples[][2] = {
		{"plain text", "plain text"},
		{"'a  b' c", "a  b c"},
		{"\"FRR's; own\"", "FRR's; own"},
		{"\\ x\\ ", " x "},
		{"''", ""},
	};
	struct arena arena = {0};
	char *text = NULL;

	for (size_t i = 0; i < COUNT(samples); i++) {
		CHECK_INT(words_unquote(&arena, samples[i][0], &text), 0);
		CHECK_STR(text, samples[i][1]);
	}
	CHECK_INT(words_unquote(&arena, "FRR's", &text), -EINVAL);
	arena_free(&arena);
}

static void has_a_limit(void)
{
	struct arena arena = {0};
	struct text text = {.arena = &arena};
	struct words words;

	for (int i = 0; i < WORDS_MAX; i++)
		text_put(&text, "x ");
	CHECK_INT(words_split(&arena, text_string(&text), &words), 0);
	CHECK_INT(words.count, WORDS_MAX);
	text_put(&text, "x");
	CHECK_INT(words_split(&arena, text_string(&text), &words), -E2BIG);
	arena_free(&arena);
}

static void is_put_as_one_would_write_it(void)
{
	static const char *const samples[][2] = {
		{"plain", "plain"},
		{"a b", "'a b'"},
		{"it's", "\"it's\""},
		{"", "''"},
		{"a;b#c", "a;b#c"},
		{";", "';'"},
		{"#", "'#'"},
		{"'\"", "\"'\\\"\""},
	};
	struct arena arena = {0};

	for (size_t i = 0; i < COUNT(samples); i++) {
		struct text text = {.arena = &arena};

		words_put(&text, samples[i][0]);
		CHECK_STR(text_string(&text), samples[i][1]);
	}
	arena_free(&arena);
}

/* A value of up to 30 bytes out of those that mean something. */
static void random_value(char *value)
{
	static const char bytes[] = "ab '\"\\;#\t";
	int length = rand() % 30;

	for (int i = 0; i < length; i++)
		*value++ = bytes[rand() % (int)(sizeof(bytes) - 1)];
	*value = '\0';
}

/* Would the reader of lines take a part for a comment, or blanks at the ends away? */
static bool is_no_value(const char *value)
{
	struct quoting quoting = {0};
	bool after_blank = true;

	for (; *value; value++) {
		bool quoted = quoting_step(&quoting, *value);

		if (!quoted && after_blank && strchr(";#", *value))
			return true;
		after_blank = !quoted && strchr(" \t", *value);
	}
	return after_blank;
}

static void check_random(struct arena *arena, const char *value)
{
	struct text nice = {.arena = arena}, dense = {.arena = arena, .dense = true};
	struct words words, again[2];

	if (is_no_value(value) || words_split(arena, value, &words) < 0)
		return;
	words_put_all(&nice, &words);
	words_put_all(&dense, &words);
	CHECK(dense.length <= strlen(value));
	CHECK_INT(words_split(arena, text_string(&nice), &again[0]), 0);
	CHECK_INT(words_split(arena, text_string(&dense), &again[1]), 0);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_INT(again[i].count, words.count);
		for (unsigned j = 0; j < words.count && j < again[i].count; j++)
			CHECK_STR(again[i].word[j], words.word[j]);
	}
}

static void reads_back_and_does_not_grow(void)
{
	srand(1);
	for (int i = 0; i < 20000 && !check_failed_now; i++) {
		struct arena arena = {0};
		char value[32];

		random_value(value);
		check_random(&arena, value);
		if (check_failed_now)
			fprintf(stderr, "for: %s\n", value);
		arena_free(&arena);
	}
}

static void texts_read_back_and_do_not_grow(void)
{
	srand(2);
	for (int i = 0; i < 20000 && !check_failed_now; i++) {
		struct arena arena = {0};
		struct text nice = {.arena = &arena}, dense = {.arena = &arena, .dense = true};
		char value[32], *text, *again;

		random_value(value);
		if (strchr(" \t", value[0]) || is_no_value(value) ||
			words_unquote(&arena, value, &text) < 0) {
			arena_free(&arena);
			continue;
		}
		words_put_text(&nice, text);
		words_put_text(&dense, text);
		CHECK(dense.length <= strlen(value));
		CHECK_INT(words_unquote(&arena, text_string(&nice), &again), 0);
		CHECK_STR(again, text);
		CHECK_INT(words_unquote(&arena, text_string(&dense), &again), 0);
		CHECK_STR(again, text);
		if (check_failed_now)
			fprintf(stderr, "for: %s\n", value);
		arena_free(&arena);
	}
}

int main(void)
{
	RUN(splits);
	RUN(unquotes);
	RUN(has_a_limit);
	RUN(is_put_as_one_would_write_it);
	RUN(reads_back_and_does_not_grow);
	RUN(texts_read_back_and_do_not_grow);
	return CHECK_EXIT_STATUS();
}

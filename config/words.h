/* words: one value as words, quoted as in a shell: 'as it is', "with \" and \\", and \x outside of
 * quotes. Nothing is expanded. The same rules hold in every value of a configuration. */
#ifndef FIRSTHOP_CONFIG_WORDS_H
#define FIRSTHOP_CONFIG_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct text;
struct words;

/* How far a scan of a value has come, with respect to quotes. Start from zero. */
struct quoting {
	char quote;   /* the open quote, or 0 */
	bool escaped; /* the last byte was a backslash that counts */
};

/* Steps over one byte; true when the byte itself is quoted or escaped, thus means nothing. */
bool quoting_step(struct quoting *quoting, char byte);

/* Splits `value` at blanks; the words live in the arena. 0, or
 *	-EINVAL	a quote is not closed, or a backslash escapes nothing
 *	-E2BIG	more than WORDS_MAX words
 *	-ENOMEM */
int words_split(struct arena *arena, const char *value, struct words *ret_words);

/* The whole value with quotes and backslashes taken away and blanks kept. As above. */
int words_unquote(struct arena *arena, const char *value, char **ret_text);

/* Puts text that words_split() reads as this one word; with text->dense the shortest, so that what
 * was read from a line fits into a line again. */
void words_put(struct text *text, const char *word);
/* The same for words_unquote(): blanks inside need no quotes then. */
void words_put_text(struct text *text, const char *value);
/* All words, a blank between them. */
void words_put_all(struct text *text, const struct words *words);

/* Copies `count` words to the arena's `ret_words`. 0, -E2BIG or -ENOMEM. */
int words_copy(
	struct arena *arena, const char *const *word, unsigned count, struct words *ret_words);

#endif

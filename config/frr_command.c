/* The command line of an FRR daemon, from the variables of `daemons`. */
#include "config/frr_expansion.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *frr_get(struct expansion *x, const char *prefix, const char *name, const char *suffix,
	struct origin *origin)
{
	const char *full = arena_printf(x->arena, "%s%s%s", prefix, name, suffix);

	return full ? frr_variable_get(&x->variables, full, origin) : NULL;
}

/* Options that put a daemon into the background, where nobody could watch it, or to a terminal. */
static bool is_dropped(const char *word)
{
	static const char *const dropped[] = {"-d", "--daemon", "-t", "--terminal"};

	for (size_t i = 0; i < COUNT(dropped); i++)
		if (strcmp(word, dropped[i]) == 0)
			return true;
	return false;
}

/* The words of a value, which may go over several lines. Without a value, or with one that cannot
 * be split, there are none. */
static struct words split_value(struct expansion *x, const char *name, const char *suffix,
	const char *value, struct origin origin)
{
	struct words words = {NULL, 0};
	char *line = value ? arena_strdup(x->arena, value) : NULL;

	for (char *at = line; at && *at; at++)
		if (*at == '\n' || *at == '\r')
			*at = ' ';
	if (line && words_split(x->arena, line, &words) < 0)
		diag_add(x->build->diags, origin, SEVERITY_WARNING,
			"%s%s: %s is not understood, ignored", name, suffix,
			text_quote_string(x->arena, value));
	return words;
}

struct words frr_options(
	struct expansion *x, const char *name, const char *suffix, struct origin *origin)
{
	const char *value = frr_get(x, "", name, suffix, origin), *word[WORDS_MAX];
	struct words words = split_value(x, name, suffix, value, *origin), kept = {NULL, 0};
	unsigned count = 0;

	for (unsigned i = 0; i < words.count; i++) {
		if (is_dropped(words.word[i]))
			diag_add(x->build->diags, *origin, SEVERITY_NOTE,
				"%s%s: %s is left out, because daemons are watched in the "
				"foreground",
				name, suffix, words.word[i]);
		else
			word[count++] = words.word[i];
	}
	(void)words_copy(x->arena, word, count, &kept); /* no memory: kept stays empty */
	return kept;
}

/* A program to run the daemon with, such as valgrind. */
struct words frr_wrap(struct expansion *x, const char *name)
{
	struct origin origin = x->build->frr.origin;
	const char *value = frr_get(x, "", name, "_wrap", &origin);
	struct words words = split_value(x, name, "_wrap", value, origin);

	if (words.count == 0 || words.word[0][0] == '/')
		return words;
	diag_add(x->build->diags, origin, SEVERITY_WARNING,
		"%s_wrap: %s is not an absolute path, ignored", name,
		text_quote_string(x->arena, words.word[0]));
	return (struct words){NULL, 0};
}

static void put_words(struct text *text, const struct words *words)
{
	words_put_all(text, words);
	text_put(text, words->count ? " " : "");
}

/* [WRAP] PROGRAM [-F PROFILE] GLOBAL-OPTIONS [-n INSTANCE] OPTIONS */
const char *frr_command(
	struct expansion *x, const char *daemon, const char *instance, struct origin *origin)
{
	struct words wrap = frr_wrap(x, daemon),
		     options = frr_options(x, daemon, "_options", origin);
	struct text text = {.arena = x->arena};

	/* Five more words are ours. */
	if (x->global_wrap.count + wrap.count + x->global_options.count + options.count >
		WORDS_MAX - 5) {
		diag_add(x->build->diags, *origin, SEVERITY_WARNING,
			"%s_options: a command cannot have so many words, ignored", daemon);
		return arena_printf(x->arena, FRR_PROGRAMS "%s", daemon);
	}
	put_words(&text, &x->global_wrap);
	put_words(&text, &wrap);
	text_printf(&text, FRR_PROGRAMS "%s ", daemon);
	if (x->profile) {
		text_put(&text, "-F ");
		words_put(&text, x->profile);
		text_put(&text, " ");
	}
	put_words(&text, &x->global_options);
	if (instance)
		text_printf(&text, "-n %s ", instance);
	words_put_all(&text, &options);
	return text_string(&text);
}

/* MAX_FDS, or MAX_BGPD_FDS for one; in the environment too, which is how CML says it. */
const char *frr_max_files(struct expansion *x, const char *daemon, struct origin *origin)
{
	char *own = arena_printf(x->arena, "MAX_%s_FDS", daemon);
	const char *name = own, *value;
	uint64_t number;

	for (char *at = own; at && *at; at++)
		*at = (char)toupper((unsigned char)*at);
	value = own ? frr_get(x, "", own, "", origin) : NULL;
	if (!value || !*value) {
		name = "MAX_FDS";
		value = frr_get(x, "", name, "", origin);
	}
	if (!value || !*value)
		return NULL;
	if (strcmp(value, "unlimited") == 0)
		return "infinity";
	if (isdigit((unsigned char)value[strlen(value) - 1]) && quantity_size(value, &number) == 0)
		return value;
	diag_add(x->build->diags, *origin, SEVERITY_WARNING, "%s: %s is not a number, ignored",
		name, text_quote_string(x->arena, value));
	return NULL;
}

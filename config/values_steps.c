/* required = STEP… */
#include "config/values.h"

#include "config/nearest.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

static bool add_step(const struct value *value, const char *word, unsigned *steps)
{
	struct nearest nearest = {.wanted = word};
	struct text list = {.arena = value->arena};

	for (int i = 0; step_names[i]; i++) {
		if (strcmp(step_names[i], word) == 0) {
			*steps |= 1u << i;
			return true;
		}
		nearest_offer(&nearest, step_names[i]);
		text_printf(&list, "%s%s",
			i == 0		    ? ""
			: step_names[i + 1] ? ", "
					    : " or ",
			step_names[i]);
	}
	return value_refuse_because(value, "%s is no step of the preparation: %s%s",
		text_quote_string(value->arena, word), text_string(&list),
		nearest_hint(value->arena, &nearest));
}

static bool parse_steps(const struct value *value, void *base)
{
	unsigned *field = value_field(value->key, base), steps = *field;
	struct words words;
	int r = words_split(value->arena, value->text, &words);

	if (r < 0)
		return value_refuse_words(value, r);
	for (unsigned i = 0; i < words.count; i++)
		if (!add_step(value, words.word[i], &steps))
			return false;
	*field = steps;
	return true;
}

static unsigned count_steps(const struct key *key, const void *base)
{
	unsigned steps = *(const unsigned *)value_field_const(key, base), count = 0;

	for (; steps; steps &= steps - 1)
		count++;
	return count;
}

static void print_step(struct text *out, const struct key *key, const void *base, unsigned item)
{
	unsigned steps = *(const unsigned *)value_field_const(key, base);

	for (int i = 0; step_names[i]; i++)
		if (steps & 1u << i && item-- == 0)
			text_put(out, step_names[i]);
}

static void print_steps(struct text *out, const struct key *key, const void *base)
{
	for (unsigned i = 0; i < count_steps(key, base); i++) {
		text_put(out, i ? " " : "");
		print_step(out, key, base, i);
	}
}

static void clear_steps(const struct key *key, void *base)
{
	*(unsigned *)value_field(key, base) = 0;
}

const struct value_kind value_steps = {
	.expects = "steps of the preparation, such as sysctl or interfaces",
	.parse = parse_steps,
	.print = print_steps,
	.raw = true,
	.count = count_steps,
	.print_item = print_step,
	.clear = clear_steps,
};

/* The kinds of values with a little language of their own: readiness, exit statuses, limits,
 * and when to give up. */
#include "config/values.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

/* give_up = N in TIME | never */

static bool parse_give_up(const struct value *value, void *base)
{
	unsigned *count = value_field(value->key, base);
	int64_t *window = value_also(value->key, base), number, time;
	struct words words;
	int r;

	r = words_split(value->arena, value->text, &words);
	if (r < 0)
		return value_refuse_words(value, r);
	if (words.count == 1 && strcmp(words.word[0], "never") == 0) {
		*count = 0;
		*window = 0;
		return true;
	}
	if (words.count != 3 || strcmp(words.word[1], "in") != 0 ||
		quantity_time(words.word[2], &time) < 0 || time == 0)
		return value_refuse(value);
	if (quantity_number(words.word[0], 1, GIVE_UP_COUNT_MAX, &number) < 0)
		return value_refuse_because(value, "%s is not a number from 1 to %d",
			text_quote_string(value->arena, words.word[0]), GIVE_UP_COUNT_MAX);
	*count = (unsigned)number;
	*window = time;
	return true;
}

static void print_give_up(struct text *out, const struct key *key, const void *base)
{
	unsigned count = *(const unsigned *)value_field_const(key, base);

	if (count == 0) {
		text_put(out, "never");
		return;
	}
	text_printf(out, "%u in ", count);
	quantity_put_time(out, *(const int64_t *)value_also_const(key, base));
}

const struct value_kind value_give_up = {
	.expects = "never, or N in TIME, such as 5 in 60s",
	.parse = parse_give_up,
	.print = print_give_up,
	.raw = true,
};

/* success_exit_status = CODE… SIGNAL… | none */

static bool parse_exit_set(const struct value *value, void *base)
{
	struct exit_set *set = arena_alloc(value->arena, sizeof(*set));
	struct words words;
	int64_t code;
	int r = words_split(value->arena, value->text, &words);

	if (!set)
		return false;
	if (r < 0)
		return value_refuse_words(value, r);
	for (unsigned i = 0; i < words.count; i++) {
		const char *word = words.word[i];
		int signal = word[0] > '9' ? signal_from_name(word) : -1;

		if (words.count == 1 && strcmp(word, "none") == 0)
			break;
		if (signal >= 1)
			exit_set_add_signal(set, signal);
		else if (quantity_number(word, 0, 255, &code) == 0)
			exit_set_add_code(set, (unsigned)code);
		else
			return value_refuse_because(value, "%s is not %s",
				text_quote_string(value->arena, word), value->key->kind->expects);
	}
	if (words.count == 0)
		return value_refuse(value);
	*(const struct exit_set **)value_field(value->key, base) = set;
	return true;
}

static void print_exit_set(struct text *out, const struct key *key, const void *base)
{
	const struct exit_set *set = *(const struct exit_set *const *)value_field_const(key, base);
	const char *separator = "";

	for (unsigned code = 0; code < 256; code++) {
		if (exit_set_has_code(set, code)) {
			text_printf(out, "%s%u", separator, code);
			separator = " ";
		}
	}
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		if (exit_set_has_signal(set, signal)) {
			text_printf(out, "%s%s", separator, signal_short_name(signal));
			separator = " ";
		}
	}
	if (!*separator)
		text_put(out, "none");
}

const struct value_kind value_exit_set = {
	.expects = "an exit code from 0 to 255, the name of a signal, or none alone",
	.parse = parse_exit_set,
	.print = print_exit_set,
	.raw = true,
};

/* limit_X = SOFT[:HARD]. Few services have any, so `limits` is made when the first is set;
 * key.also is the place of this one in it. */

static bool parse_limit(
	const struct value *value, void *base, int (*parse)(const char *text, uint64_t *ret_number))
{
	const char *colon = strchr(value->text, ':');
	size_t length = colon ? (size_t)(colon - value->text) : strlen(value->text);
	char *soft = arena_strndup(value->arena, value->text, length);
	struct limit limit = {.set = true}, **limits = value_field(value->key, base);

	if (!soft)
		return false;
	if (parse(soft, &limit.soft) < 0)
		return value_refuse(value);
	limit.hard = limit.soft;
	if (colon && parse(colon + 1, &limit.hard) < 0)
		return value_refuse(value);
	if (limit.soft > limit.hard)
		return value_refuse_because(value, "the soft limit is above the hard limit");
	if (!*limits)
		*limits = arena_array(value->arena, LIMIT_KIND_COUNT, sizeof(**limits));
	if (!*limits)
		return false;
	*(struct limit *)value_also(value->key, *limits) = limit;
	return true;
}

static void print_limit(struct text *out, const struct key *key, const void *base,
	void (*print)(struct text *out, uint64_t number))
{
	const struct limit *const *limits = value_field_const(key, base);
	const struct limit *limit = *limits ? value_also_const(key, *limits) : NULL;

	if (!limit || !limit->set)
		return;
	print(out, limit->soft);
	if (limit->hard != limit->soft) {
		text_put(out, ":");
		print(out, limit->hard);
	}
}

static bool parse_limit_bytes(const struct value *value, void *base)
{
	return parse_limit(value, base, quantity_size);
}

static void print_limit_bytes(struct text *out, const struct key *key, const void *base)
{
	print_limit(out, key, base, quantity_put_size);
}

const struct value_kind value_limit_bytes = {
	.expects = "SIZE or SOFT:HARD, such as 64M or 1G:infinity",
	.parse = parse_limit_bytes,
	.print = print_limit_bytes,
};

static void put_count(struct text *out, uint64_t count)
{
	if (count == LIMIT_INFINITE)
		text_put(out, "infinity");
	else
		text_printf(out, "%llu", (unsigned long long)count);
}

static void print_limit_count(struct text *out, const struct key *key, const void *base)
{
	print_limit(out, key, base, put_count);
}

const struct value_kind value_limit_count = {
	.expects = "COUNT or SOFT:HARD, such as 1024 or 1024:64k",
	.parse = parse_limit_bytes,
	.print = print_limit_count,
};

/* Whole seconds, which is all that setrlimit(2) can. */
static int parse_seconds(const char *text, uint64_t *ret_seconds)
{
	int64_t ms;
	int r = quantity_time(text, &ms);

	if (r < 0)
		return r;
	if (ms != TIME_INFINITE_MS && ms % 1000)
		return -EINVAL;
	*ret_seconds = ms == TIME_INFINITE_MS ? LIMIT_INFINITE : (uint64_t)ms / 1000;
	return 0;
}

static void put_seconds(struct text *out, uint64_t seconds)
{
	quantity_put_time(
		out, seconds == LIMIT_INFINITE ? TIME_INFINITE_MS : (int64_t)seconds * 1000);
}

static bool parse_limit_time(const struct value *value, void *base)
{
	return parse_limit(value, base, parse_seconds);
}

static void print_limit_time(struct text *out, const struct key *key, const void *base)
{
	print_limit(out, key, base, put_seconds);
}

const struct value_kind value_limit_time = {
	.expects = "whole seconds, TIME or SOFT:HARD, such as 60s or 1m:1h",
	.parse = parse_limit_time,
	.print = print_limit_time,
};

#include "config/values.h"

#include "config/arena.h"
#include "config/nearest.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

/* Enumerations are read and written as int. */
_Static_assert(sizeof(enum service_type) == sizeof(int), "enums are as large as int");

void *value_field(const struct key *key, void *base)
{
	return (char *)base + key->offset;
}

const void *value_field_const(const struct key *key, const void *base)
{
	return (const char *)base + key->offset;
}

void *value_also(const struct key *key, void *base)
{
	return (char *)base + key->also;
}

const void *value_also_const(const struct key *key, const void *base)
{
	return (const char *)base + key->also;
}

bool value_refuse_because(const struct value *value, const char *format, ...)
{
	va_list args;
	const char *reason;

	va_start(args, format);
	reason = arena_vprintf(value->arena, format, args);
	va_end(args);
	if (reason)
		diag_add(value->diags, value->origin, SEVERITY_ERROR, "%s: %s", value->key->name,
			reason);
	return false;
}

bool value_refuse(const struct value *value)
{
	return value_refuse_because(value, "%s is not %s",
		text_quote_string(value->arena, value->text), value->key->kind->expects);
}

bool value_refuse_words(const struct value *value, int error)
{
	if (error == -ENOMEM)
		return false;
	if (error == -E2BIG)
		return value_refuse_because(value, "more than %d words", WORDS_MAX);
	return value_refuse_because(
		value, "in \"...\" a backslash stands only before \" or another backslash");
}

static void print_text(struct text *out, const struct key *key, const void *base)
{
	const char *const *field = value_field_const(key, base);

	words_put_text(out, *field ? *field : "");
}

static bool parse_any_text(const struct value *value, void *base)
{
	const char *copy = *value->text ? arena_strdup(value->arena, value->text) : NULL;

	if (!copy && *value->text)
		return false;
	*(const char **)value_field(value->key, base) = copy;
	return true;
}

static bool parse_text(const struct value *value, void *base)
{
	return *value->text ? parse_any_text(value, base) : value_refuse(value);
}

const struct value_kind value_any_text = {
	.expects = "a text, or '' for none",
	.parse = parse_any_text,
	.print = print_text,
};
const struct value_kind value_text = {
	.expects = "a text",
	.parse = parse_text,
	.print = print_text,
};

static bool parse_path(const struct value *value, void *base)
{
	return *value->text == '/' ? parse_any_text(value, base) : value_refuse(value);
}

const struct value_kind value_path = {
	.expects = "an absolute path",
	.parse = parse_path,
	.print = print_text,
};

static bool parse_path_or_off(const struct value *value, void *base)
{
	bool *off = value_also(value->key, base);

	if (strcmp(value->text, "off") != 0) {
		*off = false;
		return parse_path(value, base);
	}
	*off = true;
	*(const char **)value_field(value->key, base) = NULL;
	return true;
}

static void print_path_or_off(struct text *out, const struct key *key, const void *base)
{
	if (*(const bool *)value_also_const(key, base))
		text_put(out, "off");
	else
		print_text(out, key, base);
}

const struct value_kind value_path_or_off = {
	.expects = "an absolute path, or off",
	.parse = parse_path_or_off,
	.print = print_path_or_off,
};

bool account_name_is_valid(const char *name)
{
	int64_t number;

	if (!isdigit((unsigned char)*name))
		return *name && *name != '-' && !name[strcspn(name, ":/ \t,")];
	/* 2^32 - 1 is (uid_t)-1, "leave it as it is" */
	return quantity_number(name, 0, (int64_t)UINT32_MAX - 1, &number) == 0;
}

static bool parse_account(const struct value *value, void *base)
{
	return account_name_is_valid(value->text) ? parse_any_text(value, base)
						  : value_refuse(value);
}

const struct value_kind value_account = {
	.expects = "the name or number of an account",
	.parse = parse_account,
	.print = print_text,
};

static bool refuse_choice(const struct value *value)
{
	const char *const *names = value->key->detail;
	struct nearest nearest = {.wanted = value->text};
	struct text list = {.arena = value->arena};

	for (int i = 0; names[i]; i++) {
		nearest_offer(&nearest, names[i]);
		text_printf(&list, "%s%s", i == 0 ? "" : names[i + 1] ? ", " : " or ", names[i]);
	}
	return value_refuse_because(value, "%s is not %s%s",
		text_quote_string(value->arena, value->text), text_string(&list),
		nearest_hint(value->arena, &nearest));
}

static bool parse_choice(const struct value *value, void *base)
{
	const char *const *names = value->key->detail;

	for (int i = 0; names[i]; i++) {
		if (strcmp(names[i], value->text) == 0) {
			*(int *)value_field(value->key, base) = i;
			return true;
		}
	}
	return refuse_choice(value);
}

static void print_choice(struct text *out, const struct key *key, const void *base)
{
	const char *const *names = key->detail;

	text_put(out, names[*(const int *)value_field_const(key, base)]);
}

const struct value_kind value_choice = {
	.expects = "one of a few words",
	.parse = parse_choice,
	.print = print_choice,
};

/* Also the type that only the command line makes. */
static void print_type(struct text *out, const struct key *key, const void *base)
{
	text_put(out, service_type_name(*(const enum service_type *)value_field_const(key, base)));
}

const struct value_kind value_type = {
	.expects = "daemon, oneshot or console",
	.parse = parse_choice,
	.print = print_type,
};

static bool parse_bool(const struct value *value, void *base)
{
	bool *field = value_field(value->key, base), yes = strcmp(value->text, "yes") == 0;

	if (!yes && strcmp(value->text, "no") != 0)
		return value_refuse(value);
	*field = yes;
	return true;
}

static void print_bool(struct text *out, const struct key *key, const void *base)
{
	text_put(out, *(const bool *)value_field_const(key, base) ? "yes" : "no");
}

const struct value_kind value_bool = {
	.expects = "yes or no",
	.parse = parse_bool,
	.print = print_bool,
};

#define A_TIME "a time, such as 500ms, 2s, 1m30s, 1h, 1d or infinity"

static bool parse_time(const struct value *value, void *base)
{
	int r = quantity_time(value->text, value_field(value->key, base));

	if (r == -ERANGE)
		return value_refuse_because(value, "%s is more than a year; write infinity",
			text_quote_string(value->arena, value->text));
	return r < 0 ? value_refuse(value) : true;
}

static void print_time(struct text *out, const struct key *key, const void *base)
{
	quantity_put_time(out, *(const int64_t *)value_field_const(key, base));
}

const struct value_kind value_time = {
	.expects = A_TIME,
	.parse = parse_time,
	.print = print_time,
};

static bool parse_time_range(const struct value *value, void *base)
{
	int r = quantity_time_range(
		value->text, value_field(value->key, base), value_also(value->key, base));

	if (r == -EDOM)
		return value_refuse_because(value, "%s ends before it begins",
			text_quote_string(value->arena, value->text));
	return r < 0 ? value_refuse(value) : true;
}

static void print_time_range(struct text *out, const struct key *key, const void *base)
{
	int64_t low = *(const int64_t *)value_field_const(key, base);
	int64_t high = *(const int64_t *)value_also_const(key, base);

	quantity_put_time(out, low);
	if (high != low) {
		text_put(out, " .. ");
		quantity_put_time(out, high);
	}
}

const struct value_kind value_time_range = {
	.expects = "a time, or two as in 200ms .. 30s",
	.parse = parse_time_range,
	.print = print_time_range,
};

static bool parse_size(const struct value *value, void *base)
{
	const uint64_t *least = value->key->detail;
	uint64_t bytes;

	if (quantity_size(value->text, &bytes) < 0)
		return value_refuse(value);
	if (least && bytes < *least)
		return value_refuse_because(value, "%s is less than %llu bytes",
			text_quote_string(value->arena, value->text), (unsigned long long)*least);
	*(uint64_t *)value_field(value->key, base) = bytes;
	return true;
}

static void print_size(struct text *out, const struct key *key, const void *base)
{
	quantity_put_size(out, *(const uint64_t *)value_field_const(key, base));
}

const struct value_kind value_size = {
	.expects = "a size, such as 64k, 10M, 1G or infinity",
	.parse = parse_size,
	.print = print_size,
};

static bool parse_signal(const struct value *value, void *base)
{
	int signal = signal_from_name(value->text);

	if (signal < 0)
		return value_refuse(value);
	*(int *)value_field(value->key, base) = signal;
	return true;
}

static void print_signal(struct text *out, const struct key *key, const void *base)
{
	const char *name = signal_short_name(*(const int *)value_field_const(key, base));

	text_put(out, name ? name : ""); /* not every key has to have one */
}

const struct value_kind value_signal = {
	.expects = "a signal, such as TERM, INT or RTMIN+3",
	.parse = parse_signal,
	.print = print_signal,
};

static bool parse_mode(const struct value *value, void *base)
{
	if (quantity_mode(value->text, value_field(value->key, base)) < 0)
		return value_refuse(value);
	*(bool *)value_also(value->key, base) = true;
	return true;
}

static void print_mode(struct text *out, const struct key *key, const void *base)
{
	if (*(const bool *)value_also_const(key, base))
		text_printf(out, "%04o", *(const unsigned *)value_field_const(key, base));
}

const struct value_kind value_mode = {
	.expects = "permission bits in octal, such as 0022",
	.parse = parse_mode,
	.print = print_mode,
};

static bool read_in_range(const struct value *value, int64_t *ret_number)
{
	const struct int_range *range = value->key->detail;

	return quantity_number(value->text, range->least, range->most, ret_number) == 0 ||
	       value_refuse_because(value, "%s is not a number from %d to %d",
		       text_quote_string(value->arena, value->text), range->least, range->most);
}

static bool parse_integer(const struct value *value, void *base)
{
	int64_t number;

	if (!read_in_range(value, &number))
		return false;
	*(int *)value_field(value->key, base) = (int)number;
	*(bool *)value_also(value->key, base) = true;
	return true;
}

static void print_integer(struct text *out, const struct key *key, const void *base)
{
	if (*(const bool *)value_also_const(key, base))
		text_printf(out, "%d", *(const int *)value_field_const(key, base));
}

const struct value_kind value_integer = {
	.expects = "a number",
	.parse = parse_integer,
	.print = print_integer,
};

static bool parse_count(const struct value *value, void *base)
{
	int64_t number;

	if (!read_in_range(value, &number))
		return false;
	*(unsigned *)value_field(value->key, base) = (unsigned)number;
	return true;
}

static void print_count(struct text *out, const struct key *key, const void *base)
{
	text_printf(out, "%u", *(const unsigned *)value_field_const(key, base));
}

const struct value_kind value_count = {
	.expects = "a number",
	.parse = parse_count,
	.print = print_count,
};

static bool parse_count_or_all(const struct value *value, void *base)
{
	const struct int_range *range = value->key->detail;
	int64_t number = UINT_MAX;

	if (strcmp(value->text, "all") != 0 &&
		quantity_number(value->text, range->least, range->most, &number) < 0)
		return value_refuse_because(value, "%s is neither all nor a number from %d to %d",
			text_quote_string(value->arena, value->text), range->least, range->most);
	*(unsigned *)value_field(value->key, base) = (unsigned)number;
	return true;
}

static void print_count_or_all(struct text *out, const struct key *key, const void *base)
{
	if (*(const unsigned *)value_field_const(key, base) == UINT_MAX)
		text_put(out, "all");
	else
		print_count(out, key, base);
}

const struct value_kind value_count_or_all = {
	.expects = "a number or all",
	.parse = parse_count_or_all,
	.print = print_count_or_all,
};

#include "config/quantity.h"

#include "config/model.h"
#include "config/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

/* Largest first: the printers use the first that divides. */
static const struct unit time_units[] = {{"d", 24ull * 3600 * 1000}, {"h", 3600ull * 1000},
	{"m", 60ull * 1000}, {"s", 1000}, {"ms", 1}};
static const struct unit size_units[] = {
	{"T", 1ull << 40}, {"G", 1ull << 30}, {"M", 1ull << 20}, {"k", 1ull << 10}, {"", 1}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Digits at *text, which is moved behind them. */
static int read_digits(const char **text, uint64_t *ret_number)
{
	uint64_t number = 0;
	const char *at = *text;
	bool too_large = false;

	if (!isdigit((unsigned char)*at))
		return -EINVAL;
	for (; isdigit((unsigned char)*at); at++) {
		too_large = too_large || __builtin_mul_overflow(number, 10u, &number) ||
			    __builtin_add_overflow(number, (uint64_t)(*at - '0'), &number);
	}
	*text = at;
	*ret_number = number;
	return too_large ? -ERANGE : 0;
}

/* The unit spelled at *text, to the end of the letters there; *text is moved behind it. */
static const struct unit *read_unit(const char **text, const struct unit *units, size_t count)
{
	size_t length = 0;

	while (isalpha((unsigned char)(*text)[length]))
		length++;
	for (size_t i = 0; i < count; i++) {
		if (strlen(units[i].name) == length && strncmp(units[i].name, *text, length) == 0) {
			*text += length;
			return &units[i];
		}
	}
	return NULL;
}

int quantity_time(const char *text, int64_t *ret_ms)
{
	uint64_t total = 0, limit = UINT64_MAX;
	bool too_large = false;

	if (strcmp(text, "infinity") == 0) {
		*ret_ms = TIME_INFINITE_MS;
		return 0;
	}
	if (strcmp(text, "0") == 0) {
		*ret_ms = 0;
		return 0;
	}
	do {
		const struct unit *unit;
		uint64_t number, part;
		int r = read_digits(&text, &number);

		if (r == -EINVAL)
			return r;
		unit = read_unit(&text, time_units, COUNT(time_units));
		if (!unit || unit->factor >= limit)
			return -EINVAL; /* units descend: 1m30s, not 30s1m */
		limit = unit->factor;
		too_large = too_large || r < 0 ||
			    __builtin_mul_overflow(number, unit->factor, &part) ||
			    __builtin_add_overflow(total, part, &total);
	} while (*text);
	if (too_large || total > (uint64_t)TIME_MAX_MS)
		return -ERANGE;
	*ret_ms = (int64_t)total;
	return 0;
}

void quantity_put_time(struct text *out, int64_t ms)
{
	if (ms == TIME_INFINITE_MS) {
		text_put(out, "infinity");
		return;
	}
	if (ms == 0) {
		text_put(out, "0");
		return;
	}
	for (size_t i = 0; i < COUNT(time_units); i++) {
		if ((uint64_t)ms % time_units[i].factor)
			continue;
		text_printf(out, "%llu%s", (unsigned long long)ms / time_units[i].factor,
			time_units[i].name);
		return;
	}
}

int quantity_time_range(const char *text, int64_t *ret_min_ms, int64_t *ret_max_ms)
{
	const char *dots = strstr(text, "..");
	char low_text[64];
	size_t length = dots ? (size_t)(dots - text) : strlen(text);
	int64_t low, high;
	int r;

	while (length && isblank((unsigned char)text[length - 1]))
		length--;
	if (length >= sizeof(low_text))
		return -EINVAL;
	memcpy(low_text, text, length);
	low_text[length] = '\0';
	r = quantity_time(low_text, &low);
	if (r < 0)
		return r;
	high = low;
	if (dots)
		r = quantity_time(dots + 2 + strspn(dots + 2, " \t"), &high);
	if (r < 0)
		return r;
	if (high < low)
		return -EDOM;
	*ret_min_ms = low;
	*ret_max_ms = high;
	return 0;
}

int quantity_size(const char *text, uint64_t *ret_bytes)
{
	const struct unit *unit;
	uint64_t number, bytes;
	int r;

	if (strcmp(text, "infinity") == 0) {
		*ret_bytes = UINT64_MAX;
		return 0;
	}
	r = read_digits(&text, &number);
	if (r == -EINVAL)
		return r;
	unit = read_unit(&text, size_units, COUNT(size_units));
	if (!unit || *text)
		return -EINVAL;
	if (r < 0 || __builtin_mul_overflow(number, unit->factor, &bytes) || bytes > INT64_MAX)
		return -ERANGE;
	*ret_bytes = bytes;
	return 0;
}

void quantity_put_size(struct text *out, uint64_t bytes)
{
	size_t unit = COUNT(size_units) - 1;

	if (bytes == UINT64_MAX) {
		text_put(out, "infinity");
		return;
	}
	while (bytes && unit > 0 && bytes % size_units[unit - 1].factor == 0)
		unit--;
	text_printf(out, "%llu%s", (unsigned long long)(bytes / size_units[unit].factor),
		size_units[unit].name);
}

int quantity_number(const char *text, int64_t least, int64_t most, int64_t *ret_number)
{
	bool negative = *text == '-';
	uint64_t digits;
	int64_t number;
	int r;

	if (negative)
		text++;
	r = read_digits(&text, &digits);
	if (*text || r == -EINVAL)
		return -EINVAL;
	if (r < 0 || digits > INT64_MAX)
		return -ERANGE;
	number = negative ? -(int64_t)digits : (int64_t)digits;
	if (number < least || number > most)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

int quantity_mode(const char *text, unsigned *ret_mode)
{
	unsigned mode = 0;
	size_t length = strlen(text);

	if (length == 0 || strspn(text, "01234567") != length)
		return -EINVAL;
	for (; *text; text++) {
		mode = mode * 8 + (unsigned)(*text - '0');
		if (mode > 07777)
			return -ERANGE;
	}
	*ret_mode = mode;
	return 0;
}

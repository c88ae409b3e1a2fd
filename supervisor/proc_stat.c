#include "supervisor/proc_stat.h"

#include <string.h>

enum { FIELD_STATE = 3, FIELD_UTIME = 14, FIELD_STIME = 15, FIELD_RSS = 24 };

/* Where the last ')' is: what follows are numbers, and the state. */
static const char *end_of_name(const char *text, size_t length)
{
	while (length > 0)
		if (text[--length] == ')')
			return text + length;
	return NULL;
}

/* The number at *at, which is moved behind it; false: there is none, or it is too large. A negative
 * one counts as 0: what we read never is. */
static bool read_number(const char **at, const char *end, uint64_t *ret_value)
{
	bool negative = *at < end && **at == '-';
	uint64_t value = 0;
	const char *digit = *at + negative;

	if (digit == end || *digit < '0' || *digit > '9')
		return false;
	for (; digit < end && *digit >= '0' && *digit <= '9'; digit++)
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, (uint64_t)(*digit - '0'), &value))
			return false;
	*at = digit;
	*ret_value = negative ? 0 : value;
	return true;
}

bool proc_stat_read(const char *text, size_t length, struct proc_stat *ret_stat)
{
	const char *end = text + length, *at = end_of_name(text, length);
	struct proc_stat stat = {0};
	uint64_t value = 0;

	if (!at || end - at < 4 || at[1] != ' ')
		return false;
	stat.state = at[2];
	at += 3;
	for (unsigned field = FIELD_STATE + 1; field <= FIELD_RSS; field++) {
		if (at == end || *at != ' ')
			return false;
		at++;
		if (!read_number(&at, end, &value))
			return false;
		if ((field == FIELD_UTIME || field == FIELD_STIME) &&
			__builtin_add_overflow(stat.cpu_ticks, value, &stat.cpu_ticks))
			return false;
	}
	stat.resident_pages = value;
	*ret_stat = stat;
	return true;
}

/* The proleptic Gregorian calendar. Years are counted from March, so that the day that comes and
 * goes is the last one; 400 of them have always the same number of days. */
#include "supervisor/calendar.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
	DAYS_PER_YEAR = 365,
	DAYS_PER_4 = 1461,
	DAYS_PER_100 = 36524,
	DAYS_PER_400 = 146097,
	DAYS_TO_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
	SECONDS_PER_DAY = 86400,
	US_PER_S = 1000000,
};

struct date {
	unsigned year, month, day;
};

/* Days before month `index`, counted from March: 31 30 31 30 31 comes twice and a bit. */
static unsigned days_before(unsigned index)
{
	return (153 * index + 2) / 5;
}

static int64_t days_of(const struct date *date)
{
	bool early = date->month <= 2; /* belongs to the year that began last March */
	int64_t year = (int64_t)date->year - early;
	unsigned index = early ? date->month + 9 : date->month - 3;
	/* Year -1 is there for January and February of year 0; -1 / 4 is 0, and so it should be. */
	int64_t leap = year < 0 ? -1 : year / 4 - year / 100 + year / 400;

	return year * DAYS_PER_YEAR + leap + days_before(index) + date->day - 1 - DAYS_TO_EPOCH;
}

static struct date date_of(int64_t days)
{
	/* One cycle earlier, so that nothing is negative, January of year 0 included. */
	int64_t since = days + DAYS_TO_EPOCH + DAYS_PER_400;
	int64_t cycle = since / DAYS_PER_400;
	int64_t day = since % DAYS_PER_400;
	int64_t year =
		(day - day / (DAYS_PER_4 - 1) + day / DAYS_PER_100 - day / (DAYS_PER_400 - 1)) /
		DAYS_PER_YEAR;
	unsigned rest = (unsigned)(day - (year * DAYS_PER_YEAR + year / 4 - year / 100));
	unsigned index = (5 * rest + 2) / 153;

	return (struct date){
		.year = (unsigned)((cycle - 1) * 400 + year + (index >= 10)),
		.month = index < 10 ? index + 3 : index - 9,
		.day = rest - days_before(index) + 1,
	};
}

static void put_digits(char *text, unsigned digits, unsigned value)
{
	while (digits--) {
		text[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

void calendar_write(char text[CALENDAR_BYTES], int64_t time_us)
{
	const struct date first = {0, 1, 1}, last = {9999, 12, 31};
	int64_t least = days_of(&first) * SECONDS_PER_DAY * US_PER_S;
	int64_t most = (days_of(&last) + 1) * SECONDS_PER_DAY * US_PER_S - 1;
	int64_t time = time_us < least ? least : time_us > most ? most : time_us;
	/* From year 0 on, so that division rounds down. */
	int64_t seconds = (time - least) / US_PER_S;
	unsigned second = (unsigned)(seconds % SECONDS_PER_DAY);
	struct date date = date_of(seconds / SECONDS_PER_DAY + days_of(&first));

	memcpy(text, "0000-00-00T00:00:00.000000Z", CALENDAR_BYTES);
	put_digits(text, 4, date.year);
	put_digits(text + 5, 2, date.month);
	put_digits(text + 8, 2, date.day);
	put_digits(text + 11, 2, second / 3600);
	put_digits(text + 14, 2, second / 60 % 60);
	put_digits(text + 17, 2, second % 60);
	put_digits(text + 20, 6, (unsigned)((time - least) % US_PER_S));
}

/* A place in a text that is read; wrong once, wrong for good. */
struct reader {
	const char *at;
	bool wrong;
};

static unsigned read_number(struct reader *reader, unsigned digits, unsigned least, unsigned most)
{
	unsigned value = 0;

	for (unsigned i = 0; i < digits && !reader->wrong; i++) {
		reader->wrong = !isdigit((unsigned char)*reader->at);
		if (!reader->wrong)
			value = value * 10 + (unsigned)(*reader->at++ - '0');
	}
	if (value < least || value > most)
		reader->wrong = true;
	return value;
}

static void read_one_of(struct reader *reader, const char *characters)
{
	if (reader->wrong || !*reader->at || !strchr(characters, *reader->at))
		reader->wrong = true;
	else
		reader->at++;
}

static unsigned days_in(const struct date *date)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);

	return days[date->month - 1] + (date->month == 2 && leap);
}

static struct date read_date(struct reader *reader)
{
	struct date date;

	date.year = read_number(reader, 4, 0, 9999);
	read_one_of(reader, "-");
	date.month = read_number(reader, 2, 1, 12);
	read_one_of(reader, "-");
	date.day = read_number(reader, 2, 1, 31);
	if (!reader->wrong && date.day > days_in(&date))
		reader->wrong = true;
	return date;
}

/* Up to nine digits behind a dot, which may be missing. */
static unsigned read_fraction_us(struct reader *reader)
{
	unsigned value = 0, digits = 0;

	if (*reader->at != '.')
		return 0;
	for (reader->at++; isdigit((unsigned char)*reader->at); reader->at++, digits++) {
		if (digits < 6)
			value = value * 10 + (unsigned)(*reader->at - '0');
	}
	if (digits == 0 || digits > 9)
		reader->wrong = true;
	for (; digits < 6; digits++)
		value *= 10;
	return value;
}

static int64_t read_offset_s(struct reader *reader)
{
	char sign = *reader->at;
	int64_t seconds;

	read_one_of(reader, "Zz+-");
	if (reader->wrong || sign == 'Z' || sign == 'z')
		return 0;
	seconds = (int64_t)read_number(reader, 2, 0, 23) * 3600;
	read_one_of(reader, ":");
	seconds += (int64_t)read_number(reader, 2, 0, 59) * 60;
	return sign == '-' ? -seconds : seconds;
}

int calendar_read(const char *text, int64_t *ret_time_us)
{
	struct reader reader = {.at = text};
	struct date date = read_date(&reader);
	int64_t seconds, us;

	read_one_of(&reader, "Tt ");
	seconds = (int64_t)read_number(&reader, 2, 0, 23) * 3600;
	read_one_of(&reader, ":");
	seconds += (int64_t)read_number(&reader, 2, 0, 59) * 60;
	read_one_of(&reader, ":");
	seconds += read_number(&reader, 2, 0, 60);
	us = reader.wrong ? 0 : read_fraction_us(&reader);
	seconds -= reader.wrong ? 0 : read_offset_s(&reader);
	if (reader.wrong || *reader.at)
		return -EINVAL;
	*ret_time_us = (days_of(&date) * SECONDS_PER_DAY + seconds) * US_PER_S + us;
	return 0;
}

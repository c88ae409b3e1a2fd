/* Times of day as text and back, against dates that are known, and against each other. */
#include "supervisor/calendar.h"

#include "tests/check.h"

#include <errno.h>

static const struct {
	const char *text;
	int64_t us;
} known[] = {
	{"1970-01-01T00:00:00.000000Z", 0},
	{"1969-12-31T23:59:59.999999Z", -1},
	{"2000-02-29T12:34:56.789012Z", 951827696789012},
	{"2000-03-01T00:00:00.000000Z", 951868800000000},
	{"2026-11-30T10:53:23.000001Z", 1796036003000001},
	{"2100-02-28T23:59:59.000000Z", 4107542399000000},
	{"2100-03-01T00:00:00.000000Z", 4107542400000000},
	{"0000-01-01T00:00:00.000000Z", -62167219200000000},
	{"0000-02-29T00:00:00.000000Z", -62162121600000000},
	{"0000-03-01T00:00:00.000000Z", -62162035200000000},
	{"9999-12-31T23:59:59.999999Z", 253402300799999999},
};

static void known_times(void)
{
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char text[CALENDAR_BYTES];
		int64_t us = 1;

		calendar_write(text, known[i].us);
		CHECK_STR(text, known[i].text);
		CHECK_INT(calendar_read(known[i].text, &us), 0);
		CHECK_INT(us, known[i].us);
	}
}

/* Every day of 10000 years, one after the other. */
static void every_day_is_one_later(void)
{
	const int64_t day_us = 86400000000;
	int64_t first = -62167219200000000, us = 0;
	char text[CALENDAR_BYTES], before[CALENDAR_BYTES] = "";
	unsigned wrong = 0;

	for (int64_t day = 0; day < 3652425; day++) {
		calendar_write(text, first + day * day_us);
		wrong += calendar_read(text, &us) != 0 || us != first + day * day_us ||
			 strcmp(before, text) >= 0;
		memcpy(before, text, sizeof(before));
	}
	CHECK_INT(wrong, 0);
	CHECK_STR(text, "9999-12-31T00:00:00.000000Z");
}

static void outside_is_the_nearest(void)
{
	char text[CALENDAR_BYTES];

	calendar_write(text, INT64_MAX);
	CHECK_STR(text, "9999-12-31T23:59:59.999999Z");
	calendar_write(text, INT64_MIN);
	CHECK_STR(text, "0000-01-01T00:00:00.000000Z");
}

static void ways_to_write_it(void)
{
	static const struct {
		const char *text;
		int64_t us;
	} ways[] = {
		{"1970-01-01T01:00:00+01:00", 0},
		{"1969-12-31t18:30:00-05:30", 0},
		{"1970-01-01 00:00:01z", 1000000},
		{"1970-01-01T00:00:00.5Z", 500000},
		{"1970-01-01T00:00:00.123456789Z", 123456},
		{"1970-01-01T00:00:60Z", 60000000},
	};

	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int64_t us = -1;

		CHECK_INT(calendar_read(ways[i].text, &us), 0);
		CHECK_INT(us, ways[i].us);
	}
}

static void wrong_ones_are_refused(void)
{
	static const char *const wrong[] = {
		"",
		"now",
		"2026",
		"2026-11-30",
		"2026-11-30T10:53:23",
		"2026-11-30T10:53Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z",
		"2026-01-01T00:00:61Z",
		"2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00.1234567890Z",
		"2026-01-01T00:00:00+1:00",
		"2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00+00:60",
		"2026-01-01T00:00:00Z ",
		"2026-01-01_00:00:00Z",
		"+026-01-01T00:00:00Z",
		"2026-1-01T00:00:00Z",
	};

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t us = 42;

		if (calendar_read(wrong[i], &us) != -EINVAL || us != 42) {
			fprintf(stderr, "taken: %s\n", wrong[i]);
			check_failed_now = true;
		}
	}
}

int main(void)
{
	RUN(known_times);
	RUN(every_day_is_one_later);
	RUN(outside_is_the_nearest);
	RUN(ways_to_write_it);
	RUN(wrong_ones_are_refused);
	return CHECK_EXIT_STATUS();
}

/* Numbers with units, both ways. */
#include "config/arena.h"
#include "config/model.h"
#include "config/quantity.h"
#include "config/text.h"
#include "tests/check.h"

#include <errno.h>
#include <inttypes.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* `printed` NULL: the text is wrong, with `r`. */
struct sample {
	const char *text;
	int r;
	int64_t value;
	const char *printed;
};

static void check_printed(const struct sample *sample, const struct text *text)
{
	if (strcmp(text_string(text), sample->printed) != 0)
		fprintf(stderr, "for %s:\n", sample->text);
	CHECK_STR(text_string(text), sample->printed);
}

static void times(void)
{
	static const struct sample samples[] = {
		{"0", 0, 0, "0"},
		{"0s", 0, 0, "0"},
		{"1ms", 0, 1, "1ms"},
		{"500ms", 0, 500, "500ms"},
		{"2s", 0, 2000, "2s"},
		{"1m", 0, 60000, "1m"},
		{"90s", 0, 90000, "90s"},
		{"1m30s", 0, 90000, "90s"},
		{"24h", 0, 86400000, "1d"},
		{"1d2h3m4s5ms", 0, 93784005, "93784005ms"},
		{"365d", 0, TIME_MAX_MS, "365d"},
		{"infinity", 0, TIME_INFINITE_MS, "infinity"},
		{"", -EINVAL, 0, NULL},
		{"1", -EINVAL, 0, NULL},
		{"s", -EINVAL, 0, NULL},
		{"-1s", -EINVAL, 0, NULL},
		{"+1s", -EINVAL, 0, NULL},
		{" 1s", -EINVAL, 0, NULL},
		{"1 s", -EINVAL, 0, NULL},
		{"1s ", -EINVAL, 0, NULL},
		{"1.5s", -EINVAL, 0, NULL},
		{"1S", -EINVAL, 0, NULL},
		{"1sec", -EINVAL, 0, NULL},
		{"30s1m", -EINVAL, 0, NULL},
		{"1s1s", -EINVAL, 0, NULL},
		{"0x10s", -EINVAL, 0, NULL},
		{"1y", -EINVAL, 0, NULL},
		{"Infinity", -EINVAL, 0, NULL},
		{"366d", -ERANGE, 0, NULL},
		{"99999999999999999999s", -ERANGE, 0, NULL},
		{"18446744073709551615d", -ERANGE, 0, NULL},
	};

	for (size_t i = 0; i < COUNT(samples); i++) {
		struct arena arena = {0};
		struct text text = {.arena = &arena};
		int64_t ms = -7;

		CHECK_INT(quantity_time(samples[i].text, &ms), samples[i].r);
		CHECK_INT(ms, samples[i].r ? -7 : samples[i].value);
		if (samples[i].r == 0) {
			quantity_put_time(&text, ms);
			check_printed(&samples[i], &text);
		}
		arena_free(&arena);
	}
}

static void time_ranges(void)
{
	static const struct {
		const char *text;
		int r;
		int64_t low, high;
	} samples[] = {
		{"200ms .. 30s", 0, 200, 30000},
		{"1s..30s", 0, 1000, 30000},
		{"1s\t..\t30s", 0, 1000, 30000},
		{"5s", 0, 5000, 5000},
		{"1s .. infinity", 0, 1000, TIME_INFINITE_MS},
		{"30s .. 1s", -EDOM, -7, -7},
		{"1s ..", -EINVAL, -7, -7},
		{".. 1s", -EINVAL, -7, -7},
		{"1s 2s", -EINVAL, -7, -7},
		{"1s .. 2s .. 3s", -EINVAL, -7, -7},
		{"", -EINVAL, -7, -7},
		{"00000000000000000000000000000000000000000000000000000000000000000001s", -EINVAL,
			-7, -7},
	};

	for (size_t i = 0; i < COUNT(samples); i++) {
		int64_t low = -7, high = -7;

		CHECK_INT(quantity_time_range(samples[i].text, &low, &high), samples[i].r);
		CHECK_INT(low, samples[i].low);
		CHECK_INT(high, samples[i].high);
	}
}

static void sizes(void)
{
	static const struct sample samples[] = {
		{"0", 0, 0, "0"},
		{"1", 0, 1, "1"},
		{"1023", 0, 1023, "1023"},
		{"1024", 0, 1024, "1k"},
		{"64k", 0, 65536, "64k"},
		{"1536k", 0, 1572864, "1536k"},
		{"1M", 0, 1048576, "1M"},
		{"2G", 0, INT64_C(2) << 30, "2G"},
		{"1T", 0, INT64_C(1) << 40, "1T"},
		{"infinity", 0, -1, "infinity"},
		{"", -EINVAL, 0, NULL},
		{"k", -EINVAL, 0, NULL},
		{"1K", -EINVAL, 0, NULL},
		{"1kB", -EINVAL, 0, NULL},
		{"1k1", -EINVAL, 0, NULL},
		{"-1", -EINVAL, 0, NULL},
		{"9223372036854775808", -ERANGE, 0, NULL},
		{"18446744073709551616", -ERANGE, 0, NULL},
		{"99999999T", -ERANGE, 0, NULL},
	};

	for (size_t i = 0; i < COUNT(samples); i++) {
		struct arena arena = {0};
		struct text text = {.arena = &arena};
		uint64_t bytes = 7;

		CHECK_INT(quantity_size(samples[i].text, &bytes), samples[i].r);
		CHECK_INT(bytes, samples[i].r ? 7 : samples[i].value);
		if (samples[i].r == 0) {
			quantity_put_size(&text, bytes);
			check_printed(&samples[i], &text);
		}
		arena_free(&arena);
	}
}

static void numbers(void)
{
	int64_t number = 7;

	CHECK_INT(quantity_number("-20", -20, 19, &number), 0);
	CHECK_INT(number, -20);
	CHECK_INT(quantity_number("19", -20, 19, &number), 0);
	CHECK_INT(number, 19);
	CHECK_INT(quantity_number("20", -20, 19, &number), -ERANGE);
	CHECK_INT(quantity_number("-21", -20, 19, &number), -ERANGE);
	CHECK_INT(quantity_number("9223372036854775808", 0, INT64_MAX, &number), -ERANGE);
	CHECK_INT(quantity_number("1x", 0, 9, &number), -EINVAL);
	CHECK_INT(quantity_number("--1", -9, 9, &number), -EINVAL);
	CHECK_INT(quantity_number("", 0, 9, &number), -EINVAL);
	CHECK_INT(number, 19);
}

static void modes(void)
{
	unsigned mode = 7;

	CHECK_INT(quantity_mode("0022", &mode), 0);
	CHECK_INT(mode, 022);
	CHECK_INT(quantity_mode("7777", &mode), 0);
	CHECK_INT(mode, 07777);
	CHECK_INT(quantity_mode("10000", &mode), -ERANGE);
	CHECK_INT(quantity_mode("777777777777777777777777", &mode), -ERANGE);
	CHECK_INT(quantity_mode("0o22", &mode), -EINVAL);
	CHECK_INT(quantity_mode("8", &mode), -EINVAL);
	CHECK_INT(quantity_mode("", &mode), -EINVAL);
	CHECK_INT(mode, 07777);
}

int main(void)
{
	RUN(times);
	RUN(time_ranges);
	RUN(sizes);
	RUN(numbers);
	RUN(modes);
	return CHECK_EXIT_STATUS();
}

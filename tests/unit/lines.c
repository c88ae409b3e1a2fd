/* The lines of a service, from any pieces. */
#include "init/lines.h"
#include "supervisor/buffer.h"
#include "tests/check.h"

#include <stdlib.h>

static void collect(void *context, const char *line, size_t length)
{
	buffer_add(context, line, length);
	buffer_add_text(context, "|");
}

/* The text in pieces of `step` bytes. */
static void feed(struct buffer *got, const char *text, size_t step)
{
	struct lines lines = {0};
	size_t length = strlen(text);

	buffer_reset(got);
	for (size_t at = 0; at < length; at += step)
		CHECK(lines_take(
			&lines, text + at, length - at < step ? length - at : step, collect, got));
	lines_end(&lines, collect, got);
}

static void lines_come_whole_from_any_pieces(void)
{
	struct buffer got = {0};

	for (size_t step = 1; step < 20; step++) {
		feed(&got, "one\ntwo\n\nfour\nend", step);
		CHECK_STR(got.data, "one|two||four|end|");
		feed(&got, "one\n", step);
		CHECK_STR(got.data, "one|");
	}
	buffer_free(&got);
}

static void long_lines_are_cut(void)
{
	static char text[3 * LINES_MAX_BYTES];
	static const size_t steps[] = {1, 7, 1000, LINES_MAX_BYTES, sizeof(text)};
	struct buffer got = {0};

	memset(text, 'x', sizeof(text) - 1);
	text[2 * LINES_MAX_BYTES] = '\n';
	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		feed(&got, text, steps[i]);
		/* A line of exactly twice the size, and one of the size less one. */
		CHECK_INT(got.length, 3 * LINES_MAX_BYTES - 2 + strlen(" [...]") + 3);
		CHECK(memcmp(got.data + LINES_MAX_BYTES, " [...]|x", 8) == 0);
		CHECK(memcmp(got.data + 2 * LINES_MAX_BYTES + 7, "|x", 2) == 0);
	}
	buffer_free(&got);
}

int main(void)
{
	RUN(lines_come_whole_from_any_pieces);
	RUN(long_lines_are_cut);
	return CHECK_EXIT_STATUS();
}

/* The lines of a service, from any pieces, and the ring that keeps the newest. */
#include "init/lines.h"
#include "init/ring.h"
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

static void ring_keeps_the_newest(void)
{
	struct ring ring = {0};
	struct buffer got = {0};
	char line[32];

	ring_read(&ring, 10, "", &got);
	CHECK_INT(got.length, 0);
	for (int i = 0; i < 10000; i++) {
		snprintf(line, sizeof(line), "line %d", i);
		ring_add(&ring, line, strlen(line));
		CHECK(ring.length <= RING_MAX_BYTES);
	}
	ring_read(&ring, 2, "a: ", &got);
	CHECK_STR(got.data, "a: line 9998\na: line 9999\n");
	buffer_reset(&got);
	ring_read(&ring, 100000, "", &got);
	CHECK(strncmp(got.data, "line ", 5) == 0);
	CHECK(got.length <= RING_MAX_BYTES && got.length > RING_MAX_BYTES - 32);
	buffer_reset(&got);
	ring_read(&ring, 0, "", &got);
	CHECK_INT(got.length, 0);
	ring_free(&ring);
	buffer_free(&got);
}

static void ring_takes_any_line(void)
{
	static char text[2 * RING_MAX_BYTES];
	struct ring ring = {0};
	struct buffer got = {0};

	memset(text, 'y', sizeof(text));
	ring_add(&ring, "", 0);
	ring_add(&ring, "a", 1);
	ring_read(&ring, 5, "", &got);
	CHECK_STR(got.data, "\na\n");
	CHECK_INT(ring.size, 1024);
	for (size_t length = 0; length < sizeof(text); length += 997)
		ring_add(&ring, text, length);
	buffer_reset(&got);
	ring_read(&ring, 1, "", &got);
	CHECK_INT(got.length, RING_MAX_BYTES);
	ring_add(&ring, "b", 1);
	buffer_reset(&got);
	ring_read(&ring, 5, "", &got);
	CHECK_STR(got.data, "b\n");
	ring_free(&ring);
	buffer_free(&got);
}

int main(void)
{
	RUN(lines_come_whole_from_any_pieces);
	RUN(long_lines_are_cut);
	RUN(ring_keeps_the_newest);
	RUN(ring_takes_any_line);
	return CHECK_EXIT_STATUS();
}

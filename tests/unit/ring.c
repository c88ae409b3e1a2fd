/* The ring that keeps the newest lines and their times, against a list that keeps all of them. */
#include "init/ring.h"

#include "tests/check.h"

#include <stdlib.h>

static unsigned random_state = 1;

static unsigned random_below(unsigned bound)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 8) % bound;
}

static void add(struct ring *ring, int64_t time_us, uint32_t mark, const char *line)
{
	const struct ring_stamp stamp = {.time_us = time_us, .mark = mark};

	ring_add(ring, &stamp, line, strlen(line));
}

static bool is_line(const struct ring_line *line, const char *text)
{
	return line->part_bytes[0] + line->part_bytes[1] == strlen(text) &&
	       memcmp(line->part[0], text, line->part_bytes[0]) == 0 &&
	       memcmp(line->part[1], text + line->part_bytes[0], line->part_bytes[1]) == 0;
}

static void empty_has_none(void)
{
	struct ring ring = {0};
	struct ring_cursor cursor = ring_newest(&ring, 10);
	struct ring_line line;

	CHECK(!ring_next(&cursor, &line));
	add(&ring, 5, 1, "");
	CHECK_INT(ring.size, 1024);
	cursor = ring_newest(&ring, 0);
	CHECK(!ring_next(&cursor, &line));
	cursor = ring_newest(&ring, 10);
	CHECK(ring_next(&cursor, &line) && is_line(&line, ""));
	CHECK(!ring_next(&cursor, &line));
	ring_free(&ring);
}

/* Random lines; times that go on, stand still, jump, and go back as far as they can. */
static void keeps_the_newest(void)
{
	enum { LINES = 20000, TEXT = 600 };
	static struct {
		int64_t time_us;
		uint32_t mark;
		char text[TEXT];
	} all[LINES];
	static const int64_t extremes[] = {INT64_MIN, INT64_MAX, 0, -1};
	struct ring ring = {0};
	unsigned wrong = 0;

	for (unsigned i = 0; i < LINES; i++) {
		unsigned length = random_below(random_below(10) ? 120 : TEXT);

		all[i].time_us = i ? all[i - 1].time_us : 1796036003000000;
		if (random_below(3) == 0)
			all[i].time_us = (int64_t)((uint64_t)all[i].time_us +
						   random_below(1000000) - random_below(1000));
		if (random_below(500) == 0)
			all[i].time_us = extremes[random_below(4)];
		all[i].mark = random_below(50) && i ? all[i - 1].mark : random_below(UINT32_MAX);
		for (unsigned k = 0; k < length; k++)
			all[i].text[k] = (char)('a' + random_below(26));
		all[i].text[length] = '\0';
		add(&ring, all[i].time_us, all[i].mark, all[i].text);
		wrong += ring.length > RING_MAX_BYTES || ring.size > RING_MAX_BYTES;
		if (i % 97)
			continue;

		unsigned want = random_below(300), have = want < ring.count ? want : ring.count;
		struct ring_cursor cursor = ring_newest(&ring, want);
		struct ring_line line;

		for (unsigned k = i + 1 - have; k <= i; k++)
			wrong += !ring_next(&cursor, &line) || !is_line(&line, all[k].text) ||
				 line.stamp.time_us != all[k].time_us ||
				 line.stamp.mark != all[k].mark;
		wrong += ring_next(&cursor, &line);
	}
	CHECK_INT(wrong, 0);
	ring_free(&ring);
}

/* A line of a service that says the same pid and comes at once takes two bytes more than its own.
 */
static void is_compact(void)
{
	struct ring ring = {0};

	add(&ring, 1796036003000000, 42, "a line");
	size_t before = ring.length;

	add(&ring, 1796036003000000, 42, "a line");
	CHECK_INT(ring.length - before, strlen("a line") + 2);
	ring_free(&ring);
}

static void takes_any_line(void)
{
	static char text[2 * RING_MAX_BYTES];
	struct ring ring = {0};
	struct ring_line line;

	memset(text, 'y', sizeof(text) - 1);
	for (size_t length = 0; length < sizeof(text); length += 997)
		add(&ring, 1, 2, text + sizeof(text) - 1 - length);
	struct ring_cursor cursor = ring_newest(&ring, 1);

	CHECK(ring_next(&cursor, &line));
	CHECK(line.part_bytes[0] + line.part_bytes[1] > RING_MAX_BYTES - 32);
	add(&ring, 1, 2, "b");
	cursor = ring_newest(&ring, 1);
	CHECK(ring_next(&cursor, &line) && is_line(&line, "b"));
	CHECK(!ring_next(&cursor, &line));
	ring_free(&ring);
}

int main(void)
{
	RUN(empty_has_none);
	RUN(keeps_the_newest);
	RUN(is_compact);
	RUN(takes_any_line);
	return CHECK_EXIT_STATUS();
}

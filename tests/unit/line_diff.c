/* Differences of texts: some by hand, many by applying what comes out. */
#include "tests/check.h"

#include "supervisor/buffer.h"
#include "supervisor/line_diff.h"

#include <stdint.h>
#include <stdlib.h>

static int diff(struct buffer *out, const char *from, const char *to)
{
	return line_diff(out, &(struct line_diff_side){"a", from, strlen(from)},
		&(struct line_diff_side){"b", to, strlen(to)});
}

static void it_is_as_diff_writes_it(void)
{
	static const struct {
		const char *from, *to, *text;
		int changes;
	} cases[] = {
		{"", "", NULL, 0},
		{"a\n", "a\n", NULL, 0},
		{"", "a\n", "--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n", 1},
		{"a\n", "", "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n", 1},
		{"a", "a\n", "--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
			2},
		{"1\n2\n3\n4\n5\n", "1\n2\n3\nx\n5\n",
			"--- a\n+++ b\n@@ -1,5 +1,5 @@\n 1\n 2\n 3\n-4\n+x\n 5\n", 2},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
			"--- a\n+++ b\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n"
			"@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n",
			4},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer out = {0};

		CHECK_INT(diff(&out, cases[i].from, cases[i].to), cases[i].changes);
		CHECK_STR(out.data ? out.data : "-", cases[i].text ? cases[i].text : "-");
		buffer_free(&out);
	}
}

/* Applies the hunks of `text` to `from`, without their line numbers: few of these lines are alone
 * in their text, but the context is. */
static void apply(const char *text, const char *from, struct buffer *ret)
{
	const char *at = from, *hunk = strstr(text, "@@ ");

	while (hunk) {
		size_t line = strtoul(strchr(hunk, '-') + 1, NULL, 10), skipped = 0;
		bool is_empty = strncmp(hunk, "@@ -0,0", 7) == 0;

		for (const char *p = from; p < at; p++)
			skipped += *p == '\n';
		for (; !is_empty && skipped + 1 < line; skipped++) {
			size_t length = strcspn(at, "\n") + 1;

			buffer_add(ret, at, length);
			at += length;
		}
		hunk = strchr(hunk, '\n') + 1;
		while (*hunk && *hunk != '@') {
			size_t length = strcspn(hunk, "\n") + 1;

			if (*hunk != '-')
				buffer_add(ret, hunk + 1, length - 1);
			if (*hunk != '+')
				at += length - 1;
			hunk += length;
		}
		hunk = *hunk ? hunk : NULL;
	}
	buffer_add_text(ret, at);
}

static void what_comes_out_makes_one_of_the_other(void)
{
	uint32_t state = 1;

	for (unsigned round = 0; round < 3000; round++) {
		char texts[2][128];
		struct buffer out = {0}, made = {0};

		for (unsigned side = 0; side < 2; side++) {
			unsigned lines = (state >> 8) % 40, at = 0;

			for (unsigned i = 0; i < lines; i++) {
				state = state * 1664525 + 1013904223;
				texts[side][at++] = (char)('a' + (state >> 16) % 4);
				texts[side][at++] = '\n';
			}
			texts[side][at] = '\0';
			state = state * 1664525 + 1013904223;
		}
		int changes = diff(&out, texts[0], texts[1]);

		CHECK_INT(changes == 0, strcmp(texts[0], texts[1]) == 0);
		apply(out.data ? out.data : "", texts[0], &made);
		CHECK_STR(made.data ? made.data : "", texts[1]);
		buffer_free(&out);
		buffer_free(&made);
	}
}

/* Too long for the table, but not too long to be told. */
static void long_texts_are_told_as_a_whole(void)
{
	enum { LINES = 5000 };
	struct buffer texts[2] = {{0}}, out = {0};

	for (unsigned i = 0; i < LINES; i++) {
		buffer_printf(&texts[0], "a %u\n", i);
		buffer_printf(&texts[1], "b %u\n", i);
	}
	CHECK_INT(diff(&out, texts[0].data, texts[1].data), 2 * LINES);
	buffer_free(&out);
	buffer_free(&texts[0]);
	buffer_free(&texts[1]);
}

int main(void)
{
	RUN(it_is_as_diff_writes_it);
	RUN(what_comes_out_makes_one_of_the_other);
	RUN(long_texts_are_told_as_a_whole);
	return CHECK_EXIT_STATUS();
}

#include "supervisor/line_diff.h"

#include "config/arena.h"
#include "supervisor/buffer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	CONTEXT_LINES = 3,
	CELLS_MAX = 4 * 1000 * 1000, /* of the table of common lines: 8 MB */
	LENGTH_MAX = UINT16_MAX,     /* lines that a cell can count */
};

struct line {
	const char *text;
	size_t length; /* with its newline, which the last may lack */
};

struct lines {
	struct line *line;
	size_t count;
};

/* One line of the result, before it is known which are shown. */
struct entry {
	char mark; /* ' ', '-' or '+' */
	const struct line *line;
};

struct diffing {
	struct arena arena;
	struct lines from, to;
	struct entry *entries;
	size_t entry_count, changes;
};

static bool split(struct arena *arena, const struct line_diff_side *side, struct lines *ret_lines)
{
	size_t capacity = 0, at = 0;
	struct lines lines = {NULL, 0};

	while (at < side->length) {
		const char *text = side->text + at;
		const char *newline = memchr(text, '\n', side->length - at);
		size_t length = newline ? (size_t)(newline - text) + 1 : side->length - at;

		lines.line =
			arena_grow(arena, lines.line, lines.count, &capacity, sizeof(*lines.line));
		if (!lines.line)
			return false;
		lines.line[lines.count++] = (struct line){text, length};
		at += length;
	}
	*ret_lines = lines;
	return true;
}

static bool is_same(const struct line *a, const struct line *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void add(struct diffing *diffing, char mark, const struct line *line)
{
	diffing->entries[diffing->entry_count++] = (struct entry){mark, line};
	diffing->changes += mark != ' ';
}

/* The longest common subsequence of `n` and `m` lines: cell (i, j) is its length from there on. */
static const uint16_t *measure(
	struct arena *arena, const struct line *from, size_t n, const struct line *to, size_t m)
{
	size_t width = m + 1;
	uint16_t *cells;

	if (n > LENGTH_MAX || m > LENGTH_MAX || (n + 1) * width > CELLS_MAX)
		return NULL;
	cells = arena_array(arena, (n + 1) * width, sizeof(*cells));
	for (size_t i = n; cells && i-- > 0;) {
		for (size_t j = m; j-- > 0;) {
			const uint16_t *here = &cells[i * width + j];
			uint16_t down = here[width], right = here[1];

			cells[i * width + j] = is_same(&from[i], &to[j])
						       ? (uint16_t)(here[width + 1] + 1)
					       : down >= right ? down
							       : right;
		}
	}
	return cells;
}

/* What lies between the lines that both begin and end with. */
static void compare_middle(struct diffing *diffing, size_t first, size_t n, size_t m)
{
	const struct line *from = diffing->from.line + first, *to = diffing->to.line + first;
	const uint16_t *cells = n && m ? measure(&diffing->arena, from, n, to, m) : NULL;
	size_t i = 0, j = 0, width = m + 1;

	while (cells && i < n && j < m) {
		if (is_same(&from[i], &to[j])) {
			add(diffing, ' ', &from[i++]);
			j++;
		} else if (cells[(i + 1) * width + j] >= cells[i * width + j + 1]) {
			add(diffing, '-', &from[i++]);
		} else {
			add(diffing, '+', &to[j++]);
		}
	}
	while (i < n)
		add(diffing, '-', &from[i++]);
	while (j < m)
		add(diffing, '+', &to[j++]);
}

static void compare(struct diffing *diffing)
{
	const struct line *from = diffing->from.line, *to = diffing->to.line;
	size_t n = diffing->from.count, m = diffing->to.count, first = 0;

	while (first < n && first < m && is_same(&from[first], &to[first]))
		add(diffing, ' ', &from[first++]);
	while (n > first && m > first && is_same(&from[n - 1], &to[m - 1])) {
		n--;
		m--;
	}
	compare_middle(diffing, first, n - first, m - first);
	while (n < diffing->from.count)
		add(diffing, ' ', &from[n++]);
}

/* Is the entry within the context of a change? */
static bool is_shown(const struct diffing *diffing, size_t at)
{
	size_t first = at > CONTEXT_LINES ? at - CONTEXT_LINES : 0;

	for (size_t i = first; i < diffing->entry_count && i <= at + CONTEXT_LINES; i++)
		if (diffing->entries[i].mark != ' ')
			return true;
	return false;
}

static void put_range(struct buffer *out, char mark, size_t first, size_t count)
{
	buffer_printf(out, "%c%zu", mark, count ? first + 1 : first);
	if (count != 1)
		buffer_printf(out, ",%zu", count);
}

static void put_entry(struct buffer *out, const struct entry *entry)
{
	const struct line *line = entry->line;

	buffer_add(out, &entry->mark, 1);
	buffer_add(out, line->text, line->length);
	if (line->text[line->length - 1] != '\n')
		buffer_add_text(out, "\n\\ No newline at end of file\n");
}

static void put_hunk(struct buffer *out, const struct diffing *diffing, size_t first, size_t end,
	const size_t at[2])
{
	size_t counts[2] = {0, 0};

	for (size_t i = first; i < end; i++) {
		counts[0] += diffing->entries[i].mark != '+';
		counts[1] += diffing->entries[i].mark != '-';
	}
	buffer_add_text(out, "@@ ");
	put_range(out, '-', at[0], counts[0]);
	buffer_add_text(out, " ");
	put_range(out, '+', at[1], counts[1]);
	buffer_add_text(out, " @@\n");
	for (size_t i = first; i < end; i++)
		put_entry(out, &diffing->entries[i]);
}

static void put_hunks(struct buffer *out, const struct diffing *diffing)
{
	size_t at[2] = {0, 0}, end;

	for (size_t i = 0; i < diffing->entry_count; i = end) {
		end = i;
		while (end < diffing->entry_count && is_shown(diffing, end))
			end++;
		if (end > i)
			put_hunk(out, diffing, i, end, at);
		else
			end++;
		for (size_t k = i; k < end; k++) {
			at[0] += diffing->entries[k].mark != '+';
			at[1] += diffing->entries[k].mark != '-';
		}
	}
}

int line_diff(
	struct buffer *out, const struct line_diff_side *from, const struct line_diff_side *to)
{
	struct diffing diffing = {.entry_count = 0};
	int r = -ENOMEM;

	if (split(&diffing.arena, from, &diffing.from) && split(&diffing.arena, to, &diffing.to))
		diffing.entries = arena_array(&diffing.arena,
			diffing.from.count + diffing.to.count + 1, sizeof(*diffing.entries));
	if (diffing.entries) {
		compare(&diffing);
		r = (int)diffing.changes;
	}
	if (r > 0) {
		buffer_printf(out, "--- %s\n+++ %s\n", from->name, to->name);
		put_hunks(out, &diffing);
	}
	arena_free(&diffing.arena);
	return r;
}

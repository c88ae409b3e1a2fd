/* table: columns of text for people. Measures, pads, colours; the last column wraps at words, so
 * that nothing is ever cut, and where even that leaves it no room, columns of less importance are
 * left out. Cells are made printable. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_TABLE_H
#define FIRSTHOP_SUPERVISOR_TABLE_H

#include <stdbool.h>

struct arena;
struct buffer;

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_WARN, COLOUR_BAD, COLOUR_DIM, COLOUR_COUNT };

struct table_style {
	unsigned columns; /* of the terminal; 0: as wide as it gets */
	bool colour;
	bool utf8;
};

struct table_column {
	const char *title;
	bool right; /* numbers */
};

#define TABLE_COLUMNS_MAX 10

struct table_row;

struct table {
	struct arena *arena; /* owns rows and cells */
	const struct table_column *columns;
	unsigned column_count; /* at most TABLE_COLUMNS_MAX */
	struct table_row *first, *last;
	unsigned filled; /* cells of the last row */
	bool untitled;
	/* How soon each column is left out where it is narrow: the highest first, 0 never. NULL:
	 * none is. */
	const unsigned *ranks;
};

void table_begin_row(struct table *table);
/* The next cell of the row; without memory, or behind the last column, it is left out. */
void table_cell(struct table *table, enum colour colour, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Titles and rows. Nothing for no rows. */
void table_write(const struct table *table, struct buffer *buffer, const struct table_style *style);

/* Adds text from wherever, broken at blanks into lines as wide as the terminal. The first begins
 * behind `at` columns, the others behind `indent` blanks; no line end at the end. */
void table_wrap(struct buffer *buffer, const struct table_style *style, const char *text,
	unsigned at, unsigned indent);

/* Escape sequence that begins `colour`, or "" without colours; table_colour_end ends any. */
const char *table_colour(const struct table_style *style, enum colour colour);
const char *table_colour_end(const struct table_style *style, enum colour colour);

#endif

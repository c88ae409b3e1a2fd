#include "supervisor/table.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"

#include <stdarg.h>
#include <string.h>

struct cell {
	const char *text;
	enum colour colour;
};

struct table_row {
	struct table_row *next;
	struct cell cells[TABLE_COLUMNS_MAX];
};

#define GAP		 2
#define LAST_COLUMN_MIN	 24 /* in a terminal so narrow that less is left, lines overflow */
#define LAST_COLUMN_ROOM 32 /* before it gets less than that, others go */

const char *table_colour(const struct table_style *style, enum colour colour)
{
	static const char *const sequences[COLOUR_COUNT] = {
		[COLOUR_NONE] = "",
		[COLOUR_GOOD] = "\033[32m",
		[COLOUR_WARN] = "\033[33m",
		[COLOUR_BAD] = "\033[1;31m",
		[COLOUR_DIM] = "\033[2m",
	};
	return style->colour ? sequences[colour] : "";
}

const char *table_colour_end(const struct table_style *style, enum colour colour)
{
	return style->colour && colour != COLOUR_NONE ? "\033[0m" : "";
}

void table_begin_row(struct table *table)
{
	struct table_row *row = arena_alloc(table->arena, sizeof(*row));

	table->filled = 0;
	if (!row) {
		table->filled = table->column_count; /* its cells go nowhere */
		return;
	}
	if (table->last)
		table->last->next = row;
	else
		table->first = row;
	table->last = row;
}

void table_cell(struct table *table, enum colour colour, const char *format, ...)
{
	struct buffer clean = {0};
	const char *raw;
	va_list args;

	if (table->filled >= table->column_count)
		return;
	va_start(args, format);
	raw = arena_vprintf(table->arena, format, args);
	va_end(args);
	if (raw)
		human_add_printable(&clean, raw, strlen(raw), true);
	table->last->cells[table->filled++] = (struct cell){
		.text = clean.length ? arena_strdup(table->arena, clean.data) : NULL,
		.colour = colour,
	};
	buffer_free(&clean);
}

static void pad(struct buffer *buffer, unsigned blanks)
{
	while (blanks-- > 0)
		buffer_add(buffer, " ", 1);
}

static unsigned width_of(const char *text)
{
	return text ? human_columns(text) : 0;
}

static unsigned widest(const struct table *table, unsigned column)
{
	unsigned width = table->untitled ? 1 : width_of(table->columns[column].title);

	for (const struct table_row *row = table->first; row; row = row->next) {
		unsigned cell = width_of(row->cells[column].text);

		if (cell > width)
			width = cell;
	}
	return width;
}

/* Bytes of `text` for one line of `columns`: up to the last blank that fits, else a whole word. */
static size_t line_length(const char *text, unsigned columns)
{
	size_t blank = 0, i = 0;
	unsigned width = 0;

	for (; text[i]; i++) {
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
		if (text[i] == ' ')
			blank = i;
		if (width > columns && blank > 0)
			return blank;
	}
	return i;
}

static unsigned room_behind(const struct table_style *style, unsigned at)
{
	if (style->columns == 0)
		return 0;
	return style->columns > at + LAST_COLUMN_MIN ? style->columns - at : LAST_COLUMN_MIN;
}

void table_wrap(struct buffer *buffer, const struct table_style *style, const char *text,
	unsigned at, unsigned indent)
{
	for (bool first = true; *text; first = false) {
		unsigned room = room_behind(style, first ? at : indent);
		size_t length = room ? line_length(text, room) : strlen(text);

		if (!first) {
			buffer_add(buffer, "\n", 1);
			pad(buffer, indent);
		}
		human_add_printable(buffer, text, length, style->utf8);
		text += length;
		text += strspn(text, " ");
	}
}

/* How wide each column is; 0: it is left out. */
struct layout {
	unsigned widths[TABLE_COLUMNS_MAX];
};

/* Where the last column begins. */
static unsigned last_column_at(const struct table *table, const struct layout *layout)
{
	unsigned at = 0;

	for (unsigned i = 0; i + 1 < table->column_count; i++)
		at += layout->widths[i] ? layout->widths[i] + GAP : 0;
	return at;
}

/* The column that is missed least; -1: none may be left out. */
static int least_important(const struct table *table, const struct layout *layout)
{
	int found = -1;

	for (unsigned i = 0; table->ranks && i + 1 < table->column_count; i++)
		if (layout->widths[i] && table->ranks[i] &&
			(found < 0 || table->ranks[i] > table->ranks[found]))
			found = (int)i;
	return found;
}

static void lay_out(
	const struct table *table, const struct table_style *style, struct layout *layout)
{
	unsigned last = table->column_count - 1, room;
	int column;

	for (unsigned i = 0; i < table->column_count; i++)
		layout->widths[i] = widest(table, i);
	room = layout->widths[last] < LAST_COLUMN_ROOM ? layout->widths[last] : LAST_COLUMN_ROOM;
	while (style->columns > 0 && last_column_at(table, layout) + room > style->columns &&
		(column = least_important(table, layout)) >= 0)
		layout->widths[column] = 0;
}

static void write_row(const struct table *table, struct buffer *buffer,
	const struct table_style *style, const struct cell *cells, const struct layout *layout)
{
	unsigned last = table->column_count - 1, indent = 0;

	/* So that no line ends in blanks. */
	while (last > 0 && (!cells[last].text || !layout->widths[last]))
		last--;
	for (unsigned i = 0; i <= last; i++) {
		const char *text = cells[i].text ? cells[i].text : "";
		bool right = table->columns[i].right;

		if (!layout->widths[i])
			continue;
		unsigned fill = layout->widths[i] - human_columns(text);
		if (right)
			pad(buffer, fill);
		buffer_add_text(buffer, table_colour(style, cells[i].colour));
		if (i + 1 == table->column_count)
			table_wrap(buffer, style, text, indent, indent);
		else
			human_add_printable(buffer, text, strlen(text), style->utf8);
		buffer_add_text(buffer, table_colour_end(style, cells[i].colour));
		if (i < last)
			pad(buffer, GAP + (right ? 0 : fill));
		indent += layout->widths[i] + GAP;
	}
	buffer_add(buffer, "\n", 1);
}

void table_write(const struct table *table, struct buffer *buffer, const struct table_style *style)
{
	struct cell titles[TABLE_COLUMNS_MAX] = {0};
	struct layout layout = {{0}};

	if (!table->first)
		return;
	lay_out(table, style, &layout);
	for (unsigned i = 0; i < table->column_count; i++)
		titles[i] = (struct cell){table->columns[i].title, COLOUR_DIM};
	if (!table->untitled)
		write_row(table, buffer, style, titles, &layout);
	for (const struct table_row *row = table->first; row; row = row->next)
		write_row(table, buffer, style, row->cells, &layout);
}

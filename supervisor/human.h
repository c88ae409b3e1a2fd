/* human: how times and foreign text look to people. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_HUMAN_H
#define FIRSTHOP_SUPERVISOR_HUMAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

struct human_text {
	char text[48];
};

/* "250 ms", "8.5 s", "60 s", "3 min 20 s", "2 h 5 min", "4 d 2 h"; at most two units. Below 0: "-".
 */
struct human_text human_duration(int64_t ms);

/* "812 KiB", "4.2 MiB", "1.3 GiB". Below 0: "-". */
struct human_text human_bytes(int64_t bytes);

/* Appends `length` bytes so that they cannot steer a terminal: control characters and whatever is
 * not UTF-8 become '?', a tab a blank; without `utf8` everything outside ASCII becomes '?'. */
void human_add_printable(struct buffer *buffer, const char *text, size_t length, bool utf8);

/* The same for lines: each is put behind `indent` and ends with '\n'. */
void human_add_lines(struct buffer *buffer, const char *lines, const char *indent, bool utf8);

/* Columns that printable text takes: one a character. */
unsigned human_columns(const char *text);

#endif

/* line_diff: what changes from one text to another, line by line, in the unified format of diff(1).
 * Pure. */
#ifndef FIRSTHOP_SUPERVISOR_LINE_DIFF_H
#define FIRSTHOP_SUPERVISOR_LINE_DIFF_H

#include <stddef.h>

struct buffer;

struct line_diff_side {
	const char *name; /* for the head */
	const char *text;
	size_t length;
};

/* Appends the differences; nothing when there are none. As short as can be, unless the texts are
 * both long and different: then what is between their first and last differing line is told as a
 * whole. How many lines differ, or -ENOMEM. */
int line_diff(
	struct buffer *out, const struct line_diff_side *from, const struct line_diff_side *to);

#endif

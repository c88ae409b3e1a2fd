/* lines: from pieces of text, as they come out of a pipe, to whole lines. A line that is longer
 * than LINES_MAX_BYTES is cut into pieces of that size, each but the last with " [...]" behind it.
 */
#ifndef FIRSTHOP_INIT_LINES_H
#define FIRSTHOP_INIT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#define LINES_MAX_BYTES ((size_t)8 * 1024)

/* All zero: nothing yet. */
struct lines {
	char *partial; /* the start of a line whose end has not come yet; NULL: none */
	size_t length, size;
};

/* One line, without its newline. */
typedef void line_fn(void *context, const char *line, size_t length);

/* Takes in a piece and calls `fn` for each line that it ends. Allocates only for a line that a
 * piece does not end. false: memory lacked, and the start of a line was lost. */
bool lines_take(struct lines *lines, const char *bytes, size_t length, line_fn *fn, void *context);

/* No more will come: what there is of a line is one. */
void lines_end(struct lines *lines, line_fn *fn, void *context);

void lines_free(struct lines *lines);

#endif

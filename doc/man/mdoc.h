/* mdoc: text into manual pages, see mdoc(7). All of it goes to stdout. */
#ifndef FIRSTHOP_DOC_MAN_MDOC_H
#define FIRSTHOP_DOC_MAN_MDOC_H

#include <stddef.h>

/* Text that reads as it is written: nothing in it is taken for a request or an escape. The second
 * takes the first `length` bytes. */
void mdoc_put(const char *text);
void mdoc_put_bytes(const char *text, size_t length);

/* A line of its own, for running text. */
void mdoc_line(const char *text);

/* ".It TERM" of a tagged list, in bold. */
void mdoc_item(const char *term, size_t length);

/* What the help of a verb says: running text, and lists of lines "  TERM  what it is", whose text
 * goes on in lines that are indented further. */
void mdoc_details(const char *details);

#endif

/* print: what commands write to stdout and stderr. For commands only, never for PID 1. */
#ifndef FIRSTHOP_INIT_PRINT_H
#define FIRSTHOP_INIT_PRINT_H

#include <stdio.h>

struct buffer;
struct diags;
struct table_style;

/* How to write to `fd`: colours, UTF-8 and a width only for a terminal; see $NO_COLOR, $TERM,
 * $COLUMNS and the locale's variables. */
void print_style(int fd, struct table_style *ret_style);

/* Writes all of `buffer` to stdout and frees it. EXIT_CODE_OK, or EXIT_CODE_SYSTEM after a message
 * when memory lacked or stdout takes no more. */
int print_buffer(struct buffer *buffer);

/* "file:line: error: message" for each, sorted. */
void print_diags(FILE *file, struct diags *diags);

#endif

/* memory_file: files without a name, to give to a program that we run and to take from it. See
 * memfd_create(2). Where they take the place of a pipe nobody has to read while it runs. */
#ifndef FIRSTHOP_INIT_MEMORY_FILE_H
#define FIRSTHOP_INIT_MEMORY_FILE_H

#include <stddef.h>

struct arena;

/* An empty one with mode 0600, close-on-exec. Its descriptor or -errno. */
int memory_file_make(void);

/* For what a program writes: one of `bytes` zeros, to be written over from its start, that cannot
 * grow, so that a program that never stops talking meets an error, not the end of our memory. Its
 * descriptor or -errno. */
int memory_file_make_bounded(size_t bytes);

/* The first line that is not blank, quoted, as others write what is wrong; NULL: there is none. */
const char *memory_file_first_line(struct arena *arena, int fd);

#endif

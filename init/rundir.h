/* rundir: where firsthop keeps its socket and what it must remember: the first of control_rundirs
 * that can be made and written. */
#ifndef FIRSTHOP_INIT_RUNDIR_H
#define FIRSTHOP_INIT_RUNDIR_H

#include <stddef.h>

/* Makes it (mode 0755), and returns its path (static storage, or the
 * environment's). NULL with the errno of the first candidate when none can be written. */
const char *rundir_make(void);

/* Replaces `path` by a file with that text, all or nothing; its directory is made when there is
 * none. A file that has the text already is left alone. Does not wait for the disk. 0 or -errno. */
int rundir_write_file(const char *path, const char *text, unsigned mode);

/* All of it, or -errno. */
int rundir_write_all(int fd, const char *text, size_t length);

/* mkdir -p of all that is in front of the last slash, and of the last part with `mode`. 0 or
 * -errno; 0 when it is there already. */
int rundir_make_directories(const char *path, unsigned mode);

#endif

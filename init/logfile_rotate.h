/* logfile_rotate: makes room for a new log file. */
#ifndef FIRSTHOP_INIT_LOGFILE_ROTATE_H
#define FIRSTHOP_INIT_LOGFILE_ROTATE_H

enum rotated {
	ROTATED,	 /* PATH is another file now, or none: open it anew */
	ROTATED_EMPTIED, /* as was asked */
	ROTATED_COPIED,	 /* PATH is empty, its lines are in PATH.1 */
	ROTATED_LOST,	 /* PATH is empty, its lines are lost */
	ROTATED_FAILED,	 /* PATH is as it was */
};

/* Renames PATH to PATH.1, what was PATH.1 to PATH.2, and so on up to `keep`; what was PATH.`keep`
 * is no more. keep 0: PATH is emptied. `fd` is open for appending to PATH. A crash in between loses
 * nothing: the next rotation goes on with what it finds. */
enum rotated logfile_rotate(int fd, const char *path, unsigned keep);

/* What to say of it, behind "log file PATH". */
const char *rotated_text(enum rotated how);

#endif

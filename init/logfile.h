/* logfile: the file that a service's lines go to (log = file:PATH), bounded by log_max_size and
 * log_keep: PATH is full, so PATH.1 becomes PATH.2 and so on, PATH becomes PATH.1, and a new PATH
 * begins. Where PATH cannot be renamed (a bind mount, a directory that is read-only) its lines are
 * copied to PATH.1 if that can be, and it is emptied. What cannot be written is dropped and
 * counted; that is said once, and again when it works again. */
#ifndef FIRSTHOP_INIT_LOGFILE_H
#define FIRSTHOP_INIT_LOGFILE_H

#include <stdint.h>
#include <sys/uio.h>

struct buffer;
struct logfile;
struct messages;
struct service;

/* For what service->log_path, log_max_bytes and log_keep say. Opens the file, or tries again later.
 * `batch` is where lines are gathered until logfile_flush(); it may be shared by files, when each
 * is flushed before the next is added to. NULL: no memory. */
struct logfile *logfile_open(
	const struct service *service, struct messages *messages, struct buffer *batch);
/* What was added must be flushed before. NULL is fine. */
void logfile_close(struct logfile *file);

/* One line, with its end. Returns how many lines are lost by it: 0 or more. */
unsigned logfile_add(struct logfile *file, const struct iovec *parts, unsigned count);
/* Writes what was added; returns how many lines of it are lost. A regular file is written to as
 * fast as the kernel lets; a FIFO or a device that takes nothing is not waited for. */
unsigned logfile_flush(struct logfile *file);

#endif

/* journal: the newest lines of all who write, each writer's in a ring of its own, and who reads
 * them as they come. What becomes of a line outside (stdout, a file) is not known here. Nothing
 * waits. */
#ifndef FIRSTHOP_INIT_JOURNAL_H
#define FIRSTHOP_INIT_JOURNAL_H

#include "init/ring.h"
#include "supervisor/record.h"

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct follower;
struct log_query;

/* All zero: empty. Outlives its sources. */
struct journal {
	struct journal_source *first, *last; /* in the order of their numbers */
	uint64_t numbers;		     /* given so far */
	struct follower *followers;	     /* see follow.h */
	bool news;			     /* for one of them, since it was last asked for */
};

/* One who writes: a service, or PID 1 itself. Belongs to its user. */
struct journal_source {
	struct journal *journal;
	struct journal_source *next, *previous;
	uint64_t number; /* the later it was opened, the higher; never 0 */
	const char *name;
	struct ring ring;
};

/* `name` must stay while it is open. */
void journal_open(struct journal *journal, struct journal_source *source, const char *name);
void journal_close(struct journal_source *source); /* and frees its lines */

/* Keeps the line, which is the source's, and hands it on to those who follow. */
void journal_add(struct journal_source *source, const struct record *record);
/* The same for a line that so many others follow at once that it would not be kept: after it will
 * be added JOURNAL_KEPT_BYTES at least, in whole lines. */
void journal_pass(struct journal_source *source, const struct record *record);

#define JOURNAL_KEPT_BYTES RING_MAX_BYTES

/* The newest `lines` lines, one after the other; false: there is no more. A line that lies in the
 * ring in two parts is put together in `scratch`. */
struct journal_reader {
	const struct journal_source *source;
	struct ring_cursor cursor;
	struct buffer *scratch;
};
struct journal_reader journal_newest(
	const struct journal_source *source, unsigned lines, struct buffer *scratch);
bool journal_next(struct journal_reader *reader, struct record *ret_record);

/* Appends the newest `lines` lines as text, oldest first; `named`: each with "name: " in front. */
void journal_read(
	const struct journal_source *source, unsigned lines, bool named, struct buffer *buffer);

#endif

/* follow: who reads the journal over the control socket. First a reader gets what was kept, writer
 * by writer, then each line as it comes. For that it has a queue of FOLLOW_QUEUE_BYTES at most: one
 * that reads too slowly loses lines, is told how many, and slows down nobody. */
#ifndef FIRSTHOP_INIT_FOLLOW_H
#define FIRSTHOP_INIT_FOLLOW_H

#include <stddef.h>
#include <stdint.h>

struct buffer;
struct journal;
struct log_query;
struct record;

#define FOLLOW_QUEUE_BYTES ((size_t)128 * 1024)

enum follow_answer {
	FOLLOW_FAILED,	/* no memory; nothing was appended */
	FOLLOW_NOTHING, /* there is nothing now; ask again once journal->news is set */
	FOLLOW_MORE,	/* a frame was appended; ask again once it was sent */
	FOLLOW_LAST,	/* a frame was appended, and that was all */
};

/* Appends the next frame for that client, who is new unless it was known. `client`: not 0. The
 * query must be the same each time. */
enum follow_answer follow_answer(struct journal *journal, uint64_t client,
	const struct log_query *query, struct buffer *out);

/* It has gone; also one who was never heard of. */
void follow_end(struct journal *journal, uint64_t client);

/* A new line of the source with that number; for the journal. */
void follow_take(struct journal *journal, uint64_t number, const struct record *record);

#endif

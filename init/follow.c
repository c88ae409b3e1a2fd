/* While a reader gets what was kept, lines go on coming. A writer whose kept lines were sent
 * already adds to the reader's queue; one whose turn has not come yet adds to its ring alone, from
 * where the line will be sent with the others. So nothing comes twice, and nothing is missed. */
#include "init/follow.h"

#include "init/journal.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol_log.h"

#include <stdlib.h>

enum {
	KEPT_BYTES = 64 * 1024
}; /* a frame of kept lines ends with the writer that makes it so long */

struct follower {
	struct follower *next;
	uint64_t client;
	struct log_query query;
	uint64_t done; /* sources up to this number have sent what was kept */
	bool live;     /* all of them have */
	struct buffer queue;
	unsigned count; /* of records in it */
	uint64_t lost;	/* lines since then */
};

static struct follower *find(const struct journal *journal, uint64_t client)
{
	struct follower *follower = journal->followers;

	while (follower && follower->client != client)
		follower = follower->next;
	return follower;
}

static struct follower *begin(
	struct journal *journal, uint64_t client, const struct log_query *query)
{
	struct follower *follower = calloc(1, sizeof(*follower));

	if (!follower)
		return NULL;
	follower->client = client;
	follower->query = *query;
	follower->queue.limit = FOLLOW_QUEUE_BYTES;
	follower->next = journal->followers;
	journal->followers = follower;
	return follower;
}

void follow_end(struct journal *journal, uint64_t client)
{
	struct follower **at = &journal->followers;

	while (*at && (*at)->client != client)
		at = &(*at)->next;
	if (!*at)
		return;
	struct follower *follower = *at;

	*at = follower->next;
	buffer_free(&follower->queue);
	free(follower);
}

/* The newest lines of one source, as far as they are asked for. */
static unsigned add_kept(
	const struct journal_source *source, const struct log_query *query, struct buffer *body)
{
	struct buffer scratch = {0};
	struct journal_reader reader = journal_newest(source, query->lines, &scratch);
	struct record record;
	unsigned count = 0;

	while (journal_next(&reader, &record)) {
		if (record.time_us < query->since_us)
			continue;
		protocol_add_record(body, &record);
		count++;
	}
	buffer_free(&scratch);
	return count;
}

/* The next sources' kept lines; the last of these frames says that it is the last. */
static enum follow_answer answer_kept(
	const struct journal *journal, struct follower *follower, struct buffer *out)
{
	const struct journal_source *source = journal->first;
	struct records records = {0};
	struct buffer body = {0};

	while (source && source->number <= follower->done)
		source = source->next;
	for (; source && body.length < KEPT_BYTES; source = source->next) {
		if (log_query_has(&follower->query, source->name))
			records.count += add_kept(source, &follower->query, &body);
		follower->done = source->number;
	}
	follower->live = records.caught_up = !source;
	protocol_put_records(out, &records, &body);
	buffer_free(&body);
	return follower->live && !follower->query.follow ? FOLLOW_LAST : FOLLOW_MORE;
}

static enum follow_answer answer_queued(struct follower *follower, struct buffer *out)
{
	const struct records records = {
		.caught_up = true, .lost = follower->lost, .count = follower->count};

	if (!follower->count && !follower->lost)
		return FOLLOW_NOTHING;
	protocol_put_records(out, &records, &follower->queue);
	buffer_free(&follower->queue);
	follower->count = 0;
	follower->lost = 0;
	return FOLLOW_MORE;
}

enum follow_answer follow_answer(
	struct journal *journal, uint64_t client, const struct log_query *query, struct buffer *out)
{
	struct follower *follower = find(journal, client);
	enum follow_answer answer;

	if (!follower)
		follower = begin(journal, client, query);
	if (!follower)
		return FOLLOW_FAILED;
	answer =
		follower->live ? answer_queued(follower, out) : answer_kept(journal, follower, out);
	if (answer == FOLLOW_LAST)
		follow_end(journal, client);
	return answer;
}

static void take(struct follower *follower, const struct record *record)
{
	struct buffer *queue = &follower->queue;

	/* Behind a loss comes nothing until the queue was fetched: so one number tells of it. */
	if (follower->lost || queue->length + protocol_record_bytes(record) > FOLLOW_QUEUE_BYTES) {
		follower->lost++;
		return;
	}
	size_t before = queue->length;

	protocol_add_record(queue, record);
	if (queue->failed) { /* no memory */
		queue->failed = false;
		queue->length = before;
		follower->lost++;
		return;
	}
	follower->count++;
}

void follow_take(struct journal *journal, uint64_t number, const struct record *record)
{
	for (struct follower *at = journal->followers; at; at = at->next) {
		if ((!at->live && number > at->done) || !log_query_has(&at->query, record->service))
			continue;
		take(at, record);
		journal->news = true;
	}
}

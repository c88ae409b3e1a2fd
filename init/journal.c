#include "init/journal.h"

#include "init/follow.h"
#include "supervisor/buffer.h"

#include <stddef.h>

/* How a ring's mark says both: process ids are below 2^22. */
enum { LEVEL_BITS = 3 };
_Static_assert(RECORD_LEVEL_COUNT <= 1 << LEVEL_BITS, "a level fits");

void journal_open(struct journal *journal, struct journal_source *source, const char *name)
{
	*source = (struct journal_source){
		.journal = journal,
		.previous = journal->last,
		.number = ++journal->numbers,
		.name = name,
	};
	*(journal->last ? &journal->last->next : &journal->first) = source;
	journal->last = source;
}

void journal_close(struct journal_source *source)
{
	struct journal *journal = source->journal;

	*(source->previous ? &source->previous->next : &journal->first) = source->next;
	*(source->next ? &source->next->previous : &journal->last) = source->previous;
	ring_free(&source->ring);
}

void journal_add(struct journal_source *source, const struct record *record)
{
	const struct ring_stamp stamp = {.time_us = record->time_us,
		.mark = record->pid << LEVEL_BITS | (uint32_t)record->level};

	ring_add(&source->ring, &stamp, record->text, record->length);
	journal_pass(source, record);
}

void journal_pass(struct journal_source *source, const struct record *record)
{
	if (source->journal->followers)
		follow_take(source->journal, source->number, record);
}

struct journal_reader journal_newest(
	const struct journal_source *source, unsigned lines, struct buffer *scratch)
{
	return (struct journal_reader){
		.source = source, .cursor = ring_newest(&source->ring, lines), .scratch = scratch};
}

bool journal_next(struct journal_reader *reader, struct record *ret_record)
{
	struct ring_line line;

	if (!ring_next(&reader->cursor, &line))
		return false;
	*ret_record = (struct record){
		.time_us = line.stamp.time_us,
		.pid = line.stamp.mark >> LEVEL_BITS,
		.level = (enum record_level)(line.stamp.mark & ((1 << LEVEL_BITS) - 1)),
		.service = reader->source->name,
		.text = line.part[0],
		.length = line.part_bytes[0],
	};
	if (line.part_bytes[1]) {
		buffer_reset(reader->scratch);
		buffer_add(reader->scratch, line.part[0], line.part_bytes[0]);
		buffer_add(reader->scratch, line.part[1], line.part_bytes[1]);
		if (!reader->scratch->failed) { /* else the first part is better than nothing */
			ret_record->text = reader->scratch->data;
			ret_record->length = reader->scratch->length;
		}
	}
	return true;
}

void journal_read(
	const struct journal_source *source, unsigned lines, bool named, struct buffer *buffer)
{
	const struct record_style style = {.named = named};
	struct buffer scratch = {0};
	struct journal_reader reader = journal_newest(source, lines, &scratch);
	struct record record;

	while (journal_next(&reader, &record))
		record_add_text(buffer, &record, &style);
	buffer_free(&scratch);
}

/* Who reads the journal: nothing twice, nothing missed, also while lines come; and the frames in
 * which it goes over the wire. */
#include "init/follow.h"

#include "init/journal.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>

enum { SOURCES = 12, CLIENT = 7 };

struct lab {
	struct journal journal;
	struct journal_source sources[SOURCES];
	unsigned said[SOURCES]; /* lines so far */
	struct buffer seen;	/* "b3 ": the third line of source b */
	uint64_t lost;
	bool caught_up;
};

static const char *const names[SOURCES] = {
	"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};

static void lab_open(struct lab *lab)
{
	*lab = (struct lab){.said = {0}};
	for (unsigned i = 0; i < SOURCES; i++)
		journal_open(&lab->journal, &lab->sources[i], names[i]);
}

static void lab_close(struct lab *lab)
{
	follow_end(&lab->journal, CLIENT);
	CHECK(!lab->journal.followers);
	for (unsigned i = 0; i < SOURCES; i++)
		journal_close(&lab->sources[i]);
	CHECK(!lab->journal.first && !lab->journal.last);
	buffer_free(&lab->seen);
}

/* Its number, behind so many bytes of nothing. */
static void say(struct lab *lab, unsigned source, size_t filler)
{
	struct buffer text = {0};

	for (size_t i = 0; i < filler; i++)
		buffer_add(&text, ".", 1);
	buffer_printf(&text, "%u", ++lab->said[source]);
	const struct record record = {.time_us = lab->said[source],
		.service = names[source],
		.text = text.data,
		.length = text.length};

	journal_add(&lab->sources[source], &record);
	buffer_free(&text);
}

static void take_frame(struct lab *lab, const struct buffer *bytes)
{
	struct records records;
	struct records_reader reader;
	struct record record;
	struct frame frame;
	unsigned count = 0;

	CHECK_INT(frame_read(bytes->data, bytes->length, PROTOCOL_REPLY_MAX, &frame), 1);
	CHECK_INT(frame.frame_bytes, bytes->length);
	CHECK_INT(protocol_get_records(&frame, &records, &reader), 0);
	while (protocol_next_record(&reader, &record) == 1) {
		const char *number = memrchr(record.text, '.', record.length);

		number = number ? number + 1 : record.text;
		buffer_printf(&lab->seen, "%s%.*s ", record.service,
			(int)(record.text + record.length - number), number);
		count++;
	}
	CHECK_INT(count, records.count);
	CHECK_INT(protocol_next_record(&reader, &record), 0);
	lab->lost += records.lost;
	lab->caught_up = records.caught_up;
}

static enum follow_answer ask(struct lab *lab, const struct log_query *query)
{
	struct buffer out = {0};
	enum follow_answer answer = follow_answer(&lab->journal, CLIENT, query, &out);

	if (answer == FOLLOW_MORE || answer == FOLLOW_LAST)
		take_frame(lab, &out);
	else
		CHECK_INT(out.length, 0);
	buffer_free(&out);
	return answer;
}

static const struct log_query all = {.lines = 100, .since_us = INT64_MIN};

static void kept_lines_come_once(void)
{
	struct log_query query = all;
	struct lab lab;

	lab_open(&lab);
	for (unsigned i = 0; i < 3; i++)
		say(&lab, 1, 0);
	say(&lab, 0, 0);
	CHECK_INT(ask(&lab, &query), FOLLOW_LAST);
	CHECK_STR(lab.seen.data, "a1 b1 b2 b3 ");
	CHECK(lab.caught_up && !lab.journal.followers);
	buffer_reset(&lab.seen);
	query.lines = 2;
	query.since_us = 3;
	CHECK_INT(ask(&lab, &query), FOLLOW_LAST);
	CHECK_STR(lab.seen.data, "b3 ");
	buffer_reset(&lab.seen);
	query = (struct log_query){.lines = 1, .name_count = 2, .names = {"b", "e"}};
	CHECK_INT(ask(&lab, &query), FOLLOW_LAST);
	CHECK_STR(lab.seen.data, "b3 ");
	lab_close(&lab);
}

static void followed_lines_come_once(void)
{
	struct log_query query = all;
	struct lab lab;

	query.follow = true;
	lab_open(&lab);
	say(&lab, 0, 0);
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	CHECK_INT(ask(&lab, &query), FOLLOW_NOTHING);
	CHECK(!lab.journal.news);
	say(&lab, 4, 0);
	say(&lab, 0, 0);
	CHECK(lab.journal.news);
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	CHECK_INT(ask(&lab, &query), FOLLOW_NOTHING);
	CHECK_STR(lab.seen.data, "a1 e1 a2 ");
	lab_close(&lab);
}

/* Kept lines of more than a frame; more come between the frames, from those that are done and from
 * those that are not. */
static void lines_that_come_meanwhile(void)
{
	struct log_query query = all;
	unsigned frames = 0, want[SOURCES] = {0};
	struct lab lab;

	query.follow = true;
	lab_open(&lab);
	for (unsigned i = 0; i < SOURCES; i++)
		for (unsigned k = 0; k < 3; k++)
			say(&lab, i, 5000);
	while (!lab.caught_up && frames++ < 100) {
		CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
		for (unsigned i = 0; i < SOURCES; i++)
			say(&lab, i, 10);
	}
	CHECK(frames > 1);
	while (ask(&lab, &query) == FOLLOW_MORE)
		;
	CHECK_INT(lab.lost, 0);
	for (char *at = lab.seen.data; at && *at; at = strchr(at, ' ') + 1) {
		unsigned source = (unsigned)(*at - 'a'),
			 number = (unsigned)strtoul(at + 1, NULL, 10);

		/* Rings hold three of the long lines, or less once others have come. */
		CHECK(number == want[source] + 1 || (want[source] == 0 && number <= 3));
		want[source] = number;
	}
	for (unsigned i = 0; i < SOURCES; i++)
		CHECK_INT(want[i], lab.said[i]);
	lab_close(&lab);
}

static void a_slow_reader_is_told(void)
{
	struct log_query query = all;
	unsigned seen = 0;
	struct lab lab;

	query.follow = true;
	query.lines = 0;
	lab_open(&lab);
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	for (unsigned i = 0; i < 2000; i++)
		say(&lab, 2, 2000);
	say(&lab, 2, 0); /* would find room, but comes behind what was lost */
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	CHECK_INT(ask(&lab, &query), FOLLOW_NOTHING);
	for (const char *at = lab.seen.data; (at = strchr(at, ' ')); at++)
		seen++;
	CHECK(lab.lost > 0 && seen > FOLLOW_QUEUE_BYTES / 3000);
	CHECK_INT(seen + lab.lost, 2001);
	CHECK(strstr(lab.seen.data, " c2001 ") == NULL);
	say(&lab, 2, 0);
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	CHECK(strstr(lab.seen.data, " c2002 ") != NULL);
	CHECK_INT(seen + lab.lost, 2001);
	lab_close(&lab);
}

/* A line that lies in the ring in two parts; a writer that goes, and one that comes. */
static void rings_turn_and_writers_change(void)
{
	struct log_query query = {.lines = 1, .since_us = INT64_MIN, .follow = true};
	struct lab lab;

	lab_open(&lab);
	for (unsigned i = 0; i < 3000; i++) {
		say(&lab, 3, i % 97);
		if (i % 50)
			continue;
		buffer_reset(&lab.seen);
		follow_end(&lab.journal, CLIENT);
		CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
		CHECK_INT(strtoul(lab.seen.data + 1, NULL, 10), i + 1);
	}
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	journal_close(&lab.sources[3]);
	journal_open(&lab.journal, &lab.sources[3], "new");
	say(&lab, 3, 0);
	CHECK_INT(ask(&lab, &query), FOLLOW_MORE);
	CHECK(strstr(lab.seen.data, "d3001 ") != NULL);
	lab_close(&lab);
}

static void what_is_shown(void)
{
	static const struct record_style styles[] = {
		{.named = true},
		{.named = true, .stamped = true, .printable = true, .utf8 = true},
		{.printable = true},
	};
	static const char *const want[] = {
		"firsthop: warning: a\033[31m\tb\xc3\xb6\n",
		"2026-11-30T10:53:23.000001Z firsthop: warning: a?[31m b\xc3\xb6\n",
		"warning: a?[31m b?\n",
	};
	const struct record record = {.time_us = 1796036003000001,
		.level = RECORD_WARNING,
		.service = RECORD_OWN_NAME,
		.text = "a\033[31m\tb\xc3\xb6",
		.length = 10};
	struct buffer out = {0};

	for (unsigned i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		buffer_reset(&out);
		record_add_text(&out, &record, &styles[i]);
		CHECK_STR(out.data, want[i]);
	}
	buffer_reset(&out);
	record_add_json(&out, &record);
	CHECK_STR(out.data,
		"{\"time\":\"2026-11-30T10:53:23.000001Z\",\"service\":\"firsthop\","
		"\"level\":\"warning\",\"pid\":null,\"text\":\"a\\u001b[31m\\u0009b\xc3\xb6\"}\n");
	buffer_free(&out);
}

int main(void)
{
	RUN(kept_lines_come_once);
	RUN(followed_lines_come_once);
	RUN(lines_that_come_meanwhile);
	RUN(a_slow_reader_is_told);
	RUN(rings_turn_and_writers_change);
	RUN(what_is_shown);
	return CHECK_EXIT_STATUS();
}

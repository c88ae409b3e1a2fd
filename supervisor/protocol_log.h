/* protocol_log: the part of the control protocol that carries lines: what is asked for, and the
 * frames of records that come back, one or many. See doc/protocol.md. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_PROTOCOL_LOG_H
#define FIRSTHOP_SUPERVISOR_PROTOCOL_LOG_H

#include "config/model.h"
#include "supervisor/record.h"
#include "supervisor/wire.h"

struct buffer;
struct frame;

#define LOG_QUERY_NAMES_MAX 32
#define LOG_QUERY_LINES_MAX 10000

/* Which lines. */
struct log_query {
	char names[LOG_QUERY_NAMES_MAX][SERVICE_NAME_MAX + 1]; /* RECORD_OWN_NAME is PID 1 */
	unsigned name_count;				       /* 0: all */
	uint32_t lines;	  /* the newest of each service, 0 .. LOG_QUERY_LINES_MAX */
	int64_t since_us; /* none that is older; INT64_MIN: any */
	bool follow;	  /* then each that comes, until the client goes */
};

/* Does it ask for the lines of that service? */
bool log_query_has(const struct log_query *query, const char *service);

/* The payload of the request, for protocol.c. What is out of range fails the cursor. */
void protocol_put_query(struct buffer *buffer, const struct log_query *query);
void protocol_get_query(struct cursor *cursor, struct log_query *ret_query);

/* What a frame of records says beside them. */
struct records {
	bool caught_up; /* all that was kept has come, with this frame */
	uint64_t lost;	/* lines behind the last of these, for which the client was too slow */
	unsigned count;
};

/* A frame in pieces: what `records` says, then so many records, each added before by
 * protocol_add_record() to the bytes of `body`. buffer->failed when memory lacks, or the frame
 * would be too long. */
void protocol_put_records(
	struct buffer *buffer, const struct records *records, const struct buffer *body);
void protocol_add_record(struct buffer *body, const struct record *record);
/* Bytes that it takes there. */
size_t protocol_record_bytes(const struct record *record);

struct records_reader {
	struct cursor cursor;
	unsigned left;
	char service[SERVICE_NAME_MAX + 1];
};

/* 0; -EPROTONOSUPPORT, -ENOSYS or -EPROTO as protocol_get_request(). */
int protocol_get_records(
	const struct frame *frame, struct records *ret_records, struct records_reader *ret_reader);
/* The next record; its text lies in the frame, its service's name in the reader until the next
 * call. 1; 0: there is no more; -EPROTO: wrong fields. */
int protocol_next_record(struct records_reader *reader, struct record *ret_record);

#endif

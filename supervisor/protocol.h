/* protocol: what firsthop and its commands say to each other, as bytes; see doc/protocol.md. Frames
 * with a magic, a version, a type and a length; fields through typed put and get, little endian;
 * never a struct's bytes. Pure. Both sides take the other for hostile: every length and every
 * enumerator is checked, nothing is allocated on the word of a count. */
#ifndef FIRSTHOP_SUPERVISOR_PROTOCOL_H
#define FIRSTHOP_SUPERVISOR_PROTOCOL_H

#include "config/model.h"
#include "supervisor/health.h"
#include "supervisor/order.h"
#include "supervisor/protocol_log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct boot;
struct buffer;
struct reload_report;
struct service_detail;
struct status;

#define PROTOCOL_MAGIC	       0x706f6866u /* "fhop" */
#define PROTOCOL_MAJOR	       1
#define PROTOCOL_MINOR	       1
#define PROTOCOL_MINOR_END     1 /* since when a shutdown says what it ends in */
#define PROTOCOL_HEADER_BYTES  12
#define PROTOCOL_REQUEST_MAX   4096	  /* payload bytes of a request */
#define PROTOCOL_REPLY_MAX     (4u << 20) /* payload bytes of a reply */
#define PROTOCOL_LOG_LINES_MAX 10000

enum message {
	REQUEST_STATUS = 1,
	REQUEST_HEALTH,
	REQUEST_SHUTDOWN,
	REQUEST_RELOAD,
	REQUEST_LOGS,
	REQUEST_ORDER,
	REQUEST_AWAIT,
	REQUEST_CHANGE,
	REQUEST_DETAIL,
	REQUEST_RECORDS = 11,
	REQUEST_BOOT = 14,
	REPLY_STATUS = 0x8001,
	REPLY_HEALTH,
	REPLY_OK,
	REPLY_ERROR,
	REPLY_TEXT,
	REPLY_ORDER,
	REPLY_OUTCOME,
	REPLY_CHANGE,
	REPLY_DETAIL,
	REPLY_RECORDS = 0x800b,
	REPLY_BOOT = 0x800e,
};

enum protocol_error {
	PROTOCOL_ERROR_MALFORMED = 1, /* not a frame, or its fields are wrong; connection closed */
	PROTOCOL_ERROR_VERSION,	      /* a version that the server does not speak */
	PROTOCOL_ERROR_UNKNOWN,	      /* a request that the server does not know */
	PROTOCOL_ERROR_DENIED,	      /* not root */
	PROTOCOL_ERROR_FAILED,	      /* understood, could not be done; the text says why */
	PROTOCOL_ERROR_NO_SERVICE,    /* no service of that name */
};

/* A whole frame inside a stream; `payload` points into the stream's bytes. */
struct frame {
	uint8_t major, minor;
	uint16_t type;
	const uint8_t *payload;
	size_t length;	    /* of the payload */
	size_t frame_bytes; /* header and payload: drop so many from the stream when done */
};

/* Looks for a frame at the start of `length` bytes. 1: *ret_frame is one, of whatever version and
 * type; 0: more bytes are needed; -EPROTO: no magic; -EMSGSIZE: payload longer than `payload_max`.
 * After an error the stream is lost: close it. */
int frame_read(const void *bytes, size_t length, size_t payload_max, struct frame *ret_frame);

struct request {
	enum message type;
	uint8_t minor; /* of the frame. A status is answered in the layout of this version; others
			* are put in the oldest that has them, or this one when it is newer */
	enum health_level level;	    /* REQUEST_HEALTH */
	bool wait;			    /* REQUEST_HEALTH: answer only once it holds */
	char service[SERVICE_NAME_MAX + 1]; /* REQUEST_LOGS; "": all. AWAIT, DETAIL */
	uint32_t lines;			    /* REQUEST_LOGS, 1 .. PROTOCOL_LOG_LINES_MAX */
	enum order_verb verb;		    /* REQUEST_ORDER, REQUEST_AWAIT */
	uint32_t attempt;		    /* REQUEST_AWAIT: as the order's item says */
	bool dry_run;			    /* REQUEST_CHANGE: only say what a reload would do */
	unsigned name_count;		    /* REQUEST_ORDER: 1 .. ORDER_SERVICES_MAX */
	char names[ORDER_SERVICES_MAX][SERVICE_NAME_MAX + 1];
	enum node_end end;	/* REQUEST_SHUTDOWN */
	struct log_query query; /* REQUEST_RECORDS */
};

/* Does it only ask, and change nothing? */
bool protocol_only_reads(enum message type);

/* Appends the request's frame; buffer->failed when memory lacks. */
void protocol_put_request(struct buffer *buffer, const struct request *request);
/* 0; -EPROTONOSUPPORT: another major or a newer minor version; -ENOSYS: unknown type; -EPROTO:
 * fields cut short, too long, or out of range. */
int protocol_get_request(const struct frame *frame, struct request *ret_request);

/* A reply without a status in it. */
struct reply {
	enum message type;
	bool ok;		  /* REPLY_HEALTH */
	enum protocol_error code; /* REPLY_ERROR */
	const char *text;	  /* all of them; never NULL when decoded */
};

/* Appends the reply's frame. A text too long for a frame makes buffer->failed. */
void protocol_put_reply(struct buffer *buffer, const struct reply *reply);
/* In the layout of that minor version, at most PROTOCOL_MINOR. */
void protocol_put_status(struct buffer *buffer, const struct status *status, uint8_t minor);

/* As protocol_get_request; texts are copied into the arena, -ENOMEM when it is full. */
int protocol_get_reply(const struct frame *frame, struct arena *arena, struct reply *ret_reply);
int protocol_get_status(const struct frame *frame, struct arena *arena, struct status *ret_status);

/* The same for what becomes of an order. `others` and the rest live in the arena. */
void protocol_put_order(struct buffer *buffer, const struct order *order);
int protocol_get_order(const struct frame *frame, struct arena *arena, struct order *ret_order);
void protocol_put_outcome(struct buffer *buffer, const struct order_outcome *outcome);
int protocol_get_outcome(
	const struct frame *frame, struct arena *arena, struct order_outcome *ret_outcome);
/* The same for the details of a service. */
void protocol_put_detail(struct buffer *buffer, const struct service_detail *detail);
int protocol_get_detail(
	const struct frame *frame, struct arena *arena, struct service_detail *ret_detail);
/* The same for what a reload found. */
void protocol_put_reload(struct buffer *buffer, const struct reload_report *report);
int protocol_get_reload(
	const struct frame *frame, struct arena *arena, struct reload_report *ret_report);

/* The same for the record of the boot. */
void protocol_put_boot(struct buffer *buffer, const struct boot *boot);
int protocol_get_boot(const struct frame *frame, struct arena *arena, struct boot *ret_boot);

#endif

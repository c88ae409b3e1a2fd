/* record: one line that was written by a service or said by PID 1 itself, and how it looks: as text
 * or as a JSON object (doc/json.md). Pure; allocates only in the buffer. */
#ifndef FIRSTHOP_SUPERVISOR_RECORD_H
#define FIRSTHOP_SUPERVISOR_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* Whose word it is: a service's, of which no level is known, or PID 1's own. */
enum record_level {
	RECORD_LINE,
	RECORD_ERROR,
	RECORD_WARNING,
	RECORD_NOTE,
	RECORD_DEBUG,
	RECORD_LEVEL_COUNT
};

#define RECORD_OWN_NAME "firsthop" /* the service of PID 1's own messages */

struct record {
	int64_t time_us; /* when PID 1 read it, see calendar.h */
	uint32_t pid;	 /* of the main process at that time; 0: none */
	enum record_level level;
	const char *service; /* NUL-terminated */
	const char *text;    /* `length` bytes, any but '\n' */
	size_t length;
};

/* What stands before a message of that level: "error: ", "warning: ", "", "debug: "; a line: "". */
const char *record_level_prefix(enum record_level level);

/* One object on one line, with its '\n'. */
void record_add_json(struct buffer *buffer, const struct record *record);

/* What text may have in front of it. */
struct record_style {
	bool named, stamped;
	bool printable; /* so that nothing steers a terminal; else as it was written */
	bool utf8;	/* of printable text */
};

/* One line, with its '\n'. */
void record_add_text(
	struct buffer *buffer, const struct record *record, const struct record_style *style);

#endif

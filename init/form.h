/* form: how a line looks outside, on stdout or in a file: as text, with its time in front or not,
 * or as a JSON object (doc/json.md). One for all of PID 1, since it is the same everywhere. */
#ifndef FIRSTHOP_INIT_FORM_H
#define FIRSTHOP_INIT_FORM_H

#include "config/model.h"
#include "supervisor/buffer.h"
#include "supervisor/calendar.h"
#include "supervisor/record.h"

#include <sys/uio.h>

enum { FORM_PARTS = 3 };

/* All zero: text without times. */
struct form {
	bool json, stamped;
	struct buffer object; /* JSON of the last line */
	/* What stands before a line of text, as long as the following stay the same. */
	char head[CALENDAR_BYTES + SERVICE_NAME_MAX + 2 + 16];
	size_t head_bytes;
	const char *service; /* its address alone: NULL: `head` is of nothing */
	int64_t time_us;
	enum record_level level;
	bool named;
};

void form_configure(struct form *form, const struct node *node);
/* A service is no more: another's name may come to lie where its name lay. */
void form_forget(struct form *form);
void form_free(struct form *form);

/* The bytes of the line, its end included, in FORM_PARTS parts; good until the next call and as
 * long as the record is. `named`: text has the service's name in front. */
void form_line(
	struct form *form, const struct record *record, bool named, struct iovec parts[FORM_PARTS]);

#endif

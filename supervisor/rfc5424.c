#include "supervisor/rfc5424.h"

#include "supervisor/calendar.h"

#include <stdio.h>
#include <string.h>

enum { HOSTNAME_MAX_BYTES = 255, APP_NAME_MAX_BYTES = 48 };

static const char cut_mark[] = {' ', '[', '.', '.', '.', ']'};
static const char byte_order_mark[] = "\xef\xbb\xbf";

unsigned rfc5424_severity(struct record *record, unsigned severity)
{
	const char *text = record->text;

	if (record->length < 3 || text[0] != '<' || text[1] < '0' || text[1] > '7' ||
		text[2] != '>')
		return severity;
	record->text += 3;
	record->length -= 3;
	return (unsigned)(text[1] - '0');
}

/* Of a name only what may stand there: printable, no blanks. "-": there is none. */
static const char *name_or_nil(const char *name, size_t max_bytes)
{
	size_t length = strlen(name);

	if (length == 0 || length > max_bytes)
		return "-";
	for (size_t i = 0; i < length; i++)
		if (name[i] <= ' ' || name[i] >= 0x7f)
			return "-";
	return name;
}

/* Any bytes but two things: a mark at the start would promise UTF-8, and a NUL ends the message for
 * many a receiver. */
static size_t put_text(char *to, size_t room, const struct record *record)
{
	const char *text = record->text;
	size_t length = record->length, mark = strlen(byte_order_mark);

	if (length >= mark && memcmp(text, byte_order_mark, mark) == 0) {
		text += mark;
		length -= mark;
	}
	if (length > room) {
		length = room;
		memcpy(to, text, room - sizeof(cut_mark));
		memcpy(to + room - sizeof(cut_mark), cut_mark, sizeof(cut_mark));
	} else {
		memcpy(to, text, length);
	}
	for (char *nul = to; (nul = memchr(nul, '\0', (size_t)(to + length - nul)));)
		*nul = '?';
	return length;
}

size_t rfc5424_write(char message[RFC5424_MAX_BYTES], const struct record *record,
	unsigned facility, unsigned severity, const char *hostname)
{
	char time[CALENDAR_BYTES], pid[16] = "-";
	int length;

	calendar_write(time, record->time_us);
	if (record->pid)
		(void)snprintf(pid, sizeof(pid), "%u", record->pid); /* fits */
	/* Fits many times: each part is bounded. */
	length = snprintf(message, RFC5424_MAX_BYTES, "<%u>1 %s %s %s %s - - ",
		facility * 8 + severity, time, name_or_nil(hostname, HOSTNAME_MAX_BYTES),
		name_or_nil(record->service, APP_NAME_MAX_BYTES), pid);
	if (length < 0)
		return 0;
	return (size_t)length +
	       put_text(message + length, RFC5424_MAX_BYTES - (size_t)length, record);
}

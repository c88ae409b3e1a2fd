/* rfc5424: a line as a message of the syslog protocol, RFC 5424. Pure.
 *
 *	<30>1 2026-11-30T10:53:23.123456Z r1 bgpd 123 - - text
 *
 * The C library's syslog(3) was rejected: it writes the older form, RFC 3164, it knows one name and
 * one receiver for the whole process, and it waits for a receiver that is slow. */
#ifndef FIRSTHOP_SUPERVISOR_RFC5424_H
#define FIRSTHOP_SUPERVISOR_RFC5424_H

#include "supervisor/record.h"

/* What every receiver should take (RFC 5424, 6.1); a longer message ends with " [...]". */
#define RFC5424_MAX_BYTES 2048

/* sd-daemon(3): a line may begin with its own severity, "<4>"; it is taken off. Returns it, or
 * `severity` when there is none. */
unsigned rfc5424_severity(struct record *record, unsigned severity);

/* Returns the length. `facility` 0 .. 23, `severity` 0 .. 7, `hostname` "": unknown. */
size_t rfc5424_write(char message[RFC5424_MAX_BYTES], const struct record *record,
	unsigned facility, unsigned severity, const char *hostname);

#endif

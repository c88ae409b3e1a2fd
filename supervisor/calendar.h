/* calendar: a time of day as text, RFC 3339, and back. Pure: the time is an argument, in
 * microseconds since 1970-01-01 00:00 UTC; leap seconds do not exist, as on CLOCK_REALTIME. */
#ifndef FIRSTHOP_SUPERVISOR_CALENDAR_H
#define FIRSTHOP_SUPERVISOR_CALENDAR_H

#include <stdint.h>

#define CALENDAR_BYTES 28 /* "2026-11-30T10:53:23.123456Z" and the NUL */

/* In UTC. A time outside of the years 0 to 9999 becomes the nearest one inside. */
void calendar_write(char text[CALENDAR_BYTES], int64_t time_us);

/* A date and time of RFC 3339: an offset or Z is needed, a fraction may have up to nine digits
 * (what is less than a microsecond is cut), `t`, `z` and a blank for the T are taken, second 60 is
 * the first of the next minute. 0, or -EINVAL: it is none; *ret_time_us is as before. */
int calendar_read(const char *text, int64_t *ret_time_us);

#endif

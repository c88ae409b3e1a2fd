/* syslogger: sends the lines of a service to a syslog receiver (log = syslog…), each as a datagram
 * of RFC 5424. Never waits: what the receiver does not take yet stands in a queue of
 * SYSLOGGER_QUEUE_BYTES; what finds no room there is lost and counted. A receiver that is not there
 * is tried again, not more than once a second and only when PID 1 is awake anyway. */
#ifndef FIRSTHOP_INIT_SYSLOGGER_H
#define FIRSTHOP_INIT_SYSLOGGER_H

#include <stddef.h>
#include <stdint.h>

struct loop;
struct messages;
struct record;
struct service;
struct syslogger;

#define SYSLOGGER_QUEUE_BYTES ((size_t)64 * 1024)

/* For what service->log_path, syslog_facility and syslog_level say; joins *list. NULL: no memory.
 */
struct syslogger *syslogger_open(struct loop *loop, struct messages *messages,
	const struct service *service, struct syslogger **list);
/* Tries once more to send what is queued; the rest is lost. NULL is fine. */
void syslogger_close(struct syslogger *syslogger, struct syslogger **list);

void syslogger_add(struct syslogger *syslogger, const struct record *record);
/* Sends what is queued, as far as it goes. After each read of lines. */
void syslogger_flush(struct syslogger *syslogger);
/* The same for all of the list whose receiver was not there and may be by now. Cheap. */
void sysloggers_retry(struct syslogger *first);

/* Lines lost since it was opened. */
uint64_t syslogger_lost(const struct syslogger *syslogger);

#endif

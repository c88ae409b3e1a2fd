/* The queue holds messages one behind the other, each with its length in two bytes before it. */
#include "init/syslogger.h"

#include "config/model.h"
#include "config/syslog_target.h"
#include "init/loop.h"
#include "init/message.h"
#include "supervisor/buffer.h"
#include "supervisor/rfc5424.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
	RETRY_MS = 1000,
	MESSAGES_PER_CALL = 64,
	LENGTH_BYTES = 2,
};

struct syslogger {
	struct syslogger *next;
	struct loop *loop;
	struct messages *messages;
	const char *service; /* the model's, which is older and stays */
	const char *name;    /* of the receiver */
	struct syslog_target target;
	unsigned facility, severity;
	char hostname[sizeof(((struct utsname *)0)->nodename)];
	int fd;		 /* -1: not connected */
	uint64_t source; /* in the loop while the receiver takes no more; 0 otherwise */
	struct buffer queue;
	int problem;   /* errno that was told; 0: none */
	uint64_t lost; /* lines */
	uint64_t lost_told;
	struct timestamp retry_at;
};

static void complain(struct syslogger *syslogger, int error)
{
	if (!syslogger->problem)
		message(syslogger->messages, MESSAGE_WARNING,
			"%s: syslog at %s: %s; the newest lines are kept until it is there",
			syslogger->service, syslogger->name, strerror(error));
	syslogger->problem = error;
}

static void tell_recovered(struct syslogger *syslogger)
{
	if (!syslogger->problem)
		return;
	message(syslogger->messages, MESSAGE_NOTE,
		"%s: syslog at %s is there; %" PRIu64 " lines did not get to it",
		syslogger->service, syslogger->name, syslogger->lost - syslogger->lost_told);
	syslogger->lost_told = syslogger->lost;
	syslogger->problem = 0;
}

static void disconnect(struct syslogger *syslogger)
{
	loop_remove(syslogger->loop, syslogger->source);
	syslogger->source = 0;
	if (syslogger->fd >= 0)
		(void)close(syslogger->fd); /* datagrams: nothing of them is left in it */
	syslogger->fd = -1;
	syslogger->retry_at = timestamp_add_ms(loop_clock(), RETRY_MS);
}

static socklen_t make_address(const struct syslog_target *target, struct sockaddr_storage *address)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(target->port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(target->port)};

	if (target->path) {
		memcpy(local.sun_path, target->path, strlen(target->path) + 1); /* was checked */
		memcpy(address, &local, sizeof(local));
		return sizeof(local);
	}
	if (target->family == AF_INET) {
		memcpy(&in.sin_addr, target->bytes, sizeof(in.sin_addr));
		memcpy(address, &in, sizeof(in));
		return sizeof(in);
	}
	memcpy(&in6.sin6_addr, target->bytes, sizeof(in6.sin6_addr));
	memcpy(address, &in6, sizeof(in6));
	return sizeof(in6);
}

static bool connected(struct syslogger *syslogger)
{
	struct sockaddr_storage address;
	socklen_t length = make_address(&syslogger->target, &address);

	if (syslogger->fd >= 0)
		return true;
	if (timestamp_before(loop_clock(), syslogger->retry_at))
		return false;
	syslogger->fd = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (syslogger->fd >= 0 &&
		connect(syslogger->fd, (const struct sockaddr *)&address, length) == 0)
		return true;
	complain(syslogger, errno);
	disconnect(syslogger);
	return false;
}

static size_t length_at(const struct buffer *queue, size_t offset)
{
	return (size_t)(unsigned char)queue->data[offset] |
	       (size_t)(unsigned char)queue->data[offset + 1] << 8;
}

/* One call of the kernel. The bytes of the queue that were sent, or -errno. */
static ssize_t send_some(struct syslogger *syslogger)
{
	struct mmsghdr messages[MESSAGES_PER_CALL] = {0};
	struct iovec parts[MESSAGES_PER_CALL];
	struct buffer *queue = &syslogger->queue;
	unsigned count = 0;
	size_t offset = 0;
	int sent;

	for (; offset < queue->length && count < MESSAGES_PER_CALL; count++) {
		size_t length = length_at(queue, offset);

		parts[count] = (struct iovec){
			.iov_base = queue->data + offset + LENGTH_BYTES, .iov_len = length};
		messages[count].msg_hdr.msg_iov = &parts[count];
		messages[count].msg_hdr.msg_iovlen = 1;
		offset += LENGTH_BYTES + length;
	}
	sent = sendmmsg(syslogger->fd, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0)
		return -errno;
	offset = 0;
	while (sent-- > 0)
		offset += LENGTH_BYTES + length_at(queue, offset);
	return (ssize_t)offset;
}

static void on_writable(void *context, int fd, uint32_t events)
{
	(void)fd;
	(void)events; /* an error shows in the send */
	syslogger_flush(context);
}

/* Nothing more goes now. Without the loop's help the next line tries again. */
static void wait_for_receiver(struct syslogger *syslogger)
{
	if (!syslogger->source)
		(void)loop_add(syslogger->loop, syslogger->fd, EPOLLOUT, RANK_OUTPUT, on_writable,
			syslogger, &syslogger->source);
}

/* False: nothing more goes now. */
static bool go_on_after(struct syslogger *syslogger, int error, bool *refused)
{
	bool is_udp = !syslogger->target.path;

	switch (error) {
	case EINTR:
		return true;
	case EAGAIN:
	case ENOBUFS:
		wait_for_receiver(syslogger);
		return false;
	case EMSGSIZE: /* its first message never goes */
		syslogger->lost++;
		buffer_consume(&syslogger->queue, LENGTH_BYTES + length_at(&syslogger->queue, 0));
		return true;
	case ECONNREFUSED:
		/* Of UDP this tells of an earlier one, and only once: this one was not sent yet. */
		if (is_udp && !*refused) {
			*refused = true;
			return true;
		}
		break;
	default:
		break;
	}
	complain(syslogger, error);
	disconnect(syslogger);
	return false;
}

void syslogger_flush(struct syslogger *syslogger)
{
	struct buffer *queue = &syslogger->queue;
	bool refused = false;

	while (queue->length && connected(syslogger)) {
		ssize_t sent = send_some(syslogger);

		if (sent < 0) {
			if (!go_on_after(syslogger, (int)-sent, &refused))
				return;
			continue;
		}
		buffer_consume(queue, (size_t)sent);
		tell_recovered(syslogger);
	}
	if (queue->length)
		return;
	buffer_free(queue);
	loop_remove(syslogger->loop, syslogger->source);
	syslogger->source = 0;
}

void syslogger_add(struct syslogger *syslogger, const struct record *record)
{
	char text[RFC5424_MAX_BYTES];
	struct record line = *record;
	unsigned severity = rfc5424_severity(&line, syslogger->severity);
	size_t length =
		rfc5424_write(text, &line, syslogger->facility, severity, syslogger->hostname);
	const char head[LENGTH_BYTES] = {(char)(length & 0xff), (char)(length >> 8)};
	struct buffer *queue = &syslogger->queue;
	size_t before = queue->length;

	if (before + LENGTH_BYTES + length > SYSLOGGER_QUEUE_BYTES && syslogger->fd >= 0)
		syslogger_flush(syslogger);
	before = queue->length;
	if (before + LENGTH_BYTES + length > SYSLOGGER_QUEUE_BYTES) {
		syslogger->lost++;
		return;
	}
	buffer_add(queue, head, LENGTH_BYTES);
	buffer_add(queue, text, length);
	if (queue->failed) { /* no memory */
		queue->failed = false;
		queue->length = before;
		syslogger->lost++;
	}
}

void sysloggers_retry(struct syslogger *first)
{
	for (struct syslogger *at = first; at; at = at->next)
		if (at->fd < 0 && at->queue.length)
			syslogger_flush(at);
}

uint64_t syslogger_lost(const struct syslogger *syslogger)
{
	return syslogger->lost;
}

struct syslogger *syslogger_open(struct loop *loop, struct messages *messages,
	const struct service *service, struct syslogger **list)
{
	struct syslogger *syslogger = calloc(1, sizeof(*syslogger));
	struct utsname names;

	if (!syslogger)
		return NULL;
	syslogger->loop = loop;
	syslogger->messages = messages;
	syslogger->service = service->name;
	syslogger->name = service->log_path;
	(void)syslog_target_read(service->log_path, &syslogger->target); /* the parser did */
	syslogger->facility = (unsigned)service->syslog_facility;
	syslogger->severity = (unsigned)service->syslog_level;
	syslogger->fd = -1;
	if (uname(&names) == 0)
		memcpy(syslogger->hostname, names.nodename, sizeof(syslogger->hostname));
	syslogger->next = *list;
	*list = syslogger;
	return syslogger;
}

void syslogger_close(struct syslogger *syslogger, struct syslogger **list)
{
	if (!syslogger)
		return;
	syslogger_flush(syslogger);
	disconnect(syslogger);
	while (*list != syslogger)
		list = &(*list)->next;
	*list = syslogger->next;
	buffer_free(&syslogger->queue);
	free(syslogger);
}

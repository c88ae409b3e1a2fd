#include "init/outgoing.h"

#include "init/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FIRST_BYTES = 4096,
	KEEP_BYTES = 16 * 1024,	       /* a larger queue is given back when it is no longer used */
	CAUTIOUS_TERMINAL_BYTES = 256, /* what a terminal that says "writable" takes at least */
};

enum way {
	WAY_PLAIN,    /* a regular file, or opened non-blocking by us */
	WAY_SOCKET,   /* non-blocking call by call */
	WAY_CAUTIOUS, /* could not be opened anew: asked first, then written in small pieces */
};

struct outgoing {
	struct loop *loop;
	uint64_t source; /* in the loop while it is owed something; 0 otherwise */
	int fd;
	enum way way;
	bool owns_fd;
	size_t cautious_bytes;
	dev_t terminal; /* 0: none */
	char *data;
	size_t size, first, length;
	size_t most; /* bytes in it since it was empty */
};

static void choose_way(struct outgoing *outgoing, int fd)
{
	char path[32];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	if (S_ISSOCK(st.st_mode)) {
		outgoing->way = WAY_SOCKET;
		return;
	}
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return;
	if (S_ISCHR(st.st_mode) && isatty(fd))
		outgoing->terminal = st.st_rdev;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd); /* fits any int */
	int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (own >= 0) {
		outgoing->fd = own;
		outgoing->owns_fd = true;
		return;
	}
	/* Another user's pipe or terminal, or no /proc. */
	outgoing->way = WAY_CAUTIOUS;
	outgoing->cautious_bytes = S_ISFIFO(st.st_mode) ? PIPE_BUF : CAUTIOUS_TERMINAL_BYTES;
}

struct outgoing *outgoing_create(struct loop *loop, int fd)
{
	struct outgoing *outgoing = calloc(1, sizeof(*outgoing));

	if (!outgoing)
		return NULL;
	outgoing->loop = loop;
	outgoing->fd = fd;
	choose_way(outgoing, fd);
	return outgoing;
}

void outgoing_free(struct outgoing *outgoing)
{
	if (!outgoing)
		return;
	loop_remove(outgoing->loop, outgoing->source);
	if (outgoing->owns_fd)
		(void)close(outgoing->fd); /* what was not written by now is lost anyway */
	free(outgoing->data);
	free(outgoing);
}

/* Makes room for `length` bytes, within `limit`. */
static bool make_room(struct outgoing *outgoing, size_t length, size_t limit)
{
	size_t size = outgoing->size ? outgoing->size : FIRST_BYTES;
	size_t until_end = outgoing->size - outgoing->first;
	char *data;

	if (outgoing->length + length > limit)
		return false;
	if (outgoing->length + length <= outgoing->size)
		return true;
	while (size < outgoing->length + length)
		size *= 2;
	data = malloc(size);
	if (!data)
		return false;
	if (until_end > outgoing->length)
		until_end = outgoing->length;
	if (outgoing->length) {
		memcpy(data, outgoing->data + outgoing->first, until_end);
		memcpy(data + until_end, outgoing->data, outgoing->length - until_end);
	}
	free(outgoing->data);
	outgoing->data = data;
	outgoing->size = size;
	outgoing->first = 0;
	return true;
}

static void put(struct outgoing *outgoing, const char *from, size_t length)
{
	size_t start = outgoing->first + outgoing->length;
	size_t piece;

	if (start >= outgoing->size)
		start -= outgoing->size;
	piece = outgoing->size - start;
	if (piece > length)
		piece = length;
	memcpy(outgoing->data + start, from, piece);
	if (piece < length)
		memcpy(outgoing->data, from + piece, length - piece);
	outgoing->length += length;
}

bool outgoing_add(
	struct outgoing *outgoing, const struct iovec *parts, unsigned count, bool reserved)
{
	size_t limit = OUTGOING_MAX_BYTES + (reserved ? OUTGOING_RESERVED_BYTES : 0);
	size_t total = 0;

	for (unsigned i = 0; i < count; i++)
		total += parts[i].iov_len;
	if (!make_room(outgoing, total, limit))
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (parts[i].iov_len)
			put(outgoing, parts[i].iov_base, parts[i].iov_len);
	}
	if (outgoing->length > outgoing->most)
		outgoing->most = outgoing->length;
	return true;
}

/* One write of what is queued: its byte count, or -errno. */
static ssize_t write_some(struct outgoing *outgoing)
{
	size_t until_end = outgoing->size - outgoing->first;
	size_t piece = outgoing->length < until_end ? outgoing->length : until_end;
	struct iovec parts[2] = {
		{.iov_base = outgoing->data + outgoing->first, .iov_len = piece},
		{.iov_base = outgoing->data, .iov_len = outgoing->length - piece},
	};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct pollfd ask = {.fd = outgoing->fd, .events = POLLOUT};
	ssize_t written = -1;

	switch (outgoing->way) {
	case WAY_PLAIN:
		written = writev(outgoing->fd, parts, 2);
		break;
	case WAY_SOCKET:
		written = sendmsg(outgoing->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		break;
	case WAY_CAUTIOUS:
		if (poll(&ask, 1, 0) == 0)
			return -EAGAIN;
		if (piece > outgoing->cautious_bytes)
			piece = outgoing->cautious_bytes;
		written = write(outgoing->fd, parts[0].iov_base, piece);
		break;
	}
	return written < 0 ? -errno : written;
}

static void reset_queue(struct outgoing *outgoing)
{
	/* Within a burst it is needed again at once. */
	bool used = outgoing->most > KEEP_BYTES;

	outgoing->first = outgoing->length = outgoing->most = 0;
	if (outgoing->size > KEEP_BYTES && !used) {
		free(outgoing->data);
		outgoing->data = NULL;
		outgoing->size = 0;
	}
}

static void on_writable(void *context, int fd, uint32_t events)
{
	struct outgoing *outgoing = context;

	(void)fd;
	(void)events; /* an error shows in the write */
	outgoing_flush(outgoing);
}

/* Is there a reader to wait for? Without the loop's help (a file that epoll does not know) the next
 * wake-up tries again. */
static void watch(struct outgoing *outgoing, bool wanted)
{
	if (!wanted) {
		loop_remove(outgoing->loop, outgoing->source);
		outgoing->source = 0;
	} else if (!outgoing->source) {
		(void)loop_add(outgoing->loop, outgoing->fd, EPOLLOUT, RANK_OUTPUT, on_writable,
			outgoing, &outgoing->source);
	}
}

void outgoing_flush(struct outgoing *outgoing)
{
	if (!outgoing->length)
		return;
	while (outgoing->length) {
		ssize_t written = write_some(outgoing);

		if (written == -EINTR)
			continue;
		if (written == -EAGAIN) {
			watch(outgoing, true);
			return;
		}
		if (written < 0) {
			/* Nobody reads any more (EPIPE), the disk is full, the terminal has gone:
			 * these lines are lost, the next ones may find it better. The rings of the
			 * services still have them. */
			reset_queue(outgoing);
			break;
		}
		outgoing->first = (outgoing->first + (size_t)written) % outgoing->size;
		outgoing->length -= (size_t)written;
	}
	reset_queue(outgoing);
	watch(outgoing, false);
}

void outgoing_finish(struct outgoing *outgoing, int ms)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), ms);

	outgoing_flush(outgoing);
	while (outgoing->length && timestamp_before(loop_clock(), until)) {
		struct pollfd ask = {.fd = outgoing->fd, .events = POLLOUT};

		if (poll(&ask, 1, (int)timestamp_elapsed_ms(loop_clock(), until) + 1) < 0 &&
			errno != EINTR)
			return;
		outgoing_flush(outgoing);
	}
}

bool outgoing_is_empty(const struct outgoing *outgoing)
{
	return outgoing->length == 0;
}

bool outgoing_is_terminal(const struct outgoing *outgoing, dev_t device)
{
	return outgoing->terminal && outgoing->terminal == device;
}

#include "init/vty_ask.h"

#include "init/loop.h"
#include "supervisor/buffer.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define END_BYTES 4 /* three NULs and the status */

static int wait_for(int fd, short events, struct timestamp until)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};

	for (;;) {
		int64_t left_ms = timestamp_elapsed_ms(loop_clock(), until);
		/* Rounded up, or the last part of a millisecond would be a busy loop. */
		int count = poll(&poll_fd, 1, left_ms < INT32_MAX ? (int)left_ms + 1 : INT32_MAX);

		if (count > 0)
			return 0;
		if (count < 0 && errno != EINTR)
			return -errno;
		if (!timestamp_before(loop_clock(), until))
			return -ETIMEDOUT;
	}
}

int vty_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);

	if (length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, length + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	/* Its queue is full: it does not take connections, as one that hangs. */
	int error = errno == EAGAIN ? -ETIMEDOUT : -errno;
	(void)close(fd); /* nothing was written */
	return error;
}

static int send_line(int fd, const char *line, struct timestamp until)
{
	size_t length = strlen(line) + 1, sent = 0; /* with its NUL */

	while (sent < length) {
		ssize_t count = send(fd, line + sent, length - sent, MSG_NOSIGNAL);
		int error = 0;

		if (count >= 0)
			sent += (size_t)count;
		else if (errno == EAGAIN)
			error = wait_for(fd, POLLOUT, until);
		else if (errno != EINTR)
			error = errno == EPIPE ? -ECONNRESET : -errno;
		if (error)
			return error;
	}
	return 0;
}

/* Is the answer whole? 1: yes, `answer` is then its text; 0: not yet; -EPROTO. */
static int check_end(struct buffer *answer, size_t *searched)
{
	size_t left = answer->length - *searched;
	const char *end = left ? memchr(answer->data + *searched, '\0', left) : NULL;

	*searched = end ? (size_t)(end - answer->data) : answer->length;
	size_t tail = answer->length - *searched;
	if (!end || tail < END_BYTES)
		return 0;
	/* Nobody has asked for more, so nothing may follow. */
	if (tail > END_BYTES || end[1] || end[2] || end[3])
		return -EPROTO;
	answer->length = *searched;
	return 1;
}

static int receive_answer(int fd, struct timestamp until, struct buffer *answer)
{
	char chunk[16384];
	size_t searched = 0;
	int result = 0;

	while (result == 0) {
		result = wait_for(fd, POLLIN, until);
		if (result)
			return result;
		ssize_t count = recv(fd, chunk, sizeof(chunk), 0);
		if (count == 0)
			return -ECONNRESET;
		if (count < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (count > 0)
			buffer_add(answer, chunk, (size_t)count);
		if (answer->failed)
			return answer->length + sizeof(chunk) > VTY_ANSWER_MAX ? -EMSGSIZE
									       : -ENOMEM;
		result = check_end(answer, &searched);
	}
	return result < 0 ? result : 0;
}

int vty_say(int fd, const char *command, struct timestamp until, struct buffer *answer)
{
	int error = send_line(fd, command, until);

	answer->limit = VTY_ANSWER_MAX;
	buffer_reset(answer);
	return error ? error : receive_answer(fd, until, answer);
}

int vty_ask(const char *path, const char *command, struct timestamp until, struct buffer *answer)
{
	/* vtysh begins with this, too: the daemon takes commands for the privileged only then. */
	const char *const lines[] = {"enable", command};
	int fd = vty_connect(path), error = 0;

	if (fd < 0)
		return fd;
	for (unsigned i = 0; i < 2 && !error; i++)
		error = vty_say(fd, lines[i], until, answer);
	(void)close(fd); /* all was read */
	return error;
}

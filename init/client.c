#include "init/client.h"

#include "init/commands.h"
#include "init/control_socket.h"
#include "init/loop.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define SEND_TIMEOUT_S	  10
#define STATUS_TIMEOUT_MS 10000

static int connect_at(const char *rundir)
{
	const struct timeval send_timeout = {.tv_sec = SEND_TIMEOUT_S};
	struct sockaddr_un address;
	int error = control_address(rundir, &address);

	if (error)
		return error;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* Also bounds connect(2), which would wait for ever for a server that accepts no more. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send_timeout, sizeof(send_timeout));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		error = errno == EAGAIN ? -ETIMEDOUT : -errno;
	else if (!control_trusts(fd))
		error = -ENOENT; /* in /tmp anybody may listen: that is not firsthop */
	if (!error)
		return fd;
	(void)close(fd);
	return error;
}

/* The first socket that is answered on. When none is: the first error that says more than that
 * nobody is there. */
static int connect_anywhere(void)
{
	int result = -ENOENT;
	const char *rundir;

	for (unsigned i = 0; (rundir = control_rundir(i)); i++) {
		int fd = connect_at(rundir);

		if (fd >= 0)
			return fd;
		if (result == -ENOENT && fd != -ECONNREFUSED && fd != -ENOTDIR)
			result = fd;
	}
	return result;
}

static int send_all(int fd, const struct buffer *bytes)
{
	size_t sent = 0;

	while (sent < bytes->length) {
		ssize_t count = send(fd, bytes->data + sent, bytes->length - sent, MSG_NOSIGNAL);

		if (count < 0 && errno != EINTR)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (count > 0)
			sent += (size_t)count;
	}
	return 0;
}

/* Waits until there is something to read. 0, -ETIMEDOUT or -errno. */
static int wait_readable(int fd, struct timestamp until)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	for (;;) {
		int timeout = -1;
		if (!timestamp_is_never(until)) {
			int64_t left_ms = timestamp_elapsed_ms(loop_clock(), until);
			/* Rounded up, or the last part of a millisecond would be a busy loop. */
			timeout = left_ms < INT32_MAX ? (int)left_ms + 1 : INT32_MAX;
		}
		int count = poll(&poll_fd, 1, timeout);
		if (count > 0)
			return 0;
		if (count < 0 && errno != EINTR)
			return -errno;
		if (!timestamp_before(loop_clock(), until))
			return -ETIMEDOUT;
	}
}

static int receive_frame(
	int fd, struct timestamp until, struct buffer *bytes, struct frame *ret_frame)
{
	char chunk[65536];

	for (;;) {
		int result = frame_read(bytes->data, bytes->length, PROTOCOL_REPLY_MAX, ret_frame);
		if (result != 0)
			return result == 1 ? 0 : -EPROTO;
		result = wait_readable(fd, until);
		if (result)
			return result;
		ssize_t count = recv(fd, chunk, sizeof(chunk), 0);
		if (count == 0)
			return -ECONNRESET;
		if (count < 0 && errno != EINTR)
			return -errno;
		if (count > 0)
			buffer_add(bytes, chunk, (size_t)count);
		if (bytes->failed)
			return -ENOMEM;
	}
}

int client_ask(const struct request *request, int64_t timeout_ms, struct buffer *bytes,
	struct frame *ret_frame)
{
	struct timestamp until =
		timeout_ms < 0 ? TIMESTAMP_NEVER : timestamp_add_ms(loop_clock(), timeout_ms);
	struct buffer out = {0};
	int fd = connect_anywhere();

	if (fd < 0)
		return fd;
	protocol_put_request(&out, request);
	int error = out.failed ? -ENOMEM : send_all(fd, &out);
	/* A server that refuses may close before it has read all; what it said can still be read.
	 */
	if (error == 0 || error == -EPIPE || error == -ECONNRESET)
		error = receive_frame(fd, until, bytes, ret_frame);
	buffer_free(&out);
	(void)close(fd);
	return error;
}

int client_listen(
	const struct request *request, int64_t timeout_ms, client_frame_fn *fn, void *context)
{
	struct buffer out = {0}, in = {0};
	int next = CLIENT_MORE, error, fd = connect_anywhere();

	if (fd < 0)
		return fd;
	protocol_put_request(&out, request);
	error = out.failed ? -ENOMEM : send_all(fd, &out);
	while (!error && next != CLIENT_ENOUGH) {
		struct timestamp until = next == CLIENT_FOREVER
						 ? TIMESTAMP_NEVER
						 : timestamp_add_ms(loop_clock(), timeout_ms);
		struct frame frame;

		error = receive_frame(fd, until, &in, &frame);
		if (error)
			break;
		next = fn(context, &frame);
		error = next < 0 ? next : 0;
		buffer_consume(&in, frame.frame_bytes);
	}
	buffer_free(&in);
	buffer_free(&out);
	(void)close(fd);
	return error;
}

int client_ask_plain(const struct request *request, int64_t timeout_ms, struct arena *arena,
	struct reply *ret_reply)
{
	struct buffer bytes = {0};
	struct frame frame;
	int error = client_ask(request, timeout_ms, &bytes, &frame);

	if (!error)
		error = protocol_get_reply(&frame, arena, ret_reply);
	buffer_free(&bytes);
	return error;
}

/* "/run/firsthop, /dev/shm/firsthop": where was looked. */
static void print_rundirs(void)
{
	const char *rundir;

	for (unsigned i = 0; (rundir = control_rundir(i)); i++)
		fprintf(stderr, "%s%s", i ? ", " : "", rundir);
}

int client_complain(const char *verb, int error)
{
	fprintf(stderr, "firsthop %s: ", verb);
	switch (error) {
	case -ENOENT:
		fputs("firsthop is not running here (no socket in ", stderr);
		print_rundirs();
		fputs(")\n", stderr);
		break;
	case -EACCES:
	case -EPERM:
		fputs("only root, and to look the members of [node] control_group, may talk to "
		      "firsthop\n",
			stderr);
		break;
	case -ECONNRESET:
		fputs("firsthop ended before it answered\n", stderr);
		break;
	case -ETIMEDOUT:
		fputs("firsthop did not answer in time\n", stderr);
		break;
	case -EPROTONOSUPPORT:
	case -ENOSYS:
	case -EPROTO:
		fputs("what answers is not a firsthop that this one (" FIRSTHOP_VERSION
		      ") understands\n",
			stderr);
		break;
	default:
		fprintf(stderr, "%s\n", strerror(-error));
		break;
	}
	return EXIT_CODE_SYSTEM;
}

int client_refused(const char *verb, const struct reply *reply)
{
	struct buffer text = {0};

	human_add_printable(&text, reply->text, strlen(reply->text), true);
	fprintf(stderr, "firsthop %s: %s\n", verb, text.length ? text.data : "refused");
	buffer_free(&text);
	return reply->code == PROTOCOL_ERROR_NO_SERVICE ? EXIT_CODE_CONFIG : EXIT_CODE_SYSTEM;
}

int client_undecoded(const char *verb, int error, const struct frame *frame, struct arena *arena)
{
	struct reply reply;

	if (error == -ENOSYS && protocol_get_reply(frame, arena, &reply) == 0 &&
		reply.type == REPLY_ERROR)
		return client_refused(verb, &reply);
	return error ? client_complain(verb, error) : 0;
}

/* A firsthop that is older than this program is asked once more, in a form that it knows. */
static int ask_status(
	const char *verb, uint8_t minor, struct arena *arena, struct status *ret_status)
{
	const struct request request = {.type = REQUEST_STATUS, .minor = minor};
	struct buffer bytes = {0};
	struct frame frame;
	struct reply reply;
	int error = client_ask(&request, STATUS_TIMEOUT_MS, &bytes, &frame);
	int code = 0;

	if (!error)
		error = protocol_get_status(&frame, arena, ret_status);
	if (error == -ENOSYS && protocol_get_reply(&frame, arena, &reply) == 0 &&
		reply.type == REPLY_ERROR)
		code = reply.code == PROTOCOL_ERROR_VERSION && minor > 0
			       ? ask_status(verb, 0, arena, ret_status)
			       : client_refused(verb, &reply);
	else if (error)
		code = client_complain(verb, error);
	buffer_free(&bytes);
	return code;
}

int client_ask_status(const char *verb, struct arena *arena, struct status *ret_status)
{
	return ask_status(verb, PROTOCOL_MINOR, arena, ret_status);
}

/* The control socket: requests and answers of supervisor/protocol.h over init/server.h. A request
 * is taken apart each time that its answer is asked for: who waits for a level of health does so
 * with the bytes that it has sent. */
#include "init/control.h"

#include "init/control_answer.h"
#include "init/control_records.h"
#include "init/control_socket.h"
#include "init/listen.h"
#include "init/server.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKET_MODE = 0600, SOCKET_MODE_READERS = 0660 };

#define REQUEST_BYTES (PROTOCOL_HEADER_BYTES + PROTOCOL_REQUEST_MAX)

struct control {
	struct server *server;
	struct server_rules rules;
	const struct control_operations *operations;
	struct sockaddr_un address;
	gid_t readers; /* CONTROL_NO_GROUP: there are none */
};

static enum server_answer answer_request(const struct control *control, uint64_t client,
	const struct request *request, struct buffer *out)
{
	if (request->type == REQUEST_RECORDS)
		return control_answer_records(control->operations, client, request, out);
	return control_answer(control->operations, request, out) ? SERVER_ANSWERED : SERVER_WAITS;
}

/* Readers may look. */
static bool may_ask(const struct control *control, uint64_t client, const struct request *request)
{
	return server_role(control->server, client) == CONTROL_ACTS ||
	       protocol_only_reads(request->type);
}

static enum server_answer answer(
	void *context, uint64_t client, struct buffer *in, struct buffer *out)
{
	const struct control *control = context;
	struct frame frame;
	struct request request;
	int result = frame_read(in->data, in->length, PROTOCOL_REQUEST_MAX, &frame);
	size_t taken = result == 1 ? frame.frame_bytes : 0;

	if (result == 0)
		return SERVER_NO_REQUEST;
	if (result == 1)
		result = protocol_get_request(&frame, &request);
	if (result == 0 && !may_ask(control, client, &request))
		result = -EPERM;
	if (result == 0) {
		enum server_answer answer = answer_request(control, client, &request, out);

		if (answer == SERVER_ANSWERED)
			buffer_consume(in, taken);
		return answer;
	}
	buffer_consume(in, taken);
	control_refuse(result, out);
	/* A stream that is not of this protocol cannot be trusted any further. */
	return result == -EPROTO || result == -EMSGSIZE ? SERVER_LAST : SERVER_ANSWERED;
}

static void closed(void *context, uint64_t client)
{
	const struct control *control = context;

	control->operations->gone(control->operations->context, client);
}

/* The socket's mode keeps others out as well; this holds also where the mode was changed. */
static int admits(void *context, int fd)
{
	const struct control *control = context;
	int role = control_role(fd, control->readers);
	struct buffer out = {0};

	if (role >= 0)
		return role;
	control_refuse(role, &out);
	if (!out.failed)
		(void)send(fd, out.data, out.length, MSG_DONTWAIT | MSG_NOSIGNAL); /* courtesy */
	buffer_free(&out);
	return role;
}

int control_set_readers(struct control *control, gid_t readers)
{
	const char *path = control->address.sun_path;

	if (readers == control->readers)
		return 0;
	/* In this order nobody is let in by the wrong one of the two. The directory is ours: no
	 * one puts something else in its place. */
	if (chmod(path, SOCKET_MODE) < 0)
		return -errno;
	control->readers = readers;
	if (readers == CONTROL_NO_GROUP)
		return 0;
	if (chown(path, (uid_t)-1, readers) < 0 || chmod(path, SOCKET_MODE_READERS) < 0)
		return -errno;
	return 0;
}

struct timestamp control_expire(struct control *control, struct timestamp now)
{
	return control ? server_expire(control->server, now) : TIMESTAMP_NEVER;
}

void control_notice(struct control *control)
{
	if (control)
		server_notice(control->server);
}

int control_open(struct loop *loop, const char *rundir, const struct control_operations *operations,
	struct control **ret_control)
{
	struct control *control = calloc(1, sizeof(*control));
	int fd = -1, r;

	if (!control)
		return -ENOMEM;
	*control = (struct control){
		.operations = operations,
		.readers = CONTROL_NO_GROUP,
		.rules = {.context = control,
			.request_max = REQUEST_BYTES,
			.answer_max = PROTOCOL_HEADER_BYTES + PROTOCOL_REPLY_MAX,
			.pending_max = (size_t)2 * PROTOCOL_REPLY_MAX,
			.admits = admits,
			.answer = answer,
			.closed = closed},
	};
	r = control_address(rundir, &control->address);
	if (r == 0)
		r = fd = listen_at(&control->address, SOCKET_MODE, LISTEN_OWN_GROUP);
	if (r >= 0)
		r = server_open(loop, fd, &control->rules, &control->server);
	if (r < 0) {
		if (fd >= 0) {
			(void)unlink(control->address.sun_path);
			(void)close(fd);
		}
		free(control);
		return r;
	}
	*ret_control = control;
	return 0;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	(void)unlink(control->address.sun_path); /* before the close: nobody finds it deaf */
	server_close(control->server);
	free(control);
}

/* control_fake: a control socket with a made-up supervisor behind it, in a child process, and what
 * a client needs that is no command: raw connections, requests, replies. */
#ifndef FIRSTHOP_TESTS_UNIT_CONTROL_FAKE_H
#define FIRSTHOP_TESTS_UNIT_CONTROL_FAKE_H

#include "init/control.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/commands.h"
#include "init/control_socket.h"
#include "init/follow.h"
#include "init/listen.h"
#include "init/loop.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol.h"
#include "supervisor/reload.h"
#include "supervisor/status.h"
#include "tests/check.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVICES   1000
#define PATIENCE   20000 /* ms until a test that hangs fails */
#define CLIENTS	   32	 /* what the server admits, see init/control.c */
#define NOBODY	   65534
#define READERS	   4711
#define LARGE	   (3u << 20) /* bytes of output of the service "large" */
#define ANSWER_MAX (PROTOCOL_HEADER_BYTES + PROTOCOL_REPLY_MAX)

static char rundir[] = "/tmp/firsthop-control.XXXXXX";
static int server_pipe = -1; /* closing it ends the server */
static pid_t server_pid;
static gid_t server_readers = CONTROL_NO_GROUP;

/* The made-up supervisor: a reload makes it healthy. */
struct fake {
	bool healthy, stopped;
	uint64_t client; /* that has got so many `frames` */
	unsigned frames, gone;
};

static inline int fake_status(
	void *context, struct arena *arena, bool usage, struct status *ret_status)
{
	struct status_service *services = arena_array(arena, SERVICES, sizeof(*services));

	(void)context;
	(void)usage;
	if (!services)
		return -ENOMEM;
	for (unsigned i = 0; i < SERVICES; i++)
		services[i] = (struct status_service){
			.name = arena_printf(arena, "service-%u", i),
			.reason = "this is here to make the answer larger than what a socket takes",
		};
	*ret_status = (struct status){
		.hostname = "fake", .services = services, .service_count = SERVICES};
	return 0;
}

static inline bool fake_health(
	void *context, enum health_level level, char *reason, size_t reason_bytes)
{
	const struct fake *fake = context;

	snprintf(reason, reason_bytes, "level %s", health_level_name(level));
	return fake->healthy || level == HEALTH_STARTED;
}

/* As in a container. */
static inline int fake_shutdown(void *context, enum node_end end)
{
	if (end != NODE_END_POWEROFF)
		return -ENOTSUP;
	((struct fake *)context)->stopped = true;
	return 0;
}

static inline int fake_reload(
	void *context, bool dry_run, struct arena *arena, struct reload_report *ret_report)
{
	struct fake *fake = context;

	(void)arena;
	*ret_report = (struct reload_report){.accepted = !fake->healthy, .applied = !dry_run};
	fake->healthy |= !dry_run;
	return 0;
}

static inline int fake_logs(
	void *context, const char *service, unsigned lines, struct buffer *buffer)
{
	(void)context;
	if (service && strcmp(service, "large") == 0) {
		for (unsigned i = 0; i < LARGE / 8; i++)
			buffer_add(buffer, "1234567\n", 8);
		return 0;
	}
	if (service && strcmp(service, "known") != 0)
		return -ENOENT;
	buffer_printf(buffer, "%s %u\n", service ? service : "all", lines);
	return 0;
}

/* "many" has three frames, the last of them only once it is asked for again; then it goes on. */
static inline int fake_records(
	void *context, uint64_t client, const struct log_query *query, struct buffer *out)
{
	struct fake *fake = context;
	struct records records = {.lost = 7};
	const struct record record = {.service = "many", .text = "a\0b", .length = 3};
	struct buffer body = {0};

	if (query->name_count && strcmp(query->names[0], "many") != 0)
		return -ENOENT;
	if (fake->client != client)
		fake->frames = 0;
	fake->client = client;
	if (fake->frames == 3)
		return FOLLOW_NOTHING;
	records.caught_up = ++fake->frames == 3;
	records.count = 1;
	protocol_add_record(&body, &record);
	protocol_put_records(out, &records, &body);
	buffer_free(&body);
	return records.caught_up && !query->follow ? FOLLOW_LAST : FOLLOW_MORE;
}

static inline void fake_gone(void *context, uint64_t client)
{
	(void)client;
	((struct fake *)context)->gone++;
}

static inline void on_parent_gone(void *context, int fd, uint32_t events)
{
	(void)fd;
	(void)events;
	*(bool *)context = true;
}

static inline struct control_operations fake_operations(struct fake *fake)
{
	return (struct control_operations){.context = fake,
		.status = fake_status,
		.health = fake_health,
		.shutdown = fake_shutdown,
		.reload = fake_reload,
		.logs = fake_logs,
		.records = fake_records,
		.gone = fake_gone};
}

/* The child: serves until the parent's end of the pipe is closed. */
static inline int serve(int parent, int told)
{
	struct fake fake = {.healthy = false};
	const struct control_operations operations = fake_operations(&fake);
	struct loop *loop = loop_create(4);
	struct control *control = NULL;
	bool gone = false;
	uint64_t id;

	if (!loop || control_open(loop, rundir, &operations, &control) < 0 ||
		control_set_readers(control, server_readers) < 0 ||
		loop_add(loop, parent, EPOLLIN, RANK_SIGNAL, on_parent_gone, &gone, &id) < 0 ||
		write(told, "x", 1) != 1)
		return 1;
	while (!gone && loop_wait(loop, control_expire(control, loop_clock())) == 0)
		control_notice(control);
	control_close(control);
	loop_free(loop);
	close(parent);
	close(told);
	return 0;
}

static inline void server_start(void)
{
	int alive[2], told[2];
	char byte;

	if (pipe(alive) < 0 || pipe(told) < 0)
		exit(1);
	fflush(stdout);
	server_pid = fork();
	if (server_pid == 0) {
		close(alive[1]);
		close(told[0]);
		exit(serve(alive[0], told[1]));
	}
	close(alive[0]);
	close(told[1]);
	CHECK_INT(read(told[0], &byte, 1), 1);
	close(told[0]);
	server_pipe = alive[1];
}

static inline void server_stop(void)
{
	int status = -1;

	close(server_pipe);
	CHECK_INT(waitpid(server_pid, &status, 0), server_pid);
	CHECK_INT(status, 0); /* also what the sanitizers find ends it with another */
}

static inline int connect_raw(void)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK_INT(control_address(rundir, &address), 0);
	CHECK_INT(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline void send_bytes(int fd, const void *bytes, size_t length)
{
	CHECK_INT(send(fd, bytes, length, MSG_NOSIGNAL), length);
}

static inline void send_request(int fd, const struct request *request)
{
	struct buffer bytes = {0};

	protocol_put_request(&bytes, request);
	send_bytes(fd, bytes.data, bytes.length);
	buffer_free(&bytes);
}

/* The next reply's type, 0 when the server has closed, -1 when nothing comes. `rest` keeps what was
 * read beyond it; the text of an error goes to `code`. */
static inline int next_reply(int fd, struct buffer *rest, enum protocol_error *ret_code)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	struct frame frame;
	char chunk[65536];

	for (;;) {
		int result = frame_read(rest->data, rest->length, PROTOCOL_REPLY_MAX, &frame);
		if (result < 0)
			return -1;
		if (result == 1)
			break;
		if (poll(&poll_fd, 1, PATIENCE) != 1)
			return -1;
		ssize_t count = recv(fd, chunk, sizeof(chunk), 0);
		if (count <= 0)
			return 0;
		buffer_add(rest, chunk, (size_t)count);
	}
	struct arena arena = {0};
	struct reply reply;
	if (ret_code && protocol_get_reply(&frame, &arena, &reply) == 0)
		*ret_code = reply.code;
	arena_free(&arena);
	int type = frame.type;
	buffer_consume(rest, frame.frame_bytes);
	return type;
}

static inline int only_reply(int fd, enum protocol_error *ret_code)
{
	struct buffer rest = {0};
	int type = next_reply(fd, &rest, ret_code);

	buffer_free(&rest);
	return type;
}

/* Another client asks, as the commands do. */
static inline void check_answers(void)
{
	const struct request request = {.type = REQUEST_STATUS};
	struct buffer bytes = {0};
	struct arena arena = {0};
	struct frame frame;
	struct status status = {0};

	CHECK_INT(client_ask(&request, PATIENCE, &bytes, &frame), 0);
	if (bytes.length > 0)
		CHECK_INT(protocol_get_status(&frame, &arena, &status), 0);
	CHECK_INT(status.service_count, SERVICES);
	arena_free(&arena);
	buffer_free(&bytes);
}

#endif

/* The control socket, for real: a server in a child process with a made-up supervisor, and clients
 * that behave, do nothing, or do harm. Whatever they do, the next one that asks is answered. */
#include "tests/unit/control_fake.h"

static void is_for_its_owner_only(void)
{
	char path[128];
	struct stat info;

	server_start();
	snprintf(path, sizeof(path), "%s/%s", rundir, CONTROL_SOCKET);
	CHECK_INT(stat(path, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0600);
	server_stop();
	CHECK_INT(stat(path, &info), -1);
}

static void answers_each_request(void)
{
	static const struct {
		struct request request;
		int type, code;
	} cases[] = {
		{{.type = REQUEST_HEALTH, .level = HEALTH_READY}, REPLY_HEALTH, 0},
		{{.type = REQUEST_HEALTH, .level = HEALTH_STARTED, .wait = true}, REPLY_HEALTH, 0},
		{{.type = REQUEST_LOGS, .service = "known", .lines = 3}, REPLY_TEXT, 0},
		{{.type = REQUEST_LOGS, .lines = 3}, REPLY_TEXT, 0},
		{{.type = REQUEST_LOGS, .service = "unknown", .lines = 3}, REPLY_ERROR,
			PROTOCOL_ERROR_NO_SERVICE},
		{{.type = REQUEST_CHANGE, .dry_run = true}, REPLY_CHANGE, 0},
		{{.type = REQUEST_RELOAD}, REPLY_OK, 0},
		{{.type = REQUEST_RELOAD}, REPLY_ERROR, PROTOCOL_ERROR_FAILED},
		{{.type = REQUEST_SHUTDOWN}, REPLY_OK, 0},
		{{.type = REQUEST_SHUTDOWN, .minor = PROTOCOL_MINOR_END, .end = NODE_END_REBOOT},
			REPLY_ERROR, PROTOCOL_ERROR_FAILED},
		{{.type = REQUEST_STATUS}, REPLY_STATUS, 0},
		{{.type = (enum message)99}, REPLY_ERROR, PROTOCOL_ERROR_UNKNOWN},
		{{.type = REQUEST_SHUTDOWN}, REPLY_OK, 0},
	};
	struct buffer rest = {0};

	server_start();
	int fd = connect_raw();
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum protocol_error code = 0;

		send_request(fd, &cases[i].request);
		CHECK_INT(next_reply(fd, &rest, &code), cases[i].type);
		CHECK_INT(code, cases[i].code);
	}
	close(fd);
	buffer_free(&rest);
	server_stop();
}

static void tells_what_it_does_not_speak(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		int code;
		bool closes;
	} cases[] = {
		{"fhop\1\xff\1\0\0\0\0\0", 12, PROTOCOL_ERROR_VERSION, false},
		{"fhop\2\0\1\0\0\0\0\0", 12, PROTOCOL_ERROR_VERSION, false},
		{"fhop\1\0\x63\0\0\0\0\0", 12, PROTOCOL_ERROR_UNKNOWN, false},
		{"fhop\1\0\1\0\1\0\0\0x", 13, PROTOCOL_ERROR_MALFORMED, true},
		{"fhop\1\0\1\0\xff\xff\xff\xff", 12, PROTOCOL_ERROR_MALFORMED, true},
		{"GET / HTTP/1.1\r\n\r\n", 18, PROTOCOL_ERROR_MALFORMED, true},
	};

	server_start();
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct request health = {.type = REQUEST_HEALTH};
		struct buffer rest = {0};
		enum protocol_error code = 0;
		int fd = connect_raw();

		send_bytes(fd, cases[i].bytes, cases[i].length);
		CHECK_INT(next_reply(fd, &rest, &code), REPLY_ERROR);
		CHECK_INT(code, cases[i].code);
		if (!cases[i].closes)
			send_request(fd, &health);
		CHECK_INT(next_reply(fd, &rest, NULL), cases[i].closes ? 0 : REPLY_HEALTH);
		close(fd);
		buffer_free(&rest);
	}
	server_stop();
}

static void lets_clients_wait_for_health(void)
{
	const struct request wait = {.type = REQUEST_HEALTH, .level = HEALTH_READY, .wait = true};
	const struct request reload = {.type = REQUEST_RELOAD};

	server_start();
	int first = connect_raw(), second = connect_raw(), other = connect_raw();
	send_request(first, &wait);
	send_request(second, &wait);
	close(second); /* gives up */
	check_answers();
	struct pollfd poll_fd = {.fd = first, .events = POLLIN};
	CHECK_INT(poll(&poll_fd, 1, 0), 0);
	send_request(other, &reload);
	CHECK_INT(only_reply(other, NULL), REPLY_OK);
	CHECK_INT(only_reply(first, NULL), REPLY_HEALTH);
	close(first);
	close(other);
	server_stop();
}

/* 200 that do nothing, and one that waits: the newest keep their place, and so does the one. */
static void survives_idle_clients(void)
{
	const struct request wait = {.type = REQUEST_HEALTH, .level = HEALTH_READY, .wait = true};
	const struct request reload = {.type = REQUEST_RELOAD};
	int idle[200];

	server_start();
	int waiter = connect_raw();
	send_request(waiter, &wait);
	check_answers();
	for (unsigned i = 0; i < 200; i++)
		idle[i] = connect_raw();
	check_answers();
	send_request(idle[199], &reload);
	CHECK_INT(only_reply(idle[199], NULL), REPLY_OK);
	CHECK_INT(only_reply(waiter, NULL), REPLY_HEALTH);
	CHECK_INT(only_reply(idle[0], NULL), 0); /* was closed for a newer one */
	for (unsigned i = 0; i < 200; i++)
		close(idle[i]);
	close(waiter);
	server_stop();
}

/* More waiters than there are places. */
static void survives_many_waiters(void)
{
	const struct request wait = {.type = REQUEST_HEALTH, .level = HEALTH_READY, .wait = true};
	int waiters[3 * CLIENTS];

	server_start();
	for (unsigned i = 0; i < 3 * CLIENTS; i++) {
		waiters[i] = connect_raw();
		send_request(waiters[i], &wait);
	}
	check_answers();
	for (unsigned i = 0; i < 3 * CLIENTS; i++)
		close(waiters[i]);
	check_answers();
	server_stop();
}

static void harm(unsigned kind, int fd)
{
	static const char junk[8192] = "junk";
	const struct request status = {.type = REQUEST_STATUS};

	switch (kind) {
	case 0: /* half a header */
		send_bytes(fd, "fhop\1\0", 6);
		break;
	case 1: /* a header, and never what it announces */
		send_bytes(fd, "fhop\1\0\5\0\0\x10\0\0", 12);
		break;
	case 2: /* no frame at all */
		(void)send(fd, junk, sizeof(junk), MSG_NOSIGNAL | MSG_DONTWAIT);
		break;
	case 3: /* large answers that it never reads */
		for (unsigned i = 0; i < 64; i++)
			send_request(fd, &status);
		break;
	case 4: /* half a request, and gone in one direction */
		send_bytes(fd, "fhop\1\0\1\0", 8);
		(void)shutdown(fd, SHUT_WR);
		break;
	default: /* a whole request, and gone */
		send_request(fd, &status);
		(void)shutdown(fd, SHUT_RDWR);
		break;
	}
}

static void survives_hostile_clients(void)
{
	int hostile[50];

	server_start();
	for (unsigned i = 0; i < 50; i++) {
		hostile[i] = connect_raw();
		harm(i % 6, hostile[i]);
	}
	for (unsigned i = 0; i < 10; i++)
		check_answers();
	for (unsigned i = 0; i < 50; i++)
		close(hostile[i]);
	check_answers();
	server_stop();
}

/* Who waits and goes away must not keep its place: else those who stay would lose theirs. */
static void forgets_waiters_that_left(void)
{
	const struct request wait = {.type = REQUEST_HEALTH, .level = HEALTH_READY, .wait = true};
	const struct request health = {.type = REQUEST_HEALTH};
	int stays[3];

	server_start();
	for (unsigned i = 0; i < CLIENTS - 1; i++) {
		int fd = connect_raw();

		send_request(fd, &wait);
		close(fd);
	}
	check_answers();
	for (unsigned i = 0; i < 3; i++)
		stays[i] = connect_raw();
	for (unsigned i = 0; i < 3; i++) {
		send_request(stays[i], &health);
		CHECK_INT(only_reply(stays[i], NULL), REPLY_HEALTH);
		close(stays[i]);
	}
	server_stop();
}

/* Answers that nobody reads: the oldest are dropped, the newest still comes. */
static void bounds_what_it_holds(void)
{
	const struct request large = {.type = REQUEST_LOGS, .service = "large", .lines = 1};
	const struct request health = {.type = REQUEST_HEALTH};
	int lazy[10];

	server_start();
	int idle = connect_raw(); /* older than all, but it holds nothing */
	for (unsigned i = 0; i < 10; i++) {
		struct pollfd poll_fd = {.events = POLLIN};

		lazy[i] = poll_fd.fd = connect_raw();
		send_request(lazy[i], &large);
		CHECK_INT(poll(&poll_fd, 1, PATIENCE), 1); /* it has been answered */
	}
	CHECK_INT(only_reply(lazy[0], NULL), 0);
	CHECK_INT(only_reply(lazy[9], NULL), REPLY_TEXT);
	send_request(idle, &health);
	CHECK_INT(only_reply(idle, NULL), REPLY_HEALTH);
	close(idle);
	for (unsigned i = 0; i < 10; i++)
		close(lazy[i]);
	check_answers();
	server_stop();
}

/* Many requests in one write, answers larger than the socket takes: all come, in order. */
static void answers_pipelined_requests(void)
{
	const struct request status = {.type = REQUEST_STATUS}, health = {.type = REQUEST_HEALTH};
	struct buffer bytes = {0}, rest = {.limit = (size_t)2 * ANSWER_MAX};

	server_start();
	int fd = connect_raw();
	for (unsigned i = 0; i < 20; i++)
		protocol_put_request(&bytes, i % 5 ? &health : &status);
	send_bytes(fd, bytes.data, bytes.length);
	for (unsigned i = 0; i < 20; i++)
		CHECK_INT(next_reply(fd, &rest, NULL), i % 5 ? REPLY_HEALTH : REPLY_STATUS);
	close(fd);
	buffer_free(&bytes);
	buffer_free(&rest);
	server_stop();
}

static void replaces_a_stale_socket_only(void)
{
	struct fake fake = {.healthy = false};
	const struct control_operations operations = fake_operations(&fake);
	struct loop *loop = loop_create(4);
	struct control *first = NULL, *second = NULL;
	struct sockaddr_un address;
	char long_name[200];

	CHECK_INT(control_address(rundir, &address), 0);
	int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(bind(stale, (const struct sockaddr *)&address, sizeof(address)), 0);
	close(stale);
	CHECK_INT(control_open(loop, rundir, &operations, &first), 0);
	CHECK_INT(control_open(loop, rundir, &operations, &second), -EADDRINUSE);
	CHECK(second == NULL);
	control_close(first);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK_INT(control_open(loop, long_name, &operations, &second), -ENAMETOOLONG);
	CHECK_INT(control_open(loop, "/none/such", &operations, &second), -ENOENT);
	control_close(NULL);
	control_notice(NULL);
	loop_free(loop);
}

static void tells_that_nobody_is_there(void)
{
	const struct request request = {.type = REQUEST_STATUS};
	struct buffer bytes = {0};
	struct frame frame;

	CHECK_INT(client_ask(&request, PATIENCE, &bytes, &frame), -ENOENT);
}

/* A server that says what no firsthop says. */
static void distrusts_what_is_answered(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		int result;
	} cases[] = {
		{"", 0, -ECONNRESET},
		{"fhop\1\0", 6, -ECONNRESET},
		{"HTTP/1.1 400 no\r\n", 17, -EPROTO},
		{"fhop\1\0\1\x80\xff\xff\xff\xff", 12, -EPROTO},
		{"fhop\2\0\3\x80\4\0\0\0\0\0\0\0", 16, -EPROTONOSUPPORT},
		{"fhop\1\0\x99\x80\0\0\0\0", 12, -ENOSYS},
		{"fhop\1\0\3\x80\3\0\0\0abc", 15, -EPROTO},
		{"fhop\1\0\3\x80\4\0\0\0\0\0\0\0", 16, 0},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct request request = {.type = REQUEST_RELOAD};
		struct sockaddr_un address;
		struct arena arena = {0};
		struct reply reply;

		CHECK_INT(control_address(rundir, &address), 0);
		int listener = listen_at(&address, 0600, LISTEN_OWN_GROUP);
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			struct pollfd poll_fd = {.fd = listener, .events = POLLIN};
			char byte;
			(void)poll(&poll_fd, 1, PATIENCE);
			int fd = accept(listener, NULL, NULL);
			(void)!read(fd, &byte, 1);
			(void)!write(fd, cases[i].bytes, cases[i].length);
			_exit(0);
		}
		int result = client_ask_plain(&request, PATIENCE, &arena, &reply);
		if (result != cases[i].result)
			fprintf(stderr, "case %u\n", i);
		CHECK_INT(result, cases[i].result);
		close(listener);
		(void)waitpid(child, NULL, 0);
		(void)unlink(address.sun_path);
		arena_free(&arena);
	}
}

int main(void)
{
	if (!mkdtemp(rundir) || setenv("FIRSTHOP_RUNDIR", rundir, 1) < 0) {
		perror(rundir);
		return 1;
	}
	RUN(is_for_its_owner_only);
	RUN(answers_each_request);
	RUN(tells_what_it_does_not_speak);
	RUN(lets_clients_wait_for_health);
	RUN(survives_idle_clients);
	RUN(survives_many_waiters);
	RUN(survives_hostile_clients);
	RUN(forgets_waiters_that_left);
	RUN(bounds_what_it_holds);
	RUN(answers_pipelined_requests);
	RUN(replaces_a_stale_socket_only);
	RUN(tells_that_nobody_is_there);
	RUN(distrusts_what_is_answered);
	(void)rmdir(rundir);
	return CHECK_EXIT_STATUS();
}

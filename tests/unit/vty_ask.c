/* Daemons that answer well, badly, slowly or not at all, each a child that takes one connection. */
#include "init/vty_ask.h"

#include "init/loop.h"
#include "supervisor/buffer.h"
#include "tests/check.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES(text) text, sizeof(text) - 1

/* After "enable" comes `first`, after the command `second`; NULL: it says no more, and stays. */
struct daemon {
	const char *first;
	size_t first_bytes;
	const char *second;
	size_t second_bytes;
	bool in_pieces, closes, is_endless;
};

static char directory[] = "/tmp/firsthop-vty-ask.XXXXXX";
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static bool read_line(int fd, const char *want)
{
	char line[64] = "";

	for (size_t at = 0; at < sizeof(line); at++) {
		if (read(fd, line + at, 1) != 1)
			return false;
		if (!line[at])
			return strcmp(line, want) == 0;
	}
	return false;
}

static void say(int fd, const char *bytes, size_t length, bool in_pieces)
{
	size_t step = in_pieces ? 1 : length;

	for (size_t at = 0; at < length; at += step)
		if (send(fd, bytes + at, step, MSG_NOSIGNAL) < 0)
			_exit(1);
}

static void serve(int listener, const struct daemon *daemon)
{
	static char filled[65536];
	int fd = accept(listener, NULL, NULL);

	memset(filled, 'x', sizeof(filled));
	if (fd < 0 || !read_line(fd, "enable"))
		_exit(1);
	if (daemon->first)
		say(fd, daemon->first, daemon->first_bytes, daemon->in_pieces);
	if (daemon->second && read_line(fd, "show x"))
		say(fd, daemon->second, daemon->second_bytes, daemon->in_pieces);
	while (daemon->is_endless)
		say(fd, filled, sizeof(filled), false);
	if (!daemon->closes)
		pause();
	_exit(0);
}

/* The result of asking such a daemon; its text goes into `answer`. */
static int ask(const struct daemon *daemon, int64_t timeout_ms, struct buffer *answer)
{
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)unlink(address.sun_path);
	CHECK_INT(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_INT(listen(listener, 1), 0);
	pid_t child = fork();
	if (child == 0)
		serve(listener, daemon);
	close(listener);
	int error = vty_ask(
		address.sun_path, "show x", timestamp_add_ms(loop_clock(), timeout_ms), answer);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return error;
}

static void check_ask(const struct daemon *daemon, int64_t timeout_ms, int want, const char *text)
{
	struct buffer answer = {0};

	CHECK_INT(ask(daemon, timeout_ms, &answer), want);
	if (want == 0)
		CHECK(answer.length == strlen(text) &&
			(!answer.length || memcmp(answer.data, text, answer.length) == 0));
	buffer_free(&answer);
}

#define LONG_MS	 60000
#define SHORT_MS 50
#define DONE	 "\0\0\0\0"

static void takes_an_answer(void)
{
	check_ask(&(struct daemon){BYTES(DONE), BYTES("{}\n" DONE), .closes = false}, LONG_MS, 0,
		"{}\n");
	check_ask(&(struct daemon){BYTES("hi" DONE), BYTES(DONE), .closes = false}, LONG_MS, 0, "");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("{}\n" DONE), .in_pieces = true}, LONG_MS, 0,
		"{}\n");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("{}\n" DONE), .closes = true}, LONG_MS, 0,
		"{}\n");
}

static void takes_nothing_else_for_one(void)
{
	check_ask(&(struct daemon){BYTES(DONE), BYTES("no\0\0\0\2"), .closes = false}, LONG_MS,
		-EPROTO, "");
	check_ask(&(struct daemon){BYTES("no\0\0\0\2"), NULL, 0, .closes = false}, LONG_MS, -EPROTO,
		"");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("a\0b\0c\0"), .closes = false}, LONG_MS,
		-EPROTO, "");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("a" DONE "b"), .closes = false}, LONG_MS,
		-EPROTO, "");
	check_ask(
		&(struct daemon){BYTES(DONE DONE), NULL, 0, .closes = false}, LONG_MS, -EPROTO, "");
}

static void gives_up(void)
{
	check_ask(&(struct daemon){NULL, 0, NULL, 0, .closes = false}, SHORT_MS, -ETIMEDOUT, "");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("{}\n\0\0"), .closes = false}, SHORT_MS,
		-ETIMEDOUT, "");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("{}\n\0\0"), .closes = true}, LONG_MS,
		-ECONNRESET, "");
	check_ask(&(struct daemon){BYTES(DONE), BYTES("{"), .is_endless = true}, LONG_MS, -EMSGSIZE,
		"");
}

static void sees_that_nobody_listens(void)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), LONG_MS);
	struct buffer answer = {0};
	char name[200];

	(void)unlink(address.sun_path);
	CHECK_INT(vty_ask(address.sun_path, "show x", until, &answer), -ENOENT);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_INT(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	close(listener);
	CHECK_INT(vty_ask(address.sun_path, "show x", until, &answer), -ECONNREFUSED);
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	CHECK_INT(vty_ask(name, "show x", until, &answer), -ENAMETOOLONG);
	buffer_free(&answer);
}

int main(void)
{
	if (!mkdtemp(directory))
		return 1;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/vty", directory);
	RUN(takes_an_answer);
	RUN(takes_nothing_else_for_one);
	RUN(gives_up);
	RUN(sees_that_nobody_listens);
	(void)unlink(address.sun_path);
	(void)rmdir(directory);
	return CHECK_EXIT_STATUS();
}

/* syslogd: a receiver of syslog that takes nothing but RFC 5424, to the letter.
 *
 *	syslogd PATH | ADDRESS:PORT [FILE]
 *
 * With FILE it reads nothing until that is there.
 *
 * For each datagram it prints "FACILITY.SEVERITY HOSTNAME APP-NAME PROCID LENGTH|MSG", or "bad: "
 *and what is wrong, and what has come. The first line is "listening". */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *at, *end;
static const char *wrong;

static void fail(const char *what)
{
	if (!wrong)
		wrong = what;
}

static bool take(char c)
{
	if (at < end && *at == c) {
		at++;
		return true;
	}
	return false;
}

static void want(char c, const char *what)
{
	if (!take(c))
		fail(what);
}

/* 1 to `most` digits, without a leading zero unless it is all. */
static unsigned number(unsigned most, const char *what)
{
	const char *start = at;
	unsigned value = 0;

	while (at < end && isdigit((unsigned char)*at) && (unsigned)(at - start) < most)
		value = value * 10 + (unsigned)(*at++ - '0');
	if (at == start || (*start == '0' && at - start > 1))
		fail(what);
	return value;
}

/* Exactly so many digits, from `least` to `most`. */
static void digits(unsigned count, unsigned least, unsigned most, const char *what)
{
	unsigned value = 0;

	for (unsigned i = 0; i < count; i++, at++) {
		if (at >= end || !isdigit((unsigned char)*at)) {
			fail(what);
			return;
		}
		value = value * 10 + (unsigned)(*at - '0');
	}
	if (value < least || value > most)
		fail(what);
}

static void timestamp(void)
{
	if (take('-'))
		return;
	digits(4, 0, 9999, "year");
	want('-', "behind the year");
	digits(2, 1, 12, "month");
	want('-', "behind the month");
	digits(2, 1, 31, "day");
	want('T', "T");
	digits(2, 0, 23, "hour");
	want(':', "behind the hour");
	digits(2, 0, 59, "minute");
	want(':', "behind the minute");
	digits(2, 0, 59, "second"); /* RFC 5424 forbids 60 */
	if (take('.')) {
		const char *start = at;

		while (at < end && isdigit((unsigned char)*at))
			at++;
		if (at == start || at - start > 6)
			fail("fraction");
	}
	if (take('Z'))
		return;
	if (!take('+'))
		want('-', "offset");
	digits(2, 0, 23, "hours of the offset");
	want(':', "in the offset");
	digits(2, 0, 59, "minutes of the offset");
}

/* 1 to `most` printable characters, none of them blank; its length. */
static int name(int most, const char *what, const char **ret_start)
{
	*ret_start = at;
	while (at<end && * at> ' ' && *at < 0x7f)
		at++;
	if (at == *ret_start || at - *ret_start > most)
		fail(what);
	return (int)(at - *ret_start);
}

static void receive(const char *bytes, size_t length)
{
	const char *host, *app, *process, *id;
	int host_bytes, app_bytes, process_bytes;
	unsigned priority;

	at = bytes;
	end = bytes + length;
	wrong = NULL;
	want('<', "<");
	priority = number(3, "priority");
	if (priority > 191)
		fail("priority above 191");
	want('>', ">");
	if (number(3, "version") != 1)
		fail("version");
	want(' ', "behind the version");
	timestamp();
	want(' ', "behind the time");
	host_bytes = name(255, "hostname", &host);
	want(' ', "behind the hostname");
	app_bytes = name(48, "app-name", &app);
	want(' ', "behind the app-name");
	process_bytes = name(128, "procid", &process);
	want(' ', "behind the procid");
	(void)name(32, "msgid", &id);
	want(' ', "behind the msgid");
	want('-', "structured data: none is expected");
	if (at < end)
		want(' ', "before the message");
	if (end - at >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		fail("a byte order mark: is it UTF-8?");
	if (wrong)
		printf("bad: %s: %.*s\n", wrong, (int)length, bytes);
	else
		printf("%u.%u %.*s %.*s %.*s %zu|%.*s\n", priority / 8, priority % 8, host_bytes,
			host, app_bytes, app, process_bytes, process, length, (int)(end - at), at);
	fflush(stdout);
}

static int open_socket(const char *where)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	struct sockaddr_in in = {.sin_family = AF_INET};
	const char *colon = strchr(where, ':');
	char host[64];
	int fd = socket(*where == '/' ? AF_UNIX : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (*where == '/') {
		snprintf(local.sun_path, sizeof(local.sun_path), "%s", where);
		(void)unlink(where);
		return bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0 ? -1 : fd;
	}
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	in.sin_port = htons((unsigned short)strtoul(colon + 1, NULL, 10));
	if (inet_pton(AF_INET, host, &in.sin_addr) != 1)
		return -1;
	return bind(fd, (struct sockaddr *)&in, sizeof(in)) < 0 ? -1 : fd;
}

int main(int argc, char **argv)
{
	static char bytes[65536];
	const struct timespec tick = {.tv_nsec = 10000000};
	int fd = argc > 1 ? open_socket(argv[1]) : -1;

	if (fd < 0) {
		fprintf(stderr, "syslogd: %s\n",
			argc > 1 ? strerror(errno) : "PATH | ADDRESS:PORT");
		return 1;
	}
	puts("listening");
	fflush(stdout);
	while (argc > 2 && access(argv[2], F_OK) < 0)
		nanosleep(&tick, NULL);
	for (;;) {
		ssize_t length = recv(fd, bytes, sizeof(bytes), 0);

		if (length >= 0)
			receive(bytes, (size_t)length);
		else if (errno != EINTR)
			return 1;
	}
}

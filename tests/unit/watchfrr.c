/* watchfrr.vty, for real: the server with a made-up supervisor, and clients that speak as vtysh
 * does, or do harm. Server and clients take turns in one process, so nothing here waits. */
#include "init/watchfrr.h"

#include "init/listen.h"
#include "init/loop.h"
#include "supervisor/buffer.h"
#include "supervisor/vty.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BYTES(text) text, sizeof(text) - 1
#define OK_REPLY    "\0\0\0\0"
#define MANY	    200
#define PUMPS	    20
#define SOON_MS	    100 /* longer than the server lets anybody wait */

static char directory[] = "/tmp/firsthop-watchfrr.XXXXXX";
static char path[64];

struct fake {
	struct loop *loop;
	struct watchfrr *watchfrr;
	struct watchfrr_operations operations;
	const char *lacks; /* NULL: may be saved */
	enum watchfrr_save save;
	unsigned saves;
};

static void fake_show(void *context, struct buffer *text)
{
	(void)context;
	buffer_add_text(text, "zebra ready\n");
}

static bool fake_save(void *context, struct buffer *why)
{
	struct fake *fake = context;

	if (fake->lacks)
		buffer_add_text(why, fake->lacks);
	fake->saves += !fake->lacks;
	fake->save = SAVE_RUNS;
	return !fake->lacks;
}

static enum watchfrr_save fake_saved(void *context, struct buffer *text)
{
	struct fake *fake = context;

	if (fake->save != SAVE_RUNS)
		buffer_printf(text, "run %u\n", fake->saves);
	return fake->save;
}

static void fake_open(struct fake *fake, gid_t group)
{
	*fake = (struct fake){.loop = loop_create(4)};
	fake->operations = (struct watchfrr_operations){
		.context = fake, .show = fake_show, .save = fake_save, .saved = fake_saved};
	CHECK_INT(watchfrr_open(fake->loop, path, group, &fake->operations, &fake->watchfrr), 0);
}

static void fake_close(struct fake *fake)
{
	watchfrr_close(fake->watchfrr);
	loop_free(fake->loop);
	CHECK_INT(access(path, F_OK), -1);
}

/* Lets the server do all that it can do now. */
/* Lets it do what there is to do, and what will be due at once: a crowd is let in by and by. */
static void pump(struct fake *fake)
{
	for (unsigned i = 0; i < PUMPS; i++) {
		struct timestamp now = loop_clock(), soon = timestamp_add_ms(now, SOON_MS);
		struct timestamp next = watchfrr_expire(fake->watchfrr, now);

		CHECK_INT(loop_wait(fake->loop, timestamp_before(next, soon) ? next : now), 0);
	}
}

static void end_save(struct fake *fake, enum watchfrr_save save)
{
	fake->save = save;
	watchfrr_notice(fake->watchfrr);
	pump(fake);
}

static struct sockaddr_un address_of(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	return address;
}

static int dial(struct fake *fake)
{
	struct sockaddr_un address = address_of(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK_INT(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	pump(fake);
	return fd;
}

static void say(struct fake *fake, int fd, const char *bytes, size_t length)
{
	CHECK_INT(send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT), length);
	pump(fake);
}

/* What has come is just that; `length` 0: nothing, and the connection stands. */
static void hear(int fd, const char *want, size_t length)
{
	char got[1024];
	ssize_t count = recv(fd, got, sizeof(got), MSG_DONTWAIT);

	if (length == 0) {
		CHECK(count < 0 && errno == EAGAIN);
		return;
	}
	CHECK_INT(count, length);
	CHECK(count == (ssize_t)length && memcmp(got, want, length) == 0);
}

static bool is_closed(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void is_for_the_group(void)
{
	gid_t group = geteuid() == 0 ? 12345 : LISTEN_OWN_GROUP;
	struct stat info, other;
	struct fake fake;
	mode_t mask = umask(077);

	fake_open(&fake, group);
	CHECK_INT(umask(mask), 077); /* is as it was */
	CHECK_INT(stat(path, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0770);
	CHECK_INT(info.st_uid, geteuid());
	CHECK_INT(info.st_gid, group == LISTEN_OWN_GROUP ? getegid() : group);
	fake_close(&fake);
	CHECK_INT(mkdir(path, 0700), 0); /* what is made later has our own group again */
	CHECK_INT(stat(path, &other), 0);
	CHECK_INT(other.st_gid, getegid());
	CHECK_INT(rmdir(path), 0);
}

/* `vtysh -c 'show watchfrr'`, and the load of a configuration by FRR 10.3. */
static void answers_as_a_daemon_does(void)
{
	struct fake fake;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int fd = dial(&fake);
	say(&fake, fd, BYTES("enable\0"));
	hear(fd, BYTES(OK_REPLY));
	say(&fake, fd, BYTES("show watchfrr\0"));
	hear(fd, BYTES("zebra ready\n" OK_REPLY));
	say(&fake, fd, BYTES("conf term file-lock\0XFRR_start_configuration\0"));
	hear(fd, BYTES(OK_REPLY OK_REPLY));
	say(&fake, fd, BYTES("watchfrr ignore bgpd\0"));
	hear(fd, BYTES("% firsthop watches the daemons, and ignores none on request.\n\0\0\0\1"));
	close(fd);
	fake_close(&fake);
}

static void takes_a_request_byte_by_byte(void)
{
	static const char request[] = "sh watchfrr"; /* and its NUL */
	struct fake fake;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int fd = dial(&fake);
	for (size_t i = 0; i < sizeof(request); i++) {
		hear(fd, "", 0);
		say(&fake, fd, request + i, 1);
	}
	hear(fd, BYTES("zebra ready\n" OK_REPLY));
	close(fd);
	fake_close(&fake);
}

/* The vtysh that saves is a client, too. */
static void answers_others_during_a_save(void)
{
	struct fake fake;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int user = dial(&fake), worker = dial(&fake);
	say(&fake, user, BYTES("enable\0do write integrated\0"));
	hear(user, BYTES(OK_REPLY));
	CHECK_INT(fake.saves, 1);
	say(&fake, worker, BYTES("enable\0"));
	hear(worker, BYTES(OK_REPLY));
	end_save(&fake, SAVE_RUNS);
	hear(user, "", 0);
	end_save(&fake, SAVE_DONE);
	hear(user, BYTES("run 1\n\0\0\0\0"));
	say(&fake, user, BYTES("do write integrated\0"));
	CHECK_INT(fake.saves, 2);
	end_save(&fake, SAVE_FAILED);
	hear(user, BYTES("run 2\n\0\0\0\x0d"));
	close(user);
	close(worker);
	fake_close(&fake);
}

static void refuses_with_the_reason(void)
{
	struct fake fake;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int fd = dial(&fake);
	fake.lacks = "% bgpd: down\n";
	say(&fake, fd, BYTES("write integrated\0"));
	hear(fd, BYTES("% bgpd: down\n\0\0\0\x0d"));
	CHECK_INT(fake.saves, 0);
	fake.lacks = NULL;
	say(&fake, fd, BYTES("write integrated\0"));
	CHECK_INT(fake.saves, 1);
	end_save(&fake, SAVE_DONE);
	hear(fd, BYTES("run 1\n\0\0\0\0"));
	close(fd);
	fake_close(&fake);
}

static void refuses_a_second_save_at_once(void)
{
	struct fake fake;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int first = dial(&fake), second = dial(&fake);
	say(&fake, first, BYTES("write integrated\0"));
	say(&fake, second, BYTES("write integrated\0"));
	hear(second, BYTES("% The configuration is being written already, for somebody else. "
			   "Try again.\n\0\0\0\x0d"));
	CHECK_INT(fake.saves, 1);
	end_save(&fake, SAVE_DONE);
	hear(first, BYTES("run 1\n\0\0\0\0"));
	hear(second, "", 0);
	say(&fake, second, BYTES("write integrated\0"));
	CHECK_INT(fake.saves, 2);
	close(first);
	close(second);
	fake_close(&fake); /* in the midst of a save */
}

/* The save goes on; what came of it is nobody else's answer. */
static void forgets_one_that_gave_up(void)
{
	struct fake fake;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int first = dial(&fake), second = dial(&fake);
	say(&fake, first, BYTES("write integrated\0"));
	close(first);
	pump(&fake);
	first = dial(&fake); /* in the same place */
	say(&fake, first, BYTES("write integrated\0"));
	hear(first, BYTES("% The configuration is being written already, for somebody else. "
			  "Try again.\n\0\0\0\x0d"));
	end_save(&fake, SAVE_DONE);
	hear(first, "", 0);
	say(&fake, second, BYTES("write integrated\0"));
	CHECK_INT(fake.saves, 2);
	end_save(&fake, SAVE_DONE);
	hear(second, BYTES("run 2\n\0\0\0\0"));
	close(first);
	close(second);
	fake_close(&fake);
}

static void closes_on_an_endless_line(void)
{
	static const char text[] = "% The line is too long.\n\0\0\0\x0d";
	char junk[VTY_REQUEST_MAX];
	struct fake fake;

	memset(junk, 'x', sizeof(junk));
	fake_open(&fake, LISTEN_OWN_GROUP);
	int fd = dial(&fake);
	say(&fake, fd, junk, sizeof(junk) - 1);
	hear(fd, "", 0);
	say(&fake, fd, junk, 1);
	hear(fd, text, sizeof(text) - 1);
	CHECK(is_closed(fd));
	close(fd);
	fake_close(&fake);
}

/* Nobody takes the place of one that waits for its save, nor is one who comes last left out. */
static void survives_many_clients(void)
{
	struct fake fake;
	int idle[MANY];

	fake_open(&fake, LISTEN_OWN_GROUP);
	int user = dial(&fake);
	say(&fake, user, BYTES("write integrated\0"));
	for (unsigned i = 0; i < MANY; i++) {
		idle[i] = dial(&fake);
		if (i % 3 == 0)
			say(&fake, idle[i], BYTES("no end"));
	}
	CHECK(is_closed(idle[0]));
	say(&fake, idle[MANY - 1], BYTES("enable\0"));
	hear(idle[MANY - 1], BYTES(OK_REPLY));
	end_save(&fake, SAVE_DONE);
	hear(user, BYTES("run 1\n\0\0\0\0"));
	for (unsigned i = 0; i < MANY; i++)
		close(idle[i]);
	close(user);
	pump(&fake);
	user = dial(&fake);
	say(&fake, user, BYTES("enable\0"));
	hear(user, BYTES(OK_REPLY));
	close(user);
	fake_close(&fake);
}

/* Many requests, answers never fetched: its own connection stalls, and no other. */
static void survives_one_that_never_reads(void)
{
	struct fake fake;
	ssize_t sent = 0;

	fake_open(&fake, LISTEN_OWN_GROUP);
	int lazy = dial(&fake), other = dial(&fake);
	for (unsigned i = 0; i < 2000 && sent >= 0; i++) {
		for (unsigned j = 0; j < 50 && sent >= 0; j++)
			sent = send(lazy, BYTES("show watchfrr\0"), MSG_NOSIGNAL | MSG_DONTWAIT);
		pump(&fake);
	}
	CHECK(sent < 0 && errno == EAGAIN);
	say(&fake, other, BYTES("enable\0"));
	hear(other, BYTES(OK_REPLY));
	close(lazy);
	close(other);
	fake_close(&fake);
}

static void replaces_a_stale_socket_only(void)
{
	struct sockaddr_un address = address_of(path);
	struct watchfrr *second = NULL;
	char long_path[200];
	struct fake fake;

	int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(bind(stale, (const struct sockaddr *)&address, sizeof(address)), 0);
	close(stale);
	fake_open(&fake, LISTEN_OWN_GROUP);
	CHECK_INT(watchfrr_open(fake.loop, path, LISTEN_OWN_GROUP, &fake.operations, &second),
		-EADDRINUSE);
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	CHECK_INT(watchfrr_open(fake.loop, long_path, LISTEN_OWN_GROUP, &fake.operations, &second),
		-ENAMETOOLONG);
	CHECK_INT(
		watchfrr_open(fake.loop, "/none/such", LISTEN_OWN_GROUP, &fake.operations, &second),
		-ENOENT);
	CHECK(second == NULL);
	fake_close(&fake);
	watchfrr_notice(NULL);
	watchfrr_close(NULL);
}

int main(void)
{
	if (!mkdtemp(directory)) {
		perror(directory);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/watchfrr.vty", directory);
	RUN(is_for_the_group);
	RUN(answers_as_a_daemon_does);
	RUN(takes_a_request_byte_by_byte);
	RUN(answers_others_during_a_save);
	RUN(refuses_with_the_reason);
	RUN(refuses_a_second_save_at_once);
	RUN(forgets_one_that_gave_up);
	RUN(closes_on_an_endless_line);
	RUN(survives_many_clients);
	RUN(survives_one_that_never_reads);
	RUN(replaces_a_stale_socket_only);
	(void)rmdir(directory);
	return CHECK_EXIT_STATUS();
}

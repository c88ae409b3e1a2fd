/* Who may talk to the control socket, by the credentials of the other end, and for how long half a
 * request may take. */
#include "tests/unit/control_fake.h"

/* As nobody, with a socket whose mode lets it in. */
static int ask_as_nobody(void)
{
	enum protocol_error code = 0;

	if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		return 2;
	int fd = connect_raw();
	int type = only_reply(fd, &code);
	close(fd);
	return type == REPLY_ERROR && code == PROTOCOL_ERROR_DENIED ? 0 : 1;
}

static void denies_other_users(void)
{
	char path[128];
	int status = -1;

	server_start();
	snprintf(path, sizeof(path), "%s/%s", rundir, CONTROL_SOCKET);
	CHECK_INT(chmod(path, 0666), 0);
	CHECK_INT(chmod(rundir, 0755), 0);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(ask_as_nobody());
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK_INT(status, 0);
	check_answers();
	server_stop();
}

/* As nobody, in the group of readers by `gid` or by `groups`: looks, may not act, and looks again.
 */
static int ask_as_reader(gid_t gid, const gid_t *groups, size_t count)
{
	const struct request status = {.type = REQUEST_STATUS};
	const struct request order = {.type = REQUEST_ORDER, .name_count = 1, .names = {"a"}};
	const struct request shutdown = {.type = REQUEST_SHUTDOWN};
	struct buffer rest = {.limit = ANSWER_MAX};
	enum protocol_error code = 0;

	if (setgroups(count, groups) < 0 || setgid(gid) < 0 || setuid(NOBODY) < 0)
		return 2;
	int fd = connect_raw();
	send_request(fd, &status);
	bool right = next_reply(fd, &rest, NULL) == REPLY_STATUS;
	send_request(fd, &order);
	right &= next_reply(fd, &rest, &code) == REPLY_ERROR && code == PROTOCOL_ERROR_DENIED;
	code = 0;
	send_request(fd, &shutdown);
	right &= next_reply(fd, &rest, &code) == REPLY_ERROR && code == PROTOCOL_ERROR_DENIED;
	send_request(fd, &status);
	right &= next_reply(fd, &rest, NULL) == REPLY_STATUS;
	close(fd);
	buffer_free(&rest);
	return right ? 0 : 1;
}

static void readers_may_look_only(void)
{
	static const gid_t groups[] = {7, READERS, 9};
	const struct {
		gid_t gid;
		size_t count;
		int status;
	} cases[] = {{READERS, 0, 0}, {NOBODY, 3, 0}, {NOBODY, 1, -1}};
	struct stat info;
	char path[128];

	server_readers = READERS;
	server_start();
	snprintf(path, sizeof(path), "%s/%s", rundir, CONTROL_SOCKET);
	CHECK_INT(stat(path, &info), 0);
	CHECK_INT(info.st_mode & 0777, 0660);
	CHECK_INT(info.st_gid, READERS);
	CHECK_INT(chmod(rundir, 0755), 0);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = -1;

		/* Past the mode, who is not in the group is told so by firsthop itself. */
		CHECK_INT(chmod(path, cases[i].status ? 0666 : 0660), 0);
		fflush(stdout);
		pid_t child = fork();
		if (child == 0 && cases[i].status)
			_exit(ask_as_nobody());
		if (child == 0)
			_exit(ask_as_reader(cases[i].gid, groups, cases[i].count));
		CHECK_INT(waitpid(child, &status, 0), child);
		CHECK_INT(status, 0);
	}
	check_answers();
	server_stop();
	server_readers = CONTROL_NO_GROUP;
}

/* Whoever sends half a request has a limited time for the rest, and each byte of it does not buy
 * more; all others cost no wake-up. The time is the test's own. */
static void half_requests_expire(void)
{
	const struct request health = {.type = REQUEST_HEALTH};
	const struct request wait = {.type = REQUEST_HEALTH, .level = HEALTH_READY, .wait = true};
	struct fake fake = {.healthy = false};
	const struct control_operations operations = fake_operations(&fake);
	struct loop *loop = loop_create(4);
	struct control *control = NULL;
	struct timestamp due;

	CHECK_INT(control_open(loop, rundir, &operations, &control), 0);
	int idle = connect_raw(), waiter = connect_raw(), half = connect_raw();
	send_request(waiter, &wait);
	for (unsigned i = 0; i < 8; i++)
		CHECK_INT(loop_wait(loop, loop_clock()), 0);
	CHECK(timestamp_is_never(control_expire(control, loop_clock())));
	send_bytes(half, "fhop", 4);
	CHECK_INT(loop_wait(loop, TIMESTAMP_NEVER), 0);
	due = control_expire(control, loop_clock());
	CHECK(!timestamp_is_never(due) && timestamp_before(loop_clock(), due));
	send_bytes(half, "\1", 1);
	CHECK_INT(loop_wait(loop, TIMESTAMP_NEVER), 0);
	CHECK(control_expire(control, loop_clock()).ns == due.ns);
	CHECK(timestamp_is_never(control_expire(control, due)));
	CHECK_INT(only_reply(half, NULL), 0); /* closed */
	send_request(idle, &health);
	for (unsigned i = 0; i < 8; i++)
		CHECK_INT(loop_wait(loop, loop_clock()), 0);
	CHECK_INT(only_reply(idle, NULL), REPLY_HEALTH);
	close(idle);
	close(waiter);
	close(half);
	control_close(control);
	loop_free(loop);
}

int main(void)
{
	if (!mkdtemp(rundir) || setenv("FIRSTHOP_RUNDIR", rundir, 1) < 0) {
		perror(rundir);
		return 1;
	}
	if (geteuid() == 0) {
		RUN(denies_other_users);
		RUN(readers_may_look_only);
	} else {
		printf("skip denies_other_users: not root\nskip readers_may_look_only: not root\n");
	}
	RUN(half_requests_expire);
	(void)rmdir(rundir);
	return CHECK_EXIT_STATUS();
}

/* Small parts of init/: what a signal means, environments, run directory files, outgoing lines. */
#include "config/model.h"
#include "init/environment.h"
#include "init/loop.h"
#include "init/outgoing.h"
#include "init/passwd.h"
#include "init/prepare.h"
#include "init/rundir.h"
#include "init/signals.h"
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void signals_mean_what_they_should(void)
{
	static struct model model;
	static const struct {
		int signal;
		enum signal_duty duty;
	} cases[] = {
		{SIGTERM, DUTY_STOP},
		{SIGINT, DUTY_STOP},
		{37, DUTY_STOP},
		{SIGHUP, DUTY_RELOAD},
		{SIGUSR1, DUTY_STATUS},
		{SIGCHLD, DUTY_IGNORE},
		{SIGPIPE, DUTY_IGNORE},
		{SIGUSR2, DUTY_FORWARD},
		{SIGQUIT, DUTY_FORWARD},
		{64, DUTY_FORWARD},
		{0, DUTY_IGNORE},
		{65, DUTY_IGNORE},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(signals_decide(&model, false, cases[i].signal).duty, cases[i].duty);
	CHECK_INT(signals_decide(&model, false, SIGUSR2).send, SIGUSR2);
	model.signals[SIGTERM] = (struct signal_rule){.action = SIGNAL_SEND, .send = SIGQUIT};
	model.signals[SIGUSR2].action = SIGNAL_STOP;
	model.signals[SIGINT].action = SIGNAL_IGNORE;
	CHECK_INT(signals_decide(&model, false, SIGTERM).duty, DUTY_FORWARD);
	CHECK_INT(signals_decide(&model, false, SIGTERM).send, SIGQUIT);
	CHECK_INT(signals_decide(&model, false, SIGUSR2).duty, DUTY_STOP);
	CHECK_INT(signals_decide(&model, false, SIGINT).duty, DUTY_IGNORE);
	CHECK_INT(signals_decide(&model, true, SIGINT).duty, DUTY_IGNORE);
	model.signals[SIGQUIT].action = SIGNAL_HALT;
	CHECK_INT(signals_decide(&model, true, SIGQUIT).duty, DUTY_STOP);
	CHECK_INT(signals_decide(&model, true, SIGQUIT).end, NODE_END_HALT);
}

/* To the kernel's own init. */
static void signals_end_a_machine(void)
{
	static const struct model model;
	static const struct {
		int signal;
		enum signal_duty duty;
		enum node_end end;
	} cases[] = {
		{SIGTERM, DUTY_STOP, NODE_END_POWEROFF},
		{SIGINT, DUTY_STOP, NODE_END_REBOOT},
		{SIGPWR, DUTY_STOP, NODE_END_POWEROFF},
		{SIGUSR2, DUTY_STOP, NODE_END_POWEROFF},
		{37, DUTY_STOP, NODE_END_HALT},
		{38, DUTY_STOP, NODE_END_POWEROFF},
		{39, DUTY_STOP, NODE_END_REBOOT},
		{SIGUSR1, DUTY_STATUS, NODE_END_POWEROFF},
		{SIGHUP, DUTY_RELOAD, NODE_END_POWEROFF},
		{SIGQUIT, DUTY_FORWARD, NODE_END_POWEROFF},
		{SIGCHLD, DUTY_IGNORE, NODE_END_POWEROFF},
		{65, DUTY_IGNORE, NODE_END_POWEROFF},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(signals_decide(&model, true, cases[i].signal).duty, cases[i].duty);
		CHECK_INT(signals_decide(&model, true, cases[i].signal).end, cases[i].end);
	}
}

static void absurd_limits_are_not_passed_on(void)
{
	static const struct {
		rlim_t soft, hard, want;
	} cases[] = {
		{1024, 524288, 1024},
		{1048576, 1048576, 1048576},
		{1073741816, 1073741816, 1048576},
		{RLIM_INFINITY, RLIM_INFINITY, 1048576},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rlimit limit = prepare_limit_of_children(
			(struct rlimit){.rlim_cur = cases[i].soft, .rlim_max = cases[i].hard});

		CHECK_INT(limit.rlim_cur, cases[i].want);
		CHECK_INT(limit.rlim_max, cases[i].hard);
	}
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CHECK(file != NULL);
	if (file) {
		fputs(text, file);
		fclose(file);
	}
}

static void environments_are_layered(void)
{
	char path[] = "/tmp/firsthop-test.XXXXXX";
	const char *const files[] = {path, NULL}, *const own[] = {"B=own", "D=4", NULL};
	struct service spec = {
		.environment_files = {.word = files, .count = 1},
		.environment = {.word = own, .count = 2},
	};
	const struct passwd_user user = {.name = "joe", .home = "/home/joe"};
	struct environment environment;

	close(mkstemp(path));
	write_text(path, "# none\n  A='x y' \nB=file\nC=\"q\"r\n\n=none\nnone\nHOME=/file\n");
	setenv("B", "outside", 1);
	CHECK_INT(environment_make(&spec, &user, "/run/n", &environment), 0);
	CHECK_STR(environment_get(environment.variables, "A"), "x y");
	CHECK_STR(environment_get(environment.variables, "B"), "own");
	CHECK_STR(environment_get(environment.variables, "C"), "\"q\"r");
	CHECK_STR(environment_get(environment.variables, "D"), "4");
	CHECK_STR(environment_get(environment.variables, "USER"), "joe");
	CHECK_STR(environment_get(environment.variables, "HOME"), "/file");
	CHECK_STR(environment_get(environment.variables, "NOTIFY_SOCKET"), "/run/n");
	CHECK(!environment_get(environment.variables, "E"));
	environment_free(&environment);
	unlink(path);
	CHECK_INT(environment_make(&spec, NULL, NULL, &environment), -ENOENT);
	CHECK_STR(environment.failed_file, path);
	CHECK_INT(environment_make(&(struct service){0}, NULL, NULL, &environment), 0);
	CHECK(environment.variables == environ);
	environment_free(&environment);
}

static void users_by_number_need_no_entry(void)
{
	struct passwd_user user;

	CHECK_INT(passwd_find("0", NULL, &user), 0);
	CHECK_STR(user.name, "root");
	CHECK_INT(passwd_find("root", "4711", &user), 0);
	CHECK_INT(user.uid, 0);
	CHECK_INT(user.gid, 4711);
	CHECK_INT(user.groups[0], 4711);
	CHECK_INT(passwd_find("3999999999", NULL, &user), 0);
	CHECK_INT(user.uid, 3999999999u);
	CHECK_INT(user.gid, 3999999999u);
	CHECK_INT(user.group_count, 1);
	CHECK_INT(passwd_find("4294967295", NULL, &user), -ENOENT);
	CHECK_INT(passwd_find("no such user", NULL, &user), -ENOENT);
	CHECK_INT(passwd_find("root", "no such group", &user), -ENOENT);
}

static void files_are_replaced_whole(void)
{
	char directory[] = "/tmp/firsthop-test.XXXXXX", path[64], text[64] = "";
	struct stat before, after;

	CHECK(mkdtemp(directory) != NULL);
	snprintf(path, sizeof(path), "%s/a/b/file", directory);
	CHECK_INT(rundir_write_file(path, "one\n", 0600), 0);
	CHECK_INT(stat(path, &before), 0);
	CHECK_INT(before.st_mode & 0777, 0600);
	CHECK_INT(rundir_write_file(path, "one\n", 0600), 0);
	CHECK_INT(stat(path, &after), 0);
	CHECK(before.st_ino == after.st_ino);
	CHECK_INT(rundir_write_file(path, "one\ntwo\n", 0600), 0);
	CHECK_INT(rundir_write_file(path, "o", 0600), 0);
	int fd = open(path, O_RDONLY);
	CHECK_INT(read(fd, text, sizeof(text)), 1);
	close(fd);
	CHECK_INT(rundir_make_directories(path, 0755), -EEXIST);
	for (int i = 0; i < 4; i++) {
		remove(path);
		*strrchr(path, '/') = '\0';
	}
}

/* Nobody reads: lines are taken until the queue is full, then refused whole; our own still go. */
static void queue_is_bounded_and_whole(void)
{
	static char line[1000];
	struct loop *loop = loop_create(0);
	const struct iovec part = {.iov_base = line, .iov_len = sizeof(line)};
	struct outgoing *outgoing;
	size_t taken = 0, got = 0;
	char bytes[4096];
	ssize_t length;
	int fds[2];

	memset(line, 'z', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	CHECK_INT(pipe(fds), 0);
	outgoing = outgoing_create(loop, fds[1]);
	CHECK_INT(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0); /* the flag is ours alone */
	while (outgoing_add(outgoing, &part, 1, false)) {
		taken++;
		outgoing_flush(outgoing);
	}
	CHECK(taken > 256 && taken < 400);
	CHECK(!outgoing_is_empty(outgoing));
	CHECK(outgoing_add(outgoing, &part, 1, true));
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	while ((length = read(fds[0], bytes, sizeof(bytes))) > 0) {
		got += (size_t)length;
		CHECK_INT(loop_wait(loop, (struct timestamp){0}), 0);
	}
	CHECK_INT(got, (taken + 1) * sizeof(line));
	CHECK(outgoing_is_empty(outgoing));
	outgoing_free(outgoing);
	loop_free(loop);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	RUN(signals_mean_what_they_should);
	RUN(signals_end_a_machine);
	RUN(absurd_limits_are_not_passed_on);
	RUN(environments_are_layered);
	RUN(users_by_number_need_no_entry);
	RUN(files_are_replaced_whole);
	RUN(queue_is_bounded_and_whole);
	return CHECK_EXIT_STATUS();
}

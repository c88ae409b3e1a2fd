/* actor: plays a service. Its arguments are steps, done one after the other:
 *
 *	actor say hello  child  newline 3  pause
 *
 * After the last step it ends with 0. A step that cannot be done ends it with 99 and a line on
 * stderr. One static program, so that it runs in any image. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void fail(const char *step, const char *argument)
{
	fprintf(stderr, "actor: %s %s: %s\n", step, argument ? argument : "", strerror(errno));
	exit(99);
}

static long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || end == text) {
		errno = EINVAL;
		fail("number", text);
	}
	return value;
}

static void do_exit(const char *code)
{
	fflush(stdout);
	_exit((int)number(code));
}

static void do_kill(const char *signal_number)
{
	fflush(stdout);
	raise((int)number(signal_number));
}

static void do_ignore(const char *signal_number)
{
	signal((int)number(signal_number), SIG_IGN);
}

static void tell_signal(int signal_number)
{
	char line[] = "got signal 00\n";

	line[11] = (char)('0' + signal_number / 10);
	line[12] = (char)('0' + signal_number % 10);
	if (write(STDOUT_FILENO, line, sizeof(line) - 1) < 0)
		_exit(98);
}

static void do_tell(const char *signal_number)
{
	signal((int)number(signal_number), tell_signal);
}

static void end_well(int signal_number)
{
	tell_signal(signal_number);
	_exit(0);
}

static void do_catch(const char *signal_number)
{
	signal((int)number(signal_number), end_well);
}

static void do_say(const char *text)
{
	puts(text);
	fflush(stdout);
}

static void do_complain(const char *text)
{
	fprintf(stderr, "%s\n", text);
}

static void do_print(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

static void do_lines(const char *count)
{
	for (long i = 1; i <= number(count); i++)
		printf("line %ld of %s\n", i, count);
	fflush(stdout);
}

static void do_long(const char *bytes)
{
	for (long i = 0; i < number(bytes); i++)
		putchar('x');
	putchar('\n');
	fflush(stdout);
}

static void do_pause(const char *unused)
{
	(void)unused;
	for (;;)
		pause();
}

static void do_wait(const char *ms)
{
	poll(NULL, 0, (int)number(ms));
}

/* A child in the same process group, for ever. */
static void do_child(const char *name)
{
	if (fork() == 0) {
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		printf("%s is %d\n", name, (int)getpid());
		fflush(stdout);
		do_pause(NULL);
	}
}

/* Children whose parent is gone, and who end at once. */
static void do_orphans(const char *count)
{
	for (long i = 0; i < number(count); i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("orphans", count);
		if (pid == 0) {
			if (fork() == 0)
				_exit(0);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

/* One in a session of its own that stays, as a session of sshd does. */
static void do_daemon(const char *ignore_term)
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		if (fork() == 0) {
			if (number(ignore_term))
				signal(SIGTERM, SIG_IGN);
			do_pause(NULL);
		}
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void do_newline(const char *fd)
{
	if (write((int)number(fd), "\n", 1) != 1)
		fail("newline", fd);
}

static int unix_socket(const char *path, int type, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "%s", path);
	return socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
}

static void do_notify(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	int fd = unix_socket(path ? path : "", SOCK_DGRAM, &address);

	if (sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("notify", path);
	close(fd);
}

static void do_listen_unix(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, SOCK_STREAM, &address);

	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 5) < 0)
		fail("listen-unix", path);
}

static void do_listen_tcp(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)number(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 5) < 0)
		fail("listen-tcp", port);
}

/* Accepts and closes; hardly anybody can wait, so that one that does not accept is seen soon. */
static void do_accept_unix(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, SOCK_STREAM, &address);

	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 0) < 0)
		fail("accept-unix", path);
	for (;;)
		close(accept(fd, NULL, NULL));
}

/* Answers like an FRR daemon's vty: "echo X\0" with X and four zero bytes. In two pieces. */
static void serve_vty(const char *path, int delay_ms, const char *remark)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, SOCK_STREAM, &address);
	char request[64];

	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 5) < 0)
		fail("vty", path);
	for (;;) {
		int client = accept(fd, NULL, NULL);
		ssize_t length = read(client, request, sizeof(request));

		if (length == 10 && memcmp(request, "echo PING", 10) == 0 &&
			(write(client, "PI", 2) != 2 || poll(NULL, 0, delay_ms) != 0 ||
				write(client, "NG\n\0\0\0\0", 7) != 7))
			fail("vty", path);
		close(client);
		printf("%s", remark);
		fflush(stdout);
	}
}

static void do_vty(const char *path)
{
	serve_vty(path, 20, "");
}

static void do_slow_vty(const char *path)
{
	serve_vty(path, 300, "answered\n");
}

/* Asks such a one, and waits for its answer for as long as that takes. */
static void do_ask_vty(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, SOCK_STREAM, &address);
	char answer[9];
	size_t length = 0;

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		write(fd, "echo PING", 10) != 10)
		fail("ask-vty", path);
	while (length < sizeof(answer)) {
		ssize_t got = read(fd, answer + length, sizeof(answer) - length);

		if (got <= 0)
			fail("ask-vty", path);
		length += (size_t)got;
	}
	close(fd);
}

static void do_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		fail("file", path);
	close(fd);
}

static void do_unlink(const char *path)
{
	unlink(path);
}

static void do_pidfile(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		fail("pidfile", path);
	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
}

/* Goes on once the file is there. */
static void do_await(const char *path)
{
	while (access(path, F_OK) < 0)
		poll(NULL, 0, 5);
}

/* Ends with 1 the first time, goes on later. */
static void do_fail_once(const char *path)
{
	if (access(path, F_OK) == 0)
		return;
	do_file(path);
	do_exit("1");
}

static void do_ids(const char *unused)
{
	gid_t groups[64];
	int count = getgroups(64, groups);

	(void)unused;
	printf("uid=%d gid=%d groups=", (int)getuid(), (int)getgid());
	for (int i = 0; i < count; i++)
		printf("%s%d", i ? "," : "", (int)groups[i]);
	putchar('\n');
	fflush(stdout);
}

static void do_nofile(const char *unused)
{
	struct rlimit limit;

	(void)unused;
	getrlimit(RLIMIT_NOFILE, &limit);
	printf("nofile=%llu:%llu\n", (unsigned long long)limit.rlim_cur,
		(unsigned long long)limit.rlim_max);
	fflush(stdout);
}

/* Lines of /proc/self/status that begin so. */
static void do_status(const char *prefix)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, prefix, strlen(prefix)) == 0)
			fputs(line, stdout);
	}
	if (file)
		fclose(file);
	fflush(stdout);
}

static void do_env(const char *name)
{
	const char *value = getenv(name);

	printf("%s=%s\n", name, value ? value : "(unset)");
	fflush(stdout);
}

static void do_cwd(const char *unused)
{
	char path[4096];

	(void)unused;
	printf("cwd=%s\n", getcwd(path, sizeof(path)) ? path : "?");
	fflush(stdout);
}

static void do_fds(const char *unused)
{
	(void)unused;
	printf("fds=");
	for (int fd = 0; fd < 4096; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d,", fd);
	}
	putchar('\n');
	fflush(stdout);
}

static void do_nice(const char *unused)
{
	(void)unused;
	printf("nice=%d\n", getpriority(PRIO_PROCESS, 0));
	fflush(stdout);
}

static void do_umask(const char *unused)
{
	(void)unused;
	printf("umask=%03o\n", umask(0));
	fflush(stdout);
}

static void do_session(const char *unused)
{
	(void)unused;
	printf("leads-session=%s leads-group=%s\n", getsid(0) == getpid() ? "yes" : "no",
		getpgrp() == getpid() ? "yes" : "no");
	fflush(stdout);
}

static void do_tty(const char *unused)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	(void)unused;
	printf("tty=%s foreground=%s leads-group=%s\n", fd >= 0 ? "yes" : "no",
		tcgetpgrp(STDIN_FILENO) == getpgrp() ? "yes" : "no",
		getpgrp() == getpid() ? "yes" : "no");
	fflush(stdout);
	close(fd);
}

static void do_raw(const char *unused)
{
	struct termios settings;

	(void)unused;
	tcgetattr(STDIN_FILENO, &settings);
	cfmakeraw(&settings);
	tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

static void do_echo_state(const char *unused)
{
	struct termios settings;

	(void)unused;
	tcgetattr(STDIN_FILENO, &settings);
	printf("echo=%s\n", settings.c_lflag & ECHO ? "on" : "off");
	fflush(stdout);
}

/* A very small shell: says each line that it reads; "exit" and the end of input end it. */
static void do_shell(const char *prompt)
{
	char line[256];

	printf("%s\n", prompt);
	fflush(stdout);
	for (;;) {
		if (!fgets(line, sizeof(line), stdin)) {
			if (errno != EINTR)
				return;
			clearerr(stdin);
			continue;
		}
		if (strcmp(line, "exit\n") == 0)
			return;
		printf("read: %s", line);
		fflush(stdout);
	}
}

/* Reads stdin to its end and says it. */
static void do_cat(const char *unused)
{
	char bytes[4096];
	size_t length;

	(void)unused;
	while ((length = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
		fwrite(bytes, 1, length, stdout);
	fflush(stdout);
}

static const struct {
	const char *name;
	void (*run)(const char *argument);
	bool takes_argument;
} steps[] = {
	{"exit", do_exit, true},
	{"kill", do_kill, true},
	{"ignore", do_ignore, true},
	{"tell", do_tell, true},
	{"catch", do_catch, true},
	{"say", do_say, true},
	{"complain", do_complain, true},
	{"print", do_print, true},
	{"lines", do_lines, true},
	{"long", do_long, true},
	{"pause", do_pause, false},
	{"wait", do_wait, true},
	{"child", do_child, true},
	{"orphans", do_orphans, true},
	{"daemon", do_daemon, true},
	{"newline", do_newline, true},
	{"notify", do_notify, true},
	{"listen-unix", do_listen_unix, true},
	{"listen-tcp", do_listen_tcp, true},
	{"accept-unix", do_accept_unix, true},
	{"vty", do_vty, true},
	{"slow-vty", do_slow_vty, true},
	{"ask-vty", do_ask_vty, true},
	{"file", do_file, true},
	{"unlink", do_unlink, true},
	{"pidfile", do_pidfile, true},
	{"await", do_await, true},
	{"fail-once", do_fail_once, true},
	{"ids", do_ids, false},
	{"nofile", do_nofile, false},
	{"status", do_status, true},
	{"env", do_env, true},
	{"cwd", do_cwd, false},
	{"fds", do_fds, false},
	{"nice", do_nice, false},
	{"umask", do_umask, false},
	{"session", do_session, false},
	{"tty", do_tty, false},
	{"raw", do_raw, false},
	{"echo-state", do_echo_state, false},
	{"shell", do_shell, true},
	{"cat", do_cat, false},
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		unsigned step = 0;

		while (step < sizeof(steps) / sizeof(steps[0]) &&
			strcmp(steps[step].name, argv[i]) != 0)
			step++;
		if (step == sizeof(steps) / sizeof(steps[0]) ||
			(steps[step].takes_argument && i + 1 == argc)) {
			errno = EINVAL;
			fail("step", argv[i]);
		}
		steps[step].run(steps[step].takes_argument ? argv[++i] : NULL);
	}
	return 0;
}

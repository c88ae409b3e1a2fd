/* boot: boots one router and prints how long it took until it was true that it is up.
 *
 *	boot [-r] OUTPUT CHECK… -- COMMAND [ARG…]
 *
 *	-r	it also has to say READY, on a line of its own
 *	OUTPUT	takes what the router says
 *	CHECK	"DAEMON:ASK=TEXT": the daemon has to answer on its vty socket, ASK with TEXT in it
 *	COMMAND	becomes the parent of the router's PID 1, which writes "BEGIN nanoseconds" first
 *
 * Lines "name value", times in ms since BEGIN: answers (all daemons do), configured (all texts are
 * there), ready, up (the last of these); and `least`: the processor time of the daemons that there
 * are then, divided by the processors, so what no PID 1 could do without. Looks every two
 *milliseconds, from the outside, at what is not yet true. See FRR's lib/vty.c for the protocol: a
 *NUL-terminated command; text, three NULs and a status byte come back. */
#include "slots.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { CHECKS_MAX = 16, PATIENCE_S = 20, PERIOD_MS = 2, ANSWER_BYTES = 65536 };

struct check {
	const char *daemon, *ask, *text;
	uint64_t answered_at, configured_at;
};

struct boot {
	struct check checks[CHECKS_MAX];
	int check_count;
	bool wants_ready;
	const char *output;
	char **command;
	pid_t child, init;
	int lines, copy;
	uint64_t began_at, ready_at;
	char line[512];
	size_t line_length;
};

static void must(int result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "boot: %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

/* ---- what the router says ------------------------------------------------------------------- */

/* PID 1 is the only child of who makes the container. */
static pid_t find_init(pid_t container)
{
	char path[64];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", container, container);
	file = fopen(path, "r");
	must(file ? 0 : -1, path);
	must(fscanf(file, "%d", &pid) == 1 ? 0 : -1, "find PID 1");
	fclose(file);
	return pid;
}

static void take_line(struct boot *boot, const char *line)
{
	if (strncmp(line, "BEGIN ", 6) == 0) {
		boot->began_at = strtoull(line + 6, NULL, 10);
		boot->init = find_init(boot->child);
	} else if (strcmp(line, "READY") == 0 && !boot->ready_at) {
		boot->ready_at = slots_clock();
	}
}

/* False: there will be no more. */
static bool read_lines(struct boot *boot)
{
	char bytes[4096];
	ssize_t count = read(boot->lines, bytes, sizeof(bytes));

	if (count <= 0)
		return false;
	must((int)write(boot->copy, bytes, (size_t)count), boot->output);
	for (ssize_t i = 0; i < count; i++) {
		if (bytes[i] == '\n') {
			boot->line[boot->line_length] = '\0';
			boot->line_length = 0;
			take_line(boot, boot->line);
		} else if (bytes[i] != '\r' && boot->line_length < sizeof(boot->line) - 1) {
			boot->line[boot->line_length++] = bytes[i];
		}
	}
	return true;
}

/* ---- what is true --------------------------------------------------------------------------- */

static int connect_vty(const struct boot *boot, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = 1};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(fd, "socket");
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/%d/root/run/frr/%.24s.vty",
		boot->init, name);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* The answer's text as a string; false when there is none. */
static bool ask_vty(int fd, const char *command, char *answer)
{
	size_t length = 0;

	if (send(fd, command, strlen(command) + 1, MSG_NOSIGNAL) < 0)
		return false;
	while (length < ANSWER_BYTES) {
		ssize_t count = recv(fd, answer + length, ANSWER_BYTES - length, 0);

		if (count <= 0)
			return false;
		length += (size_t)count;
		if (length >= 4 && memcmp(answer + length - 4, "\0\0\0", 3) == 0)
			return true;
	}
	return false;
}

static void look(const struct boot *boot, struct check *check)
{
	static char answer[ANSWER_BYTES];
	int fd = connect_vty(boot, check->daemon);

	if (fd < 0)
		return;
	if (!check->answered_at && ask_vty(fd, "echo PING", answer) &&
		strcmp(answer, "PING\n") == 0)
		check->answered_at = slots_clock();
	if (check->answered_at && ask_vty(fd, "enable", answer) &&
		ask_vty(fd, check->ask, answer) && strstr(answer, check->text))
		check->configured_at = slots_clock();
	close(fd);
}

static bool look_at_all(struct boot *boot)
{
	bool all = boot->began_at != 0;

	for (int i = 0; boot->began_at && i < boot->check_count; i++) {
		if (!boot->checks[i].configured_at)
			look(boot, &boot->checks[i]);
		all &= boot->checks[i].configured_at != 0;
	}
	return all && (boot->ready_at || !boot->wants_ready);
}

/* ---------------------------------------------------------------------------------------------- */

/* ms that the threads of the process ran, see Documentation/scheduler/sched-stats.rst. */
static double ran_ms(int pid)
{
	char path[64];
	unsigned long long ns, all = 0;
	struct dirent *entry;
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/task/%.16s/schedstat", pid, entry->d_name);
		file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
		if (!file)
			continue;
		if (fscanf(file, "%llu", &ns) == 1)
			all += ns;
		fclose(file);
	}
	if (threads)
		closedir(threads);
	return (double)all / 1e6;
}

/* Of all processes below PID 1 but the console, which comes after all others. */
static double daemons_ms(int parent)
{
	char path[64], name[32] = "";
	double all = 0;
	FILE *file;
	int pid;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	file = fopen(path, "r");
	while (file && fscanf(file, "%d", &pid) == 1) {
		FILE *comm;

		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		comm = fopen(path, "r");
		if (comm && fscanf(comm, "%31s", name) == 1 && strcmp(name, "vtysh") != 0)
			all += ran_ms(pid) + daemons_ms(pid);
		if (comm)
			fclose(comm);
	}
	if (file)
		fclose(file);
	return all;
}

static void tell(const struct boot *boot)
{
	uint64_t answered = 0, configured = 0, up;

	for (int i = 0; i < boot->check_count; i++) {
		const struct check *check = &boot->checks[i];

		answered = check->answered_at > answered ? check->answered_at : answered;
		configured = check->configured_at > configured ? check->configured_at : configured;
	}
	printf("answers %.1f\n", (double)(answered - boot->began_at) / 1e6);
	printf("configured %.1f\n", (double)(configured - boot->began_at) / 1e6);
	if (boot->wants_ready)
		printf("ready %.1f\n", (double)(boot->ready_at - boot->began_at) / 1e6);
	/* A READY that came too early is not believed. */
	up = boot->ready_at > configured ? boot->ready_at : configured;
	printf("up %.1f\n", (double)(up - boot->began_at) / 1e6);
	printf("least %.1f\n", daemons_ms(boot->init) / (double)sysconf(_SC_NPROCESSORS_ONLN));
}

static void start(struct boot *boot)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC), "pipe");
	boot->child = fork();
	must(boot->child, "fork");
	if (boot->child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		execvp(boot->command[0], boot->command);
		must(-1, boot->command[0]);
	}
	close(ends[1]);
	boot->lines = ends[0];
}

static volatile sig_atomic_t told_to_stop;

/* Only noted: PID 1 may be one that heeds no TERM, so it must be killed before we go. */
static void note_stop(int signal)
{
	(void)signal;
	told_to_stop = 1;
}

/* Until all is true. False when that will never be, after a message. */
static bool watch(struct boot *boot)
{
	uint64_t until = slots_clock() + (uint64_t)PATIENCE_S * 1000000000u;

	while (!look_at_all(boot)) {
		struct pollfd lines = {.fd = boot->lines, .events = POLLIN};

		if (slots_clock() > until) {
			for (int i = 0; i < boot->check_count; i++)
				if (!boot->checks[i].configured_at)
					fprintf(stderr, "boot: in vain: %s: %s\n",
						boot->checks[i].daemon, boot->checks[i].text);
			return false;
		}
		if (told_to_stop)
			return false;
		if (poll(&lines, 1, PERIOD_MS) > 0 && !read_lines(boot)) {
			fprintf(stderr, "boot: the router has ended\n");
			return false;
		}
	}
	return true;
}

/* What is measured is over, and how the router stops is another question. */
static void end(const struct boot *boot)
{
	kill(boot->init > 0 ? boot->init : boot->child, SIGKILL);
	while (waitpid(boot->child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Cuts the word; false when it is no check. */
static bool parse_check(char *word, struct check *ret_check)
{
	char *colon = strchr(word, ':'), *equals = colon ? strchr(colon, '=') : NULL;

	if (!equals)
		return false;
	*colon = *equals = '\0';
	*ret_check = (struct check){.daemon = word, .ask = colon + 1, .text = equals + 1};
	return true;
}

static void parse(struct boot *boot, int argc, char **argv)
{
	int i = 1;

	boot->wants_ready = argc > 1 && strcmp(argv[1], "-r") == 0;
	i += boot->wants_ready;
	if (i < argc)
		boot->output = argv[i++];
	while (i < argc && boot->check_count < CHECKS_MAX &&
		parse_check(argv[i], &boot->checks[boot->check_count])) {
		boot->check_count++;
		i++;
	}
	if (i + 1 >= argc || strcmp(argv[i], "--") != 0) {
		fprintf(stderr, "usage: boot [-r] OUTPUT CHECK… -- COMMAND [ARG…]\n");
		exit(100);
	}
	boot->command = argv + i + 1;
}

int main(int argc, char **argv)
{
	struct boot boot = {0};
	bool up;

	parse(&boot, argc, argv);
	boot.copy = open(boot.output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	must(boot.copy, boot.output);
	(void)signal(SIGTERM, note_stop);
	start(&boot);
	up = watch(&boot);
	if (up)
		tell(&boot);
	end(&boot);
	return !up;
}

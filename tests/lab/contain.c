/* contain: runs one program as PID 1 of a container made by hand, so that the lab needs no engine.
 *
 *	contain [-t] [-N] [-h NAME] [-e NAME=VALUE]… [-m MARK -k HOOK] WORK LOWER -- PROGRAM [ARG…]
 *
 *	LOWER	root tree, or several joined by ":" (the first lies on top); never written to
 *	WORK	an existing empty directory; inside the container's mount namespace a tmpfs lies on
 *it -t	give PID 1 a terminal, as `docker run -t` does, and join it to ours; ^] stops PID 1 -N stay
 *in this network namespace (by default: a new one)
 *	-m, -k	once PID 1 has written the line MARK, run `sh -c HOOK` with $CONTAIN_PID set, and
 *hold back PID 1's output while it runs; the terminal is joined after that
 *
 * The container has what an engine's has: new PID, mount, UTS and IPC namespaces, an own /proc
 *(with only /proc/sys/net writable), /sys read-only, a small /dev, a tmpfs on /run, Docker's
 *default capabilities plus NET_ADMIN and SYS_ADMIN. TERM, INT and HUP are passed on as TERM. Ends
 *with PID 1's exit code, 128 + signal, or 111 when the container could not be made.
 */
#include "inside.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

enum { DETACH_KEY = 0x1d, MARK_PATIENCE_MS = 60000 };

struct relay {
	const struct options *options;
	pid_t child;
	int signals, output;
	struct termios cooked;
	struct timespec began;
	bool marked;	/* the mark was seen, or nobody waits for it any more */
	bool joined;	/* our terminal is raw and feeds PID 1's */
	char line[256]; /* the line so far, while looking for the mark */
	size_t line_length;
};

static void copy_size(const struct relay *relay)
{
	struct winsize size;

	if (relay->options->tty && ioctl(0, TIOCGWINSZ, &size) == 0)
		(void)ioctl(
			relay->output, TIOCSWINSZ, &size); /* a wrong size is no reason to end */
}

static void join_terminal(struct relay *relay)
{
	struct termios raw;

	if (!relay->options->tty || tcgetattr(0, &relay->cooked) != 0)
		return;
	raw = relay->cooked;
	cfmakeraw(&raw);
	relay->joined = tcsetattr(0, TCSADRAIN, &raw) == 0;
}

static void run_hook(const struct relay *relay)
{
	char number[16];
	sigset_t none;
	pid_t hook;

	join(number, sizeof(number), "%d", (int)relay->child);
	hook = fork();
	if (hook == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setenv("CONTAIN_PID", number, 1);
		execl("/bin/sh", "sh", "-c", relay->options->hook, (char *)NULL);
		_exit(127);
	}
	while (hook > 0 && waitpid(hook, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Returns how many of the bytes belong before the hook; sets *ret_found when the mark ends there.
 */
static size_t find_mark(struct relay *relay, const char *bytes, size_t count, bool *ret_found)
{
	const char *mark = relay->options->mark;

	*ret_found = false;
	for (size_t i = 0; mark && i < count; i++) {
		if (bytes[i] != '\n') {
			if (bytes[i] != '\r' && relay->line_length < sizeof(relay->line) - 1)
				relay->line[relay->line_length++] = bytes[i];
			continue;
		}
		relay->line[relay->line_length] = '\0';
		relay->line_length = 0;
		if (strcmp(relay->line, mark) == 0) {
			*ret_found = true;
			return i + 1;
		}
	}
	return count;
}

static void write_all(int fd, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(fd, bytes, count);
		if (written < 0 && errno != EINTR)
			return; /* nobody reads any more; PID 1 must still be waited for */
		if (written > 0) {
			bytes += written;
			count -= (size_t)written;
		}
	}
}

static void pass_mark(struct relay *relay)
{
	relay->marked = true;
	if (relay->options->hook)
		run_hook(relay);
	join_terminal(relay);
}

static void show_output(struct relay *relay, const char *bytes, size_t count)
{
	bool found = false;
	size_t before = relay->marked ? count : find_mark(relay, bytes, count, &found);

	write_all(1, bytes, before);
	if (found)
		pass_mark(relay);
	write_all(1, bytes + before, count - before);
}

static void pass_keys(struct relay *relay)
{
	char bytes[1024];
	ssize_t count = read(0, bytes, sizeof(bytes));

	if (count <= 0 || memchr(bytes, DETACH_KEY, (size_t)count))
		kill(relay->child, SIGTERM);
	else
		write_all(relay->output, bytes, (size_t)count);
	if (count <= 0)
		relay->joined = false;
}

/* What is left of the mark's patience, for poll(2). */
static int patience_left(const struct relay *relay)
{
	struct timespec now;
	long long gone;

	if (relay->marked)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	gone = (now.tv_sec - relay->began.tv_sec) * 1000LL;
	return gone > MARK_PATIENCE_MS ? 0 : (int)(MARK_PATIENCE_MS - gone);
}

static void take_signal(const struct relay *relay)
{
	struct signalfd_siginfo info;

	if (read(relay->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH)
		copy_size(relay);
	else
		kill(relay->child, SIGTERM);
}

/* Until PID 1 and all that held its output are gone. */
static void relay_all(struct relay *relay)
{
	char bytes[4096];

	clock_gettime(CLOCK_MONOTONIC, &relay->began);
	if (!relay->options->mark)
		pass_mark(relay);
	for (;;) {
		struct pollfd fds[] = {{.fd = relay->signals, .events = POLLIN},
			{.fd = relay->output, .events = POLLIN},
			{.fd = relay->joined ? 0 : -1, .events = POLLIN}};
		ssize_t count;
		int events = poll(fds, 3, patience_left(relay));

		if (events == 0)
			pass_mark(relay);
		if (events <= 0)
			continue;
		if (fds[0].revents)
			take_signal(relay);
		if (fds[2].revents)
			pass_keys(relay);
		if (!fds[1].revents)
			continue;
		count = read(relay->output, bytes, sizeof(bytes));
		if (count <= 0) /* EIO: the terminal's last user is gone */
			return;
		show_output(relay, bytes, (size_t)count);
	}
}

static int open_master(pid_t child)
{
	char path[64];
	int master, unlock = 0;

	master = open(join(path, sizeof(path), "/proc/%d/root/dev/pts/ptmx", (int)child),
		O_RDWR | O_NOCTTY | O_CLOEXEC);
	must(master, path);
	must(ioctl(master, TIOCSPTLCK, &unlock), "unlock the terminal");
	return master;
}

static int run_parent(const struct options *options, struct meeting *meeting, pid_t child)
{
	struct relay relay = {.options = options, .child = child, .output = meeting->output[0]};
	sigset_t passed;
	int status;

	close(meeting->output[1]);
	close(meeting->to_parent[1]);
	close(meeting->to_child[0]);
	if (read(meeting->to_parent[0], &(char){0}, 1) == 1) {
		if (options->tty)
			relay.output = open_master(child);
		copy_size(&relay);
		sigfillset(&passed); /* only those below are read; the rest stay blocked */
		sigemptyset(&passed);
		for (size_t i = 0; i < 4; i++)
			sigaddset(&passed, (int[]){SIGTERM, SIGINT, SIGHUP, SIGWINCH}[i]);
		sigprocmask(SIG_BLOCK, &passed, NULL);
		relay.signals = signalfd(-1, &passed, SFD_CLOEXEC);
		must(relay.signals, "signalfd");
		must((int)write(meeting->to_child[1], "", 1), "start");
		relay_all(&relay);
	}
	while (waitpid(child, &status, 0) < 0)
		must(errno == EINTR ? 0 : -1, "waitpid");
	if (relay.joined)
		tcsetattr(0, TCSADRAIN, &relay.cooked);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void add_environment(struct options *options, char *entry)
{
	errno = E2BIG;
	must(options->environment_count < ENV_MAX - 1 ? 0 : -1, "environment");
	options->environment[options->environment_count++] = entry;
}

static void parse(struct options *options, int argc, char **argv)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char home[] = "HOME=/root", term[64] = "TERM=linux";
	int option;

	if (getenv("TERM"))
		join(term, sizeof(term), "TERM=%s", getenv("TERM"));
	add_environment(options, path);
	add_environment(options, home);
	add_environment(options, term);
	while ((option = getopt(argc, argv, "+tNh:e:m:k:")) != -1) {
		switch (option) {
		case 't':
			options->tty = true;
			break;
		case 'N':
			options->keep_net = true;
			break;
		case 'h':
			options->hostname = optarg;
			break;
		case 'e':
			add_environment(options, optarg);
			break;
		case 'm':
			options->mark = optarg;
			break;
		case 'k':
			options->hook = optarg;
			break;
		default:
			exit(100);
		}
	}
	/* getopt stops at WORK; "--" comes after LOWER. */
	if (argc - optind < 4 || strcmp(argv[optind + 2], "--") != 0) {
		fprintf(stderr, "usage: contain [options] WORK LOWER -- PROGRAM [ARG…]\n");
		exit(100);
	}
	options->work = argv[optind];
	options->lower = argv[optind + 1];
	options->program = argv + optind + 3;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct meeting meeting;
	int own;
	pid_t child;

	parse(&options, argc, argv);
	must(prctl(PR_SET_PDEATHSIG, SIGTERM), "parent death signal");
	must(pipe2(meeting.to_child, O_CLOEXEC), "pipe");
	must(pipe2(meeting.to_parent, O_CLOEXEC), "pipe");
	must(pipe2(meeting.output, O_CLOEXEC), "pipe");
	own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	must(own, "/proc/self/ns/pid");
	must(unshare(CLONE_NEWPID), "new namespaces (this needs root)");
	child = fork();
	must(child, "fork");
	if (child == 0)
		run_child(&options, &meeting);
	must(setns(own, CLONE_NEWPID),
		"stay outside"); /* the hook is no process of the container */
	return run_parent(&options, &meeting, child);
}

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
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { EXIT_SYSTEM = 111, DETACH_KEY = 0x1d, ENV_MAX = 32 };

struct options {
	const char *work, *lower, *hostname, *mark, *hook;
	char *const *program;
	char *environment[ENV_MAX];
	unsigned environment_count;
	bool tty, keep_net;
};

/* What parent and child tell each other while the container is made. */
struct meeting {
	int to_child[2], to_parent[2], output[2];
};

static void die(const char *what)
{
	fprintf(stderr, "contain: %s: %s\n", what, strerror(errno));
	exit(EXIT_SYSTEM);
}

static void must(int result, const char *what)
{
	if (result < 0)
		die(what);
}

static const char *join(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static const char *join(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, size, format, arguments);
	va_end(arguments);
	errno = ENAMETOOLONG;
	must(length < (int)size ? 0 : -1, "path");
	return buffer;
}

/* ---- the child: becomes PID 1 --------------------------------------------------------------- */

/* An engine's container has its loopback up. */
static void raise_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(control, "socket");
	must(ioctl(control, SIOCSIFFLAGS, &request), "loopback");
	close(control);
}

static void mount_root(const struct options *options)
{
	char text[4096];

	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	must(mount("tmpfs", options->work, "tmpfs", 0, "mode=755"), "tmpfs for changes");
	must(mkdir(join(text, sizeof(text), "%s/upper", options->work), 0755), text);
	must(mkdir(join(text, sizeof(text), "%s/work", options->work), 0755), text);
	must(mkdir(join(text, sizeof(text), "%s/root", options->work), 0755), text);
	join(text, sizeof(text), "lowerdir=%s,upperdir=%s/upper,workdir=%s/work", options->lower,
		options->work, options->work);
	char root[4096];
	must(mount("overlay", join(root, sizeof(root), "%s/root", options->work), "overlay", 0,
		     text),
		"overlay file system");
	must(chdir(root), root);
}

/* Relative paths: the new root is the working directory, not yet "/". */
static void mount_kernel_views(void)
{
	static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
	static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"}, {"fd/0", "dev/stdin"},
		{"fd/1", "dev/stdout"}, {"fd/2", "dev/stderr"}, {"pts/ptmx", "dev/ptmx"}};
	const unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	char from[64], to[64];

	must(mount("proc", "proc", "proc", plain, NULL), "proc");
	must(mount("proc/sys", "proc/sys", NULL, MS_BIND, NULL), "proc/sys");
	must(mount(NULL, "proc/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | plain, NULL),
		"proc/sys read-only");
	must(mount("proc/sys/net", "proc/sys/net", NULL, MS_BIND, NULL), "proc/sys/net");
	must(mount(NULL, "proc/sys/net", NULL, MS_REMOUNT | MS_BIND | plain, NULL),
		"proc/sys/net writable");
	(void)mount(
		"/dev/null", "proc/sysrq-trigger", NULL, MS_BIND, NULL); /* not in every kernel */
	must(mount("sysfs", "sys", "sysfs", plain | MS_RDONLY, NULL), "sys");
	must(mount("tmpfs", "run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"), "run");
	must(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755"), "dev");
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++) {
		join(from, sizeof(from), "/dev/%s", devices[i]);
		join(to, sizeof(to), "dev/%s", devices[i]);
		must(close(open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0666)), to);
		must(mount(from, to, NULL, MS_BIND, NULL), to);
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		must(symlink(links[i][0], links[i][1]), links[i][1]);
	must(mkdir("dev/pts", 0755), "dev/pts");
	must(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		     "newinstance,ptmxmode=0666,mode=0620,gid=5"),
		"dev/pts");
	must(mkdir("dev/shm", 01777), "dev/shm");
	must(mount("tmpfs", "dev/shm", "tmpfs", plain, "mode=1777"), "dev/shm");
}

static void enter_root(void)
{
	must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "leave the machine's root");
	must(chdir("/"), "/");
}

static void drop_capabilities(void)
{
	static const int kept[] = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_KILL,
		CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_NET_RAW,
		CAP_SYS_CHROOT, CAP_MKNOD, CAP_AUDIT_WRITE, CAP_SETFCAP, CAP_NET_ADMIN,
		CAP_SYS_ADMIN};
	unsigned long long mask = 0;

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		mask |= 1ULL << kept[i];
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (!(mask & 1ULL << cap))
			must(prctl(PR_CAPBSET_DROP, cap), "capabilities");
}

/* The parent opens the master through /proc/PID/root: the terminal then belongs to the container's
 * own /dev/pts, and its name there is true. */
static void take_terminal(void)
{
	int terminal;

	must(setsid(), "setsid");
	terminal = open("/dev/pts/0", O_RDWR | O_CLOEXEC);
	must(terminal, "/dev/pts/0");
	must(close(open("/dev/console", O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), "/dev/console");
	must(mount("/dev/pts/0", "/dev/console", NULL, MS_BIND, NULL), "/dev/console");
	for (int fd = 0; fd <= 2; fd++)
		must(dup2(terminal, fd), "terminal");
	must(ioctl(0, TIOCSCTTY, 0), "controlling terminal");
}

static void meet(int tell, int wait)
{
	char byte = 0;

	if (write(tell, &byte, 1) != 1 || read(wait, &byte, 1) != 1)
		exit(EXIT_SYSTEM); /* the other side has said why */
}

static void run_child(const struct options *options, const struct meeting *meeting)
{
	sigset_t none;

	must(prctl(PR_SET_PDEATHSIG, SIGKILL), "parent death signal");
	must(unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC |
		     (options->keep_net ? 0 : CLONE_NEWNET)),
		"new namespaces");
	raise_loopback();
	mount_root(options);
	mount_kernel_views();
	enter_root();
	if (options->hostname)
		must(sethostname(options->hostname, strlen(options->hostname)), "hostname");
	meet(meeting->to_parent[1], meeting->to_child[0]);
	if (options->tty) {
		take_terminal();
	} else {
		must(dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0), "/dev/null");
		must(dup2(meeting->output[1], 1), "output");
		must(dup2(meeting->output[1], 2), "output");
	}
	drop_capabilities();
	umask(022);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(options->program[0], options->program, options->environment);
	die(options->program[0]);
}

/* ---- the parent: passes on signals and bytes ------------------------------------------------ */

struct relay {
	const struct options *options;
	pid_t child;
	int signals, output;
	struct termios cooked;
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

static void show_output(struct relay *relay, const char *bytes, size_t count, bool *marked)
{
	bool found = false;
	size_t before = *marked ? count : find_mark(relay, bytes, count, &found);

	write_all(1, bytes, before);
	if (found) {
		*marked = true;
		run_hook(relay);
		join_terminal(relay);
	}
	write_all(1, bytes + before, count - before);
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
	bool marked = !relay->options->mark;
	char bytes[4096];

	if (marked)
		join_terminal(relay);
	for (;;) {
		struct pollfd fds[] = {{.fd = relay->signals, .events = POLLIN},
			{.fd = relay->output, .events = POLLIN},
			{.fd = relay->joined ? 0 : -1, .events = POLLIN}};
		ssize_t count;

		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[0].revents)
			take_signal(relay);
		if (fds[2].revents) {
			count = read(0, bytes, sizeof(bytes));
			if (count <= 0 || memchr(bytes, DETACH_KEY, (size_t)count))
				kill(relay->child, SIGTERM);
			else
				write_all(relay->output, bytes, (size_t)count);
			if (count <= 0)
				relay->joined = false;
		}
		if (fds[1].revents) {
			count = read(relay->output, bytes, sizeof(bytes));
			if (count <= 0) /* EIO: the terminal's last user is gone */
				return;
			show_output(relay, bytes, (size_t)count, &marked);
		}
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

/* inside: the child's half of contain(1): makes the container around itself and becomes its PID 1.
 * Whatever fails ends it with 111 and a line on stderr. */
#ifndef FIRSTHOP_TESTS_LAB_INSIDE_H
#define FIRSTHOP_TESTS_LAB_INSIDE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EXIT_SYSTEM = 111, ENV_MAX = 32 };

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

#endif

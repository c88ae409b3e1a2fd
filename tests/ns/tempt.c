/* tempt: tries what a confined service must not be able to do, and what it must. For each attempt a
 * line, "NAME OUTCOME":
 *
 *	denied	EPERM, EACCES, EROFS or ENOSYS
 *	killed	by SIGSYS
 *	reached	the kernel has looked at it: done, or refused for its arguments alone
 *
 * Arguments are such that what is reached does nothing. Each attempt is made by a child, because
 * some change who makes them, or kill. `tempt must` tries only what must go on: done, or the errno.
 * One static program, so that it runs in any image. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each returns -1 with errno, or what is no error. */
#define CALL(name, ...)                                                                            \
	static long try_##name(void)                                                               \
	{                                                                                          \
		return syscall(SYS_##name, __VA_ARGS__);                                           \
	}
#define BAD ((void *)8) /* nothing is mapped there */

CALL(mount, BAD, BAD, BAD, 0, 0)
CALL(umount2, BAD, 0)
CALL(pivot_root, BAD, BAD)
CALL(chroot, "/nonexistent")
CALL(fsopen, BAD, 0)
CALL(fsmount, -1, 0, 0)
CALL(fspick, -1, BAD, 0)
CALL(fsconfig, -1, 99, 0, 0, 0)
CALL(move_mount, -1, BAD, -1, BAD, 0)
CALL(open_tree, -1, BAD, 1)
CALL(mount_setattr, -1, BAD, 0, BAD, 0)
CALL(init_module, BAD, 0, BAD)
CALL(finit_module, -1, BAD, 0)
CALL(delete_module, BAD, 0)
CALL(kexec_load, 0, 0, 0, 0x80000000)
CALL(kexec_file_load, -1, -1, 0, 0, 0x80000000)
CALL(reboot, 1, 2, 3, 0)
CALL(swapon, BAD, 0)
CALL(swapoff, BAD)
CALL(clock_settime, 0, BAD)
CALL(settimeofday, BAD, 0)
CALL(adjtimex, BAD)
CALL(clock_adjtime, 0, BAD)
CALL(bpf, 5, BAD, 8)
CALL(perf_event_open, BAD, 0, -1, -1, 0)
CALL(userfaultfd, 0xf0)
CALL(memfd_secret, 0xf0)
CALL(add_key, BAD, BAD, 0, 0, 0)
CALL(request_key, BAD, BAD, 0, 0)
CALL(keyctl, 0, -3, 0)
CALL(acct, "/nonexistent")
CALL(quotactl, 0x800007, BAD, 0, 0)
CALL(sethostname, BAD, -1)
CALL(setdomainname, BAD, -1)
CALL(vhangup, 0)
CALL(syslog, 10, 0, 0)
CALL(fanotify_init, 0x80000000, 0)
CALL(open_by_handle_at, -1, BAD, 0)
CALL(pidfd_getfd, -1, 0, 0)
CALL(kcmp, 1, 1, 99, 0, 0)
CALL(process_vm_readv, 1, BAD, 1, BAD, 1, 0)
CALL(process_vm_writev, 1, BAD, 1, BAD, 1, 0)
CALL(io_uring_setup, 0, BAD)
CALL(io_setup, 0, BAD)
CALL(move_pages, 0, 1, BAD, 0, BAD, 0)
CALL(personality, 0x0040000) /* ADDR_NO_RANDOMIZE */
CALL(execveat, -1, BAD, 0, 0, 0)
#ifdef __x86_64__
CALL(iopl, 4)
CALL(ioperm, 70000, 1, 1)
CALL(modify_ldt, 99, 0, 0)
CALL(uselib, BAD)
CALL(sysfs, 99, 0, 0)
#endif

static long try_ptrace(void)
{
	return ptrace(PTRACE_PEEKDATA, 1, 0, 0);
}
static long try_ptrace_traceme(void)
{
	return ptrace(PTRACE_TRACEME, 0, 0, 0);
}
static long try_unshare_user(void)
{
	return unshare(CLONE_NEWUSER);
}
static long try_unshare_mount(void)
{
	return unshare(CLONE_NEWNS);
}
static long try_unshare_net(void)
{
	return unshare(CLONE_NEWNET);
}
static long try_unshare_pid(void)
{
	return unshare(CLONE_NEWPID);
}
static long try_setns(void)
{
	return syscall(SYS_setns, -1, 0);
}

static long try_clone_user(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

static long try_clone3_user(void)
{
	struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid == 0)
		_exit(0);
	return pid;
}

static long try_socket_raw(void)
{
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}
static long try_socket_packet(void)
{
	return socket(AF_PACKET, SOCK_RAW, htons(3));
}

static long try_bind_low(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(7)};

	return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof(address));
}

/* Asks for the change of a link that is not there; what the kernel answers. */
static long try_link_change(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {{sizeof(request), RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0},
		{.ifi_index = 99999}};
	char answer[512];
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0 ||
		recv(fd, answer, sizeof(answer), 0) < (ssize_t)sizeof(struct nlmsghdr))
		return -1;
	errno = -((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)answer))->error;
	return -1;
}

static long opened(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);

	if (fd >= 0)
		close(fd);
	return fd;
}

static long try_write_passwd(void)
{
	return opened("/etc/passwd", O_WRONLY | O_APPEND);
}
static long try_read_shadow(void)
{
	return opened("/etc/shadow", O_RDONLY);
}
static long try_write_usr(void)
{
	return opened("/usr/bin", O_WRONLY | O_TMPFILE); /* a file without a name */
}
static long try_write_proc_sys(void)
{
	return opened("/proc/sys/kernel/core_pattern", O_WRONLY);
}
static long try_write_sysrq(void)
{
	return opened("/proc/sysrq-trigger", O_WRONLY);
}
static long try_read_kcore(void)
{
	return opened("/proc/kcore", O_RDONLY);
}
static long try_mem_of_init(void)
{
	return opened("/proc/1/mem", O_RDWR);
}
static long try_environ_of_init(void)
{
	return opened("/proc/1/environ", O_RDONLY);
}
static long try_root_of_init(void)
{
	return opened("/proc/1/root/etc/hostname", O_RDONLY);
}

static long try_mknod(void)
{
	long r = syscall(SYS_mknodat, AT_FDCWD, "/tmp/tempted", S_IFBLK | 0600, 0x700);

	if (r == 0)
		unlink("/tmp/tempted");
	return r;
}

static long try_chown(void)
{
	return chown("/etc/passwd", 0, 0);
}
static long try_kill_init(void)
{
	return kill(1, 0);
}
static long try_setuid_root(void)
{
	return syscall(SYS_setresuid, -1, 0, -1);
}
static long try_setgroups(void)
{
	return syscall(SYS_setgroups, 0, NULL);
}
static long try_nice(void)
{
	return setpriority(PRIO_PROCESS, 0, -20);
}
static long try_mlockall(void)
{
	return syscall(SYS_mlockall, 1);
}

static long try_fifo(void)
{
	struct sched_param parameter = {.sched_priority = 50};

	return syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameter);
}

static long try_oom_score(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	long r = fd < 0 ? -1 : write(fd, "-1000", 5);

	return r;
}

/* What execve(2) of a setuid program gives: the copy of ourselves that `suid` names must be one. */
static const char *suid;

static long try_setuid_program(void)
{
	if (!suid || access(suid, X_OK) < 0) {
		errno = EPERM;
		return -1;
	}
	execl(suid, suid, "who", (char *)NULL);
	return -1;
}

#ifdef __x86_64__
/* getpid by other doors: that of 32 bit programs, and that of x32. */
static long try_i386(void)
{
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
	return r;
}
static long try_x32(void)
{
	return syscall(0x40000000 | SYS_getpid);
}
#endif

struct attempt {
	const char *name;
	long (*try)(void);
};

#define ATTEMPT(name)                                                                              \
	{                                                                                          \
#name, try_##name                                                                  \
	}

static const struct attempt attempts[] = {ATTEMPT(mount), ATTEMPT(umount2), ATTEMPT(pivot_root),
	ATTEMPT(chroot), ATTEMPT(fsopen), ATTEMPT(fsmount), ATTEMPT(fspick), ATTEMPT(fsconfig),
	ATTEMPT(move_mount), ATTEMPT(open_tree), ATTEMPT(mount_setattr), ATTEMPT(init_module),
	ATTEMPT(finit_module), ATTEMPT(delete_module), ATTEMPT(kexec_load),
	ATTEMPT(kexec_file_load), ATTEMPT(reboot), ATTEMPT(swapon), ATTEMPT(swapoff),
	ATTEMPT(clock_settime), ATTEMPT(settimeofday), ATTEMPT(adjtimex), ATTEMPT(clock_adjtime),
	ATTEMPT(bpf), ATTEMPT(perf_event_open), ATTEMPT(userfaultfd), ATTEMPT(memfd_secret),
	ATTEMPT(add_key), ATTEMPT(request_key), ATTEMPT(keyctl), ATTEMPT(acct), ATTEMPT(quotactl),
	ATTEMPT(sethostname), ATTEMPT(setdomainname), ATTEMPT(vhangup), ATTEMPT(syslog),
	ATTEMPT(fanotify_init), ATTEMPT(open_by_handle_at), ATTEMPT(pidfd_getfd), ATTEMPT(kcmp),
	ATTEMPT(process_vm_readv), ATTEMPT(process_vm_writev), ATTEMPT(io_uring_setup),
	ATTEMPT(io_setup), ATTEMPT(move_pages), ATTEMPT(personality), ATTEMPT(execveat),
	ATTEMPT(ptrace), ATTEMPT(ptrace_traceme), ATTEMPT(unshare_user), ATTEMPT(unshare_mount),
	ATTEMPT(unshare_net), ATTEMPT(unshare_pid), ATTEMPT(setns), ATTEMPT(clone_user),
	ATTEMPT(clone3_user), ATTEMPT(socket_raw), ATTEMPT(socket_packet), ATTEMPT(bind_low),
	ATTEMPT(link_change), ATTEMPT(write_passwd), ATTEMPT(read_shadow), ATTEMPT(write_usr),
	ATTEMPT(write_proc_sys), ATTEMPT(write_sysrq), ATTEMPT(read_kcore), ATTEMPT(mem_of_init),
	ATTEMPT(environ_of_init), ATTEMPT(root_of_init), ATTEMPT(mknod), ATTEMPT(chown),
	ATTEMPT(kill_init), ATTEMPT(setuid_root), ATTEMPT(setgroups), ATTEMPT(nice),
	ATTEMPT(mlockall), ATTEMPT(fifo), ATTEMPT(oom_score), ATTEMPT(setuid_program),
#ifdef __x86_64__
	ATTEMPT(iopl), ATTEMPT(ioperm), ATTEMPT(modify_ldt), ATTEMPT(uselib), ATTEMPT(sysfs),
	ATTEMPT(i386), ATTEMPT(x32),
#endif
	{NULL, NULL}};

/* What every daemon does. */

static long try_file(void)
{
	char path[] = "/tmp/tempt.XXXXXX", renamed[64], byte = 0;
	int fd = mkstemp(path);

	snprintf(renamed, sizeof(renamed), "%s.renamed", path);
	if (fd < 0 || write(fd, "x", 1) != 1 || fsync(fd) < 0 || pread(fd, &byte, 1, 0) != 1)
		return -1;
	close(fd);
	return rename(path, renamed) < 0 ? -1 : unlink(renamed);
}

static void *in_thread(void *done)
{
	*(int *)done = 1;
	return NULL;
}

static long try_thread(void)
{
	pthread_t thread;
	int done = 0;

	errno = pthread_create(&thread, NULL, in_thread, &done);
	if (errno || pthread_join(thread, NULL))
		return -1;
	return done ? 0 : -1;
}

static long try_child(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(execl("/proc/self/exe", "tempt", "nothing", (char *)NULL) ? 9 : 0);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	errno = ECHILD;
	return status == 0 ? 0 : -1;
}

static long try_tcp(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), client;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (server < 0 || bind(server, (struct sockaddr *)&address, length) < 0 ||
		listen(server, 1) < 0 ||
		getsockname(server, (struct sockaddr *)&address, &length) < 0)
		return -1;
	client = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(client, (struct sockaddr *)&address, length) < 0)
		return -1;
	return accept4(server, NULL, NULL, SOCK_CLOEXEC);
}

static long try_unix(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/tempt.%d", (int)getpid());
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return unlink(address.sun_path);
}

static long try_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static long try_loop(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct itimerspec soon = {.it_value = {.tv_nsec = 1}};
	int loop = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, 0);

	if (timerfd_settime(timer, 0, &soon, NULL) < 0 ||
		epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event) < 0)
		return -1;
	return epoll_wait(loop, &event, 1, 5000) == 1 ? 0 : -1;
}

static long try_memory(void)
{
	void *area =
		mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED || madvise(area, 1 << 20, MADV_DONTNEED) < 0)
		return -1;
	return mprotect(area, 4096, PROT_READ) < 0 ? -1 : munmap(area, 1 << 20);
}

static long try_signal(void)
{
	signal(SIGUSR1, SIG_IGN);
	return raise(SIGUSR1) ? -1 : 0;
}

static const struct attempt must[] = {ATTEMPT(file), ATTEMPT(thread), ATTEMPT(child), ATTEMPT(tcp),
	ATTEMPT(unix), ATTEMPT(netlink), ATTEMPT(loop), ATTEMPT(memory), ATTEMPT(signal),
	{NULL, NULL}};

/* In a child: its errno, 0, or minus the signal that killed it. */
static int outcome(const struct attempt *attempt)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		errno = 0;
		_exit(attempt->try() < 0 ? errno : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return errno;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static const char *verdict(int error)
{
	switch (error) {
	case -SIGSYS:
		return "killed";
	case EPERM:
	case EACCES:
	case EROFS:
	case ENOSYS:
		return "denied";
	default:
		return "reached";
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "nothing") == 0)
		return 0;
	if (strcmp(what, "who") == 0) /* as a setuid program of root: */
		return geteuid() == 0 && getuid() != 0 ? 0 : EPERM;
	if (strcmp(what, "must") == 0) {
		for (const struct attempt *at = must; at->name; at++) {
			int error = outcome(at);

			printf("%s %s\n", at->name, error ? strerror(abs(error)) : "done");
		}
	} else {
		suid = argc > 2 ? argv[2] : NULL;
		for (const struct attempt *at = attempts; at->name; at++)
			printf("%s %s\n", at->name, verdict(outcome(at)));
	}
	puts("tempted");
	fflush(stdout);
	for (;;)
		pause();
}

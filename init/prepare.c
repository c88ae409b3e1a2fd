#include "init/prepare.h"

#include "config/model.h"
#include "init/message.h"
#include "init/passwd.h"
#include "init/preparation.h"
#include "init/rundir.h"
#include "init/signals.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FIRST_FD = 3,
	LOOPBACK_INDEX = 1, /* in each network namespace, by the kernel's promise */
};

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

int prepare_process(void)
{
	int fd;

	/* So that no later descriptor lands on 0, 1 or 2. */
	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			return -errno;
	} while (fd < FIRST_FD);
	(void)close(fd); /* /dev/null */
	/* Whoever started us may have left descriptors open: no service shall get them. Where the
	 * kernel has no close_range(2) (before Linux 5.9) they are left. */
	(void)syscall(SYS_close_range, FIRST_FD, ~0U, 0);
	signals_block();
	if (chdir("/") < 0)
		return -errno;
	/* The socket of who started us is not for our services to speak to. */
	(void)unsetenv("NOTIFY_SOCKET");
	return setenv("PATH", default_path, 0) < 0 ? -errno : 0;
}

int prepare_reaper(void)
{
	if (getpid() == 1)
		return 0;
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -errno : 0;
}

bool prepare_open_files(struct rlimit *ret_children)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= limit.rlim_max)
		return false;
	*ret_children = limit;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Is it up? By netdevice(7), which takes no lock that other containers' set-up holds, and each
 * engine has raised it already. What cannot be asked is taken to be down. */
static bool loopback_is_up(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP;

	(void)close(fd); /* was only asked */
	return up;
}

/* libnl's error, 0 when it is up. */
static int raise_loopback(struct nl_sock *socket)
{
	struct rtnl_link *link = rtnl_link_alloc(), *change = rtnl_link_alloc();
	int r = link && change ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

	if (r == 0) {
		rtnl_link_set_ifindex(link, LOOPBACK_INDEX);
		rtnl_link_set_flags(change, IFF_UP);
		r = rtnl_link_change(socket, link, change, 0);
	}
	rtnl_link_put(link);
	rtnl_link_put(change);
	return r;
}

void prepare_loopback(struct preparation *preparation)
{
	struct finding finding = {.step = STEP_LOOPBACK, .subject = "lo", .verdict = "up"};
	struct nl_sock *socket;
	int r = 0;

	if (!loopback_is_up()) {
		socket = nl_socket_alloc();
		r = socket ? raise_loopback(socket) : -NLE_NOMEM;
		nl_socket_free(socket);
	}
	if (r < 0) {
		finding.state = FINDING_MISSING;
		finding.verdict = "down";
		finding.reason = nl_geterror(r);
		finding.cure = "start the container with --cap-add NET_ADMIN";
	}
	prepare_found(preparation, &finding);
}

static void make_runtime_directory(
	struct messages *messages, const char *service, const struct runtime_directory *directory)
{
	struct passwd_user user = {0};
	const char *failed = "make";
	int r = rundir_make_directories(directory->path, directory->mode);

	if (r == 0 && (directory->user || directory->group)) {
		failed = "find the owner of";
		r = passwd_find(directory->user ? directory->user : "0", directory->group, &user);
	}
	if (r == 0) {
		failed = "change the owner of";
		/* The kernel clears set-id bits by it, so the mode comes after. */
		r = chown(directory->path, user.uid, user.gid) < 0 ? -errno : 0;
	}
	if (r == 0) {
		failed = "change the mode of";
		r = chmod(directory->path, (mode_t)directory->mode) < 0 ? -errno : 0;
	}
	if (r < 0)
		message(messages, MESSAGE_WARNING, "%s: cannot %s runtime directory %s: %s",
			service, failed, directory->path, strerror(-r));
}

void prepare_runtime_directories(struct messages *messages, const struct service *spec)
{
	for (unsigned i = 0; i < spec->runtime_directory_count; i++)
		make_runtime_directory(messages, spec->name, &spec->runtime_directories[i]);
}

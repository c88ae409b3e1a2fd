#include "init/control_socket.h"

#include "init/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 64

const char *const control_rundirs[] = {"/run/firsthop", "/dev/shm/firsthop", "/tmp/firsthop", NULL};

const char *control_rundir(unsigned index)
{
	const char *only = getenv("FIRSTHOP_RUNDIR");

	if (only && *only)
		return index == 0 ? only : NULL;
	return control_rundirs[index];
}

int control_address(const char *rundir, struct sockaddr_un *ret_address)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length =
		snprintf(address.sun_path, sizeof(address.sun_path), "%s/" CONTROL_SOCKET, rundir);

	if (length < 0 || (size_t)length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	*ret_address = address;
	return 0;
}

bool control_trusts(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

/* Is somebody listening there? */
static bool is_alive(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	/* EAGAIN: its queue is full, so there is one. */
	bool alive = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
		     errno == EAGAIN;
	(void)close(fd);
	return alive;
}

int control_listen(const struct sockaddr_un *address)
{
	if (is_alive(address))
		return -EADDRINUSE;
	/* What is there is left over from a container that was killed. */
	if (unlink(address->sun_path) < 0 && errno != ENOENT)
		return -errno;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* Before bind(2), so that there is no moment in which others may connect: Linux gives the
	 * file the mode of the socket's own inode. */
	if (fchmod(fd, 0600) < 0 ||
		bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ||
		listen(fd, BACKLOG) < 0) {
		int error = -errno;
		(void)close(fd);
		return error;
	}
	return fd;
}

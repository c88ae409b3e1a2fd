#include "init/listen.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64

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

/* The file gets owner and mode as it is made, so that there is no moment in which others may
 * connect, and no path that somebody could lead elsewhere in between: Linux takes the mode from the
 * socket's own inode, and the group from the file system gid. */
static int bind_as(int fd, const struct sockaddr_un *address, unsigned mode, gid_t group)
{
	if (fchmod(fd, (mode_t)mode) < 0)
		return -errno;
	mode_t mask = umask(0);
	int own = group == LISTEN_OWN_GROUP ? -1 : setfsgid(group); /* -1: no change */
	int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

	if (own >= 0)
		(void)setfsgid((gid_t)own); /* our own: cannot fail */
	(void)umask(mask);
	return r;
}

int listen_at(const struct sockaddr_un *address, unsigned mode, gid_t group)
{
	if (is_alive(address))
		return -EADDRINUSE;
	/* What is there is left over from a container that was killed. */
	if (unlink(address->sun_path) < 0 && errno != ENOENT)
		return -errno;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int r = bind_as(fd, address, mode, group);
	if (r == 0 && listen(fd, BACKLOG) < 0)
		r = -errno;
	if (r < 0)
		(void)close(fd); /* nobody has seen it */
	return r < 0 ? r : fd;
}

#include "init/control_socket.h"

#include "init/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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

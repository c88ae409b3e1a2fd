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

#ifndef SO_PEERGROUPS /* older C libraries; see unix(7) */
#define SO_PEERGROUPS 59
#endif

enum { PEER_GROUPS_MAX = 256 };

static bool is_trusted(const struct ucred *peer)
{
	return peer->uid == 0 || peer->uid == geteuid();
}

static bool read_peer(int fd, struct ucred *ret_peer)
{
	socklen_t size = sizeof(*ret_peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ret_peer, &size) == 0;
}

bool control_trusts(int fd)
{
	struct ucred peer;

	return read_peer(fd, &peer) && is_trusted(&peer);
}

static bool is_in_group(int fd, const struct ucred *peer, gid_t group)
{
	gid_t groups[PEER_GROUPS_MAX];
	socklen_t size = sizeof(groups);

	if (peer->gid == group)
		return true;
	/* ERANGE: it is in more groups than that. */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
		return false;
	for (size_t i = 0; i < size / sizeof(groups[0]); i++)
		if (groups[i] == group)
			return true;
	return false;
}

int control_role(int fd, gid_t readers)
{
	struct ucred peer;

	if (!read_peer(fd, &peer))
		return -EACCES;
	if (is_trusted(&peer))
		return CONTROL_ACTS;
	if (readers != CONTROL_NO_GROUP && is_in_group(fd, &peer, readers))
		return CONTROL_READS;
	return -EACCES;
}

/* control_socket: where the control socket is, for the server and for its clients. */
#ifndef FIRSTHOP_INIT_CONTROL_SOCKET_H
#define FIRSTHOP_INIT_CONTROL_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

/* The socket's name in the run directory. */
#define CONTROL_SOCKET "control"

/* The address of the socket in `rundir`; 0 or -ENAMETOOLONG. */
int control_address(const char *rundir, struct sockaddr_un *ret_address);

/* The run directory that is tried as number `index` (0 …): $FIRSTHOP_RUNDIR alone when it is set,
 * else control_rundirs[]. NULL: no more. */
const char *control_rundir(unsigned index);

/* Is the other end run by root, or by who runs this process? */
bool control_trusts(int fd);

/* What the other end may do. */
enum control_role {
	CONTROL_ACTS,  /* all: it is trusted */
	CONTROL_READS, /* look: it is in the group of readers */
};

#define CONTROL_NO_GROUP ((gid_t)-1)

/* Its role, or -EACCES: it has none. `readers`: a group, also by its supplementary groups as they
 * were when it connected (256 at most are looked at); CONTROL_NO_GROUP: there is none. */
int control_role(int fd, gid_t readers);

#endif

/* listen: a unix socket that others may connect to. */
#ifndef FIRSTHOP_INIT_LISTEN_H
#define FIRSTHOP_INIT_LISTEN_H

#include <sys/types.h>

struct sockaddr_un;

#define LISTEN_OWN_GROUP ((gid_t)-1)

/* A listening stream socket, nonblocking, whose file has that mode and group from its first moment
 * on; one that nobody listens on is replaced. A group that we may not give is left out. The
 * descriptor, or -errno: -EADDRINUSE when somebody listens there. */
int listen_at(const struct sockaddr_un *address, unsigned mode, gid_t group);

#endif

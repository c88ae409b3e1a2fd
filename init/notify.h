/* notify: services that say themselves that they are ready.
 *
 * notify-fd: a pipe for each attempt; the first newline means ready (the s6 way). We go on reading
 * until the service closes its end, so that one that writes more gets no SIGPIPE.
 * sd_notify: a datagram socket for each service, made once, see sd_notify(3). A message counts only
 * from the main process or one in its session, by the kernel's word (SCM_CREDENTIALS). */
#ifndef FIRSTHOP_INIT_NOTIFY_H
#define FIRSTHOP_INIT_NOTIFY_H

#include <stdint.h>
#include <sys/types.h>

struct loop;
struct service;

/* Whom a message of readiness goes to. `pid` answers with the main process of the unit, 0: none. */
struct notify_operations {
	void *context;
	void (*ready)(void *context, unsigned unit, uint32_t attempt);
	pid_t (*main_pid)(void *context, unsigned unit);
};

struct notify {
	const struct notify_operations *operations;
	struct loop *loop;
	uint64_t source;
	unsigned unit;
	uint32_t attempt;
	int fd;		   /* the pipe's end or the socket; -1: none */
	int child_fd;	   /* the other end, until the child has it; -1: none */
	char *socket_path; /* of the socket; NULL: none */
};

void notify_init(struct notify *notify, struct loop *loop,
	const struct notify_operations *operations, unsigned unit);

/* Before a start of the main process: makes what the service's kind of readiness needs, which for
 * most kinds is nothing. `rundir` holds the sockets. 0 or -errno. */
int notify_begin(
	struct notify *notify, const struct service *spec, const char *rundir, uint32_t attempt);
/* After it, whether it worked or not. */
void notify_spawned(struct notify *notify);

/* Hears what was said until now. Called before an exit is told, so that "ready" comes first. */
void notify_drain(struct notify *notify);

/* The attempt is over; a socket stays. */
void notify_end(struct notify *notify);
/* Everything goes, the socket too. */
void notify_close(struct notify *notify);

#endif

/* loop: one epoll(7) set and the only sleep of PID 1. Sources are called in order of rank within a
 * wake-up, each at most once, so that what was said before a death is heard before the death. A
 * source's id carries a generation: one that was removed is never called for an old event. */
#ifndef FIRSTHOP_INIT_LOOP_H
#define FIRSTHOP_INIT_LOOP_H

#include "supervisor/timestamp.h"

#include <stdint.h>

enum rank {
	RANK_READINESS, /* notify descriptors, sd_notify, probes */
	RANK_EXIT,	/* SIGCHLD */
	RANK_LINK,	/* netlink */
	RANK_REQUEST,	/* control socket */
	RANK_SIGNAL,
	RANK_OUTPUT, /* services' lines, and what we still owe to stdout */
	RANK_COUNT
};

struct loop;

/* `events` as in epoll_event. May add and remove any source, its own included. Must not block and
 * should take a bounded share (64 KiB, 16 datagrams …) per call. */
typedef void source_fn(void *context, int fd, uint32_t events);

/* The loop, or NULL with errno. `capacity`: sources expected; grows on its own. */
struct loop *loop_create(unsigned capacity);
void loop_free(struct loop *loop);

/* Watches `fd` (not owned) for `events` (level-triggered). 0 and *ret_id (never 0), or -errno. */
int loop_add(struct loop *loop, int fd, uint32_t events, enum rank rank, source_fn *fn,
	void *context, uint64_t *ret_id);
int loop_modify(struct loop *loop, uint64_t id, uint32_t events);
/* Stops watching; call it before the descriptor is closed. An id that is 0 or gone is ignored. */
void loop_remove(struct loop *loop, uint64_t id);

/* CLOCK_BOOTTIME now. The one place where init/ reads the clock. */
struct timestamp loop_clock(void);

/* CLOCK_REALTIME now, in microseconds: for people and for the logs; it may be set. */
int64_t loop_wall_us(void);

/* When the last sleep ended: the time of all that is done within one wake-up. */
struct timestamp loop_now(const struct loop *loop);

/* Sleeps until a source is ready or `until` (NEVER: forever; not later than now: does not sleep),
 * then calls what is ready. 0, or -errno other than -EINTR. */
int loop_wait(struct loop *loop, struct timestamp until);

#endif

#include "init/loop.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
	SLEEP_MAX_MS =
		3600 * 1000, /* epoll_wait(2) takes an int; waking up once an hour is nothing */
	EVENTS_PER_WAKE_UP = 128, /* what is left over is reported again at once: level-triggered */
	SOURCES_MIN = 16,
	FREE_END = -1,
};

struct source {
	source_fn *fn; /* NULL: a free slot */
	void *context;
	int fd;
	int next_free;
	uint32_t generation; /* of the present or, when free, of the last use */
	uint32_t rank;
};

struct loop {
	struct source *sources;
	unsigned count;
	int first_free;
	int epoll_fd;
	struct timestamp now;
	struct epoll_event events[EVENTS_PER_WAKE_UP];
};

static int grow(struct loop *loop, unsigned count)
{
	struct source *sources = realloc(loop->sources, count * sizeof(*sources));

	if (!sources)
		return -ENOMEM;
	/* Lowest slots first, so that few sources touch few pages. */
	for (unsigned i = loop->count; i < count; i++)
		sources[i] = (struct source){
			.fd = -1, .next_free = i + 1 < count ? (int)i + 1 : loop->first_free};
	loop->first_free = (int)loop->count;
	loop->sources = sources;
	loop->count = count;
	return 0;
}

struct loop *loop_create(unsigned capacity)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	loop->first_free = FREE_END;
	loop->now = loop_clock();
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0 || grow(loop, capacity > SOURCES_MIN ? capacity : SOURCES_MIN) < 0) {
		loop_free(loop);
		return NULL;
	}
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	if (loop->epoll_fd >= 0)
		(void)close(loop->epoll_fd); /* nothing was written to it */
	free(loop->sources);
	free(loop);
}

static uint64_t make_id(const struct loop *loop, unsigned slot)
{
	return (uint64_t)loop->sources[slot].generation << 32 | slot;
}

/* The source of an id, NULL when it is no more. */
static struct source *find(const struct loop *loop, uint64_t id)
{
	uint32_t slot = (uint32_t)id;

	if (slot >= loop->count || !loop->sources[slot].fn ||
		loop->sources[slot].generation != (uint32_t)(id >> 32))
		return NULL;
	return &loop->sources[slot];
}

int loop_add(struct loop *loop, int fd, uint32_t events, enum rank rank, source_fn *fn,
	void *context, uint64_t *ret_id)
{
	if (loop->first_free == FREE_END) {
		int r = grow(loop, loop->count * 2);

		if (r < 0)
			return r;
	}
	unsigned slot = (unsigned)loop->first_free;
	struct source *source = &loop->sources[slot];
	uint32_t generation = source->generation == UINT32_MAX ? 1 : source->generation + 1;
	struct epoll_event event = {
		.events = events, .data.u64 = (uint64_t)generation << 32 | slot};

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	loop->first_free = source->next_free;
	*source = (struct source){.fn = fn,
		.context = context,
		.fd = fd,
		.generation = generation,
		.rank = (uint32_t)rank};
	*ret_id = make_id(loop, slot);
	return 0;
}

int loop_modify(struct loop *loop, uint64_t id, uint32_t events)
{
	struct source *source = find(loop, id);
	struct epoll_event event = {.events = events, .data.u64 = id};

	if (!source)
		return -ENOENT;
	return epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, source->fd, &event) < 0 ? -errno : 0;
}

void loop_remove(struct loop *loop, uint64_t id)
{
	struct source *source = find(loop, id);

	if (!source)
		return;
	/* Fails only when the descriptor was closed before; then it is out of the set already. */
	(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
	source->fn = NULL;
	source->next_free = loop->first_free;
	loop->first_free = (int)(uint32_t)id;
}

struct timestamp loop_clock(void)
{
	struct timespec now;

	/* Cannot fail: the clock exists since Linux 2.6.39. */
	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (struct timestamp){(int64_t)now.tv_sec * 1000000000 + now.tv_nsec};
}

int64_t loop_wall_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct timestamp loop_now(const struct loop *loop)
{
	return loop->now;
}

/* Rounds up, so that a deadline is over when the sleep is. */
static int sleep_ms(struct timestamp until)
{
	if (timestamp_is_never(until))
		return -1;
	int64_t ms = (until.ns - loop_clock().ns + 999999) / 1000000;

	return ms < 0 ? 0 : ms > SLEEP_MAX_MS ? SLEEP_MAX_MS : (int)ms;
}

int loop_wait(struct loop *loop, struct timestamp until)
{
	int count = epoll_wait(loop->epoll_fd, loop->events, EVENTS_PER_WAKE_UP, sleep_ms(until));

	loop->now = loop_clock();
	if (count < 0)
		return errno == EINTR ? 0 : -errno;
	for (enum rank rank = 0; rank < RANK_COUNT; rank++) {
		for (int i = 0; i < count; i++) {
			/* Looked up anew each time: whoever was called may have removed it. */
			struct source *source = find(loop, loop->events[i].data.u64);

			if (!source || source->rank != (uint32_t)rank)
				continue;
			uint32_t events = loop->events[i].events;

			source->fn(source->context, source->fd, events);
		}
	}
	return 0;
}

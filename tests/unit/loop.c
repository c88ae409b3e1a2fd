/* The loop: ranks, removal while events are pending, ids of sources that are gone. */
#include "init/loop.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

static char called[64];

struct probe {
	struct loop *loop;
	const char *name;
	uint64_t removes; /* this source when called; 0: none */
};

static void note(void *context, int fd, uint32_t events)
{
	struct probe *probe = context;
	char byte;

	CHECK(events & EPOLLIN);
	CHECK_INT(read(fd, &byte, 1), 1);
	(void)snprintf(called + strlen(called), sizeof(called) - strlen(called), "%s", probe->name);
	loop_remove(probe->loop, probe->removes);
}

/* A pipe with a byte in it. */
static void make_ready(int fds[2])
{
	CHECK_INT(pipe(fds), 0);
	CHECK_INT(write(fds[1], "x", 1), 1);
}

static void close_both(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

static const struct timestamp at_once = {0};

static void ranks_come_in_order(void)
{
	static const enum rank ranks[] = {RANK_OUTPUT, RANK_SIGNAL, RANK_EXIT, RANK_READINESS};
	struct loop *loop = loop_create(0);
	struct probe probes[4] = {{loop, "o", 0}, {loop, "s", 0}, {loop, "e", 0}, {loop, "r", 0}};
	int fds[4][2];
	uint64_t id;

	called[0] = '\0';
	for (int i = 0; i < 4; i++) {
		make_ready(fds[i]);
		CHECK_INT(loop_add(loop, fds[i][0], EPOLLIN, ranks[i], note, &probes[i], &id), 0);
		CHECK(id != 0);
	}
	CHECK_INT(loop_wait(loop, at_once), 0);
	CHECK_STR(called, "reso");
	CHECK_INT(loop_wait(loop, at_once), 0);
	CHECK_STR(called, "reso");
	for (int i = 0; i < 4; i++)
		close_both(fds[i]);
	loop_free(loop);
}

/* Both are ready in the same wake-up; the first one removes the second, whose slot a third takes.
 */
static void removed_is_not_called(void)
{
	struct loop *loop = loop_create(0);
	struct probe probes[3] = {{loop, "a", 0}, {loop, "b", 0}, {loop, "c", 0}};
	int fds[3][2];
	uint64_t ids[3];

	called[0] = '\0';
	for (int i = 0; i < 3; i++)
		make_ready(fds[i]);
	CHECK_INT(loop_add(loop, fds[0][0], EPOLLIN, RANK_EXIT, note, &probes[0], &ids[0]), 0);
	CHECK_INT(loop_add(loop, fds[1][0], EPOLLIN, RANK_OUTPUT, note, &probes[1], &ids[1]), 0);
	probes[0].removes = ids[1];
	CHECK_INT(loop_wait(loop, at_once), 0);
	CHECK_STR(called, "a");
	CHECK_INT(loop_add(loop, fds[2][0], EPOLLIN, RANK_OUTPUT, note, &probes[2], &ids[2]), 0);
	CHECK(ids[2] != ids[1]);
	CHECK_INT((uint32_t)ids[2], (uint32_t)ids[1]);
	CHECK_INT(loop_modify(loop, ids[1], EPOLLOUT), -ENOENT);
	loop_remove(loop, ids[1]); /* gone: must not hit the one that has its slot */
	loop_remove(loop, 0);
	CHECK_INT(loop_wait(loop, at_once), 0);
	CHECK_STR(called, "ac");
	for (int i = 0; i < 3; i++)
		close_both(fds[i]);
	loop_free(loop);
}

static void grows_and_takes_slots_again(void)
{
	struct loop *loop = loop_create(1);
	struct probe probe = {loop, "", 0};
	uint64_t ids[100];
	int fds[100][2];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 100; i++) {
			make_ready(fds[i]);
			CHECK_INT(loop_add(loop, fds[i][0], EPOLLIN, RANK_REQUEST, note, &probe,
					  &ids[i]),
				0);
		}
		CHECK_INT(loop_wait(loop, at_once), 0);
		for (int i = 0; i < 100; i++) {
			loop_remove(loop, ids[i]);
			close_both(fds[i]);
		}
	}
	CHECK(ids[0] != ids[1]);
	CHECK((uint32_t)ids[99] < 128);
	loop_free(loop);
}

static void refuses_what_epoll_refuses(void)
{
	struct loop *loop = loop_create(0);
	struct probe probe = {loop, "", 0};
	uint64_t id = 7;

	CHECK_INT(loop_add(loop, -1, EPOLLIN, RANK_EXIT, note, &probe, &id), -EBADF);
	CHECK_INT((long long)id, 7);
	loop_free(loop);
}

static void sleeps_until_the_deadline(void)
{
	struct loop *loop = loop_create(0);
	struct timestamp until = timestamp_add_ms(loop_clock(), 3);

	CHECK_INT(loop_wait(loop, until), 0);
	CHECK(!timestamp_before(loop_clock(), until));
	CHECK(!timestamp_before(loop_now(loop), until));
	loop_free(loop);
}

int main(void)
{
	RUN(ranks_come_in_order);
	RUN(removed_is_not_called);
	RUN(grows_and_takes_slots_again);
	RUN(refuses_what_epoll_refuses);
	RUN(sleeps_until_the_deadline);
	return CHECK_EXIT_STATUS();
}

/* slots: the page that measured programs and who measures them share, one slot for each service.
 * Times are CLOCK_MONOTONIC in nanoseconds, the same in all processes of a machine. */
#ifndef FIRSTHOP_TESTS_BENCH_SLOTS_H
#define FIRSTHOP_TESTS_BENCH_SLOTS_H

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS_MAX = 4096 };

struct slot {
	_Atomic uint64_t at;	  /* when the newest process of it was there; 0: not yet */
	_Atomic uint64_t told_at; /* when it was told to stop; 0: never */
	_Atomic int32_t pid;
	uint64_t began_at; /* only of orphans */
};

static inline uint64_t slots_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The slots of the file, SLOTS_MAX of them, or NULL. */
static inline struct slot *slots_map(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *page = fd < 0 ? MAP_FAILED
			    : mmap(NULL, SLOTS_MAX * sizeof(struct slot), PROT_READ | PROT_WRITE,
				      MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	return page == MAP_FAILED ? NULL : page;
}

/* "FILE:NUMBER", in one word so that a script's first line can hold it; NULL when it is not. Cuts
 * the word. */
static inline struct slot *slots_find(char *place)
{
	char *colon = strrchr(place, ':'), *end;
	unsigned long number;
	struct slot *slots;

	if (!colon)
		return NULL;
	*colon = '\0';
	number = strtoul(colon + 1, &end, 10);
	slots = *end || number >= SLOTS_MAX ? NULL : slots_map(place);
	return slots ? slots + number : NULL;
}

#endif

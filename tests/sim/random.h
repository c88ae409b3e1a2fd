/* random: the seeded numbers of the simulation. The same seed gives the same run on every machine:
 * nothing here depends on the libc. */
#ifndef FIRSTHOP_TESTS_SIM_RANDOM_H
#define FIRSTHOP_TESTS_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

/* A counter through a mixing function: every seed, also 0 and 1, begins a stream of its own. */
static inline uint64_t random_next(struct random *random)
{
	uint64_t x = random->state += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* 0 .. limit - 1; limit > 0. The high half, scaled: no division. */
static inline unsigned random_below(struct random *random, unsigned limit)
{
	return (unsigned)(((random_next(random) >> 32) * limit) >> 32);
}

static inline bool random_chance(struct random *random, unsigned percent)
{
	return random_below(random, 100) < percent;
}

/* low .. high, both included. */
static inline int random_between(struct random *random, int low, int high)
{
	return low + (int)random_below(random, (unsigned)(high - low) + 1);
}

#define RANDOM_PICK(random, table)                                                                 \
	((table)[random_below((random), (unsigned)(sizeof(table) / sizeof((table)[0])))])

#endif

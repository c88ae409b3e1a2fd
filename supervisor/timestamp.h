/* timestamp: typed monotonic time. The core never reads a clock: `now` is always an argument. */
#ifndef FIRSTHOP_SUPERVISOR_TIMESTAMP_H
#define FIRSTHOP_SUPERVISOR_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/* A point on CLOCK_BOOTTIME or a simulated clock, in nanoseconds. TIMESTAMP_NEVER is later than
 * any other. */
struct timestamp {
	int64_t ns;
};

#define TIMESTAMP_NEVER ((struct timestamp){INT64_MAX})

static inline bool timestamp_is_never(struct timestamp t)
{
	return t.ns == INT64_MAX;
}

static inline bool timestamp_before(struct timestamp a, struct timestamp b)
{
	return a.ns < b.ns;
}

static inline struct timestamp timestamp_earliest(struct timestamp a, struct timestamp b)
{
	return b.ns < a.ns ? b : a;
}

static inline struct timestamp timestamp_latest(struct timestamp a, struct timestamp b)
{
	return a.ns < b.ns ? b : a;
}

/* Has it come? NEVER does not. */
static inline bool timestamp_is_due(struct timestamp t, struct timestamp now)
{
	return !timestamp_is_never(t) && !timestamp_before(now, t);
}

/* t + ms; never overflows: too late a time is TIMESTAMP_NEVER. ms >= 0. */
static inline struct timestamp timestamp_add_ms(struct timestamp t, int64_t ms)
{
	if (ms >= (INT64_MAX - 1 - (t.ns > 0 ? t.ns : 0)) / 1000000)
		return TIMESTAMP_NEVER;
	return (struct timestamp){t.ns + ms * 1000000};
}

/* b - a in whole milliseconds, rounded down, 0 when b is not later. */
static inline int64_t timestamp_elapsed_ms(struct timestamp a, struct timestamp b)
{
	return b.ns > a.ns ? (b.ns - a.ns) / 1000000 : 0;
}

#endif

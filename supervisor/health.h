/* health: does a level hold, and if not, what lacks. Pure; answers `firsthop health`. */
#ifndef FIRSTHOP_SUPERVISOR_HEALTH_H
#define FIRSTHOP_SUPERVISOR_HEALTH_H

#include <stdbool.h>
#include <stddef.h>

struct engine;

enum health_level {
	HEALTH_STARTED, /* every wanted service runs or has ended well; none is in backoff */
	HEALTH_READY,	/* every wanted service is ready */
	HEALTH_LEVEL_COUNT
};

#define HEALTH_REASON_BYTES 160

/* Whether `level` holds now. `reason` (HEALTH_REASON_BYTES are enough) gets one line: what lacks,
 * or what holds. While firsthop stops no level holds. */
bool health_check(
	const struct engine *engine, enum health_level level, char *reason, size_t reason_bytes);

/* "started", "ready"; and back: false when it is none. */
const char *health_level_name(enum health_level level);
bool health_level_from_name(const char *name, enum health_level *ret_level);

#endif

/* frr_guard: may FRR's running configuration be saved? `vtysh -w` asks each daemon for its part and
 * silently leaves out a daemon that does not answer; one that was not configured since its start
 * has an empty part. Either way the section would be gone from frr.conf, and nobody told. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_FRR_GUARD_H
#define FIRSTHOP_SUPERVISOR_FRR_GUARD_H

#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct engine;

/* Is each of FRR's daemons that this router is to have ready, and has its configuration? If not,
 * appends a line "% NAME: …\n" to `why` for each that stands against it. `file_exists`: a save
 * would write over something. */
bool frr_guard_allows(
	const struct engine *engine, bool file_exists, struct timestamp now, struct buffer *why);

/* Changes whenever a daemon is started: the same before and after a save means that none was
 * started in between. */
uint64_t frr_guard_starts(const struct engine *engine);

#endif

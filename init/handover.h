/* handover: prepare, then let another program be PID 1, and go on supervising beside it. For images
 * whose own init must run, such as the runit of Juniper's cRPD: see doc/crpd.md.
 *
 * PID 1 forks. The child becomes the supervisor: a subreaper in a session of its own. PID 1
 * executes the program. The child waits until that has worked; if it has not, PID 1 goes on as if
 * nothing had been asked for. */
#ifndef FIRSTHOP_INIT_HANDOVER_H
#define FIRSTHOP_INIT_HANDOVER_H

#include "config/model.h"

struct spawner;

/* 1 in the child, once the program runs; -errno in the process itself when it cannot be executed.
 * In the process itself it does not return otherwise. `spawner` tells the limits that the program
 * gets. All signals must be blocked; the program gets none blocked. Blocks until one of these is
 * so. */
int handover(const struct spawner *spawner, const struct words *command);

#endif

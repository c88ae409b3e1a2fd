/* settled: has the routing converged? Asks PID 1 which daemons are ready, and then each of these
 * for its neighbours. Blocks; for commands only. */
#ifndef FIRSTHOP_INIT_SETTLED_H
#define FIRSTHOP_INIT_SETTLED_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;

/* Looks once, for `timeout_ms` at most. 0 with *ret_settled, and in `reason` a line on what holds
 * or what lacks, in printable characters; empty: no routing protocol is configured. Or an error as
 * of client_ask(): PID 1 did not answer. */
int settled_look(int64_t timeout_ms, bool *ret_settled, struct buffer *reason);

#endif

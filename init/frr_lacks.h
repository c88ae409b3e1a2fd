/* frr_lacks: what FRR's programs say of a failure that their exit status does not tell.
 *
 * A daemon of FRR's that may not do what it must says so and exits with 1, and will do
 * so each time. What it says tells which capabilities it lacks, see capabilities(7). */
#ifndef FIRSTHOP_INIT_FRR_LACKS_H
#define FIRSTHOP_INIT_FRR_LACKS_H

#include <stdbool.h>
#include <stdint.h>

/* A bit for each number of linux/capability.h that `output`, its last lines, says it wanted and had
 * not; 0: it says nothing of the kind. */
uint64_t frr_lacks(const char *output);

/* Did a daemon lose a part of what `vtysh -b` gave it, by `output`? mgmtd of FRR 10 throws away
 * what is being entered, or takes none, while zebra or staticd connects to it; given once more, all
 * of it is taken. One value that is refused, such as an address that is none, takes all of mgmtd's
 * part with it, each time. vtysh ends as it does for a line that nobody knows, or with 0. */
bool frr_lost(const char *output);

#endif

/* frr_lacks: a daemon of FRR's that may not do what it must says so and exits with 1, and will do
 * so each time. What it says tells which capabilities it lacks, see capabilities(7). */
#ifndef FIRSTHOP_INIT_FRR_LACKS_H
#define FIRSTHOP_INIT_FRR_LACKS_H

#include <stdint.h>

/* A bit for each number of linux/capability.h that `output`, its last lines, says it wanted and had
 * not; 0: it says nothing of the kind. */
uint64_t frr_lacks(const char *output);

#endif

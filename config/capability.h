/* capability: the names of capabilities(7), and lists of them. A set is a bit for each number of
 * linux/capability.h. Pure. */
#ifndef FIRSTHOP_CONFIG_CAPABILITY_H
#define FIRSTHOP_CONFIG_CAPABILITY_H

#include <stdint.h>

struct words;

#define CAPABILITY_COUNT 41 /* that Linux has; more are passed over */

/* Its name without CAP_ ("NET_ADMIN"); NULL when there is no such number. */
const char *capability_name(unsigned number);
/* And back, in whichever case; -1: no such name. */
int capability_number(const char *name);

/* What `capabilities =`, a signed_list.h, makes of `all`, which is what there is. `none` is the
 * empty set; no list leaves all. */
uint64_t capability_set(const struct words *list, uint64_t all);

#endif

/* seccomp_filter: from what a service may call to the program that the kernel runs before each of
 * its calls, see seccomp(2). Made before the fork, so that the child has one call to do, and kept,
 * so that a restart and services alike cost nothing.
 *
 * A program is for the machine's own calls: those of its 32 bit and x32 relatives, whose numbers
 * mean other things, kill the process. A call that nobody knew when this was built fails with
 * ENOSYS, as on an older kernel, so that a newer libc falls back on what it used before. Where
 * unshare(2) is not allowed no namespace can be made by clone(2) either; clone3(2), which hides its
 * flags behind a pointer, then is ENOSYS. */
#ifndef FIRSTHOP_INIT_SECCOMP_FILTER_H
#define FIRSTHOP_INIT_SECCOMP_FILTER_H

#include "config/model.h"

#include <linux/filter.h>

struct seccomp_choice;
struct seccomp_filters;

#define SECCOMP_FILTERS_MAX 16 /* kept; the oldest goes when another one is needed */

/* NULL: no memory. */
struct seccomp_filters *seccomp_filters_create(void);
void seccomp_filters_free(struct seccomp_filters *filters);

/* The program for that choice, which must be confined, and action: one that is there or a new one.
 * It stays good until the next call. 0 or -ENOMEM. */
int seccomp_filters_get(struct seccomp_filters *filters, const struct seccomp_choice *choice,
	enum seccomp_action action, const struct sock_fprog **ret_program);

#endif

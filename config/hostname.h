/* hostname: the name that a router's configuration gives it. */
#ifndef FIRSTHOP_CONFIG_HOSTNAME_H
#define FIRSTHOP_CONFIG_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

#define HOSTNAME_MAX_BYTES 64 /* Linux's, see sethostname(2); without a NUL */

/* RFC 1123: labels of letters, digits and inner hyphens, dots between them, and short enough. */
bool hostname_is_valid(const char *name);

/* Finds the last `hostname NAME` in text as FRR and IOS write it; the last one wins there too.
 * `text` may hold anything. The name goes to `ret_name`. Returns its line, 0 when there is none, or
 * -EINVAL when the last one is no valid name (it is in ret_name still, cut to fit). */
int hostname_find(const char *text, size_t length, char ret_name[HOSTNAME_MAX_BYTES + 1]);

#endif

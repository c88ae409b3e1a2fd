/* hostname: the name that a router's configuration gives it. Pure; any bytes may come in. */
#ifndef FIRSTHOP_CONFIG_HOSTNAME_H
#define FIRSTHOP_CONFIG_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

#define HOSTNAME_MAX_BYTES 64 /* Linux's, see sethostname(2); without a NUL */

/* RFC 1123: labels of letters, digits and inner hyphens, dots between them, and short enough. */
bool hostname_is_valid(const char *name);

/* Finds the name in a router's configuration, whichever of these it is:
 *	hostname NAME			a line, as FRR and IOS write it
 *	set system host-name NAME	a line, as Junos shows it with `display set`
 *	system { host-name NAME; }	as Junos keeps it
 * The last one holds, as it would there; a name in double quotes loses them. `text` may hold
 * anything. The name goes to `ret_name`. Returns its line, 0 when there is none, or -EINVAL when
 * the last one is no valid name (it is in ret_name still, cut to fit). */
int hostname_find(const char *text, size_t length, char ret_name[HOSTNAME_MAX_BYTES + 1]);

/* The name that is all of the text, as in /etc/hostname: empty lines and those that begin with #
 * count for nothing. Returns and fills as above; 0 when there is no word, or more than one. */
int hostname_from_plain(const char *text, size_t length, char ret_name[HOSTNAME_MAX_BYTES + 1]);

#endif

/* interfaces: what [interface PATTERN], [vrf NAME] and wildcard sysctls ask for each interface,
 * done as it arrives, also minutes after the boot; and the wait for the interfaces that must be
 * there before the services start. Each leaves its finding, see preparation.h. */
#ifndef FIRSTHOP_INIT_INTERFACES_H
#define FIRSTHOP_INIT_INTERFACES_H

#include "supervisor/timestamp.h"

#include <stdbool.h>

struct interfaces_watch;
struct loop;
struct model;
struct preparation;

/* Begins to watch and does what is to be done for those that are there. `opened` is called, once
 * and from the loop or from within, when the wait is over: all that must be there are, or the time
 * is over (then the finding says what is missing, and is required or not). `preparation` must
 * outlive it. Where the kernel tells no news, it does what it can now and says so. NULL: no memory.
 */
struct interfaces_watch *interfaces_open(struct loop *loop, struct preparation *preparation,
	void (*opened)(void *context), void *context);
void interfaces_close(struct interfaces_watch *watch); /* NULL is fine */

/* Is the wait over? */
bool interfaces_are_there(const struct interfaces_watch *watch);
/* When interfaces_expire must be called; NEVER: not at all. */
struct timestamp interfaces_deadline(const struct interfaces_watch *watch);
void interfaces_expire(struct interfaces_watch *watch, struct timestamp now);

/* preparation->model has changed: does all again for the interfaces that are there. What was done
 * for the old one is not undone; a wait that is on goes on by the new one's time. */
void interfaces_reload(struct interfaces_watch *watch);

/* `firsthop doctor`: the same findings for what is there now, changing nothing and waiting for
 * nothing. */
void interfaces_look(struct preparation *preparation);

#endif

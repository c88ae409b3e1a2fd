/* cgroup: a control group of its own for each service that asks for one, see cgroups(7), version 2:
 * limits of memory and processes that hold for all of its processes together, and a kill that none
 * of them escapes by a session of its own. Only where the container's control groups can be written
 * to; elsewhere it is said and the service runs without.
 *
 *	OURS			the group that PID 1 was started in
 *	OURS/firsthop-init	PID 1 and whoever else was there: a group that has limits for the
 *				groups below it may have no processes itself
 *	OURS/firsthop-NAME	a service
 *
 * Nothing is made before a service asks for it. */
#ifndef FIRSTHOP_INIT_CGROUP_H
#define FIRSTHOP_INIT_CGROUP_H

#include <stdbool.h>

struct cgroups;
struct messages;
struct service;

/* Of the hierarchy that is mounted. NULL: no memory. */
struct cgroups *cgroups_create(struct messages *messages);
void cgroups_free(struct cgroups *cgroups);

/* Does the service ask for one? */
bool cgroup_is_wanted(const struct service *spec);

/* Makes the service's group and sets its limits. A descriptor to which the child writes "0" to be
 * in it; -1: there is none, which was said, as is each limit that could not be set. */
int cgroup_make(struct cgroups *cgroups, const struct service *spec);

/* Kills all in it; false: there is none, or the kernel (before 5.14) cannot. */
bool cgroup_kill(struct cgroups *cgroups, const struct service *spec);

#endif

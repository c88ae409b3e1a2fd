/* prepare: what the process itself needs before it can be an init, and what a service needs before
 * each start. What the node needs is in preparation.h. */
#ifndef FIRSTHOP_INIT_PREPARE_H
#define FIRSTHOP_INIT_PREPARE_H

#include <stdbool.h>
#include <sys/resource.h>

struct messages;
struct service;

/* The process itself: descriptors 0 to 2 open and others closed, signals blocked, working directory
 * "/", a PATH. Says nothing. 0 or -errno. */
int prepare_process(void);

/* Orphans come to us: by nature as PID 1, else as a subreaper. 0 or -errno. */
int prepare_reaper(void);

/* Raises the soft limit of open files to the hard one, since each service takes two. true: children
 * must be given *ret_children instead. */
bool prepare_open_files(struct rlimit *ret_children);
/* What children get of it: the soft limit that we were given, unless it is absurd. */
struct rlimit prepare_limit_of_children(struct rlimit have);

/* Before each start of a service. */
void prepare_runtime_directories(struct messages *messages, const struct service *spec);

#endif

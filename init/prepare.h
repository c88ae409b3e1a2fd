/* prepare: what is set up once before any service runs. Each step says what it could not do, why,
 * and which flag of the container engine cures it; a router with fewer sysctls is better than none,
 * so only what firsthop itself cannot live without is an error. */
#ifndef FIRSTHOP_INIT_PREPARE_H
#define FIRSTHOP_INIT_PREPARE_H

#include <stdbool.h>
#include <sys/resource.h>

struct messages;
struct model;
struct service;

/* The process itself: descriptors 0 to 2 open and others closed, signals blocked, working directory
 * "/", a PATH. Says nothing. 0 or -errno. */
int prepare_process(void);

/* Orphans come to us: by nature as PID 1, else as a subreaper. 0 or -errno. */
int prepare_reaper(void);

/* Raises the soft limit of open files to the hard one, since each service takes two. true: children
 * must be given *ret_children instead. */
bool prepare_open_files(struct rlimit *ret_children);

/* Loopback up, host name, sysctls. */
void prepare_node(struct messages *messages, const struct model *model);
void prepare_loopback(struct messages *messages);
void prepare_hostname(struct messages *messages, const struct model *model);
void prepare_sysctls(struct messages *messages, const struct model *model);

/* Before each start of a service. */
void prepare_runtime_directories(struct messages *messages, const struct service *spec);

#endif

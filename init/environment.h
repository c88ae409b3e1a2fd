/* environment: what a service finds in its environment. PID 1's own, then the files of
 * environment_file, then `environment`, later ones win; and what firsthop itself adds. */
#ifndef FIRSTHOP_INIT_ENVIRONMENT_H
#define FIRSTHOP_INIT_ENVIRONMENT_H

#include "config/arena.h"

struct passwd_user;
struct service;

struct environment {
	char *const *variables; /* NULL-terminated; PID 1's own, or in the arena */
	struct arena arena;
	const char *failed_file; /* of a failure: the environment_file, else NULL */
};

/* The environment for one start of `spec`. `user`: whose HOME, USER, LOGNAME and SHELL it gets
 * unless it sets them itself; NULL: none. `notify_socket`: a path, NULL: none. Reads files. In the
 * usual case nothing is allocated: PID 1's own is used. 0, -ENOMEM, or -errno of a file. */
int environment_make(const struct service *spec, const struct passwd_user *user,
	const char *notify_socket, struct environment *ret_environment);
void environment_free(struct environment *environment);

/* The value of a variable in it, NULL when unset. */
const char *environment_get(char *const *variables, const char *name);

#endif

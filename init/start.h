/* start: all that one start of a process of a service needs, made before it. Only act.c uses this.
 */
#ifndef FIRSTHOP_INIT_START_H
#define FIRSTHOP_INIT_START_H

#include "init/environment.h"
#include "init/passwd.h"
#include "init/spawn.h"

struct action;
struct runtime;
struct service;

struct start {
	struct spawn_request request;
	struct environment environment;
	struct passwd_user user;
	const char *failed; /* what could not be made, static text; NULL: all could */
	int error;	    /* its errno */
	uint64_t lacks;	    /* capabilities for want of which it failed */
};

/* Makes it for the action's unit, attempt and role; the unit's effects must exist. Opens what the
 * unit keeps (its channel, its way to notify). Call start_finish after the process was started. */
void start_prepare(struct runtime *runtime, struct start *start, const struct service *spec,
	const struct action *action);
void start_finish(struct start *start);

/* start_sandbox.c: the part of it that is about rights. */
void start_confine(struct runtime *runtime, struct start *start, const struct service *spec);

/* Notes what has failed; the first counts. */
void start_fail(struct start *start, const char *what, int error);

#endif

/* persist_check: asks the `check` program of a kept file whether a content is valid. It gets the
 * content as a file of its own in memory, /proc/self/fd/3, so that what it has looked at is what is
 * kept, and so that no file system needs to have room for it; what it says goes to another. */
#ifndef FIRSTHOP_INIT_PERSIST_CHECK_H
#define FIRSTHOP_INIT_PERSIST_CHECK_H

#include "supervisor/persist.h"
#include "supervisor/timestamp.h"

#include <sys/types.h>

struct persist_bytes;
struct spawner;

enum { PERSIST_CHECK_TIMEOUT_MS = 10000 }; /* `vtysh -C` takes a tenth of a second */

/* One that runs. */
struct persist_check {
	pid_t pid;
	int output; /* descriptor of what it says */
};

/* Starts it. 0, or -errno: it cannot be started, and *ret_why says why. All signals must be
 * blocked. */
int persist_check_begin(const struct spawner *spawner, struct arena *arena,
	const struct persist *spec, const struct persist_bytes *bytes,
	struct persist_check *ret_check, const char **ret_why);

/* It has ended and was reaped, with that wait status. *ret_why: what it said, of a bad verdict.
 * UNCHECKED: somebody has killed it, which says nothing about the content. */
enum persist_verdict persist_check_end(
	struct persist_check *check, int status, struct arena *arena, const char **ret_why);

/* Kills it, without an answer; it is reaped with all others. */
void persist_check_abandon(struct persist_check *check);

/* The whole of it, from persist_look() on: blocks until it has ended, PERSIST_CHECK_TIMEOUT_MS at
 * most, and not beyond `by`; one that takes longer is killed, and has said nothing. May take
 * SIGCHLD of others, so afterwards all children are to be looked after once. */
enum persist_verdict persist_check_wait(const struct spawner *spawner, struct arena *arena,
	const struct persist *spec, const struct persist_bytes *bytes, struct timestamp by,
	const char **ret_why);

#endif

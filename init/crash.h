/* crash: keeps what can be known of the end of a service that was a failure by its policy, as a
 * bundle of files, see crash_store.h. The kernel tells the most about a process between its end and
 * the moment when it is reaped: that is noted at each end, and written once policy has judged. */
#ifndef FIRSTHOP_INIT_CRASH_H
#define FIRSTHOP_INIT_CRASH_H

#include "supervisor/engine.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

struct crash_limit;
struct crash_usage;
struct effects;
struct runtime;

/* The end of the main process of a service, or of its `prepare`. */
struct process_end {
	enum role role;
	pid_t pid;
	int status;
	struct rusage usage;
	unsigned limits_known; /* bits of RLIMIT_… */
	struct rlimit limits[RLIM_NLIMITS];
	struct timespec at; /* of the clock on the wall */
	int64_t ran_ms, ready_ms;
};

/* `pid` has ended and is not reaped yet: its limits, into *ret_end. */
void crash_look(pid_t pid, struct process_end *ret_end);

/* It is reaped: keeps a copy of *end with the unit, until its next start. Before the engine is
 * told.
 */
void crash_note(struct runtime *runtime, struct effects *effects, unsigned unit,
	const struct process_end *end);
void crash_forget(struct effects *effects);

/* For crash.c: what of it goes into a bundle. Room for RLIM_NLIMITS; returns how many are known. */
void process_end_usage(const struct process_end *end, struct crash_usage *ret_usage);
unsigned process_end_limits(const struct process_end *end, struct crash_limit *ret_limits);

/* The entry was a failure, says policy: gathers the bundle, unless there were too many in a row. */
void crash_keep(
	struct runtime *runtime, const struct trace_entry *entry, const struct unit_view *view);

/* Writes what was gathered: once the next attempt is under way, which it would hold up; before the
 * configuration in which the service is can go. What cannot be written is told once, and left out.
 */
void crash_write(struct runtime *runtime);

#endif

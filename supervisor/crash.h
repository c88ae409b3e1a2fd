/* crash: what is known of the end of a service that by its policy was a failure, as files for who
 * looks at it later; and how many of these are kept. Pure; init/crash.h gathers and writes. */
#ifndef FIRSTHOP_SUPERVISOR_CRASH_H
#define FIRSTHOP_SUPERVISOR_CRASH_H

#include "config/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buffer;

/* What the kernel told of the process, as in getrusage(2) and getrlimit(2). */
struct crash_usage {
	int64_t user_us, system_us;
	int64_t memory_max_kib;
	int64_t minor_faults, major_faults;
	int64_t blocks_in, blocks_out;
	int64_t switches, preemptions; /* voluntary, involuntary context switches */
};

struct crash_limit {
	const char *name;    /* "nofile" */
	uint64_t soft, hard; /* LIMIT_INFINITE: none */
};

/* Texts that are NULL, and times below 0, are not known. */
struct crash {
	const char *version; /* firsthop's */
	const char *hostname;
	const char *service;
	const char *role;		      /* "main" or "prepare": whose end it was */
	const char *text;		      /* "killed by signal 11 (SEGV), core dumped" */
	const char *cure;		      /* what may be done about it */
	const char *time;		      /* of the end, in UTC */
	const char *started;		      /* the same of the start */
	int64_t ran_ms;			      /* from start to end */
	int64_t ready_ms;		      /* from start to ready; -1: it never was */
	unsigned attempt, restarts, failures; /* failures: in a row */
	pid_t pid;			      /* 0: it had no process */
	bool has_status;		      /* and a wait status, see waitpid(2) */
	int status;
	const char *core_pattern; /* see core(5) */
	const struct crash_usage *usage;
	const struct crash_limit *limits;
	unsigned limit_count;
	const char *directory, *user; /* as the configuration says */
	const char *const *command;   /* argv, NULL-terminated */
	const char *const *variables; /* names of the environment, never their values */
	const char *output;	      /* the last lines, each with '\n' */
};

/* One object, see doc/json.md; the same for people. Neither holds the output. */
void crash_write_json(struct buffer *buffer, const struct crash *crash);
void crash_write_text(struct buffer *buffer, const struct crash *crash);

/* Is it to be kept, as the `failures`th in a row? The first three are, then each time that their
 * number has doubled: who crashes in a loop shall not write for ever, nor push out the rest. */
bool crash_is_due(unsigned failures);

/* "000007.bgpd": the name of the seventh, so that they are in order whatever the clock says. */
#define CRASH_NAME_BYTES (11 + SERVICE_NAME_MAX + 1)
#define CRASH_NUMBER_MAX 999999999u
void crash_name(char name[CRASH_NAME_BYTES], unsigned number, const char *service);
/* false: it is no such name. */
bool crash_name_parse(const char *name, unsigned *ret_number);

struct crash_entry {
	unsigned number;
	uint64_t bytes;
	char name[CRASH_NAME_BYTES];
};

/* Sorts them, the oldest first, and returns how many of the first have to go, so that one of
 * `bytes` more keeps within `keep` (at least 1) and `bytes_max`. */
unsigned crash_surplus(struct crash_entry *entries, unsigned count, uint64_t bytes, unsigned keep,
	uint64_t bytes_max);

#endif

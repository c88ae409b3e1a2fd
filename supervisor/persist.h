/* persist: from where a kept file is put back at boot, and whether a change of it is kept.
 *
 * What was kept lies in the store and, each content that the store has had, in numbered
 * generations beside it; day-0 is what the container was given for its first boot. The edge looks
 * at what there is, one candidate after the other, only as far as it is asked to: a check costs a
 * process.
 *
 * Pure: no system call, nothing printed. */
#ifndef FIRSTHOP_SUPERVISOR_PERSIST_H
#define FIRSTHOP_SUPERVISOR_PERSIST_H

#include "config/model.h"

#include <stdbool.h>

struct arena;

/* What is known of one content. */
enum persist_verdict {
	PERSIST_NOT_EXAMINED,
	PERSIST_ABSENT,
	PERSIST_UNREADABLE,
	PERSIST_TORN,	   /* it was being written in place, and that did not end */
	PERSIST_EMPTY,	   /* nothing in it, or nothing but blanks and NUL bytes */
	PERSIST_INVALID,   /* the check says so */
	PERSIST_UNCHECKED, /* not empty, but the check cannot be run, or does not end */
	PERSIST_VALID,
	PERSIST_VERDICT_COUNT
};

enum persist_source {
	PERSIST_STORE,
	PERSIST_GENERATION,
	PERSIST_DAY0,
};

struct persist_candidate {
	enum persist_source source;
	unsigned number; /* of a generation */
	enum persist_verdict verdict;
	const char *why; /* part of a sentence, of a bad verdict: what the check said; NULL: none */
};

struct persist_facts {
	const struct persist *spec;
	bool day0_changed; /* since it was last seen; false when it never was */
	/* The store, its generations from the newest, day-0 if there is one. */
	const struct persist_candidate *candidates;
	unsigned count;
};

enum persist_step {
	PERSIST_EXAMINE, /* the candidate has to be looked at first */
	PERSIST_RESTORE, /* the candidate is what `path` gets */
	PERSIST_LEAVE,	 /* none is any good: `path` stays as it is */
};

struct persist_decision {
	enum persist_step step;
	unsigned candidate;
};

struct persist_decision persist_decide(const struct persist_facts *facts);

/* How a decision other than PERSIST_EXAMINE came about. */
enum persist_outcome {
	PERSIST_AS_WANTED,   /* the first in order, or there was nothing better yet */
	PERSIST_SECOND_BEST, /* what came before it was no good, or it could not be checked */
	PERSIST_NONE_YET,    /* nothing was ever kept */
	PERSIST_NONE_GOOD,
};

enum persist_outcome persist_outcome(
	const struct persist_facts *facts, struct persist_decision decision);

/* The same in words, part of a sentence: "restored from generation 4: the store /config/frr.conf is
 * empty". Owned by the arena; NULL: no memory. */
const char *persist_explain(
	struct arena *arena, const struct persist_facts *facts, struct persist_decision decision);

/* What can be told of a content without the check: empty or not; with no check, it is valid. */
enum persist_verdict persist_look(const struct persist *spec, const char *bytes, size_t length);

/* "is empty", "is invalid". */
const char *persist_verdict_text(enum persist_verdict verdict);

enum persist_change {
	PERSIST_CHANGE_EXAMINE, /* it has to be looked at first */
	PERSIST_CHANGE_NONE,	/* it is what is kept already, or there is no file */
	PERSIST_CHANGE_KEEP,
	PERSIST_CHANGE_REFUSE, /* it must not take the place of what is kept */
};

/* What to do about a file that has changed. `is_kept`: its bytes are those of store and newest
 * generation. */
enum persist_change persist_judge(enum persist_verdict verdict, bool is_kept);

/* How many of `count` generations are to be dropped, oldest first, so that `keep` stay. */
unsigned persist_surplus(unsigned count, int keep);

/* The check's command line for a file: %f is the file, %% a percent sign. NULL-terminated, owned by
 * the arena; NULL: no memory. */
const char *const *persist_command(
	struct arena *arena, const struct words *check, const char *file);

#endif

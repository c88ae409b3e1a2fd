/* graph_walk: breadth first over all states that an engine and its processes can be in together.
 *
 * Time is abstract: a choice of "let the next deadline come". The processes are no more than the
 * pids that the engine knows, so that a state is the engine's, which is plain data: it is copied to
 * be kept, and copied back to go on from. Two states are one when nothing that can influence the
 * future differs: counters and pids are left out, times are taken from now on. Every step is under
 * watch; from every state, in copies, it is tried whether a stop ends and whether services that
 * behave all come up. */
#ifndef FIRSTHOP_TESTS_SIM_GRAPH_WALK_H
#define FIRSTHOP_TESTS_SIM_GRAPH_WALK_H

#define WATCH_SLOTS 3

#include "supervisor/unit.h"

#include "tests/sim/watch_call.h"

#include <signal.h>
#include <stdlib.h>

#define CHOICES_MAX 64
#define TRIES_MAX   400 /* steps in which a trial must come to its end */

enum choice_kind {
	CHOICE_EXIT,   /* unit, role, value: a process ends with that status */
	CHOICE_READY,  /* unit: it shows its readiness */
	CHOICE_ANSWER, /* unit, value: an event_kind; a health check is answered */
	CHOICE_TIME,   /* the next deadline comes */
	CHOICE_ASK,    /* unit, value: an event_kind */
	CHOICE_SHUTDOWN,
	CHOICE_GONE,
	CHOICE_REFUSE, /* the next process cannot be started */
};

struct choice {
	enum choice_kind kind;
	unsigned unit;
	enum role role;
	int value;
};

/* What is kept of a state that is still to be gone on from. */
struct place {
	struct place *next;
	struct engine engine;
	struct unit units[WATCH_SLOTS];
	struct watch watch;
	pid_t last_pid;
	bool refuse;	   /* the next spawn fails */
	bool unsettled;	   /* a fact was fed, and the engine has not settled since */
	unsigned refusals; /* that may still come */
	unsigned depth;
};

struct walk {
	struct watch watch;
	pid_t last_pid;
	bool refuse, unsettled;
	unsigned refusals, depth;

	bool requests, batches; /* what is explored: requests; two facts before a settle */
	struct place *first, **last, *unused;
	uint64_t *seen; /* a hash table of hashes; 0: free */
	size_t seen_size, seen_count;
	struct totals totals;
	uint64_t states, steps, trials;
	unsigned deepest;
};

static inline void walk_save(const struct walk *walk, struct place *node)
{
	node->engine = *walk->watch.engine;
	memcpy(node->units, walk->watch.engine->units,
		walk->watch.engine->slots * sizeof(struct unit));
	node->watch = walk->watch;
	node->last_pid = walk->last_pid;
	node->refuse = walk->refuse;
	node->unsettled = walk->unsettled;
	node->refusals = walk->refusals;
	node->depth = walk->depth;
}

static inline void walk_load(struct walk *walk, const struct place *node)
{
	struct engine *engine = walk->watch.engine;

	*engine = node->engine;
	memcpy(engine->units, node->units, engine->slots * sizeof(struct unit));
	walk->watch = node->watch;
	walk->last_pid = node->last_pid;
	walk->refuse = node->refuse;
	walk->unsettled = node->unsettled;
	walk->refusals = node->refusals;
	walk->depth = node->depth;
}

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static inline uint64_t mix_time(uint64_t hash, struct timestamp t, int64_t now)
{
	return mix(hash, timestamp_is_never(t) ? UINT64_MAX : (uint64_t)(t.ns - now));
}

/* All of a unit that its future can depend on. In the configurations that are walked delays do not
 * grow and windows do not end, so that of the failures only their number counts. */
static inline uint64_t hash_unit(uint64_t hash, const struct unit *unit, int64_t now)
{
	const bool flags[] = {unit->wanted, unit->held, unit->restarting, unit->tried,
		unit->aborting, unit->overran, unit->probing, unit->probe_killed,
		unit->probe_attempt == unit->attempt, unit->attempt > 0,
		unit->attempt > 1 && unit->spec->reconfigure.count, unit->reconfigure_due,
		unit->reconfigure_killed, unit->reconfigure_failed, unit->reload_due,
		unit->reload_failed, unit->reloading};
	unsigned failures = unit->history.count;
	uint64_t bits = unit->state;

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		bits = bits << 1 | flags[i];
	for (unsigned role = 0; role < ROLE_COUNT; role++)
		bits = bits << 1 | (unit->pid[role] != 0);
	hash = mix(hash, bits << 32 | unit->pending);
	hash = mix(
		hash, failures < unit->spec->give_up_count ? failures : unit->spec->give_up_count);
	hash = mix_time(hash, unit->deadline, now);
	hash = mix_time(hash, unit->probe_at, now);
	hash = mix_time(hash, unit->reconfigure_until, now);
	if (unit->spec->ready.kind == READY_EXEC && unit->state == STATE_STARTING)
		hash = mix_time(hash, unit->started, now);
	if (unit->spec->health.kind != READY_IMMEDIATELY && unit->state == STATE_READY) {
		hash = mix(hash, unit->checks_failed << 1 | unit->checking);
		hash = mix_time(hash, unit->check_began, now);
	}
	return unit->aborting ? mix(hash, unit->last.kind) : hash;
}

static inline uint64_t walk_hash(const struct walk *walk)
{
	const struct engine *engine = walk->watch.engine;
	int64_t now = walk->watch.now;
	uint64_t hash = mix(0, engine->phase);

	hash = mix(hash, (unsigned)engine->exit_code << 8 | (unsigned)engine->was_ready << 4 |
				 (unsigned)engine->rest_gone << 3 | (unsigned)walk->refuse << 2 |
				 (unsigned)walk->unsettled << 1);
	hash = mix(hash, walk->refusals);
	hash = mix_time(hash, engine->kill_at, now);
	hash = mix_time(hash, engine->stop_by, now);
	hash = mix_time(hash, engine->sweep_kill_at, now);
	for (unsigned slot = 0; slot < engine->slots; slot++)
		hash = hash_unit(hash, &engine->units[slot], now);
	return hash ? hash : 1;
}

static inline void seen_put(uint64_t *seen, size_t size, uint64_t hash)
{
	size_t at = hash & (size - 1);

	while (seen[at])
		at = (at + 1) & (size - 1);
	seen[at] = hash;
}

static inline void *walk_allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory) {
		fprintf(stderr, "no memory\n");
		exit(1);
	}
	return memory;
}

/* Was the state here before? Notes it. */
static inline bool walk_seen(struct walk *walk, uint64_t hash)
{
	if (2 * walk->seen_count >= walk->seen_size) {
		size_t size = walk->seen_size ? 2 * walk->seen_size : 1024;
		uint64_t *seen = walk_allocate(size, sizeof(*seen));

		for (size_t i = 0; i < walk->seen_size; i++)
			if (walk->seen[i])
				seen_put(seen, size, walk->seen[i]);
		free(walk->seen);
		walk->seen = seen;
		walk->seen_size = size;
	}
	for (size_t at = hash & (walk->seen_size - 1); walk->seen[at];
		at = (at + 1) & (walk->seen_size - 1))
		if (walk->seen[at] == hash)
			return true;
	seen_put(walk->seen, walk->seen_size, hash);
	walk->seen_count++;
	return false;
}

static inline void walk_push(struct walk *walk)
{
	struct place *node = walk->unused;

	if (node)
		walk->unused = node->next;
	else
		node = walk_allocate(1, sizeof(*node));
	walk_save(walk, node);
	node->next = NULL;
	*walk->last = node;
	walk->last = &node->next;
	walk->states++;
	if (walk->depth > walk->deepest)
		walk->deepest = walk->depth;
}

#endif

/* Kept files are put back before anything reads them, the search for a host name included. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/persist_check.h"
#include "init/persist_file.h"
#include "init/persist_put.h"
#include "init/persist_store.h"
#include "supervisor/finding.h"
#include "supervisor/persist.h"
#include "supervisor/timestamp.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { CHECKS_MS = 20000 }; /* all checks of one file; what is left is taken without */

/* One file while it is put back. */
struct restoring {
	struct preparation *preparation;
	const struct persist *spec;
	struct arena *arena;
	struct timestamp until; /* for checks */
	struct persist_store store;
	struct persist_candidate *candidates;
	struct persist_bytes *bytes; /* of each */
	struct persist_facts facts;
	struct finding finding;
};

/* ---- what there is -----------------------------------------------------------------------------
 */

static void add(struct restoring *restoring, enum persist_source source, unsigned number,
	enum persist_verdict verdict)
{
	restoring->candidates[restoring->facts.count++] =
		(struct persist_candidate){source, number, verdict, NULL};
}

static int gather(struct restoring *restoring)
{
	struct arena *arena = restoring->arena;
	const struct persist_store *store = &restoring->store;
	int r = persist_store_open(arena, restoring->spec, &restoring->store);
	unsigned count = store->count + 2;

	if (r < 0)
		return r;
	restoring->candidates = arena_array(arena, count, sizeof(*restoring->candidates));
	restoring->bytes = arena_array(arena, count, sizeof(*restoring->bytes));
	if (!restoring->candidates || !restoring->bytes)
		return -ENOMEM;
	add(restoring, PERSIST_STORE, 0, store->unfinished ? PERSIST_TORN : PERSIST_NOT_EXAMINED);
	for (unsigned i = store->count; i-- > 0;)
		add(restoring, PERSIST_GENERATION, store->numbers[i], PERSIST_NOT_EXAMINED);
	if (restoring->spec->day0)
		add(restoring, PERSIST_DAY0, 0, PERSIST_NOT_EXAMINED);
	restoring->facts.spec = restoring->spec;
	restoring->facts.candidates = restoring->candidates;
	return 0;
}

static const char *path_of(const struct restoring *restoring, unsigned number)
{
	const struct persist_candidate *candidate = &restoring->candidates[number];

	switch (candidate->source) {
	case PERSIST_STORE:
		return restoring->spec->store;
	case PERSIST_GENERATION:
		return persist_store_generation(
			restoring->arena, &restoring->store, candidate->number);
	case PERSIST_DAY0:
		return restoring->spec->day0;
	}
	return NULL;
}

/* Reads it, once. */
static bool read_candidate(struct restoring *restoring, unsigned number)
{
	struct persist_candidate *candidate = &restoring->candidates[number];
	struct persist_bytes *bytes = &restoring->bytes[number];
	const char *path = path_of(restoring, number);
	int r = path ? 0 : -ENOMEM;

	if (bytes->data)
		return true;
	if (path)
		r = persist_file_read(restoring->arena, path, bytes);
	if (r == 0)
		return true;
	candidate->verdict = r == -ENOENT ? PERSIST_ABSENT : PERSIST_UNREADABLE;
	candidate->why = r == -ENOENT ? NULL : strerror(-r);
	return false;
}

/* What was the newest generation when it was kept has been checked then. */
static bool is_known(struct restoring *restoring, unsigned number)
{
	return restoring->candidates[number].source == PERSIST_STORE &&
	       persist_store_holds(restoring->arena, &restoring->store, &restoring->bytes[number]);
}

static void examine(struct restoring *restoring, unsigned number)
{
	struct persist_candidate *candidate = &restoring->candidates[number];
	const struct persist_bytes *bytes = &restoring->bytes[number];

	if (!read_candidate(restoring, number))
		return;
	if (is_known(restoring, number)) {
		candidate->verdict = PERSIST_VALID;
	} else if (timestamp_before(loop_clock(), restoring->until)) {
		candidate->verdict = persist_check_wait(restoring->preparation->spawner,
			restoring->arena, restoring->spec, bytes, &candidate->why);
	} else {
		candidate->verdict = PERSIST_UNCHECKED;
		candidate->why = "no time was left for it";
	}
}

/* Has it another content than at the last boot? Nobody knows when there was none. */
static bool day0_has_changed(struct restoring *restoring)
{
	const char *seen = persist_store_file(restoring->arena, &restoring->store, "day0");
	unsigned last = restoring->facts.count - 1;

	return restoring->spec->day0 && seen && access(seen, F_OK) == 0 &&
	       read_candidate(restoring, last) && !persist_file_has(seen, &restoring->bytes[last]);
}

static struct persist_decision decide(struct restoring *restoring)
{
	struct persist_decision decision;

	restoring->facts.day0_changed = day0_has_changed(restoring);
	while ((decision = persist_decide(&restoring->facts)).step == PERSIST_EXAMINE)
		examine(restoring, decision.candidate);
	return decision;
}

/* ---- what is done ------------------------------------------------------------------------------
 */

static void degrade(struct restoring *restoring, enum finding_state state, const char *verdict,
	const struct persist_failure *failure, const char *cure)
{
	struct finding *finding = &restoring->finding;

	if (finding->state >= state)
		return;
	finding->state = state;
	finding->verdict = verdict;
	finding->reason = arena_printf(restoring->arena, "%s; cannot %s %s: %s", finding->reason,
		failure->what, failure->path, strerror(failure->error));
	finding->cure = cure;
}

/* What somebody put there is not thrown away, unless it lies elsewhere, too. */
static void save_replaced(struct restoring *restoring, const struct persist_bytes *chosen)
{
	struct persist_failure failure;
	struct persist_bytes there;

	if (persist_file_read(restoring->arena, restoring->spec->path, &there) < 0 ||
		persist_look(restoring->spec, there.data, there.length) == PERSIST_EMPTY)
		return;
	if (there.length == chosen->length && memcmp(there.data, chosen->data, there.length) == 0)
		return;
	for (unsigned i = 0; i < restoring->facts.count; i++) {
		const char *path = path_of(restoring, i);

		if (path && persist_file_has(path, &there))
			return;
	}
	/* Without a place for it, it is as ever: a container's own files go with it. */
	(void)persist_store_note(restoring->arena, restoring->spec, "replaced", &there, &failure);
}

/* Is the chosen content to be the newest generation, too? A store that somebody has edited is; so
 * is a day-0 that has overruled the store, or the store would come back at the next boot. What was
 * invalid is left for its owner to look at. */
static bool is_to_be_kept(const struct restoring *restoring, unsigned number)
{
	switch (restoring->candidates[number].source) {
	case PERSIST_STORE:
		return true;
	case PERSIST_GENERATION:
		return restoring->candidates[0].verdict == PERSIST_TORN;
	case PERSIST_DAY0:
		return restoring->spec->prefer == PREFER_NEWEST && restoring->facts.day0_changed;
	}
	return false;
}

/* From now on it is known, unless it is no good: then it is told again. */
static int note_day0(struct restoring *restoring, struct persist_failure *failure)
{
	unsigned last = restoring->facts.count - 1;
	const struct persist_bytes *bytes = &restoring->bytes[last];

	if (!restoring->spec->day0 || !read_candidate(restoring, last) ||
		persist_look(restoring->spec, bytes->data, bytes->length) == PERSIST_EMPTY ||
		restoring->candidates[last].verdict == PERSIST_INVALID)
		return 0;
	return persist_store_note(restoring->arena, restoring->spec, "day0", bytes, failure);
}

static void put_back(struct restoring *restoring, unsigned number)
{
	const struct persist_bytes *bytes = &restoring->bytes[number];
	struct persist_failure failure, weak;
	int r;

	save_replaced(restoring, bytes);
	if (persist_put_back(restoring->spec, bytes, &failure, &weak) < 0) {
		degrade(restoring, FINDING_MISSING, "not restored", &failure, NULL);
		return;
	}
	if (weak.error)
		degrade(restoring, FINDING_DEGRADED, "restored", &weak, NULL);
	r = is_to_be_kept(restoring, number)
		    ? persist_store_keep(restoring->arena, restoring->spec, bytes, false, &failure)
		    : 0;
	if (r >= 0)
		r = note_day0(restoring, &failure);
	if (r < 0)
		degrade(restoring, FINDING_DEGRADED, "restored", &failure, NULL);
}

static void carry_out(struct restoring *restoring, struct persist_decision decision)
{
	static const struct {
		enum finding_state state;
		const char *verdict;
	} outcomes[] = {
		[PERSIST_AS_WANTED] = {FINDING_OK, "restored"},
		[PERSIST_SECOND_BEST] = {FINDING_DEGRADED, "restored"},
		[PERSIST_NONE_YET] = {FINDING_OK, "none yet"},
		[PERSIST_NONE_GOOD] = {FINDING_MISSING, "not restored"},
	};
	enum persist_outcome outcome = persist_outcome(&restoring->facts, decision);
	struct finding *finding = &restoring->finding;

	finding->state = outcomes[outcome].state;
	finding->verdict = outcomes[outcome].verdict;
	finding->reason = persist_explain(restoring->arena, &restoring->facts, decision);
	if (finding->state != FINDING_OK)
		finding->cure = arena_printf(restoring->arena,
			"`firsthop persist list %s` shows what there is", finding->subject);
	if (decision.step == PERSIST_RESTORE)
		put_back(restoring, decision.candidate);
}

/* Can anything be kept? The directory of the store tells, if it is there. */
static void check_store(struct arena *arena, const struct persist *spec, struct finding *finding)
{
	const char *slash = strrchr(spec->store, '/');
	const char *directory = slash == spec->store ? "/"
						     : arena_strndup(arena, spec->store,
							       (size_t)(slash - spec->store));

	if (!directory || access(directory, W_OK) == 0 || errno == ENOENT ||
		finding->state == FINDING_MISSING)
		return;
	finding->state = FINDING_DEGRADED;
	finding->reason = arena_printf(arena, "%s%s%s: %s, so no change is kept",
		finding->reason ? finding->reason : "", finding->reason ? "; " : "", directory,
		strerror(errno));
	finding->cure =
		arena_printf(arena, "mount it writable, such as with -v VOLUME:%s", directory);
}

static void restore(struct preparation *preparation, const struct persist *spec)
{
	struct arena arena = {0};
	struct restoring restoring = {
		.preparation = preparation,
		.spec = spec,
		.arena = &arena,
		.until = timestamp_add_ms(loop_clock(), CHECKS_MS),
		.finding = {.step = STEP_PERSIST, .subject = spec->name},
	};
	struct finding *finding = &restoring.finding;
	int r = gather(&restoring);

	if (r == 0) {
		carry_out(&restoring, decide(&restoring));
	} else {
		finding->state = FINDING_MISSING;
		finding->verdict = "not restored";
		finding->reason = arena_printf(
			&arena, "%s.generations cannot be read: %s", spec->store, strerror(-r));
	}
	check_store(&arena, spec, finding);
	/* Why it is this content is told in any case; with -v, the finding does it. */
	if (finding->state == FINDING_OK && finding->reason && !message_would_say(MESSAGE_DEBUG))
		message(preparation->messages, MESSAGE_NOTE, "persist %s: %s", spec->name,
			finding->reason);
	prepare_found(preparation, finding);
	arena_free(&arena);
}

/* Later, or without leave to change anything. */
static void look(struct preparation *preparation, const struct persist *spec)
{
	struct arena arena = {0};
	struct finding finding = {
		.step = STEP_PERSIST,
		.subject = spec->name,
		.verdict = access(spec->store, F_OK) == 0 ? "kept" : "none yet",
	};

	check_store(&arena, spec, &finding);
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

void prepare_persists(struct preparation *preparation)
{
	const struct model *model = preparation->model;

	for (unsigned i = 0; i < model->persist_count; i++) {
		if (preparation->spawner && !preparation->look_only)
			restore(preparation, &model->persists[i]);
		else
			look(preparation, &model->persists[i]);
	}
}

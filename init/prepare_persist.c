/* Kept files are put back before anything reads them, the search for a host name included. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/message.h"
#include "init/persist_choose.h"
#include "init/persist_keep.h"
#include "init/persist_put.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* One file while it is put back. */
struct restoring {
	struct preparation *preparation;
	const struct persist *spec;
	struct arena *arena;
	struct persist_choice choice;
	struct finding finding;
};

/* Says what could not be done, behind what was. */
static void degrade(struct restoring *restoring, enum finding_state state, const char *verdict,
	const struct persist_failure *failure)
{
	struct finding *finding = &restoring->finding;

	finding->reason = arena_printf(restoring->arena, "%s; cannot %s %s: %s",
		finding->reason ? finding->reason : verdict, failure->what, failure->path,
		strerror(failure->error));
	if (finding->state >= state)
		return;
	finding->state = state;
	finding->verdict = verdict;
}

/* Is the chosen content to be the newest generation, too? A store that somebody has edited is; so
 * is a day-0 that has overruled the store, or the store would come back at the next boot. What was
 * invalid is left for its owner to look at. */
static bool is_to_be_kept(const struct restoring *restoring, unsigned number)
{
	switch (restoring->choice.candidates[number].source) {
	case PERSIST_STORE:
		return true;
	case PERSIST_GENERATION:
		return restoring->choice.candidates[0].verdict == PERSIST_TORN;
	case PERSIST_DAY0:
		return restoring->spec->prefer == PREFER_NEWEST &&
		       restoring->choice.facts.day0_changed;
	}
	return false;
}

/* From now on it is known, unless it is no good: then it is told again. */
static int note_day0(struct restoring *restoring, struct persist_failure *failure)
{
	unsigned last = restoring->choice.facts.count - 1;
	const struct persist_bytes *bytes = &restoring->choice.bytes[last];

	if (!restoring->spec->day0 || !persist_choice_read(&restoring->choice, last) ||
		persist_look(restoring->spec, bytes->data, bytes->length) == PERSIST_EMPTY ||
		restoring->choice.candidates[last].verdict == PERSIST_INVALID)
		return 0;
	return persist_keep_note(restoring->arena, restoring->spec, "day0", bytes, failure);
}

static void put_back(struct restoring *restoring, unsigned number)
{
	const struct persist_bytes *bytes = &restoring->choice.bytes[number];
	struct persist_failure failure, weak;
	int r;

	/* Without a place for it, it is as ever: a container's own files go with it. */
	(void)persist_keep_replaced(restoring->arena, restoring->spec, &failure);
	if (persist_put_back(restoring->spec, bytes, &failure, &weak) < 0) {
		restoring->finding.reason = NULL; /* what it would have been */
		degrade(restoring, FINDING_MISSING, "not restored", &failure);
		return;
	}
	if (weak.error)
		degrade(restoring, FINDING_DEGRADED, "restored", &weak);
	r = is_to_be_kept(restoring, number)
		    ? persist_keep(restoring->arena, restoring->spec, bytes, false, &failure)
		    : 0;
	if (r >= 0)
		r = note_day0(restoring, &failure);
	if (r < 0)
		degrade(restoring, FINDING_DEGRADED, "restored", &failure);
}

/* An older content may be there, or STORE may not be whole: nobody knows. */
static void tell_unlisted(struct restoring *restoring, bool restored)
{
	const struct persist_choice *choice = &restoring->choice;
	const struct persist_failure failure = {"read", choice->store.directory, choice->unlisted};

	if (!choice->unlisted)
		return;
	if (!restored)
		restoring->finding.reason = NULL; /* that nothing was kept is not known */
	degrade(restoring, restored ? FINDING_DEGRADED : FINDING_MISSING,
		restored ? "restored" : "not restored", &failure);
}

static void carry_out(struct restoring *restoring)
{
	const struct persist_decision decision = restoring->choice.decision;
	static const struct {
		enum finding_state state;
		const char *verdict;
	} outcomes[] = {
		[PERSIST_AS_WANTED] = {FINDING_OK, "restored"},
		[PERSIST_SECOND_BEST] = {FINDING_DEGRADED, "restored"},
		[PERSIST_NONE_YET] = {FINDING_OK, "none yet"},
		[PERSIST_NONE_GOOD] = {FINDING_MISSING, "not restored"},
	};
	enum persist_outcome outcome = persist_outcome(&restoring->choice.facts, decision);
	struct finding *finding = &restoring->finding;

	finding->state = outcomes[outcome].state;
	finding->verdict = outcomes[outcome].verdict;
	finding->reason = persist_explain(restoring->arena, &restoring->choice.facts, decision);
	if (finding->state != FINDING_OK)
		finding->cure = arena_printf(restoring->arena,
			"`firsthop persist list %s` shows what there is", finding->subject);
	tell_unlisted(restoring, decision.step == PERSIST_RESTORE);
	if (decision.step == PERSIST_RESTORE)
		put_back(restoring, decision.candidate);
}

/* Can anything be kept? The directory of the store tells, if it is there; and STORE itself, which
 * may be mounted alone. One that is only not ours to write is replaced. 0, or an errno of
 * *ret_path. */
static int try_store(struct arena *arena, const struct persist *spec, const char **ret_path)
{
	const char *slash = strrchr(spec->store, '/');

	*ret_path = slash == spec->store
			    ? "/"
			    : arena_strndup(arena, spec->store, (size_t)(slash - spec->store));
	if (!*ret_path)
		return 0;
	if (access(*ret_path, W_OK) < 0 && errno != ENOENT)
		return errno;
	*ret_path = spec->store;
	return access(spec->store, W_OK) < 0 && errno == EROFS ? EROFS : 0;
}

static void check_store(struct arena *arena, const struct persist *spec, struct finding *finding)
{
	const char *path;
	int error = try_store(arena, spec, &path);

	if (!error || finding->state == FINDING_MISSING)
		return;
	finding->state = FINDING_DEGRADED;
	finding->reason = arena_printf(arena, "%s%s%s: %s, so no change is kept",
		finding->reason ? finding->reason : "", finding->reason ? "; " : "", path,
		strerror(error));
	finding->cure = arena_printf(arena, "mount it writable, such as with -v %s:%s",
		path == spec->store ? "FILE" : "VOLUME", path);
}

static void restore(struct preparation *preparation, const struct persist *spec)
{
	struct arena arena = {0};
	struct restoring restoring = {
		.preparation = preparation,
		.spec = spec,
		.arena = &arena,
		.finding = {.step = STEP_PERSIST, .subject = spec->name},
	};
	struct finding *finding = &restoring.finding;
	int r = persist_choose(&arena, spec, preparation->spawner, &restoring.choice);

	if (r == 0) {
		carry_out(&restoring);
	} else {
		finding->state = FINDING_MISSING;
		finding->verdict = "not restored";
		finding->reason = strerror(-r);
	}
	check_store(&arena, spec, finding);
	/* Why it is this content is told in any case; with -v, the finding does it. */
	if (finding->state == FINDING_OK && finding->reason && !message_would_say(MESSAGE_DEBUG))
		message(preparation->messages, MESSAGE_NOTE, "persist %s: %s", spec->name,
			finding->reason);
	prepare_found(preparation, finding);
	persist_choice_free(&restoring.choice);
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

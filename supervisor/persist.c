#include "supervisor/persist.h"

#include "config/arena.h"
#include "config/text.h"

#include <string.h>

enum { REASONS_MAX = 3 }; /* candidates whose faults are told; the rest is a number */

static bool is_usable(enum persist_verdict verdict)
{
	return verdict == PERSIST_VALID || verdict == PERSIST_UNCHECKED;
}

static bool day0_leads(const struct persist_facts *facts)
{
	switch (facts->spec->prefer) {
	case PREFER_DAY0:
		return true;
	case PREFER_NEWEST:
		return facts->day0_changed;
	case PREFER_STORE:
	case PERSIST_PREFER_COUNT:
		break;
	}
	return false;
}

/* The candidate that comes at `place`: as they are given, but that day-0 may lead. */
static unsigned at_place(const struct persist_facts *facts, unsigned place)
{
	unsigned last = facts->count - 1;

	if (!day0_leads(facts) || facts->candidates[last].source != PERSIST_DAY0)
		return place;
	return place == 0 ? last : place - 1;
}

struct persist_decision persist_decide(const struct persist_facts *facts)
{
	for (unsigned place = 0; place < facts->count; place++) {
		unsigned candidate = at_place(facts, place);
		enum persist_verdict verdict = facts->candidates[candidate].verdict;

		if (verdict == PERSIST_NOT_EXAMINED)
			return (struct persist_decision){PERSIST_EXAMINE, candidate};
		if (is_usable(verdict))
			return (struct persist_decision){PERSIST_RESTORE, candidate};
	}
	return (struct persist_decision){PERSIST_LEAVE, 0};
}

/* Candidates that were passed over, all when none was chosen. */
static unsigned passed_over(const struct persist_facts *facts, struct persist_decision decision)
{
	unsigned place = 0;

	while (place < facts->count &&
		(decision.step != PERSIST_RESTORE || at_place(facts, place) != decision.candidate))
		place++;
	return place;
}

/* Is it odd that this one is no good? That it is not there is not, unless something was kept, or it
 * was asked for before all others. */
static bool is_fault(const struct persist_facts *facts, const struct persist_candidate *candidate)
{
	if (candidate->verdict != PERSIST_ABSENT)
		return true;
	switch (candidate->source) {
	case PERSIST_STORE:
		return facts->count > 1 && facts->candidates[1].source == PERSIST_GENERATION;
	case PERSIST_GENERATION:
		return true;
	case PERSIST_DAY0:
		return facts->spec->prefer == PREFER_DAY0;
	}
	return true;
}

static unsigned count_faults(const struct persist_facts *facts, unsigned places)
{
	unsigned faults = 0;

	for (unsigned place = 0; place < places; place++)
		faults += is_fault(facts, &facts->candidates[at_place(facts, place)]);
	return faults;
}

enum persist_outcome persist_outcome(
	const struct persist_facts *facts, struct persist_decision decision)
{
	unsigned faults = count_faults(facts, passed_over(facts, decision));

	if (decision.step != PERSIST_RESTORE)
		return faults ? PERSIST_NONE_GOOD : PERSIST_NONE_YET;
	if (faults || facts->candidates[decision.candidate].verdict == PERSIST_UNCHECKED)
		return PERSIST_SECOND_BEST;
	return PERSIST_AS_WANTED;
}

const char *persist_verdict_text(enum persist_verdict verdict)
{
	static const char *const texts[PERSIST_VERDICT_COUNT] = {
		[PERSIST_NOT_EXAMINED] = "was not looked at",
		[PERSIST_ABSENT] = "is not there",
		[PERSIST_UNREADABLE] = "cannot be read",
		[PERSIST_TORN] = "was not written to its end",
		[PERSIST_EMPTY] = "is empty",
		[PERSIST_INVALID] = "is invalid",
		[PERSIST_UNCHECKED] = "could not be checked",
		[PERSIST_VALID] = "is valid",
	};

	return texts[verdict];
}

static void put_name(struct text *out, const struct persist_facts *facts,
	const struct persist_candidate *candidate)
{
	switch (candidate->source) {
	case PERSIST_STORE:
		text_printf(out, "the store %s", facts->spec->store);
		return;
	case PERSIST_GENERATION:
		text_printf(out, "generation %u", candidate->number);
		return;
	case PERSIST_DAY0:
		text_printf(out, "day-0 %s", facts->spec->day0);
		return;
	}
}

static void put_verdict(struct text *out, const struct persist_facts *facts,
	const struct persist_candidate *candidate, const char *separator)
{
	put_name(out, facts, candidate);
	text_printf(out, "%s%s", separator, persist_verdict_text(candidate->verdict));
	if (candidate->why)
		text_printf(out, " (%s)", candidate->why);
}

/* What was wrong with those that were passed over. */
static void put_faults(struct text *out, const struct persist_facts *facts, unsigned places)
{
	const char *separator = ": ";
	unsigned told = 0, faults = count_faults(facts, places);

	for (unsigned place = 0; place < places && told < REASONS_MAX; place++) {
		const struct persist_candidate *candidate =
			&facts->candidates[at_place(facts, place)];

		if (!is_fault(facts, candidate))
			continue;
		text_put(out, separator);
		put_verdict(out, facts, candidate, " ");
		separator = ", ";
		told++;
	}
	if (faults > told)
		text_printf(out, ", and so on with %u more", faults - told);
}

static void put_day0(struct text *out, const struct persist_facts *facts, bool chosen)
{
	bool changed = facts->day0_changed;

	if (chosen && !day0_leads(facts))
		return;
	if (chosen)
		text_put(out, changed ? ", which has changed since it was last seen"
				      : ", as prefer = day0 asks for");
	else if (changed && !day0_leads(facts))
		text_printf(out,
			"; day-0 %s has changed since it was last seen, but prefer = store",
			facts->spec->day0);
}

const char *persist_explain(
	struct arena *arena, const struct persist_facts *facts, struct persist_decision decision)
{
	struct text out = {.arena = arena};
	const struct persist_candidate *chosen = &facts->candidates[decision.candidate];

	if (persist_outcome(facts, decision) == PERSIST_NONE_YET) {
		text_put(&out, "nothing was kept yet");
		return arena->failed ? NULL : text_string(&out);
	}
	if (decision.step == PERSIST_RESTORE) {
		text_put(&out, "restored from ");
		if (chosen->verdict == PERSIST_UNCHECKED)
			put_verdict(&out, facts, chosen, ", which ");
		else
			put_name(&out, facts, chosen);
		put_day0(&out, facts, chosen->source == PERSIST_DAY0);
	} else {
		text_put(&out, "left as it is");
	}
	put_faults(&out, facts, passed_over(facts, decision));
	return arena->failed ? NULL : text_string(&out);
}

enum persist_verdict persist_look(const struct persist *spec, const char *bytes, size_t length)
{
	size_t at = 0;

	/* A power cut may leave a file of its full length, made of NUL bytes. */
	while (at < length && (!bytes[at] || strchr(" \t\r\n", bytes[at])))
		at++;
	if (at == length)
		return PERSIST_EMPTY;
	return spec->check.count ? PERSIST_NOT_EXAMINED : PERSIST_VALID;
}

enum persist_change persist_judge(enum persist_verdict verdict, bool is_kept)
{
	if (is_kept || verdict == PERSIST_ABSENT)
		return PERSIST_CHANGE_NONE;
	if (verdict == PERSIST_NOT_EXAMINED)
		return PERSIST_CHANGE_EXAMINE;
	return is_usable(verdict) ? PERSIST_CHANGE_KEEP : PERSIST_CHANGE_REFUSE;
}

unsigned persist_surplus(unsigned count, int keep)
{
	unsigned most = keep > 0 ? (unsigned)keep : 1;

	return count > most ? count - most : 0;
}

static const char *expand(struct arena *arena, const char *word, const char *file)
{
	struct text out = {.arena = arena};

	while (*word) {
		size_t plain = strcspn(word, "%");

		text_put_bytes(&out, word, plain);
		word += plain;
		if (*word && word[1] == 'f')
			text_put(&out, file);
		else if (*word)
			text_put(&out, "%");
		if (*word)
			word += word[1] == 'f' || word[1] == '%' ? 2 : 1;
	}
	return text_string(&out);
}

const char *const *persist_command(struct arena *arena, const struct words *check, const char *file)
{
	const char **argv = arena_array(arena, check->count + 1, sizeof(*argv));

	for (unsigned i = 0; argv && i < check->count; i++)
		argv[i] = expand(arena, check->word[i], file);
	return arena->failed ? NULL : argv;
}

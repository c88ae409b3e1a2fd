#include "init/persist_choose.h"

#include "config/model.h"
#include "init/loop.h"
#include "init/persist_check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { CHECKS_MS = 20000 }; /* all checks of one file; what is left is taken without */

static void add(struct persist_choice *choice, enum persist_source source, unsigned number,
	enum persist_verdict verdict)
{
	choice->candidates[choice->facts.count++] =
		(struct persist_candidate){source, number, verdict, NULL};
}

/* A store that is good is worth having without its generations, too. */
static int open_store(struct persist_choice *choice)
{
	const struct persist *spec = choice->facts.spec;
	int r = persist_store_open(choice->arena, spec, &choice->store);

	if (r == 0 || r == -ENOMEM)
		return r;
	choice->unlisted = -r;
	choice->store = (struct persist_store){
		.spec = spec,
		.directory = arena_printf(choice->arena, "%s.generations", spec->store),
	};
	return choice->store.directory ? 0 : -ENOMEM;
}

static int gather(struct persist_choice *choice)
{
	struct arena *arena = choice->arena;
	const struct persist_store *store = &choice->store;
	int r = open_store(choice);
	unsigned count = store->count + 2;

	if (r < 0)
		return r;
	choice->candidates = arena_array(arena, count, sizeof(*choice->candidates));
	choice->bytes = arena_array(arena, count, sizeof(*choice->bytes));
	if (!choice->candidates || !choice->bytes)
		return -ENOMEM;
	add(choice, PERSIST_STORE, 0, store->unfinished ? PERSIST_TORN : PERSIST_NOT_EXAMINED);
	for (unsigned i = store->count; i-- > 0;)
		add(choice, PERSIST_GENERATION, store->numbers[i], PERSIST_NOT_EXAMINED);
	if (choice->facts.spec->day0)
		add(choice, PERSIST_DAY0, 0, PERSIST_NOT_EXAMINED);
	choice->facts.candidates = choice->candidates;
	return 0;
}

const char *persist_choice_path(const struct persist_choice *choice, unsigned number)
{
	const struct persist_candidate *candidate = &choice->candidates[number];

	switch (candidate->source) {
	case PERSIST_STORE:
		return choice->facts.spec->store;
	case PERSIST_GENERATION:
		return persist_store_generation(choice->arena, &choice->store, candidate->number);
	case PERSIST_DAY0:
		return choice->facts.spec->day0;
	}
	return NULL;
}

bool persist_choice_read(struct persist_choice *choice, unsigned number)
{
	struct persist_candidate *candidate = &choice->candidates[number];
	struct persist_bytes *bytes = &choice->bytes[number];
	const char *path = persist_choice_path(choice, number);
	int r = path ? 0 : -ENOMEM;

	if (bytes->data)
		return true;
	if (path)
		r = persist_file_read(&choice->contents, path, bytes);
	if (r == 0)
		return true;
	candidate->verdict = r == -ENOENT ? PERSIST_ABSENT : PERSIST_UNREADABLE;
	candidate->why = r == -ENOENT ? NULL : strerror(-r);
	return false;
}

/* What was the newest generation when it was kept has been checked then. */
static bool is_known(struct persist_choice *choice, unsigned number)
{
	return choice->candidates[number].source == PERSIST_STORE &&
	       persist_store_holds(choice->arena, &choice->store, &choice->bytes[number]);
}

/* There may be a hundred generations, each as large as can be. Day-0 is read once more, if it is
 * asked for. */
static void forget_contents(struct persist_choice *choice)
{
	arena_free(&choice->contents);
	for (unsigned i = 0; i < choice->facts.count; i++)
		choice->bytes[i] = (struct persist_bytes){NULL, 0};
}

static void examine(struct persist_choice *choice, unsigned number)
{
	struct persist_candidate *candidate = &choice->candidates[number];
	const struct persist_bytes *bytes = &choice->bytes[number];

	if (!persist_choice_read(choice, number))
		return;
	if (is_known(choice, number)) {
		candidate->verdict = PERSIST_VALID;
	} else if (timestamp_before(loop_clock(), choice->until)) {
		candidate->verdict = persist_check_wait(choice->spawner, choice->arena,
			choice->facts.spec, bytes, choice->until, &candidate->why);
	} else {
		candidate->verdict = PERSIST_UNCHECKED;
		candidate->why = "no time was left for it";
	}
	if (candidate->verdict != PERSIST_VALID && candidate->verdict != PERSIST_UNCHECKED)
		forget_contents(choice);
}

/* Has it another content than at the last boot? Nobody knows when there was none. */
static bool day0_has_changed(struct persist_choice *choice)
{
	const char *seen = persist_store_file(choice->arena, &choice->store, "day0");
	unsigned last = choice->facts.count - 1;

	return choice->facts.spec->day0 && seen && access(seen, F_OK) == 0 &&
	       persist_choice_read(choice, last) && !persist_file_has(seen, &choice->bytes[last]);
}

static void decide(struct persist_choice *choice)
{
	choice->facts.day0_changed = day0_has_changed(choice);
	while ((choice->decision = persist_decide(&choice->facts)).step == PERSIST_EXAMINE)
		examine(choice, choice->decision.candidate);
}

int persist_choose(struct arena *arena, const struct persist *spec, const struct spawner *spawner,
	struct persist_choice *ret_choice)
{
	struct persist_choice choice = {
		.arena = arena,
		.spawner = spawner,
		.until = timestamp_add_ms(loop_clock(), CHECKS_MS),
		.facts = {.spec = spec},
	};
	int r = gather(&choice);

	if (r < 0)
		return r;
	decide(&choice);
	*ret_choice = choice;
	return 0;
}

void persist_choice_free(struct persist_choice *choice)
{
	arena_free(&choice->contents);
}

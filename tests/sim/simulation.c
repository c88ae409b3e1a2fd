/* A simulation of the engine: random models, a fake kernel, a fake clock, random requests, reloads
 * and limits of the loop around the engine; every invariant of watch.h is checked all the time.
 *
 *   simulation                    a test: many seeds, and every planted bug is caught
 *   simulation --seeds N [FIRST]  so many seeds, beginning with FIRST
 *   simulation --seed N           one, told step by step
 *   simulation --plant NAME …     with a planted bug
 *
 * A seed gives the same run everywhere: to look into a failure, replay it with --seed. */
#include "tests/sim/script.h"

#include "tests/check.h"

#ifdef __SANITIZE_ADDRESS__ /* some ten times slower */
#define SEEDS_DEFAULT 20000
#else
#define SEEDS_DEFAULT 60000
#endif
#define PLANT_SEEDS 4000 /* a planted bug has to be caught within so many */

static struct totals totals;
static struct simulation simulation = {.totals = &totals};
static uint64_t first_seed, seed_count = SEEDS_DEFAULT;
static enum plant planted;

static void every_seed_holds_every_invariant(void)
{
	for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
		const char *broken = simulate(&simulation, seed, planted, false);
		if (!broken)
			continue;
		fprintf(stderr, "seed %llu: %s: %s\n", (unsigned long long)seed, broken,
			simulation.watch.text);
		check_failed_now = true;
		return;
	}
}

static void every_transition_was_taken(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		for (unsigned t = 0; t < TRANSITION_COUNT; t++) {
			if (state_table[s][t].legal == (totals.cells[s][t] > 0))
				continue;
			fprintf(stderr, "cell %s, %s was %staken\n",
				state_name((enum service_state)s),
				transition_name((enum transition)t),
				totals.cells[s][t] ? "" : "never ");
			check_failed_now = true;
		}
	}
}

/* Is the bug caught, by the invariant that is there for it? */
static bool plant_is_caught(enum plant plant)
{
	for (uint64_t seed = 0; seed < PLANT_SEEDS; seed++) {
		const char *broken = simulate(&simulation, seed, plant, false);
		if (broken && strcmp(broken, plants[plant].caught_by) == 0)
			return true;
	}
	return false;
}

static void every_planted_bug_is_caught(void)
{
	for (unsigned plant = PLANT_NONE + 1; plant < PLANT_COUNT; plant++) {
		if (plant_is_caught((enum plant)plant))
			continue;
		fprintf(stderr, "%s is not caught by %s\n", plants[plant].name,
			plants[plant].caught_by);
		check_failed_now = true;
	}
}

static void every_invariant_has_caught_a_bug(void)
{
	for (unsigned i = 0; i < sizeof(invariants) / sizeof(invariants[0]); i++) {
		bool has_plant = false;
		for (unsigned plant = PLANT_NONE + 1; plant < PLANT_COUNT; plant++)
			has_plant |= strcmp(plants[plant].caught_by, invariants[i]) == 0;
		if (has_plant)
			continue;
		fprintf(stderr, "no bug was planted for %s\n", invariants[i]);
		check_failed_now = true;
	}
}

static void print_totals(void)
{
	unsigned taken = 0, legal = 0;

	for (unsigned s = 0; s < STATE_COUNT; s++) {
		for (unsigned t = 0; t < TRANSITION_COUNT; t++) {
			if (!state_table[s][t].legal)
				continue;
			legal++;
			taken += totals.cells[s][t] > 0;
			printf("# %10llu  %s --%s--> %s\n", (unsigned long long)totals.cells[s][t],
				state_name((enum service_state)s),
				transition_name((enum transition)t),
				state_name(state_table[s][t].next));
		}
	}
	printf("# %llu seeds, %llu events, %llu actions, %llu settles, %llu transitions, "
	       "%u of %u cells\n",
		(unsigned long long)seed_count, (unsigned long long)totals.events,
		(unsigned long long)totals.actions, (unsigned long long)totals.settles,
		(unsigned long long)totals.transitions, taken, legal);
}

static int replay(uint64_t seed)
{
	const char *broken = simulate(&simulation, seed, planted, true);

	printf("%s %s\n", broken ? broken : "every invariant holds",
		broken ? simulation.watch.text : "");
	return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}

static uint64_t read_number(const char *text)
{
	char *end;
	uint64_t number = strtoull(text, &end, 10);

	if (end == text || *end) {
		fprintf(stderr, "\"%s\" is not a number\n", text);
		exit(2);
	}
	return number;
}

int main(int argc, char **argv)
{
	bool chosen = false;

	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;
		if (more && strcmp(argv[i], "--plant") == 0) {
			planted = plant_find(argv[++i]);
		} else if (more && strcmp(argv[i], "--seed") == 0) {
			return replay(read_number(argv[i + 1]));
		} else if (more && strcmp(argv[i], "--seeds") == 0) {
			seed_count = read_number(argv[++i]);
			if (i + 1 < argc)
				first_seed = read_number(argv[++i]);
			chosen = true;
		} else {
			planted = PLANT_COUNT;
		}
		if (planted == PLANT_COUNT) {
			fprintf(stderr, "see the top of tests/sim/simulation.c for usage\n");
			return 2;
		}
	}
	RUN(every_seed_holds_every_invariant);
	print_totals();
	if (chosen)
		return CHECK_EXIT_STATUS();
	RUN(every_transition_was_taken);
	RUN(every_planted_bug_is_caught);
	RUN(every_invariant_has_caught_a_bug);
	return CHECK_EXIT_STATUS();
}

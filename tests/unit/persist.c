/* The decisions about kept files: which content is put back and why, what is kept. */
#include "tests/check.h"

#include "config/arena.h"
#include "supervisor/persist.h"

enum { MOST = 4 };

static const struct persist spec = {.name = "f",
	.path = "/etc/f",
	.store = "/config/f",
	.day0 = "/config/day0",
	.check = {(const char *const[]){"check", NULL}, 1}};

/* The store, generations 2 and 1, day-0. */
struct scene {
	struct persist spec;
	struct persist_candidate candidates[MOST];
	struct persist_facts facts;
};

static void set_scene(struct scene *scene, enum persist_prefer prefer, bool day0_changed,
	const enum persist_verdict verdicts[MOST])
{
	*scene = (struct scene){.spec = spec,
		.candidates = {
			{PERSIST_STORE, 0, verdicts[0], NULL},
			{PERSIST_GENERATION, 2, verdicts[1], NULL},
			{PERSIST_GENERATION, 1, verdicts[2], NULL},
			{PERSIST_DAY0, 0, verdicts[3], NULL},
		}};
	scene->spec.prefer = prefer;
	scene->facts = (struct persist_facts){&scene->spec, day0_changed, scene->candidates, MOST};
}

/* Looks at a candidate only when it is asked to; `truth` is what it sees. */
static struct persist_decision play(
	struct scene *scene, const enum persist_verdict truth[MOST], unsigned *ret_looks)
{
	struct persist_decision decision;

	*ret_looks = 0;
	while ((decision = persist_decide(&scene->facts)).step == PERSIST_EXAMINE &&
		*ret_looks <= MOST) {
		scene->candidates[decision.candidate].verdict = truth[decision.candidate];
		++*ret_looks;
	}
	return decision;
}

static bool is_usable(enum persist_verdict verdict)
{
	return verdict == PERSIST_VALID || verdict == PERSIST_UNCHECKED;
}

/* Every combination of verdicts: what is chosen is usable, nothing usable comes before it, and
 * nothing behind it was looked at. */
static void the_first_that_is_good_is_taken(void)
{
	static const unsigned orders[2][MOST] = {{0, 1, 2, 3}, {3, 0, 1, 2}};
	static const enum persist_verdict unknown[MOST];
	enum persist_verdict truth[MOST];
	const unsigned kinds = PERSIST_VERDICT_COUNT - 1;

	for (unsigned policy = 0; policy < 2u * PERSIST_PREFER_COUNT; policy++) {
		enum persist_prefer prefer = (enum persist_prefer)(policy / 2);
		bool changed = policy % 2;
		const unsigned *order =
			orders[prefer == PREFER_DAY0 || (prefer == PREFER_NEWEST && changed)];

		for (unsigned all = 0; all < kinds * kinds * kinds * kinds; all++) {
			struct scene scene;
			unsigned place = 0, looks;

			for (unsigned i = 0, rest = all; i < MOST; i++, rest /= kinds)
				truth[i] = (enum persist_verdict)(rest % kinds + 1);
			set_scene(&scene, prefer, changed, unknown);
			struct persist_decision decision = play(&scene, truth, &looks);

			while (place < MOST && !is_usable(truth[order[place]]))
				place++;
			if (place == MOST) {
				CHECK_INT(decision.step, PERSIST_LEAVE);
			} else {
				CHECK_INT(decision.step, PERSIST_RESTORE);
				CHECK_INT(decision.candidate, order[place]);
			}
			CHECK_INT(looks, place == MOST ? MOST : place + 1);
		}
	}
}

#define A PERSIST_ABSENT
#define E PERSIST_EMPTY
#define I PERSIST_INVALID
#define V PERSIST_VALID

static void the_reason_is_told(void)
{
	static const struct {
		enum persist_prefer prefer;
		bool changed;
		enum persist_verdict verdicts[MOST];
		enum persist_outcome outcome;
		const char *text;
	} cases[] = {
		{PREFER_STORE, false, {V}, PERSIST_AS_WANTED, "restored from the store /config/f"},
		{PREFER_STORE, true, {V}, PERSIST_AS_WANTED,
			"restored from the store /config/f; day-0 /config/day0 has changed since "
			"it was last seen, but prefer = store"},
		{PREFER_STORE, false, {PERSIST_UNCHECKED}, PERSIST_SECOND_BEST,
			"restored from the store /config/f, which could not be checked"},
		{PREFER_STORE, false, {E, V}, PERSIST_SECOND_BEST,
			"restored from generation 2: the store /config/f is empty"},
		{PREFER_STORE, false, {A, I, V}, PERSIST_SECOND_BEST,
			"restored from generation 1: the store /config/f is not there, generation "
			"2 is invalid"},
		{PREFER_STORE, false, {E, I, I, V}, PERSIST_SECOND_BEST,
			"restored from day-0 /config/day0: the store /config/f is empty, "
			"generation "
			"2 is invalid, generation 1 is invalid"},
		{PREFER_DAY0, false, {V, V, V, V}, PERSIST_AS_WANTED,
			"restored from day-0 /config/day0, as prefer = day0 asks for"},
		{PREFER_DAY0, false, {V, V, V, A}, PERSIST_SECOND_BEST,
			"restored from the store /config/f: day-0 /config/day0 is not there"},
		{PREFER_NEWEST, false, {V, V, V, V}, PERSIST_AS_WANTED,
			"restored from the store /config/f"},
		{PREFER_NEWEST, true, {V, V, V, V}, PERSIST_AS_WANTED,
			"restored from day-0 /config/day0, which has changed since it was last "
			"seen"},
		{PREFER_NEWEST, true, {V, V, V, I}, PERSIST_SECOND_BEST,
			"restored from the store /config/f: day-0 /config/day0 is invalid"},
		{PREFER_STORE, false, {I, I, I, I}, PERSIST_NONE_GOOD,
			"left as it is: the store /config/f is invalid, generation 2 is invalid, "
			"generation 1 is invalid, and so on with 1 more"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct scene scene;

		set_scene(&scene, cases[i].prefer, cases[i].changed, cases[i].verdicts);
		struct persist_decision decision = persist_decide(&scene.facts);

		CHECK_INT(persist_outcome(&scene.facts, decision), cases[i].outcome);
		CHECK_STR(persist_explain(&arena, &scene.facts, decision), cases[i].text);
		arena_free(&arena);
	}
}

/* Before anything was kept, that there is no store is as it should be. */
static void a_first_boot_is_no_fault(void)
{
	struct persist_candidate candidates[] = {
		{PERSIST_STORE, 0, PERSIST_ABSENT, NULL}, {PERSIST_DAY0, 0, PERSIST_VALID, NULL}};
	struct persist_facts facts = {&spec, false, candidates, 2};
	struct arena arena = {0};
	struct persist_decision decision = persist_decide(&facts);

	CHECK_INT(persist_outcome(&facts, decision), PERSIST_AS_WANTED);
	CHECK_STR(persist_explain(&arena, &facts, decision), "restored from day-0 /config/day0");
	candidates[1].verdict = PERSIST_ABSENT;
	decision = persist_decide(&facts);
	CHECK_INT(persist_outcome(&facts, decision), PERSIST_NONE_YET);
	CHECK_STR(persist_explain(&arena, &facts, decision), "nothing was kept yet");
	facts.count = 1;
	CHECK_INT(persist_decide(&facts).step, PERSIST_LEAVE);
	arena_free(&arena);
}

static void what_is_blank_is_empty(void)
{
	struct persist unchecked = spec;

	unchecked.check = (struct words){NULL, 0};
	CHECK_INT(persist_look(&spec, "", 0), PERSIST_EMPTY);
	CHECK_INT(persist_look(&spec, " \n\t\r\n", 5), PERSIST_EMPTY);
	CHECK_INT(persist_look(&spec, "\0\0\0\0", 4), PERSIST_EMPTY);
	CHECK_INT(persist_look(&spec, "\0\0!", 3), PERSIST_NOT_EXAMINED);
	CHECK_INT(persist_look(&unchecked, "!", 1), PERSIST_VALID);
}

static void only_what_is_good_is_kept(void)
{
	for (int verdict = 0; verdict < PERSIST_VERDICT_COUNT; verdict++) {
		enum persist_change change = persist_judge((enum persist_verdict)verdict, false);

		CHECK_INT(persist_judge((enum persist_verdict)verdict, true), PERSIST_CHANGE_NONE);
		CHECK_INT(change == PERSIST_CHANGE_KEEP, is_usable((enum persist_verdict)verdict));
		CHECK(persist_verdict_text((enum persist_verdict)verdict));
	}
	CHECK_INT(persist_judge(PERSIST_EMPTY, false), PERSIST_CHANGE_REFUSE);
	CHECK_INT(persist_judge(PERSIST_ABSENT, false), PERSIST_CHANGE_NONE);
	CHECK_INT(persist_judge(PERSIST_NOT_EXAMINED, false), PERSIST_CHANGE_EXAMINE);
}

static void the_oldest_are_too_many(void)
{
	CHECK_INT(persist_surplus(0, 10), 0);
	CHECK_INT(persist_surplus(10, 10), 0);
	CHECK_INT(persist_surplus(13, 10), 3);
	CHECK_INT(persist_surplus(2, 0), 1); /* never all of them */
}

static void the_command_names_the_file(void)
{
	static const char *const words[] = {"a", "-f%f.x", "%f%f", "100%%f", "%", NULL};
	const struct words check = {words, 5};
	struct arena arena = {0};
	const char *const *argv = persist_command(&arena, &check, "/F");

	CHECK_STR(argv[0], "a");
	CHECK_STR(argv[1], "-f/F.x");
	CHECK_STR(argv[2], "/F/F");
	CHECK_STR(argv[3], "100%f");
	CHECK_STR(argv[4], "%");
	CHECK(!argv[5]);
	arena_free(&arena);
}

int main(void)
{
	RUN(the_first_that_is_good_is_taken);
	RUN(the_reason_is_told);
	RUN(a_first_boot_is_no_fault);
	RUN(what_is_blank_is_empty);
	RUN(only_what_is_good_is_kept);
	RUN(the_oldest_are_too_many);
	RUN(the_command_names_the_file);
	return CHECK_EXIT_STATUS();
}

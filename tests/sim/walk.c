/* An exhaustive walk of the reachable states of small graphs: one to three services, every shape of
 * edges, the policies that matter; see graph_walk.h. Prints how many states there are.
 *
 *   walk           a test of seconds
 *   walk --deep    all of it: requests and two facts at a time everywhere (an hour) */
#include "tests/sim/graph_choices.h"
#include "tests/sim/graph_models.h"

#include "tests/check.h"

static struct walk walk;
static const char *what; /* is walked, for messages */
static bool deep;

#ifdef __SANITIZE_ADDRESS__ /* some ten times slower: every twelfth model */
#define STRIDE 12
#else
#define STRIDE 1
#endif

/* Nobody dies, whatever is sent: the budget ends the stop. */
static void try_hostile_stop(struct walk *w)
{
	walk_apply(w, &(struct choice){.kind = CHOICE_SHUTDOWN});
	walk_settle(w);
	for (unsigned i = 0; i < TRIES_MAX && !w->watch.exit_taken && !w->watch.broken; i++) {
		if (!walk_pass_time(w))
			break;
		walk_settle(w);
	}
	ENSURE(&w->watch, w->watch.exit_taken, "stop-ends", "a stop of the stubborn does not end");
}

/* All obey at once: the stop takes no time at all. */
static void try_friendly_stop(struct walk *w)
{
	int64_t now = w->watch.now;

	walk_apply(w, &(struct choice){.kind = CHOICE_SHUTDOWN});
	walk_settle(w);
	for (unsigned i = 0; i < TRIES_MAX && !w->watch.exit_taken && !w->watch.broken; i++) {
		if (!walk_behave_all(w))
			walk_apply(w, &(struct choice){.kind = CHOICE_GONE});
		walk_settle(w);
	}
	ENSURE(&w->watch, w->watch.exit_taken && w->watch.now == now, "stop-ends",
		"a stop of the obedient takes time");
}

static bool needs_what_is_not_coming(const struct walk *w, const struct shadow *shadow)
{
	uint32_t needs = shadow->needs;

	for (int need; (need = watch_next_named(&w->watch, &needs)) >= 0;)
		if (!state_satisfies_need(w->watch.shadow[need].state))
			return true;
	return false;
}

static bool is_up(const struct walk *w, unsigned slot)
{
	struct unit_view view;

	engine_view(w->watch.engine, slot, &view);
	return !view.wanted || state_satisfies_need(view.state);
}

static bool all_are_up(const struct walk *w)
{
	unsigned slot = 0;

	while (slot < w->watch.slots && is_up(w, slot))
		slot++;
	return slot == w->watch.slots;
}

/* All services behave from now on: those that are wanted come up, but for those that have failed
 * for good, and those that need them. */
static void try_to_come_up(struct walk *w)
{
	for (unsigned i = 0; i < TRIES_MAX && !w->watch.stopping && !w->watch.broken; i++) {
		if (!walk_behave_all(w) && (all_are_up(w) || !walk_pass_time(w)))
			break;
		walk_settle(w);
	}
	for (unsigned slot = 0; slot < w->watch.slots && !w->watch.stopping; slot++) {
		const struct shadow *shadow = &w->watch.shadow[slot];
		struct unit_view view;

		engine_view(w->watch.engine, slot, &view);
		ENSURE(&w->watch,
			is_up(w, slot) || view.state == STATE_FAILED ||
				(view.state == STATE_WAITING &&
					needs_what_is_not_coming(w, shadow)),
			"stranded", "%s does not come up, it is %s", watch_name(&w->watch, slot),
			state_name(view.state));
	}
}

/* A trial: done in a copy, and forgotten. */
static void try(struct walk *w, const struct place *node, void (*trial)(struct walk *))
{
	if (w->watch.broken)
		return;
	trial(w);
	w->trials++;
	if (w->watch.broken)
		return;
	walk_load(w, node);
}

static void go_on(
	struct walk *w, const struct place *node, const struct choice *choice, bool settle)
{
	if (w->watch.broken)
		return;
	walk_apply(w, choice);
	w->steps++;
	w->depth++;
	w->unsettled = !settle;
	if (settle)
		walk_settle(w);
	if (w->watch.broken)
		return;
	if (!w->watch.exit_taken && !walk_seen(w, walk_hash(w)))
		walk_push(w);
	walk_load(w, node);
}

static void expand(struct walk *w, const struct place *node)
{
	struct choice choices[CHOICES_MAX];

	walk_load(w, node);
	if (!node->unsettled) {
		try(w, node, try_hostile_stop);
		try(w, node, try_friendly_stop);
		try(w, node, try_to_come_up);
	}
	unsigned count = walk_choices(w, choices);
	ENSURE(&w->watch, count < CHOICES_MAX, "busy", "too many choices");
	for (unsigned i = 0; i < count; i++) {
		go_on(w, node, &choices[i], true);
		if (w->batches && !node->unsettled && choices[i].kind <= CHOICE_READY)
			go_on(w, node, &choices[i], false);
	}
}

static void free_nodes(struct place *node)
{
	while (node) {
		struct place *next = node->next;
		free(node);
		node = next;
	}
}

/* Walks all that can be reached with the model. */
static void walk_model(struct walk *w, const struct sim_model *m, enum plant plant)
{
	w->first = NULL;
	w->last = &w->first;
	w->last_pid = 1;
	w->refuse = w->unsettled = false;
	w->refusals = 1;
	w->depth = 0;
	w->seen_count = 0;
	if (w->seen)
		memset(w->seen, 0, w->seen_size * sizeof(*w->seen));
	if (!watch_begin(&w->watch, m, plant, &w->totals))
		exit(1);
	walk_settle(w);
	if (!w->watch.broken) {
		(void)walk_seen(w, walk_hash(w));
		walk_push(w);
	}
	while (w->first && !w->watch.broken) {
		struct place *node = w->first;

		w->first = node->next;
		if (!w->first)
			w->last = &w->first;
		expand(w, node);
		node->next = w->unused;
		w->unused = node;
	}
	free_nodes(w->first);
	engine_free(w->watch.engine);
}

/* Walks the model; a broken invariant fails the test. */
static bool walk_and_report(struct sim_model *m)
{
	static unsigned turn;

	if (!deep && turn++ % STRIDE != 0)
		return true;
	memcpy(m->truth, m->services, sizeof(m->truth));
	walk_model(&walk, m, PLANT_NONE);
	if (!walk.watch.broken)
		return true;
	fprintf(stderr, "%s: after %u steps: %s: %s\n", what, walk.depth, walk.watch.broken,
		walk.watch.text);
	check_failed_now = true;
	return false;
}

static void report(uint64_t states_before, unsigned models)
{
	printf("# %s: %u models, %llu states\n", what, models,
		(unsigned long long)(walk.states - states_before));
}

/* Every kind of service alone, with every policy. */
static void one_service(void)
{
	uint64_t before = walk.states;
	unsigned models = 0;
	struct sim_model m;

	what = "one service";
	walk.requests = true;
	for (unsigned bits = 0; bits < 16; bits++) {
		walk.batches = deep || bits >= 14;
		for (unsigned i = 0; i < RESTART_POLICY_COUNT * FLAVOUR_COUNT; i++) {
			begin_model(&m);
			struct service *service = add_service(&m);
			service->restart = (enum restart_policy)(i % RESTART_POLICY_COUNT);
			set_flavour(service, (enum flavour)(i / RESTART_POLICY_COUNT));
			bool plain = service->type == SERVICE_FOREGROUND;
			service->critical = bits & 1;
			service->give_up_count = bits & 2 ? 2 : 0;
			if (service->critical && !service->give_up_count &&
				service->restart != RESTART_NEVER)
				continue; /* it never fails for good */
			if (bits & 4 && !plain)
				service->prepare = model_words(model_prepare);
			if (bits & 8 && !plain)
				service->stop_command = model_words(model_stop_command);
			models++;
			if (!walk_and_report(&m))
				return;
		}
	}
	report(before, models);
}

/* Two services, joined by each kind of edge. */
static void two_services(void)
{
	static const enum flavour flavours[] = {IMMEDIATE, NOTIFY, ONESHOT};
	uint64_t before = walk.states;
	unsigned models = 0;
	struct sim_model m;

	what = "two services";
	walk.requests = true;
	walk.batches = deep;
	for (unsigned i = 0; i < EDGE_KIND_COUNT * ON_NEED_LOST_COUNT * 3 * 2 * 2; i++) {
		unsigned rest = i;
		begin_model(&m);
		struct service *base = add_service(&m), *user = add_service(&m);
		enum edge_kind kind = (enum edge_kind)(rest % EDGE_KIND_COUNT);
		rest /= EDGE_KIND_COUNT;
		user->on_need_lost = (enum on_need_lost)(rest % ON_NEED_LOST_COUNT);
		rest /= ON_NEED_LOST_COUNT;
		set_flavour(base, flavours[rest % 3]);
		rest /= 3;
		base->restart = rest % 2 ? RESTART_NEVER : RESTART_ALWAYS;
		base->start = rest / 2 ? START_MANUAL : START_AUTO;
		add_edge(&m, 1, 0, kind);
		if (kind != EDGE_NEEDS && user->on_need_lost != NEED_LOST_KEEP)
			continue;
		models++;
		if (!walk_and_report(&m))
			return;
	}
	report(before, models);
}

/* Three services: chain, one below two, two below one; and both kinds of waiting mixed. */
static void three_services(void)
{
	static const unsigned shapes[][3][2] = {
		{{1, 0}, {2, 1}, {2, 1}}, /* chain; an edge twice is the edge */
		{{1, 0}, {2, 0}, {2, 0}},
		{{2, 0}, {2, 1}, {2, 1}},
		{{1, 0}, {2, 1}, {2, 0}},
	};
	uint64_t before = walk.states;
	unsigned models = 0;
	struct sim_model m;

	what = "three services";
	walk.batches = deep;
	for (unsigned i = 0; i < 4 * 9 * 3; i++) {
		walk.requests = deep || i == 7;
		begin_model(&m);
		for (unsigned s = 0; s < 3; s++) {
			struct service *service = add_service(&m);
			set_flavour(service, s == 0 ? NOTIFY : IMMEDIATE);
			service->on_need_lost = (enum on_need_lost)(i / 36);
		}
		for (unsigned e = 0; e < 3; e++)
			add_edge(&m, shapes[i % 4][e][0], shapes[i % 4][e][1],
				(enum edge_kind)(e == 0 ? i / 4 % 3 : i / 12 % 3));
		models++;
		if (!walk_and_report(&m))
			return;
	}
	report(before, models);
}

/* Can the walk fail? Two services, the upper one follows the lower; with each of these bugs. */
static void every_planted_bug_is_caught(void)
{
	static const enum plant list[] = {PLANT_DROP_NEEDS, PLANT_DOUBLE_SPAWN, PLANT_LOST_EXIT,
		PLANT_TIMER_LEFT, PLANT_LATE_DEADLINE, PLANT_NO_EXIT, PLANT_EXIT_TWICE,
		PLANT_LATE_BUDGET, PLANT_WRONG_EXIT_CODE, PLANT_NO_KILL, PLANT_WRONG_DELAY,
		PLANT_WRONG_GIVE_UP, PLANT_READY_TWICE, PLANT_READY_NEVER, PLANT_START_IN_STOP,
		PLANT_KEEP_ON_NEED_LOST};
	struct sim_model m;

	walk.requests = true;
	walk.batches = false;
	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		begin_model(&m);
		set_flavour(add_service(&m), NOTIFY);
		add_service(&m)->on_need_lost = NEED_LOST_RESTART;
		m.services[0].give_up_count = 2;
		add_edge(&m, 1, 0, EDGE_NEEDS);
		memcpy(m.truth, m.services, sizeof(m.truth));
		plant_in_model(list[i], &m);
		walk_model(&walk, &m, list[i]);
		if (walk.watch.broken && strcmp(walk.watch.broken, plants[list[i]].caught_by) == 0)
			continue;
		fprintf(stderr, "%s: not caught by %s but by %s\n", plants[list[i]].name,
			plants[list[i]].caught_by, walk.watch.broken ? walk.watch.broken : "none");
		check_failed_now = true;
	}
}

int main(int argc, char **argv)
{
	deep = argc > 1 && strcmp(argv[1], "--deep") == 0;
	RUN(every_planted_bug_is_caught);
	walk.states = walk.steps = walk.trials = walk.deepest = 0;
	RUN(one_service);
	RUN(two_services);
	RUN(three_services);
	printf("# %llu states, %llu steps, %llu trials, at most %u steps deep\n",
		(unsigned long long)walk.states, (unsigned long long)walk.steps,
		(unsigned long long)walk.trials, walk.deepest);
	free_nodes(walk.unused);
	free(walk.seen);
	return CHECK_EXIT_STATUS();
}

/* script: what happens to a world from boot to EXIT: facts, requests, reloads, the shutdown, each
 * at a moment drawn from the seed. */
#ifndef FIRSTHOP_TESTS_SIM_SCRIPT_H
#define FIRSTHOP_TESTS_SIM_SCRIPT_H

#include "tests/sim/world.h"

static inline unsigned pick_unit(struct simulation *sim)
{
	return random_below(&sim->random, sim->watch.slots + 1); /* now and then one that is not */
}

/* Facts about attempts, processes and slots that are no more, or never were: all to be dropped. */
static inline void feed_nonsense(struct simulation *sim)
{
	static const enum event_kind kinds[] = {EVENT_SPAWNED, EVENT_SPAWN_FAILED, EVENT_EXITED,
		EVENT_READY, EVENT_PROBE_FAILED, EVENT_HEALTHY, EVENT_UNHEALTHY, EVENT_ALL_GONE};
	unsigned unit = pick_unit(sim);
	struct event event = {
		.kind = RANDOM_PICK(&sim->random, kinds),
		.unit = unit,
		.role = (enum role)random_below(&sim->random, ROLE_COUNT + 1),
		.attempt = unit < sim->watch.slots ? sim->watch.shadow[unit].attempt - 1 : 1,
		.pid = random_chance(&sim->random, 50) ? 99999 : 0,
		.value = ENOENT,
		.stage = "nonsense",
	};

	if (event.kind != EVENT_ALL_GONE || !sim->watch.stopping)
		feed(sim, event);
}

static inline void reload(struct simulation *sim)
{
	struct sim_model *m = new_model(sim, sim->newest);

	watch_say(&sim->watch, "> reload");
	if (sim->watch.verbose)
		say_model(m);
	sim->quiet_ns = sim->watch.now;
	if (watch_reload(&sim->watch, m) < 0)
		exit(1);
}

/* The same model, but the engine does not see who depends on whom. */
static inline void forget_order(struct simulation *sim)
{
	struct sim_model *m = malloc(sizeof(*m));

	if (!m)
		exit(1);
	*m = *sim->newest;
	m->model.services = m->services;
	for (unsigned i = 0; i < m->model.service_count; i++)
		m->services[i].needs.count = m->services[i].wants.count =
			m->services[i].after.count = 0;
	m->next = sim->newest;
	sim->newest = m;
	if (watch_reload(&sim->watch, m) < 0)
		exit(1);
}

static inline void ask(struct simulation *sim, const struct request *request)
{
	static const enum event_kind kinds[ASK_COUNT] = {[ASK_START] = EVENT_START,
		[ASK_STOP] = EVENT_STOP,
		[ASK_RESTART] = EVENT_RESTART,
		[ASK_REREAD] = EVENT_RELOAD};

	if (request->what == ASK_RELOAD)
		reload(sim);
	else if (request->what == ASK_NONSENSE)
		feed_nonsense(sim);
	else
		feed(sim, (struct event){.kind = kinds[request->what], .unit = pick_unit(sim)});
}

static inline void ask_what_is_due(struct simulation *sim)
{
	int64_t now = sim->watch.now;

	for (unsigned i = 0; i < sim->request_count; i++) {
		if (sim->requests[i].at_ns > now)
			continue;
		ask(sim, &sim->requests[i]);
		sim->requests[i].at_ns = KERNEL_NEVER;
	}
	if (sim->release_ns <= now) {
		feed(sim, (struct event){.kind = EVENT_RELEASE});
		sim->release_ns = KERNEL_NEVER;
	}
	if (sim->shutdown_ns <= now) {
		if (sim->watch.plant == PLANT_DROP_ORDER_AT_STOP && !sim->watch.stopping)
			forget_order(sim);
		feed(sim, (struct event){.kind = EVENT_SHUTDOWN,
				  .value = random_chance(&sim->random, 80) ? 0 : 7});
		sim->shutdown_ns = sim->second_shutdown_ns;
		sim->second_shutdown_ns = KERNEL_NEVER;
	}
}

/* Readiness before exits, as the loop does it; now and then the other way round, which must not
 * matter to the engine. Not more than the limit of a round. */
static inline void feed_facts(struct simulation *sim)
{
	unsigned limit = sim->facts_per_round ? sim->facts_per_round : KERNEL_FACTS_MAX;
	bool exits = sim->exits_first;

	for (unsigned pass = 0; pass < 2; pass++, exits = !exits) {
		for (unsigned i = 0; i < sim->kernel.fact_count && limit && !sim->watch.broken;) {
			bool is_exit = sim->kernel.facts[i].kind == EVENT_EXITED;
			if (is_exit != exits) {
				i++;
				continue;
			}
			feed(sim, kernel_take_fact(&sim->kernel, i));
			limit--;
		}
	}
}

static inline int64_t next_moment(const struct simulation *sim)
{
	int64_t next = watch_deadline(&sim->watch);
	int64_t kernel = kernel_next(&sim->kernel);

	if (kernel < next)
		next = kernel;
	for (unsigned i = 0; i < sim->request_count; i++)
		if (sim->requests[i].at_ns < next)
			next = sim->requests[i].at_ns;
	if (sim->shutdown_ns < next)
		next = sim->shutdown_ns;
	if (sim->release_ns < next)
		next = sim->release_ns;
	if (sim->kernel.fact_count || sim->acted_in_part)
		next = 0; /* there is something to do at once */
	return next;
}

/* The loop comes late, the machine is busy. */
static inline void make_late(struct simulation *sim)
{
	int most_ms = random_chance(&sim->random, 10) ? 3000 : 50;

	sim->watch.now += random_between(&sim->random, 1, most_ms) * MS;
	sim->quiet_ns = sim->watch.now;
}

/* One wake-up of the loop. */
static inline void step(struct simulation *sim)
{
	struct watch *watch = &sim->watch;
	int64_t next = next_moment(sim);

	if (next == KERNEL_NEVER) {
		watch_break(watch, "stop-ends", "nothing will ever happen again");
		return;
	}
	if (next > watch->now)
		watch->now = next;
	if (random_chance(&sim->random, 10))
		make_late(sim);
	kernel_run(&sim->kernel, watch->now);
	feed_facts(sim);
	if (!watch->broken)
		ask_what_is_due(sim);
	if (!watch->broken)
		settle_and_act(sim);
	free_models(sim);
}

static inline void draw_requests(struct simulation *sim)
{
	struct random *random = &sim->random;
	int64_t life_ms = random_chance(random, 80) ? 20000 : 200000;

	sim->shutdown_ns = random_between(random, 0, (int)life_ms) * MS;
	sim->second_shutdown_ns = random_chance(random, 20)
					  ? sim->shutdown_ns + random_between(random, 0, 3000) * MS
					  : KERNEL_NEVER;
	sim->release_ns =
		random_chance(random, 20) ? random_between(random, 0, 30000) * MS : KERNEL_NEVER;
	sim->request_count = random_below(random, REQUESTS_MAX + 1);
	for (unsigned i = 0; i < sim->request_count; i++) {
		sim->requests[i].what = random_below(random, ASK_COUNT);
		sim->requests[i].at_ns = random_between(random, 0, (int)life_ms + 2000) * MS;
	}
	if (random_chance(random, 20)) /* all at one moment */
		for (unsigned i = 1; i < sim->request_count; i++)
			sim->requests[i].at_ns = sim->requests[0].at_ns;
	sim->exits_first = random_chance(random, 10);
	sim->actions_per_round = random_chance(random, 50) ? random_below(random, 4) : 0;
	sim->facts_per_round = random_chance(random, 50) ? random_below(random, 4) : 0;
}

static inline bool simulation_begin(
	struct simulation *sim, uint64_t seed, enum plant plant, bool verbose)
{
	sim->random.state = seed;
	sim->newest = NULL;
	sim->acted_in_part = false;
	sim->rounds = 0;
	sim->quiet_ns = 0;
	sim->watch.plant = plant;
	name_order_shuffle(&sim->order, &sim->random);
	kernel_init(&sim->kernel, &sim->random);
	if (!watch_begin(&sim->watch, new_model(sim, NULL), plant, sim->totals))
		return false;
	sim->watch.verbose = verbose;
	if (verbose)
		say_model(sim->newest);
	draw_requests(sim);
	if (sim->release_ns != KERNEL_NEVER)
		feed(sim, (struct event){.kind = EVENT_HOLD});
	settle_and_act(sim);
	return true;
}

static inline void simulation_end(struct simulation *sim)
{
	engine_free(sim->watch.engine);
	while (sim->newest) {
		struct sim_model *m = sim->newest;
		sim->newest = m->next;
		free(m);
	}
}

/* One seed, from boot to EXIT. The invariant that broke, or NULL. */
static inline const char *simulate(
	struct simulation *sim, uint64_t seed, enum plant plant, bool verbose)
{
	if (!simulation_begin(sim, seed, plant, verbose))
		return "memory";
	while (!sim->watch.exit_taken && !sim->watch.broken) {
		step(sim);
		if (++sim->rounds > ROUNDS_MAX)
			watch_break(&sim->watch, "busy", "it does not come to an end");
	}
	if (!sim->watch.broken) /* EXIT was the last */
		settle_and_act(sim);
	if (verbose)
		say_units(sim);
	simulation_end(sim);
	return sim->watch.broken;
}

#endif

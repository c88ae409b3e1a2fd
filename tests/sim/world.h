/* world: one run of the simulation: an engine under watch, a fake kernel, a clock, and the limits
 * of the loop around them. */
#ifndef FIRSTHOP_TESTS_SIM_WORLD_H
#define FIRSTHOP_TESTS_SIM_WORLD_H

#include "tests/sim/kernel.h"
#include "tests/sim/watch_call.h"

#include <stdlib.h>

#define ROUNDS_MAX   20000
#define REQUESTS_MAX 8

struct request {
	int64_t at_ns;
	enum {
		ASK_START,
		ASK_STOP,
		ASK_RESTART,
		ASK_REREAD,
		ASK_RELOAD,
		ASK_NONSENSE,
		ASK_COUNT
	} what;
};

struct simulation {
	struct random random;
	struct kernel kernel;
	struct watch watch;
	struct name_order order;
	struct sim_model *newest; /* and the older ones that are still in use, by ->next */
	struct request requests[REQUESTS_MAX];
	unsigned request_count;
	int64_t release_ns; /* what waits is held back until then; NEVER: it is not */
	int64_t shutdown_ns, second_shutdown_ns;
	int64_t quiet_ns; /* since then the loop was not late, and nothing was changed */
	unsigned actions_per_round, facts_per_round; /* limits of the loop, 0: none */
	bool acted_in_part, exits_first;
	unsigned rounds;
	struct totals *totals;
};

static inline void say_names(const char *label, const struct words *words)
{
	for (unsigned i = 0; i < words->count; i++)
		printf("%s%s", i ? " " : label, words->word[i]);
}

static inline void say_model(const struct sim_model *m)
{
	printf("            budget %lld ms\n", (long long)m->budget_ms);
	for (unsigned i = 0; i < m->model.service_count; i++) {
		const struct service *s = &m->truth[i];
		printf("            %s: type=%d start=%d ready=%d restart=%d lost=%d critical=%d "
		       "start_timeout=%lld stop_timeout=%lld",
			s->name, (int)s->type, (int)s->start, (int)s->ready.kind, (int)s->restart,
			(int)s->on_need_lost, s->critical, (long long)s->start_timeout_ms,
			(long long)s->stop_timeout_ms);
		say_names(" needs=", &s->needs);
		say_names(" wants=", &s->wants);
		say_names(" after=", &s->after);
		printf("\n");
	}
}

static inline struct sim_model *new_model(struct simulation *sim, const struct sim_model *from)
{
	if (random_chance(&sim->random, 20))
		name_order_shuffle(&sim->order, &sim->random);
	struct sim_model *m = random_model(from, &sim->order, &sim->random);
	if (!m) {
		fprintf(stderr, "no memory\n");
		exit(1);
	}
	plant_in_model(sim->watch.plant, m);
	m->next = sim->newest;
	sim->newest = m;
	return m;
}

/* Frees the older models that the engine says it does not use, after making them unusable. */
static inline void free_models(struct simulation *sim)
{
	for (struct sim_model **at = &sim->newest->next; *at;) {
		struct sim_model *m = *at;
		if (engine_uses(sim->watch.engine, &m->model)) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		memset(m, 0xa5, sizeof(*m));
		free(m);
	}
}

static inline void feed(struct simulation *sim, struct event event)
{
	watch_feed(&sim->watch, &event);
}

static inline void perform_spawn(struct simulation *sim, const struct action *action)
{
	const struct watch *watch = &sim->watch;
	struct event answer = {
		.unit = action->unit, .role = action->role, .attempt = action->attempt};
	int pid = kernel_spawn(&sim->kernel, action, watch->shadow[action->unit].spec, watch->now);

	answer.kind = pid < 0 ? EVENT_SPAWN_FAILED : EVENT_SPAWNED;
	answer.pid = pid < 0 ? 0 : pid;
	answer.value = pid < 0 ? -pid : 0;
	answer.stage = "exec";
	if (watch->plant == PLANT_SECOND_PROCESS && action->role == ROLE_MAIN)
		(void)kernel_spawn(
			&sim->kernel, action, watch->shadow[action->unit].spec, watch->now);
	feed(sim, answer);
}

static inline void perform(struct simulation *sim, const struct action *action)
{
	struct kernel *kernel = &sim->kernel;
	int64_t now = sim->watch.now;

	switch (action->kind) {
	case ACTION_SPAWN:
		perform_spawn(sim, action);
		break;
	case ACTION_SIGNAL:
		if (kernel_signal(kernel, action->pid, action->value, now) < 0)
			watch_break(&sim->watch, "signal", "no process has pid %d", action->pid);
		break;
	case ACTION_PROBE:
		kernel_probe(kernel, action, now);
		break;
	case ACTION_PROBE_ENDED:
		kernel->probes[action->unit].active = false;
		break;
	case ACTION_SIGNAL_REST:
		kernel_signal_rest(kernel, action->value, now);
		break;
	case ACTION_DOWN:
	case ACTION_RETIRED:
	case ACTION_ALL_READY:
	case ACTION_EXIT:
	case ACTION_COUNT:
		break;
	}
}

/* Every process of the kernel's is one that the engine knows, and the other way round; orphans are
 * nobody's. */
static inline void check_accounts(struct simulation *sim)
{
	struct watch *watch = &sim->watch;
	unsigned owned = 0, known = 0;

	for (unsigned i = 0; i < sim->kernel.process_count; i++) {
		const struct process *p = &sim->kernel.processes[i];
		if (p->orphan)
			continue;
		owned++;
		ENSURE(watch, watch->shadow[p->unit].pid[p->role] == p->pid, "accounted",
			"process %d of %s is not known", p->pid, watch_name(watch, p->unit));
	}
	for (unsigned slot = 0; slot < watch->slots; slot++)
		for (unsigned role = 0; role < ROLE_COUNT; role++)
			known += watch->shadow[slot].pid[role] > 0;
	ENSURE(watch, owned == known, "accounted", "%u processes, %u known", owned, known);
	ENSURE(watch, !sim->kernel.full, "accounted", "the fake kernel is too small");
}

/* What hangs is noticed in time. Not looked at are probes that are programs which fail for reasons
 * of their own, and what waits for its turn in a loop with a limit. */
static inline void check_hanging(struct simulation *sim)
{
	struct watch *watch = &sim->watch;

	for (unsigned i = 0; i < sim->kernel.process_count; i++) {
		const struct process *p = &sim->kernel.processes[i];
		enum temper temper = sim->kernel.temper[p->unit % KERNEL_SLOTS_MAX];
		if (p->orphan || p->zombie || p->role != ROLE_MAIN || p->hangs_ns > watch->now ||
			temper != TEMPER_HANGING)
			continue;
		watch_check_noticed(
			watch, p->unit, p->hangs_ns > sim->quiet_ns ? p->hangs_ns : sim->quiet_ns);
	}
}

/* Settles and acts until nothing is left to do, or the limit of the round is reached. */
static inline void settle_and_act(struct simulation *sim)
{
	struct watch *watch = &sim->watch;
	unsigned done = 0;
	struct action action;

	do {
		watch_settle(watch);
		while (!(sim->acted_in_part =
				       sim->actions_per_round && done >= sim->actions_per_round) &&
			watch_take(watch, &action)) {
			done++;
			perform(sim, &action);
		}
	} while (!watch->settled && !watch->broken && !sim->acted_in_part);
	if (!watch->settled)
		watch_settle(watch);
	if (!watch->broken && random_chance(&sim->random, 10))
		watch_settle_again(watch);
	if (!watch->broken)
		check_accounts(sim);
	if (!watch->broken && !sim->acted_in_part)
		check_hanging(sim);
}

static inline void say_units(const struct simulation *sim)
{
	for (unsigned slot = 0; slot < sim->watch.slots; slot++) {
		struct unit_view view;
		engine_view(sim->watch.engine, slot, &view);
		if (view.in_use)
			printf("            %s: %s since=%.3f wanted=%d held=%d retiring=%d "
			       "waits_for=%d pids=%d,%d,%d,%d,%d\n",
				view.spec->name, state_name(view.state),
				(double)view.since.ns / 1e6, view.wanted, view.held, view.retiring,
				view.waits_for, view.pid[0], view.pid[1], view.pid[2], view.pid[3],
				view.pid[4]);
	}
}

#endif

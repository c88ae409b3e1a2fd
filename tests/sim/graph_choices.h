/* graph_choices: what can happen next in a state, and doing it. */
#ifndef FIRSTHOP_TESTS_SIM_GRAPH_CHOICES_H
#define FIRSTHOP_TESTS_SIM_GRAPH_CHOICES_H

#include "tests/sim/graph_walk.h"

static inline void walk_feed(struct walk *walk, struct event event)
{
	watch_feed(&walk->watch, &event);
}

static inline void walk_answer(struct walk *walk, const struct action *action)
{
	struct event event = {.kind = walk->refuse ? EVENT_SPAWN_FAILED : EVENT_SPAWNED,
		.unit = action->unit,
		.role = action->role,
		.attempt = action->attempt,
		.stage = "exec"};

	if (walk->refuse)
		event.value = ENOENT;
	else
		event.pid = ++walk->last_pid;
	walk->refuse = false;
	walk_feed(walk, event);
}

/* Settles and acts until nothing is left to do. */
static inline void walk_settle(struct walk *walk)
{
	struct action action;

	do {
		watch_settle(&walk->watch);
		while (watch_take(&walk->watch, &action))
			if (action.kind == ACTION_SPAWN)
				walk_answer(walk, &action);
	} while (!walk->watch.settled && !walk->watch.broken);
	walk->unsettled = false;
}

static inline void add_choice(struct choice *choices, unsigned *count, struct choice choice)
{
	if (*count < CHOICES_MAX)
		choices[(*count)++] = choice;
}

static inline void add_unit_choices(
	const struct walk *walk, unsigned slot, struct choice *choices, unsigned *count)
{
	const struct shadow *shadow = &walk->watch.shadow[slot];
	bool ending = shadow->state == STATE_STOPPING || shadow->state == STATE_KILLING;

	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct choice choice = {CHOICE_EXIT, slot, (enum role)role, 0};

		if (shadow->pid[role] <= 0)
			continue;
		if (!shadow->killed[role] && !(ending && role == ROLE_MAIN))
			add_choice(choices, count, choice);
		choice.value = shadow->killed[role] ? SIGKILL : 1 << 8;
		add_choice(choices, count, choice);
	}
	if (shadow->state == STATE_STARTING && shadow->pid[ROLE_MAIN] > 0 &&
		shadow->spec->ready.kind == READY_NOTIFY_FD)
		add_choice(choices, count, (struct choice){CHOICE_READY, slot, ROLE_MAIN, 0});
	for (int kind = EVENT_HEALTHY; shadow->checking && kind <= EVENT_UNHEALTHY; kind++)
		add_choice(choices, count, (struct choice){CHOICE_ANSWER, slot, ROLE_MAIN, kind});
	if (!walk->requests || walk->watch.stopping)
		return;
	for (unsigned kind = EVENT_START; kind <= EVENT_RELOAD; kind++)
		add_choice(choices, count, (struct choice){CHOICE_ASK, slot, ROLE_MAIN, (int)kind});
}

static inline unsigned walk_choices(const struct walk *walk, struct choice *choices)
{
	const struct engine *engine = walk->watch.engine;
	unsigned count = 0;

	for (unsigned slot = 0; slot < walk->watch.slots; slot++)
		add_unit_choices(walk, slot, choices, &count);
	if (!timestamp_is_never(engine_deadline(engine)) && !walk->unsettled)
		add_choice(choices, &count, (struct choice){.kind = CHOICE_TIME});
	if (!walk->watch.stopping)
		add_choice(choices, &count, (struct choice){.kind = CHOICE_SHUTDOWN});
	if (engine->phase == PHASE_SWEEPING)
		add_choice(choices, &count, (struct choice){.kind = CHOICE_GONE});
	if (walk->refusals && !walk->refuse && !walk->watch.stopping)
		add_choice(choices, &count, (struct choice){.kind = CHOICE_REFUSE});
	return count;
}

static inline void walk_apply(struct walk *walk, const struct choice *choice)
{
	const struct shadow *shadow = &walk->watch.shadow[choice->unit];
	struct event event = {
		.unit = choice->unit,
		.role = choice->role,
		.attempt = shadow->attempt,
		.pid = shadow->pid[choice->role],
		.value = choice->value,
	};

	switch (choice->kind) {
	case CHOICE_EXIT:
		event.kind = EVENT_EXITED;
		break;
	case CHOICE_READY:
		event.kind = EVENT_READY;
		break;
	case CHOICE_TIME:
		walk->watch.now = engine_deadline(walk->watch.engine).ns;
		return;
	case CHOICE_ANSWER:
	case CHOICE_ASK:
		event.kind = (enum event_kind)choice->value;
		break;
	case CHOICE_SHUTDOWN:
		event.kind = EVENT_SHUTDOWN;
		break;
	case CHOICE_GONE:
		event.kind = EVENT_ALL_GONE;
		break;
	case CHOICE_REFUSE:
		walk->refuse = true;
		walk->refusals--;
		return;
	}
	walk_feed(walk, event);
}

/* Of its processes, what a service that behaves does next; false: nothing. */
static inline bool walk_behave(struct walk *walk, unsigned slot)
{
	const struct shadow *shadow = &walk->watch.shadow[slot];
	bool ending = shadow->state == STATE_STOPPING || shadow->state == STATE_KILLING;
	struct choice choice = {CHOICE_EXIT, slot, ROLE_MAIN, 0};

	for (unsigned role = ROLE_PREPARE; role < ROLE_COUNT; role++) {
		if (shadow->pid[role] <= 0)
			continue;
		choice.role = (enum role)role;
		choice.value = shadow->killed[role] ? SIGKILL : 0;
		walk_apply(walk, &choice);
		return true;
	}
	if (shadow->pid[ROLE_MAIN] <= 0)
		return false;
	if (shadow->checking) {
		choice = (struct choice){CHOICE_ANSWER, slot, ROLE_MAIN, EVENT_HEALTHY};
		walk_apply(walk, &choice);
		return true;
	}
	if (ending)
		choice.value = shadow->killed[ROLE_MAIN] ? SIGKILL : SIGTERM;
	else if (shadow->state == STATE_STARTING && shadow->spec->ready.kind == READY_NOTIFY_FD)
		choice.kind = CHOICE_READY;
	else if (shadow->state != STATE_STARTING || shadow->spec->type != SERVICE_ONESHOT)
		return false;
	walk_apply(walk, &choice);
	return true;
}

static inline bool walk_behave_all(struct walk *walk)
{
	bool any = false;

	for (unsigned slot = 0; slot < walk->watch.slots && !walk->watch.broken; slot++)
		any |= walk_behave(walk, slot);
	return any;
}

static inline bool walk_pass_time(struct walk *walk)
{
	if (timestamp_is_never(engine_deadline(walk->watch.engine)))
		return false;
	walk_apply(walk, &(struct choice){.kind = CHOICE_TIME});
	return true;
}

#endif

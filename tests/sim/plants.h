/* plants: bugs to plant, each with the invariant that has to catch it. They lie between the engine
 * and what watches it: the engine itself has no hooks. */
#ifndef FIRSTHOP_TESTS_SIM_PLANTS_H
#define FIRSTHOP_TESTS_SIM_PLANTS_H

#include "tests/sim/models.h"

#include <string.h>

enum plant {
	PLANT_NONE,
	PLANT_DROP_NEEDS,
	PLANT_DROP_WANTS,
	PLANT_DROP_ORDER_AT_STOP,
	PLANT_DOUBLE_SPAWN,
	PLANT_SECOND_PROCESS,
	PLANT_LOST_EXIT,
	PLANT_TIMER_LEFT,
	PLANT_PROBE_LEFT,
	PLANT_LATE_DEADLINE,
	PLANT_PAST_DEADLINE,
	PLANT_EARLY_CLOCK,
	PLANT_NO_EXIT,
	PLANT_EXIT_TWICE,
	PLANT_LATE_BUDGET,
	PLANT_WRONG_EXIT_CODE,
	PLANT_NO_KILL,
	PLANT_UNSETTLED,
	PLANT_BUSY,
	PLANT_TRACE_GAP,
	PLANT_TRACE_ILLEGAL,
	PLANT_WRONG_DELAY,
	PLANT_WRONG_GIVE_UP,
	PLANT_READY_TWICE,
	PLANT_READY_NEVER,
	PLANT_READY_EARLY,
	PLANT_NO_PID,
	PLANT_SIGNAL_STRANGER,
	PLANT_SPAWN_LOST,
	PLANT_PROBE_LOST,
	PLANT_START_IN_STOP,
	PLANT_KEEP_ON_NEED_LOST,
	PLANT_RETIRED_EARLY,
	PLANT_READY_UNSAID,
	PLANT_WRONG_COUNT,
	PLANT_NOT_HELD,
	PLANT_NOT_RELEASED,
	PLANT_ASKED_OUTSIDE,
	PLANT_HASTY,
	PLANT_LATENESS_HIDDEN,
	PLANT_PATIENT,
	PLANT_UNCONFIGURED,
	PLANT_UNRELOADED,
	PLANT_COUNT
};

struct plant_info {
	const char *name, *caught_by;
};

static const struct plant_info plants[] = {
	[PLANT_NONE] = {"none", NULL},
	[PLANT_DROP_NEEDS] = {"drop-needs", "start-order"},
	[PLANT_DROP_WANTS] = {"drop-wants", "settled-order"},
	[PLANT_DROP_ORDER_AT_STOP] = {"drop-order-at-stop", "stop-order"},
	[PLANT_DOUBLE_SPAWN] = {"double-spawn", "one-main"},
	[PLANT_SECOND_PROCESS] = {"second-process", "accounted"},
	[PLANT_LOST_EXIT] = {"lost-exit", "accounted"},
	[PLANT_TIMER_LEFT] = {"timer-left", "timer"},
	[PLANT_PROBE_LEFT] = {"probe-left", "timer"},
	[PLANT_LATE_DEADLINE] = {"late-deadline", "late"},
	[PLANT_PAST_DEADLINE] = {"past-deadline", "deadline-past"},
	[PLANT_EARLY_CLOCK] = {"early-clock", "early"},
	[PLANT_NO_EXIT] = {"no-exit", "stop-ends"},
	[PLANT_EXIT_TWICE] = {"exit-twice", "exit-last"},
	[PLANT_LATE_BUDGET] = {"late-budget", "stop-ends"},
	[PLANT_WRONG_EXIT_CODE] = {"wrong-exit-code", "exit-code"},
	[PLANT_NO_KILL] = {"no-kill", "killed"},
	[PLANT_UNSETTLED] = {"unsettled", "fixpoint"},
	[PLANT_BUSY] = {"busy", "busy"},
	[PLANT_TRACE_GAP] = {"trace-gap", "trace"},
	[PLANT_TRACE_ILLEGAL] = {"trace-illegal", "trace"},
	[PLANT_WRONG_DELAY] = {"wrong-delay", "timer"},
	[PLANT_WRONG_GIVE_UP] = {"wrong-give-up", "judged"},
	[PLANT_READY_TWICE] = {"ready-twice", "all-ready"},
	[PLANT_READY_NEVER] = {"ready-never", "all-ready"},
	[PLANT_READY_EARLY] = {"ready-early", "all-ready"},
	[PLANT_NO_PID] = {"no-pid", "find-pid"},
	[PLANT_SIGNAL_STRANGER] = {"signal-stranger", "signal"},
	[PLANT_SPAWN_LOST] = {"spawn-lost", "accounted"},
	[PLANT_PROBE_LOST] = {"probe-lost", "stranded"},
	[PLANT_START_IN_STOP] = {"start-in-stop", "start-in-stop"},
	[PLANT_KEEP_ON_NEED_LOST] = {"keep-on-need-lost", "need-lost"},
	[PLANT_RETIRED_EARLY] = {"retired-early", "retired"},
	[PLANT_READY_UNSAID] = {"ready-unsaid", "ready-shown"},
	[PLANT_WRONG_COUNT] = {"wrong-count", "summary"},
	[PLANT_NOT_HELD] = {"not-held", "held-back"},
	[PLANT_NOT_RELEASED] = {"not-released", "summary"},
	[PLANT_ASKED_OUTSIDE] = {"asked-outside", "checks"},
	[PLANT_HASTY] = {"hasty", "hung"},
	[PLANT_LATENESS_HIDDEN] = {"lateness-hidden", "blamed"},
	[PLANT_PATIENT] = {"patient", "noticed"},
	[PLANT_UNCONFIGURED] = {"unconfigured", "reconfigured"},
	[PLANT_UNRELOADED] = {"unreloaded", "reloaded"},
};
_Static_assert(sizeof(plants) / sizeof(plants[0]) == PLANT_COUNT, "a line for each plant");

/* PLANT_COUNT: there is none of that name. */
static inline enum plant plant_find(const char *name)
{
	unsigned i = 0;

	while (i < PLANT_COUNT && strcmp(plants[i].name, name) != 0)
		i++;
	return (enum plant)i;
}

/* What a plant makes of a model: the engine sees it, the checks do not. */
static inline void plant_in_model(enum plant plant, struct sim_model *m)
{
	if (plant == PLANT_LATE_BUDGET)
		m->model.node.stop_budget_ms += 500;
	for (unsigned i = 0; i < m->model.service_count; i++) {
		struct service *service = &m->services[i];
		if (plant == PLANT_DROP_NEEDS)
			service->needs.count = 0;
		if (plant == PLANT_DROP_WANTS)
			service->wants.count = service->after.count = 0;
		if (plant == PLANT_WRONG_DELAY)
			service->restart_delay_max_ms = service->restart_delay_min_ms += 7;
		if (plant == PLANT_WRONG_GIVE_UP)
			service->give_up_count = 0;
		if (plant == PLANT_HASTY && service->health_failures > 1)
			service->health_failures--;
		if (plant == PLANT_UNCONFIGURED)
			service->reconfigure.count = 0;
		if (plant == PLANT_UNRELOADED)
			service->reload_command.count = 0;
		if (plant == PLANT_PATIENT)
			service->health_failures += 20;
		if (plant == PLANT_KEEP_ON_NEED_LOST)
			service->on_need_lost = NEED_LOST_KEEP;
	}
}

#endif

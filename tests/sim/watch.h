/* watch: the engine with an observer around it. Whoever drives the engine through watch_feed(),
 * watch_settle(), watch_take() and watch_reload() has every invariant checked after every call; the
 * first one that does not hold is kept in `broken`, with a text.
 *
 *	start-order    nothing is started before what it needs is READY or DONE
 *	settled-order  … nor before the first attempt of what it wants, or comes after, is over
 *	stop-order     nothing is stopped before what depends on it and stops too is down
 *	start-in-stop  once the stop has begun, nothing is started but stop commands
 *	held-back      between HOLD and RELEASE nothing leaves WAITING but to go down
 *	need-lost      on_need_lost is followed
 *	one-main       a unit has one process of a role, and no main beside an old one
 *	accounted      every process is in a view, every pid in a view is a process
 *	find-pid       engine_find_pid agrees with the views
 *	signal         signals go to the unit's own processes, in the states that signal
 *	retired        a slot is freed with nothing left in it
 *	timer          timers are armed in states that wait, for as long as was asked, and nowhere
 *else late           the engine asks to be woken no later than for the earliest timer early nothing
 *that waits for a time happens before it deadline-past  the next deadline is in the future fixpoint
 *settling twice does nothing the second time busy           what is done at one instant is bounded
 *	trace          each transition is a legal cell, and begins where the last one ended
 *	judged         what becomes of an attempt is what restart, give_up and success say
 *	ready-shown    READY only after it was shown
 *	stranded       nothing waits for what has come; no process is waited for that is not there
 *	all-ready      ALL_READY is given out when it is true for the first time, and once
 *	stop-ends      the stop ends at once when nothing is left, and within its budget anyway
 *	summary        the counts are right, and WAITING says for what
 *	exit-last      EXIT is the last action
 *	exit-code      … with the exit code that the reason of the stop asks for
 *	killed         what is left at the end was at least sent KILL
 *	checks         health is asked of what is READY only, and not more often than was asked for
 *	hung           … and it is killed for that only after so many failed checks in a row
 *	blamed         … none of which the loop's own lateness explains
 *	noticed        … but then it is, within its time
 *	reconfigured   what is READY again gets its configuration back, once, in its time
 *	reloaded       what is asked to read its configuration anew is told so, once, in its time */
#ifndef FIRSTHOP_TESTS_SIM_WATCH_H
#define FIRSTHOP_TESTS_SIM_WATCH_H

#include "tests/sim/plants.h"
#include "tests/sim/shadow.h"

#include <stdarg.h>
#include <stdio.h>

#ifndef WATCH_SLOTS
#define WATCH_SLOTS 64
#endif
#define BUSY_LIMIT 4000 /* actions at one instant; a storm of all units is well below */

static const char *const invariants[] = {"start-order", "settled-order", "stop-order",
	"start-in-stop", "held-back", "need-lost", "one-main", "accounted", "find-pid", "signal",
	"retired", "timer", "late", "early", "deadline-past", "fixpoint", "busy", "trace", "judged",
	"ready-shown", "stranded", "all-ready", "stop-ends", "exit-last", "exit-code", "killed",
	"summary", "checks", "hung", "blamed", "noticed", "reconfigured", "reloaded"};

struct totals {
	uint64_t events, actions, settles, transitions;
	uint64_t cells[STATE_COUNT][TRANSITION_COUNT];
};

struct watch {
	struct engine *engine;
	enum plant plant;
	bool verbose;
	int64_t now;
	unsigned slots;
	struct shadow shadow[WATCH_SLOTS];
	int slot_of[MODEL_NAMES]; /* -1: none */
	int64_t budget_ms;

	bool learnt; /* the first model */
	bool holding;
	bool stopping, gone, ready_said, exit_taken;
	bool settled_in_stop;
	bool settled, drained; /* since the last fact; and all actions were taken */
	struct action again;   /* what a plant gives out once more */
	bool has_again;
	int exit_code;
	int64_t stop_by_ns;
	int64_t instant_ns;
	unsigned instant_actions;
	unsigned planted; /* how often the planted bug came up */

	const char *broken; /* the invariant; NULL: all hold */
	char text[256];
	struct totals *totals;
};

static inline void __attribute__((format(printf, 3, 4)))
watch_break(struct watch *watch, const char *invariant, const char *format, ...)
{
	va_list args;

	if (watch->broken)
		return;
	watch->broken = invariant;
	va_start(args, format);
	vsnprintf(watch->text, sizeof(watch->text), format, args);
	va_end(args);
}

/* The text is only made when it is needed. */
#define ENSURE(watch, condition, invariant, ...)                                                   \
	do {                                                                                       \
		if (!(condition))                                                                  \
			watch_break((watch), (invariant), __VA_ARGS__);                            \
	} while (0)

static inline void __attribute__((format(printf, 2, 3)))
watch_say(const struct watch *watch, const char *format, ...)
{
	va_list args;

	if (!watch->verbose)
		return;
	printf("%10.3f  ", (double)watch->now / 1e6);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static inline const char *watch_name(const struct watch *watch, unsigned slot)
{
	return slot < WATCH_SLOTS && watch->shadow[slot].known
		       ? model_names[watch->shadow[slot].name]
		       : "-";
}

/* The engine's view, with what a plant does to it. */
static inline void watch_view(struct watch *watch, unsigned slot, struct unit_view *ret_view)
{
	engine_view(watch->engine, slot, ret_view);
	if (watch->plant == PLANT_TIMER_LEFT && ret_view->state == STATE_READY)
		ret_view->deadline.ns = watch->now + SHADOW_MS;
	if (watch->plant == PLANT_PROBE_LEFT && ret_view->state == STATE_STOPPING)
		ret_view->probe_at.ns = watch->now + SHADOW_MS;
}

static inline int64_t watch_deadline(const struct watch *watch)
{
	int64_t deadline = engine_deadline(watch->engine).ns;

	if (watch->plant == PLANT_LATE_DEADLINE && deadline != NEVER_NS)
		return deadline + SHADOW_MS;
	if (watch->plant == PLANT_PAST_DEADLINE && deadline != NEVER_NS)
		return watch->now;
	return deadline;
}

static inline void shadow_set_spec(struct shadow *shadow, const struct service *spec)
{
	shadow->spec = spec;
	shadow->needs = model_name_bits(&spec->needs);
	shadow->others = model_name_bits(&spec->wants) | model_name_bits(&spec->after);
}

/* After a settle, or before a new attempt: the changed service that waited for the old one to be
 * down may have come in; its failures count anew. */
static inline void watch_refresh(struct watch *watch, unsigned slot)
{
	struct shadow *shadow = &watch->shadow[slot];
	struct unit_view view;

	engine_view(watch->engine, slot, &view);
	if (!view.in_use || !shadow->known || model_truth(view.spec) == shadow->spec)
		return;
	shadow_set_spec(shadow, model_truth(view.spec));
	shadow_forget_failures(shadow);
}

/* After a reload: units that are new, changed in place, or no longer in the model. */
static inline void watch_learn(struct watch *watch, const struct sim_model *m)
{
	watch->slots = engine_slot_count(watch->engine);
	watch->budget_ms = m->budget_ms;
	for (unsigned slot = 0; slot < watch->slots && slot < WATCH_SLOTS; slot++) {
		struct shadow *shadow = &watch->shadow[slot];
		struct unit_view view;

		engine_view(watch->engine, slot, &view);
		if (!view.in_use)
			continue;
		if (!shadow->known)
			*shadow = (struct shadow){
				.known = true,
				.name = model_name_index(view.spec->name),
				.since_ns = watch->now,
				.ready_ns = NEVER_NS,
				.started_ns = NEVER_NS,
				.timer_ns = NEVER_NS,
				.check_due_ns = NEVER_NS,
				.check_plain_ns = NEVER_NS,
				.reconfigure_due_ns = NEVER_NS,
				.reconfigure_limit_ns = NEVER_NS,
				.came_later = watch->learnt,
			};
		watch->slot_of[shadow->name] = (int)slot;
		shadow_set_spec(shadow, model_truth(view.spec));
		shadow->check_next_ns = 0;
		shadow->reconfigure_limit_ns = NEVER_NS;
		if (!is_asked(shadow)) /* it is begun anew, perhaps in another way */
			shadow_forget_check(shadow);
		const struct service *newest = model_find(&m->model, view.spec->name);
		shadow->gone_from_model = !newest;
		if (newest)
			newest = model_truth(newest);
		else
			newest = shadow->spec;
		shadow->waits_for =
			model_name_bits(&newest->needs) | model_name_bits(&newest->wants);
		shadow->graph = shadow->waits_for | model_name_bits(&newest->after);
	}
	watch->learnt = true;
}

/* The slots that `*bits` (of names) stand for, one after the other; -1: no more. */
static inline int watch_next_named(const struct watch *watch, uint32_t *bits)
{
	while (*bits) {
		int slot = watch->slot_of[__builtin_ctz(*bits)];

		*bits &= *bits - 1;
		if (slot >= 0)
			return slot;
	}
	return -1;
}

static inline bool watch_any_active(const struct watch *watch)
{
	for (unsigned slot = 0; slot < watch->slots; slot++)
		if (watch->shadow[slot].known && state_is_active(watch->shadow[slot].state))
			return true;
	return false;
}

static inline void watch_begin_stop(struct watch *watch, int exit_code)
{
	if (watch->stopping)
		return;
	watch->stopping = true;
	watch->exit_code = exit_code;
	watch->stop_by_ns = watch->now + watch->budget_ms * SHADOW_MS;
}

#endif

/* What an order means: for those that it names, and for those that hang on them. */
#include "supervisor/order.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/nearest.h"

#include <errno.h>
#include <string.h>

const char *order_verb_name(enum order_verb verb)
{
	static const char *const names[ORDER_VERB_COUNT] = {
		[ORDER_START] = "start",
		[ORDER_STOP] = "stop",
		[ORDER_RESTART] = "restart",
		[ORDER_RELOAD] = "reload",
	};
	return names[verb];
}

static const struct {
	const char *name, *text;
} effects[ORDER_EFFECT_COUNT] = {
	[ORDER_GOES_ON] = {"goes-on", "goes on without it"},
	[ORDER_RESTARTS] = {"restarts", "restarts with it"},
	[ORDER_STOPS] = {"stops", "stops, until it is started itself"},
	[ORDER_STOPS_UNTIL] = {"stops-until", "stops, until that is started again"},
	[ORDER_WAITS] = {"waits", "waits until that is started again"},
};

const char *order_effect_name(enum order_effect effect)
{
	return effects[effect].name;
}

const char *order_other_text(struct arena *arena, const struct order_other *other)
{
	return arena_printf(arena, "%s needs %s, and %s", other->name, other->needs,
		effects[other->effect].text);
}

/* An order in the making: what is known of each slot of the engine. */
struct making {
	struct arena *arena;
	const struct engine *engine;
	struct order *order;
	bool *chosen; /* is an item */
	bool *seen;   /* looked at already */
	unsigned *queue;
};

static int refuse_unknown(const struct making *making, const char *name, const char **ret_why)
{
	struct nearest nearest = {.wanted = name};
	struct unit_view view;

	for (unsigned slot = 0; slot < engine_slot_count(making->engine); slot++) {
		engine_view(making->engine, slot, &view);
		if (view.in_use)
			nearest_offer(&nearest, view.spec->name);
	}
	*ret_why = arena_printf(making->arena, "there is no service \"%s\"%s", name,
		nearest_hint(making->arena, &nearest));
	return -ENOENT;
}

static bool can_reload(const struct service *spec)
{
	return spec->reload_signal || spec->reload_command.count || spec->reconfigure.count;
}

/* Why it cannot be done for this one; NULL: it can. */
static const char *obstacle(const struct making *making, const struct unit_view *view)
{
	const char *name = view->spec->name;

	if (view->spec->type == SERVICE_FOREGROUND)
		return arena_printf(making->arena,
			"%s is the container's own command, whose end is the container's: "
			"`firsthop shutdown` ends both",
			name);
	if (view->retiring)
		return arena_printf(
			making->arena, "%s is no longer in the configuration, and stops", name);
	if (making->order->verb != ORDER_RELOAD)
		return NULL;
	if (!can_reload(view->spec))
		return arena_printf(making->arena,
			"%s does not say how it is reloaded: give [service %s] a reload_signal "
			"(many daemons take HUP) or a reload_command, or `firsthop restart %s`",
			name, name, name);
	if (view->state == STATE_READY)
		return NULL;
	return arena_printf(making->arena, "%s is %s, and only what is ready can be reloaded", name,
		state_name(view->state));
}

/* The start that has to become ready: the one under way, or the next. */
static uint32_t goal_of(enum order_verb verb, const struct unit_view *view)
{
	bool is_under_way = view->state == STATE_PREPARING || view->state == STATE_STARTING ||
			    state_satisfies_need(view->state);

	if (verb == ORDER_RELOAD || (verb == ORDER_START && is_under_way))
		return view->attempt;
	return view->attempt + 1;
}

static void add_item(struct making *making, unsigned slot, bool asked)
{
	struct order *order = making->order;
	struct unit_view view;

	if (making->chosen[slot])
		return;
	engine_view(making->engine, slot, &view);
	making->chosen[slot] = true;
	order->items[order->item_count++] = (struct order_item){
		.name = view.spec->name,
		.asked = asked,
		.attempt = goal_of(asked ? order->verb : ORDER_START, &view),
	};
}

/* What it needs and would wait for in vain comes along: was stopped by request, or has failed.
 * Depth first, so that it comes first; dependencies have no cycle. */
static void add_needs(struct making *making, const struct service *spec)
{
	struct unit_view view;

	for (unsigned i = 0; i < spec->needs.count; i++) {
		int slot = engine_find(making->engine, spec->needs.word[i]);

		if (slot < 0 || making->seen[slot])
			continue;
		making->seen[slot] = true; /* many ways may lead to it */
		engine_view(making->engine, (unsigned)slot, &view);
		if (view.retiring || state_satisfies_need(view.state))
			continue;
		add_needs(making, view.spec);
		if (view.held || view.state == STATE_FAILED)
			add_item(making, (unsigned)slot, false);
	}
}

static int add_asked(struct making *making, const char *name, const char **ret_why)
{
	int slot = engine_find(making->engine, name);
	struct unit_view view;

	if (slot < 0)
		return refuse_unknown(making, name, ret_why);
	engine_view(making->engine, (unsigned)slot, &view);
	*ret_why = obstacle(making, &view);
	if (*ret_why)
		return -EINVAL;
	if (making->order->verb == ORDER_START || making->order->verb == ORDER_RESTART)
		add_needs(making, view.spec);
	add_item(making, (unsigned)slot, true);
	return 0;
}

static bool needs(const struct service *spec, const char *name)
{
	for (unsigned i = 0; i < spec->needs.count; i++)
		if (strcmp(spec->needs.word[i], name) == 0)
			return true;
	return false;
}

static enum order_effect effect_on(enum order_verb verb, const struct unit_view *view)
{
	if (!state_is_active(view->state) && view->state != STATE_DONE)
		return ORDER_WAITS;
	switch (view->spec->on_need_lost) {
	case NEED_LOST_RESTART:
		return verb == ORDER_RESTART ? ORDER_RESTARTS : ORDER_STOPS_UNTIL;
	case NEED_LOST_STOP:
		return ORDER_STOPS;
	case NEED_LOST_KEEP:
	case ON_NEED_LOST_COUNT:
		break;
	}
	return ORDER_GOES_ON;
}

/* Does it lose what it needs, which is `lost`? Notes how, once; true: it goes down, too. */
static bool note_other(struct making *making, unsigned slot, const char *lost)
{
	struct order *order = making->order;
	struct unit_view view;

	engine_view(making->engine, slot, &view);
	if (making->seen[slot] || !view.in_use || view.retiring || !view.wanted ||
		!needs(view.spec, lost))
		return false;
	const struct order_other other = {
		.name = view.spec->name,
		.needs = lost,
		.effect = effect_on(order->verb, &view),
	};
	/* One that has done its work does not miss it; and a wait for a restart is short. */
	if ((other.effect == ORDER_GOES_ON && view.state == STATE_DONE) ||
		(other.effect == ORDER_WAITS && order->verb == ORDER_RESTART))
		return false;
	making->seen[slot] = true;
	order->others[order->other_count++] = other;
	return other.effect != ORDER_GOES_ON;
}

/* From each that goes down to those that need it, until nobody is left. What goes down is put at
 * the end of the queue, once: so each is looked at from each at most once. */
static void find_others(struct making *making)
{
	unsigned slots = engine_slot_count(making->engine), count = 0;

	if (making->order->verb != ORDER_STOP && making->order->verb != ORDER_RESTART)
		return;
	for (unsigned slot = 0; slot < slots; slot++) {
		making->seen[slot] = making->chosen[slot];
		if (making->chosen[slot])
			making->queue[count++] = slot;
	}
	for (unsigned i = 0; i < count; i++) {
		struct unit_view lost;

		engine_view(making->engine, making->queue[i], &lost);
		for (unsigned slot = 0; slot < slots; slot++)
			if (note_other(making, slot, lost.spec->name))
				making->queue[count++] = slot;
	}
}

int order_make(struct arena *arena, const struct engine *engine, enum order_verb verb,
	const char *const *names, unsigned count, struct order *ret_order, const char **ret_why)
{
	unsigned slots = engine_slot_count(engine);
	struct order order = {
		.verb = verb,
		.items = arena_array(arena, slots + 1, sizeof(*order.items)),
		.others = arena_array(arena, slots + 1, sizeof(*order.others)),
	};
	struct making making = {
		.arena = arena,
		.engine = engine,
		.order = &order,
		.chosen = arena_array(arena, slots + 1, sizeof(bool)),
		.seen = arena_array(arena, slots + 1, sizeof(bool)),
		.queue = arena_array(arena, slots + 1, sizeof(unsigned)),
	};
	struct engine_summary summary;
	const char *why = NULL;
	int r = arena->failed ? -ENOMEM : 0;

	engine_summarize(engine, &summary);
	if (r == 0 && summary.phase != PHASE_RUNNING) {
		why = "firsthop is stopping all services";
		r = -EINVAL;
	}
	for (unsigned i = 0; r == 0 && i < count; i++)
		r = add_asked(&making, names[i], &why);
	if (arena->failed)
		return -ENOMEM;
	if (r < 0) {
		*ret_why = why;
		return r;
	}
	find_others(&making);
	*ret_order = order;
	return 0;
}

void order_feed(struct engine *engine, const struct order *order, struct timestamp now)
{
	static const enum event_kind kinds[ORDER_VERB_COUNT] = {
		[ORDER_START] = EVENT_START,
		[ORDER_STOP] = EVENT_STOP,
		[ORDER_RESTART] = EVENT_RESTART,
		[ORDER_RELOAD] = EVENT_RELOAD,
	};

	for (unsigned i = 0; i < order->item_count; i++) {
		int slot = engine_find(engine, order->items[i].name);
		/* What comes along has only to be there. */
		struct event event = {
			.kind = order->items[i].asked ? kinds[order->verb] : EVENT_START,
			.unit = (unsigned)slot,
		};

		if (slot >= 0)
			engine_feed(engine, &event, now);
	}
}

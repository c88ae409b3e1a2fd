/* change: a configuration comes in, the first or another. Everything is allocated first, so that a
 * lack of memory changes nothing. Slots are kept: init/ has its own arrays by slot. */
#include "supervisor/check.h"
#include "supervisor/reconfigure.h"
#include "supervisor/unit.h"

#include "config/config.h"
#include "config/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TRACE_PER_SLOT = 4, TRACE_LEAST = 64 };

static struct unit *find_unit(struct unit *units, unsigned slots, const char *name)
{
	for (unsigned s = 0; s < slots; s++)
		if (units[s].spec && strcmp(units[s].spec->name, name) == 0)
			return &units[s];
	return NULL;
}

static const struct service *spec_to_be(const struct unit *unit)
{
	return unit->next ? unit->next : unit->spec;
}

/* A unit that exists gets its (perhaps changed) service. */
static void adopt(struct unit *unit, const struct service *service)
{
	if (service->start == START_AUTO &&
		(unit->retiring || spec_to_be(unit)->start != START_AUTO))
		unit->wanted = true;
	unit->retiring = false;
	unit->pending &= ~PENDING_BIT(PENDING_RETIRED);
	if (service_diff(unit->spec, service) == CHANGE_RESTART) {
		unit->next = service;
	} else {
		unit->spec = service;
		unit->next = NULL;
		check_put_off(unit);
		reconfigure_put_off(unit);
	}
}

static void settle_in(
	struct unit *unit, const struct service *service, bool later, struct timestamp now)
{
	*unit = (struct unit){
		.spec = service,
		.wanted = service->start == START_AUTO,
		.waits_for = -1,
		.since = now,
		.started = TIMESTAMP_NEVER,
		.became_ready = TIMESTAMP_NEVER,
		.deadline = TIMESTAMP_NEVER,
		.probe_at = TIMESTAMP_NEVER,
		.came_later = later,
		.reconfigure_until = TIMESTAMP_NEVER,
		.next_pending = unit->next_pending,
	};
}

static bool has_service(const struct model *model, const char *name)
{
	for (unsigned i = 0; i < model->service_count; i++)
		if (strcmp(model->services[i].name, name) == 0)
			return true;
	return false;
}

/* Matches by name; at most `slots` of units[] are used already. Linear searches: a configuration
 * has tens of services, and a thousand take milliseconds. The first one skips them. */
static void place_services(struct unit *units, unsigned slots, const struct model *model,
	bool later, struct timestamp now)
{
	unsigned free_slot = 0;

	for (unsigned s = 0; s < slots; s++)
		if (units[s].spec && !has_service(model, units[s].spec->name)) {
			units[s].retiring = true;
			units[s].next = NULL;
		}
	for (unsigned i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];
		struct unit *unit = find_unit(units, slots, service->name);

		if (unit) {
			adopt(unit, service);
			continue;
		}
		while (units[free_slot].spec)
			free_slot++;
		settle_in(&units[free_slot], service, later, now);
	}
}

static unsigned count_slots(const struct engine *engine, const struct model *model)
{
	unsigned needed = model->service_count;

	/* In the worst case every old unit retires in its slot while all services are new. */
	for (unsigned s = 0; s < engine->slots; s++)
		needed += engine->units[s].spec && !has_service(model, engine->units[s].spec->name);
	return needed > engine->slots ? needed : engine->slots;
}

/* The trace keeps its unread entries, as many as fit. */
static void move_trace(struct engine *engine, struct trace_entry *trace, unsigned size)
{
	unsigned count = engine->trace_count < size ? engine->trace_count : size;

	for (unsigned i = 0; i < count; i++)
		trace[i] = engine->trace[(engine->trace_first + i) % engine->trace_size];
	engine->trace_lost += engine->trace_count - count;
	free(engine->trace);
	engine->trace = trace;
	engine->trace_size = size;
	engine->trace_first = 0;
	engine->trace_count = count;
}

static int build_graph(const struct unit *units, unsigned slots, struct graph *ret_graph)
{
	const struct service **specs = calloc(slots + 1, sizeof(*specs));
	int result;

	if (!specs)
		return -ENOMEM;
	for (unsigned s = 0; s < slots; s++)
		specs[s] = units[s].spec ? spec_to_be(&units[s]) : NULL;
	result = graph_build(specs, slots, ret_graph);
	free(specs);
	return result;
}

int engine_reload(struct engine *engine, const struct model *model, struct timestamp now)
{
	unsigned slots = count_slots(engine, model);
	unsigned trace_size = slots * TRACE_PER_SLOT + TRACE_LEAST;
	struct unit *units = calloc(slots + 1, sizeof(*units));
	struct trace_entry *trace = calloc(trace_size, sizeof(*trace));
	struct graph graph;

	if (!units || !trace)
		goto no_memory;
	if (engine->slots)
		memcpy(units, engine->units, engine->slots * sizeof(*units));
	for (unsigned s = engine->slots; s < slots; s++)
		units[s].next_pending = QUEUE_OUT;
	place_services(units, engine->slots, model, engine->model != NULL, now);
	if (build_graph(units, slots, &graph) < 0)
		goto no_memory;
	graph_free(&engine->graph);
	free(engine->units);
	engine->graph = graph;
	engine->units = units;
	engine->slots = slots;
	engine->model = model;
	move_trace(engine, trace, trace_size);
	return 0;

no_memory:
	free(units);
	free(trace);
	return -ENOMEM;
}

bool engine_uses(const struct engine *engine, const struct model *model)
{
	const struct service *first = model->services, *past = first + model->service_count;

	if (engine->model == model)
		return true;
	for (unsigned s = 0; s < engine->slots; s++) {
		const struct service *spec = engine->units[s].spec, *next = engine->units[s].next;

		if ((spec && spec >= first && spec < past) ||
			(next && next >= first && next < past))
			return true;
	}
	return false;
}

struct engine *engine_create(const struct model *model, struct timestamp now)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	if (!engine)
		return NULL;
	engine->queue_first = engine->queue_last = QUEUE_END;
	engine->kill_at = engine->stop_by = engine->sweep_kill_at = TIMESTAMP_NEVER;
	engine->next_deadline = TIMESTAMP_NEVER;
	engine->ended_by = -1;
	if (engine_reload(engine, model, now) < 0) {
		free(engine);
		return NULL;
	}
	return engine;
}

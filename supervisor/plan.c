#include "supervisor/plan.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/text.h"
#include "config/words.h"
#include "supervisor/buffer.h"
#include "supervisor/graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whoever is needed or wanted by one that is started is started as well. Backwards through the
 * order: dependents first. */
static void mark_started(const struct graph *graph, struct plan_entry *entries)
{
	for (unsigned i = graph->slots; i-- > 0;) {
		unsigned slot = graph->order[i];

		entries[slot].started |= entries[slot].service->start == START_AUTO;
		if (!entries[slot].started)
			continue;
		for (unsigned k = graph->out_first[slot]; k < graph->out_first[slot + 1]; k++)
			if (graph->out[k].kind != EDGE_AFTER)
				entries[graph->out[k].slot].started = true;
	}
}

static unsigned number_waves(const struct graph *graph, struct plan_entry *entries)
{
	unsigned waves = 0;

	for (unsigned i = 0; i < graph->slots; i++) {
		unsigned slot = graph->order[i];
		struct plan_entry *entry = &entries[slot];

		if (!entry->started)
			continue;
		for (unsigned k = graph->out_first[slot]; k < graph->out_first[slot + 1]; k++) {
			const struct plan_entry *other = &entries[graph->out[k].slot];

			if (other->started && other->wave + 1 > entry->wave)
				entry->wave = other->wave + 1;
		}
		if (entry->wave + 1 > waves)
			waves = entry->wave + 1;
	}
	return waves;
}

static int compare_entries(const void *a, const void *b)
{
	const struct plan_entry *left = a, *right = b;

	if (left->started != right->started)
		return left->started ? -1 : 1;
	if (left->wave != right->wave)
		return left->wave < right->wave ? -1 : 1;
	/* Services are an array: their addresses are their order. */
	return left->service < right->service ? -1 : left->service > right->service;
}

int plan_make(struct arena *arena, const struct model *model, struct plan *ret_plan)
{
	unsigned count = model->service_count;
	const struct service **specs = arena_array(arena, count, sizeof(*specs));
	struct plan_entry *entries = arena_array(arena, count, sizeof(*entries));
	struct graph graph;

	if (!specs || !entries)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++)
		specs[i] = entries[i].service = &model->services[i];
	int error = graph_build(specs, count, &graph);
	if (error)
		return error;
	mark_started(&graph, entries);
	unsigned waves = number_waves(&graph, entries);
	graph_free(&graph);
	if (count > 0)
		qsort(entries, count, sizeof(*entries), compare_entries);
	*ret_plan = (struct plan){.entries = entries, .count = count, .wave_count = waves};
	return 0;
}

static bool is_started(const struct plan *plan, const char *name)
{
	for (unsigned i = 0; i < plan->count; i++)
		if (strcmp(plan->entries[i].service->name, name) == 0)
			return plan->entries[i].started;
	return false;
}

static void write_waits(struct text *text, const struct plan *plan, const struct words *names,
	const char *until, const char *why)
{
	for (unsigned i = 0; i < names->count; i++)
		if (is_started(plan, names->word[i]))
			text_printf(text, "%s%s %s (%s)", text->length ? ", " : "", names->word[i],
				until, why);
}

static void write_command(
	struct buffer *buffer, struct arena *arena, const char *title, const struct words *words)
{
	struct text line = {.arena = arena};

	if (words->count == 0)
		return;
	words_put_all(&line, words);
	buffer_printf(buffer, "    %-13s%s\n", title, text_string(&line));
}

static void write_ready(struct buffer *buffer, struct arena *arena, const struct service *service)
{
	const struct ready *ready = &service->ready;
	struct text line = {.arena = arena};

	if (ready->kind == READY_IMMEDIATELY)
		return;
	text_put(&line, ready_kind_name(ready->kind));
	if (ready->text)
		text_printf(&line, " %s", ready->text);
	if (ready->kind == READY_TCP)
		text_printf(&line, " port %u", ready->number);
	if (ready->words.count > 0) {
		text_put(&line, " ");
		words_put_all(&line, &ready->words);
	}
	buffer_printf(buffer, "    %-13s%s\n", "ready when", text_string(&line));
}

static void write_service(
	struct buffer *buffer, struct arena *arena, const struct plan *plan, unsigned index)
{
	const struct service *service = plan->entries[index].service;
	struct text waits = {.arena = arena};

	buffer_printf(buffer, "  %s", service->name);
	if (service->type != SERVICE_DAEMON)
		buffer_printf(buffer, " (%s)", service_type_name(service->type));
	if (service->critical)
		buffer_add_text(buffer, " (critical)");
	if (service->description)
		buffer_printf(buffer, ": %s", service->description);
	buffer_add(buffer, "\n", 1);
	write_waits(&waits, plan, &service->needs, "ready", "needs");
	write_waits(&waits, plan, &service->wants, "ready or failed once", "wants");
	write_waits(&waits, plan, &service->after, "ready or failed once", "after");
	if (waits.length > 0)
		buffer_printf(buffer, "    %-13s%s\n", "waits for", text_string(&waits));
	write_command(buffer, arena, "prepare", &service->prepare);
	write_command(buffer, arena, "command", &service->command);
	write_ready(buffer, arena, service);
}

void plan_write_text(struct buffer *buffer, const struct plan *plan)
{
	struct arena arena = {0};
	const struct plan_entry *last = NULL;

	if (plan->count == 0)
		buffer_add_text(buffer, "nothing to start: the configuration has no service\n");
	for (unsigned i = 0; i < plan->count; i++) {
		const struct plan_entry *entry = &plan->entries[i];
		bool heading =
			!last || last->started != entry->started || last->wave != entry->wave;

		if (heading && last)
			buffer_add(buffer, "\n", 1);
		if (heading && !entry->started)
			buffer_add_text(buffer, "not started, only on request\n");
		else if (heading && entry->wave == 0)
			buffer_add_text(buffer, "wave 1, at once\n");
		else if (heading)
			buffer_printf(buffer,
				"wave %u, each as soon as what it waits for is there\n",
				entry->wave + 1);
		write_service(buffer, &arena, plan, i);
		last = entry;
	}
	if (arena.failed)
		buffer->failed = true;
	arena_free(&arena);
}

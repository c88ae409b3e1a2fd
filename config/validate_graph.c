/* Finds the circles in which services would wait for each other. */
#include "config/arena.h"
#include "config/build.h"
#include "config/keys.h"
#include "config/text.h"

#include <errno.h>

enum colour { UNSEEN, ON_PATH, FINISHED };

/* A service on the path from where the search began, and the edge of it that is looked at. */
struct visit {
	unsigned service;
	unsigned list;	/* into edge_keys */
	unsigned place; /* in that list */
};

struct search {
	struct build *build;
	enum colour *colours;
	struct visit *path; /* at most every service once */
	unsigned depth;
};

/* All three make one service wait for another. */
static const char *const edge_keys[] = {"needs", "wants", "after"};
#define EDGE_KEYS 3

/* A circle of thousands is told by its first part. */
#define TOLD_MAX 20

static const struct words *edges(const struct service *service, unsigned list)
{
	const struct words *lists[EDGE_KEYS] = {&service->needs, &service->wants, &service->after};

	return lists[list];
}

/* The path from `first`, which the last step leads back to. */
static void report(struct search *search, unsigned first)
{
	const struct service *services = search->build->services;
	const struct visit *last = &search->path[search->depth - 1];
	const char *key = edge_keys[last->list];
	const struct setting *setting = setting_find_name(services[last->service].settings, key);
	struct text text = {.arena = search->build->scratch};
	unsigned begin = 0;

	while (search->path[begin].service != first)
		begin++;
	for (unsigned i = begin; i < search->depth && i < begin + TOLD_MAX; i++)
		text_printf(&text, "%s %s ", services[search->path[i].service].name,
			edge_keys[search->path[i].list]);
	if (search->depth - begin > TOLD_MAX)
		text_put(&text, "... ");
	diag_add(search->build->diags, setting ? setting->origin : services[last->service].origin,
		SEVERITY_ERROR, "services wait for each other in a circle: %s%s",
		text_string(&text), services[first].name);
}

static void push(struct search *search, unsigned service)
{
	search->colours[service] = ON_PATH;
	search->path[search->depth++] = (struct visit){service, 0, 0};
}

/* Looks at the next edge of the last service on the path, or takes the service off it. */
static void advance(struct search *search)
{
	struct build *build = search->build;
	struct visit *step = &search->path[search->depth - 1];
	const struct words *list = edges(&build->services[step->service], step->list);
	int next;

	if (step->place == list->count) {
		step->place = 0;
		if (++step->list < EDGE_KEYS)
			return;
		search->colours[step->service] = FINISHED;
		search->depth--;
		return;
	}
	next = names_find(build->service_names, list->word[step->place]);
	if (next >= 0 && search->colours[next] == UNSEEN) {
		push(search, (unsigned)next); /* this edge is looked at again, then FINISHED */
		return;
	}
	/* An edge to itself was reported with its line. */
	if (next >= 0 && search->colours[next] == ON_PATH && (unsigned)next != step->service)
		report(search, (unsigned)next);
	step->place++;
}

int validate_graph(struct build *build)
{
	struct search search = {.build = build};

	search.colours =
		arena_array(build->scratch, build->service_count + 1, sizeof(*search.colours));
	search.path = arena_array(build->scratch, build->service_count + 1, sizeof(*search.path));
	if (!search.colours || !search.path)
		return -ENOMEM;
	for (unsigned i = 0; i < build->service_count; i++) {
		if (search.colours[i] == UNSEEN)
			push(&search, i);
		while (search.depth)
			advance(&search);
	}
	return 0;
}

#include "supervisor/graph.h"

#include "config/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct named_slot {
	const char *name;
	unsigned slot;
};

/* While building: one edge with both ends. */
struct link {
	unsigned from, to;
	enum edge_kind kind;
};

static int compare_names(const void *a, const void *b)
{
	const struct named_slot *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static const struct words *edge_words(const struct service *spec, enum edge_kind kind)
{
	const struct words *const lists[EDGE_KIND_COUNT] = {
		[EDGE_NEEDS] = &spec->needs,
		[EDGE_WANTS] = &spec->wants,
		[EDGE_AFTER] = &spec->after,
	};
	return lists[kind];
}

static unsigned collect_names(
	const struct service *const *specs, unsigned slots, struct named_slot *names)
{
	unsigned count = 0;

	for (unsigned s = 0; s < slots; s++)
		if (specs[s])
			names[count++] = (struct named_slot){specs[s]->name, s};
	qsort(names, count, sizeof(*names), compare_names);
	return count;
}

static unsigned collect_links(const struct service *const *specs, unsigned slots,
	const struct named_slot *names, unsigned name_count, struct link *links)
{
	unsigned count = 0;

	for (unsigned s = 0; s < slots; s++) {
		for (unsigned kind = 0; specs[s] && kind < EDGE_KIND_COUNT; kind++) {
			const struct words *words = edge_words(specs[s], (enum edge_kind)kind);

			for (unsigned i = 0; i < words->count; i++) {
				struct named_slot key = {words->word[i], 0};
				const struct named_slot *found = bsearch(
					&key, names, name_count, sizeof(*names), compare_names);

				if (found && found->slot != s)
					links[count++] =
						(struct link){s, found->slot, (enum edge_kind)kind};
			}
		}
	}
	return count;
}

/* Sorts the links by one of their ends into first[] and edges[]. */
static void index_links(const struct link *links, unsigned count, bool by_from, unsigned slots,
	unsigned *first, struct edge *edges)
{
	memset(first, 0, (slots + 1) * sizeof(*first));
	for (unsigned i = 0; i < count; i++)
		first[(by_from ? links[i].from : links[i].to) + 1]++;
	for (unsigned s = 0; s < slots; s++)
		first[s + 1] += first[s];
	for (unsigned i = count; i-- > 0;) {
		/* From the back, so that the order within a slot is kept; first[s + 1] counts
		 * down to where slot s begins, and is put right below. */
		unsigned at = by_from ? links[i].from : links[i].to;

		edges[--first[at + 1]] =
			(struct edge){by_from ? links[i].to : links[i].from, links[i].kind};
	}
	for (unsigned s = 0; s < slots; s++)
		first[s] = first[s + 1];
	first[slots] = count;
}

/* Kahn's algorithm; what a cycle leaves over is put at the end. */
static void sort_slots(struct graph *graph, unsigned *missing)
{
	unsigned done = 0, taken = 0;

	for (unsigned s = 0; s < graph->slots; s++) {
		missing[s] = graph->out_first[s + 1] - graph->out_first[s];
		if (!missing[s])
			graph->order[done++] = s;
	}
	while (taken < done) {
		unsigned s = graph->order[taken++];

		for (unsigned i = graph->in_first[s]; i < graph->in_first[s + 1]; i++)
			if (--missing[graph->in[i].slot] == 0)
				graph->order[done++] = graph->in[i].slot;
	}
	for (unsigned s = 0; s < graph->slots && done < graph->slots; s++)
		if (missing[s])
			graph->order[done++] = s;
}

static size_t count_words(const struct service *const *specs, unsigned slots)
{
	size_t count = 0;

	for (unsigned s = 0; s < slots; s++)
		if (specs[s])
			count += specs[s]->needs.count + specs[s]->wants.count +
				 specs[s]->after.count;
	return count;
}

int graph_build(const struct service *const *specs, unsigned slots, struct graph *ret_graph)
{
	size_t most = count_words(specs, slots);
	struct graph graph = {
		.slots = slots,
		.out_first = calloc(slots + 1, sizeof(unsigned)),
		.in_first = calloc(slots + 1, sizeof(unsigned)),
		.out = calloc(most + 1, sizeof(struct edge)),
		.in = calloc(most + 1, sizeof(struct edge)),
		.order = calloc(slots + 1, sizeof(unsigned)),
	};
	struct named_slot *names = calloc(slots + 1, sizeof(*names));
	struct link *links = calloc(most + 1, sizeof(*links));
	unsigned *missing = calloc(slots + 1, sizeof(*missing));
	int result = -ENOMEM;

	if (graph.out_first && graph.in_first && graph.out && graph.in && graph.order && names &&
		links && missing) {
		unsigned name_count = collect_names(specs, slots, names);
		unsigned count = collect_links(specs, slots, names, name_count, links);

		index_links(links, count, true, slots, graph.out_first, graph.out);
		index_links(links, count, false, slots, graph.in_first, graph.in);
		sort_slots(&graph, missing);
		*ret_graph = graph;
		result = 0;
	} else {
		graph_free(&graph);
	}
	free(missing);
	free(links);
	free(names);
	return result;
}

void graph_free(struct graph *graph)
{
	free(graph->out_first);
	free(graph->in_first);
	free(graph->out);
	free(graph->in);
	free(graph->order);
	*graph = (struct graph){0};
}

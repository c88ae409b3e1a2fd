/* graph: who depends on whom, by slot. Built once for each configuration, then only read. */
#ifndef FIRSTHOP_SUPERVISOR_GRAPH_H
#define FIRSTHOP_SUPERVISOR_GRAPH_H

struct service;

enum edge_kind {
	EDGE_NEEDS, /* started after it is there; pulls it in */
	EDGE_WANTS, /* started after its first attempt is over; pulls it in */
	EDGE_AFTER, /* the same, when it is wanted anyway */
	EDGE_KIND_COUNT
};

struct edge {
	unsigned slot; /* the other end */
	enum edge_kind kind;
};

struct graph {
	unsigned slots;
	/* Edges of slot s: edges[first[s]] … edges[first[s + 1] - 1]; both arrays alike. */
	unsigned *out_first, *in_first;
	struct edge *out, *in; /* what s depends on; what depends on s */
	unsigned *order;       /* all slots, each after all that it depends on */
};

/* The graph of `specs[0 … slots-1]` (NULL: a free slot). A name that no spec has, and an edge that
 * would close a cycle, cannot come from a validated configuration: the first is left out, the
 * second keeps its place in `order` undefined. 0 or -ENOMEM (*ret_graph untouched). */
int graph_build(const struct service *const *specs, unsigned slots, struct graph *ret_graph);
void graph_free(struct graph *graph);

#endif

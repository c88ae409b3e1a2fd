#include "init/interfaces_gate.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/interface_apply.h"
#include "init/interfaces.h"
#include "init/netlink.h"
#include "init/preparation.h"
#include "supervisor/finding.h"
#include "supervisor/gate.h"

#include <stdlib.h>

void interfaces_ask_gate(struct preparation *preparation, struct arena *arena,
	const struct link *const *links, unsigned count, struct gate_answer *ret_answer)
{
	struct gate_link *present = arena_array(arena, count, sizeof(*present));

	for (unsigned i = 0; present && i < count; i++)
		present[i] = (struct gate_link){.name = links[i]->name,
			.kind = links[i]->kind,
			.is_loopback = links[i]->is_loopback,
			.is_ethernet = links[i]->is_ethernet};
	gate_look(arena, &preparation->model->node.interfaces, getenv("CLAB_INTFS"), present,
		present ? count : 0, ret_answer);
}

void interfaces_find_gate(struct preparation *preparation, const struct gate_answer *answer)
{
	struct finding finding = {.step = STEP_INTERFACES, .subject = "", .verdict = answer->text};

	if (!answer->is_open) {
		finding.state = FINDING_MISSING;
		finding.verdict = "not all are there";
		finding.reason = answer->text;
		finding.cure = "attach what is missing, or write in [node] what to wait for, and "
			       "how long (interfaces =, interfaces_timeout =)";
	} else if (answer->note) {
		finding.state = FINDING_DEGRADED;
		finding.reason = answer->note;
		finding.cure = "none is waited for, unless [node] says interfaces =";
	} else if (!answer->wanted) {
		findings_remove(preparation->findings, STEP_INTERFACES, "");
		return;
	}
	prepare_found(preparation, &finding);
}

struct collection {
	struct arena arena;
	const struct link **links;
	size_t capacity;
	unsigned count;
};

static bool collect(void *context, const struct link *link)
{
	struct collection *all = context;

	for (unsigned i = 0; i < all->count; i++) {
		if (all->links[i]->index == link->index)
			return true; /* of a list that was asked for again */
	}
	struct link *copy = arena_alloc(&all->arena, sizeof(*copy));
	const struct link **links =
		arena_grow(&all->arena, all->links, all->count, &all->capacity, sizeof(*links));

	if (!copy || !links)
		return false;
	*copy = *link;
	all->links = links;
	all->links[all->count++] = copy;
	return true;
}

void interfaces_look(struct preparation *preparation)
{
	struct collection all = {0};
	struct gate_answer answer;

	/* What cannot be listed is not there. */
	if (preparation->netlink)
		(void)netlink_each_link(preparation->netlink, collect, &all);
	for (unsigned i = 0; i < all.count; i++)
		interface_apply(preparation, all.links[i]);
	interfaces_ask_gate(preparation, &all.arena, all.links, all.count, &answer);
	interfaces_find_gate(preparation, &answer);
	arena_free(&all.arena);
}

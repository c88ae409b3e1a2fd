/* From a build to the model: what was in scratch, because it grew, is copied. */
#include "config/arena.h"
#include "config/build.h"

#include <string.h>

/* A copy of the array in the model's arena; NULL: no memory. */
static void *copy(struct build *build, const void *array, unsigned count, size_t size)
{
	void *made = arena_array(build->arena, (size_t)count + 1, size);

	if (made && count)
		memcpy(made, array, count * size);
	return made;
}

/* The sysctls are in one list, in the order of the text; each is put where it belongs. The lists
 * are counted first, and then filled. */
static bool make_sysctls(struct build *build, struct model *model, struct interface_rule *rules)
{
	struct sysctl *all = arena_array(build->arena, build->sysctl_count + 1u, sizeof(*all));
	struct sysctl **ends = arena_array(build->scratch, build->rules.count + 1u, sizeof(*ends)),
		      *at = all;

	if (!all || !ends)
		return false;
	for (unsigned i = 0; i < build->sysctl_count; i++) {
		if (build->sysctls[i].rule == NO_RULE)
			model->sysctl_count++;
		else
			rules[build->sysctls[i].rule].sysctl_count++;
	}
	model->sysctls = ends[build->rules.count] = at;
	at += model->sysctl_count;
	for (unsigned i = 0; i < build->rules.count; at += rules[i++].sysctl_count)
		rules[i].sysctls = ends[i] = at;
	for (unsigned i = 0; i < build->sysctl_count; i++) {
		unsigned rule = build->sysctls[i].rule;

		*ends[rule == NO_RULE ? build->rules.count : rule]++ = build->sysctls[i].sysctl;
	}
	return true;
}

struct model *make_model(struct build *build)
{
	struct model *model = arena_alloc(build->arena, sizeof(*model));
	struct interface_rule *rules =
		copy(build, build->rules.items, build->rules.count, sizeof(*rules));

	if (!model || !rules)
		return NULL;
	*model = (struct model){
		.node = build->node,
		.frr = build->frr,
		.services =
			copy(build, build->services, build->service_count, sizeof(struct service)),
		.service_count = build->service_count,
		.names = build->service_names,
		.modules = copy(
			build, build->modules.items, build->modules.count, sizeof(struct module)),
		.module_count = build->modules.count,
		.vrfs = copy(build, build->vrfs.items, build->vrfs.count, sizeof(struct vrf)),
		.vrf_count = build->vrfs.count,
		.persists = copy(build, build->persists.items, build->persists.count,
			sizeof(struct persist)),
		.persist_count = build->persists.count,
		.interface_rules = rules,
		.interface_rule_count = build->rules.count,
	};
	memcpy(model->signals, build->signals, sizeof(model->signals));
	return make_sysctls(build, model, rules) && !build->arena->failed ? model : NULL;
}

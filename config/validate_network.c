/* What modules, vrfs and interfaces say of each other. */
#include "config/arena.h"
#include "config/build.h"
#include "config/keys.h"
#include "config/text.h"

#include <string.h>

#define IPV6_MTU_MIN 1280 /* RFC 8200, section 5 */

static struct origin origin_of(
	const struct setting *settings, const char *key, struct origin section)
{
	const struct setting *setting = setting_find_name(settings, key);

	return setting ? setting->origin : section;
}

/* The number kept by that name, or -1 and `number` is kept by it from now on. */
static int seen_before(struct build *build, struct names *names, const char *name, unsigned number)
{
	int before = names_find(names, name);

	if (before < 0)
		(void)names_add(
			names, build->scratch, name, number); /* no memory: seen at the end */
	return before;
}

static void check_table(struct build *build, struct names *tables, unsigned number)
{
	const struct vrf *vrfs = build->vrfs.items, *vrf = &vrfs[number];
	const char *table = arena_printf(build->scratch, "%u", vrf->table);
	int before;

	if (vrf->table == 0 && !setting_find_name(vrf->settings, "table"))
		diag_add(build->diags, vrf->origin, SEVERITY_ERROR,
			"vrf %s has no table; add table = NUMBER, such as 1001", vrf->name);
	if (vrf->table == 0 || !table)
		return;
	before = seen_before(build, tables, table, number);
	if (before >= 0)
		diag_add(build->diags, origin_of(vrf->settings, "table", vrf->origin),
			SEVERITY_ERROR,
			"table %s is that of vrf %s already; each vrf needs its own", table,
			vrfs[before].name);
}

/* A name is in one vrf at most. Of patterns that overlap, the first one holds. */
static void check_members(struct build *build, struct names *members, unsigned number)
{
	const struct vrf *vrfs = build->vrfs.items, *vrf = &vrfs[number];
	struct origin origin = origin_of(vrf->settings, "interfaces", vrf->origin);

	for (unsigned i = 0; i < vrf->interfaces.count; i++) {
		const char *name = vrf->interfaces.word[i];
		int before;

		if (names_find(&build->vrfs.names, name) >= 0) {
			diag_add(build->diags, origin, SEVERITY_ERROR,
				"interfaces: %s is a vrf itself, which no vrf can hold", name);
			continue;
		}
		before = seen_before(build, members, name, number);
		if (before >= 0 && (unsigned)before != number)
			diag_add(build->diags, origin, SEVERITY_ERROR,
				"interfaces: %s is in vrf %s already",
				text_quote_string(build->scratch, name), vrfs[before].name);
	}
}

/* [module vrf] need = off beside a vrf: whichever is meant, it cannot be both. */
static void check_module(struct build *build)
{
	const struct module *modules = build->modules.items;
	const struct vrf *vrfs = build->vrfs.items;
	int number = names_find(&build->modules.names, "vrf");

	if (number >= 0 && modules[number].need == NEED_OFF && build->vrfs.count)
		diag_add(build->diags,
			origin_of(modules[number].settings, "need", modules[number].origin),
			SEVERITY_ERROR,
			"need = off, but [vrf %s] needs the module; take one of them out",
			vrfs[0].name);
}

static void check_mtu(struct build *build, const struct interface_rule *rule)
{
	if (rule->mtu && rule->mtu < IPV6_MTU_MIN)
		diag_add(build->diags, origin_of(rule->settings, "mtu", rule->origin),
			SEVERITY_WARNING,
			"mtu = %u: the kernel turns IPv6 off on an interface with less than %d",
			rule->mtu, IPV6_MTU_MIN);
}

static void check_wait(struct build *build)
{
	const struct node *node = &build->node;

	if (node->required & 1u << STEP_INTERFACES && node->interfaces.kind == INTERFACES_NONE)
		diag_add(build->diags, setting_find_name(node->settings, "required")->origin,
			SEVERITY_WARNING,
			"required: interfaces has no effect with interfaces = none");
}

void validate_network(struct build *build)
{
	struct names *tables = arena_alloc(build->scratch, sizeof(*tables));
	struct names *members = arena_alloc(build->scratch, sizeof(*members));
	const struct interface_rule *rules = build->rules.items;

	if (!tables || !members)
		return;
	for (unsigned i = 0; i < build->vrfs.count; i++) {
		check_table(build, tables, i);
		check_members(build, members, i);
	}
	check_module(build);
	for (unsigned i = 0; i < build->rules.count; i++)
		check_mtu(build, &rules[i]);
	check_wait(build);
}

#include "config/arena.h"
#include "config/model.h"
#include "init/netlink.h"
#include "init/preparation.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <string.h>

struct attempt {
	struct preparation *preparation;
	const struct vrf *vrf;
	struct arena arena;
	struct finding finding;
};

static void fail(struct attempt *attempt, const char *verdict, const char *reason, const char *cure)
{
	attempt->finding.state = FINDING_MISSING;
	attempt->finding.verdict = verdict;
	attempt->finding.reason = reason;
	attempt->finding.cure = cure;
}

/* By the kernel's error; `words` are its own. */
static void explain(struct attempt *attempt, int r, const char *words)
{
	if (r == -EPERM)
		fail(attempt, "denied", "it takes NET_ADMIN to make it",
			"start the container with --cap-add NET_ADMIN");
	else if (r == -EOPNOTSUPP)
		fail(attempt, "absent",
			arena_printf(&attempt->arena, "the kernel has no vrf (%s)", words),
			prepare_module_cure(&attempt->arena, "vrf"));
	else
		fail(attempt, "refused",
			arena_printf(&attempt->arena, "the kernel refuses it: %s", words), NULL);
}

/* There is an interface of that name already. */
static void compare(struct attempt *attempt, const struct link *link)
{
	const struct vrf *vrf = attempt->vrf;
	struct netlink *netlink = attempt->preparation->netlink;
	int r;

	if (strcmp(link->kind, "vrf") != 0) {
		fail(attempt, "refused",
			arena_printf(&attempt->arena,
				"there is an interface of that name, and it is no vrf%s%s",
				*link->kind ? " but a " : "", link->kind),
			"give one of them another name");
		return;
	}
	if (link->vrf_table != vrf->table) {
		fail(attempt, "refused",
			arena_printf(&attempt->arena, "it is there with table %u instead of %u",
				link->vrf_table, vrf->table),
			arena_printf(&attempt->arena,
				"delete it (`ip link delete %s`), or write table = %u", vrf->name,
				link->vrf_table));
		return;
	}
	attempt->finding.verdict = "already so";
	if (link->up || attempt->preparation->look_only)
		return;
	r = netlink_set_up(netlink, link->index);
	if (r < 0)
		explain(attempt, r, netlink_words(netlink));
	else
		attempt->finding.verdict = "set up";
}

static void make(struct attempt *attempt)
{
	struct preparation *preparation = attempt->preparation;
	const struct vrf *vrf = attempt->vrf;
	int r;

	if (preparation->look_only)
		r = netlink_ask_link(preparation->netlink, "vrf");
	else
		r = netlink_add_vrf(preparation->netlink, vrf->name, vrf->table);
	attempt->finding.verdict = preparation->look_only ? "can be made" : "made";
	if (r < 0)
		explain(attempt, r, netlink_words(preparation->netlink));
}

static void prepare_vrf(struct preparation *preparation, const struct vrf *vrf)
{
	struct attempt attempt = {.preparation = preparation,
		.vrf = vrf,
		.finding = {.step = STEP_VRF,
			.subject = vrf->name,
			.required = vrf->need == NEED_REQUIRED}};
	struct link link;

	if (!preparation->netlink) {
		explain(&attempt, preparation->netlink_error,
			strerror(-preparation->netlink_error));
	} else {
		int r = netlink_find_link(preparation->netlink, vrf->name, &link);

		if (r == 0)
			compare(&attempt, &link);
		else if (r == -ENODEV)
			make(&attempt);
		else
			explain(&attempt, r, netlink_words(preparation->netlink));
	}
	prepare_found(preparation, &attempt.finding);
	arena_free(&attempt.arena);
}

void prepare_vrfs(struct preparation *preparation)
{
	for (unsigned i = 0; i < preparation->model->vrf_count; i++)
		prepare_vrf(preparation, &preparation->model->vrfs[i]);
}

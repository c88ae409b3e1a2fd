/* In this order, for each interface: into its vrf, since the kernel takes IPv6 addresses away from
 * an interface that changes its master; sysctls, since disable_ipv6 decides whether there can be
 * addresses and others what the kernel does when it comes up; mtu; addresses; up. */
#include "init/interface_apply.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/text.h"
#include "init/interface_asked.h"
#include "init/netlink.h"
#include "init/preparation.h"
#include "init/procsys.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/socket.h>

struct work {
	struct preparation *preparation;
	struct link link; /* as it is by now */
	struct arena arena;
	struct text failures; /* "mtu 9000: …, address …: …" */
	struct text denied;   /* "mtu 9000, up": what takes NET_ADMIN */
	struct text differences;
	enum finding_state state; /* the worst */
	bool is_changed;	  /* with look_only: would be */
	bool required;
	struct text cures; /* of the failures, each once; "; " between them */
};

static const char net_admin_cure[] = "start the container with --cap-add NET_ADMIN";

static void list(struct text *text, const char *item)
{
	text_printf(text, "%s%s", text->length ? ", " : "", item);
}

static void fail(struct work *work, enum finding_state state, const char *what, const char *why,
	const char *cure)
{
	list(&work->failures, what);
	text_printf(&work->failures, ": %s", why);
	if (state > work->state)
		work->state = state;
	if (cure && !strstr(text_string(&work->cures), cure))
		text_printf(&work->cures, "%s%s", work->cures.length ? "; " : "", cure);
}

/* How a change went. */
static void judge(struct work *work, int r, const char *what, const char *cure)
{
	if (r == 0)
		work->is_changed = true;
	else if (r == -EPERM)
		list(&work->denied, what);
	else
		fail(work, FINDING_MISSING, what, netlink_words(work->preparation->netlink), cure);
}

/* With look_only: what would be changed. */
static void differ(struct work *work, const char *difference)
{
	list(&work->differences, difference);
	work->is_changed = true;
}

/* The index of the vrf; 0: with look_only, it is not there, but can be made; or -errno. */
static int find_vrf(const struct work *work, const char *name)
{
	struct netlink *netlink = work->preparation->netlink;
	struct link link;
	int r = netlink_find_link(netlink, name, &link);

	if (r == -ENODEV && work->preparation->look_only)
		return netlink_ask_link(netlink, "vrf");
	if (r == 0 && strcmp(link.kind, "vrf") != 0)
		return -ENODEV;
	return r < 0 ? r : (int)link.index;
}

static void join_vrf(struct work *work)
{
	const struct vrf *vrf = interface_vrf(work->preparation->model, &work->link);
	struct netlink *netlink = work->preparation->netlink;
	const char *what;
	int master;

	if (!vrf)
		return;
	master = find_vrf(work, vrf->name);
	what = arena_printf(&work->arena, "vrf %s", vrf->name);
	/* When it is made later, its interfaces are done again. */
	if (master < 0)
		fail(work, FINDING_MISSING, what, "there is no such vrf", NULL);
	else if (master && work->link.master == (unsigned)master)
		return;
	else if (work->preparation->look_only)
		differ(work, arena_printf(&work->arena, "it is not in vrf %s", vrf->name));
	else
		judge(work, netlink_set_master(netlink, work->link.index, (unsigned)master), what,
			NULL);
}

static void apply_sysctl(struct work *work, const struct sysctl *sysctl)
{
	struct sysctl_result result;
	struct finding finding = {.step = STEP_SYSCTL};

	sysctl_apply(work->preparation, sysctl, work->link.name, &result);
	sysctl_describe(work->preparation, &work->arena, sysctl, &result, &finding);
	if (finding.state != FINDING_OK) {
		fail(work, finding.state, arena_printf(&work->arena, "sysctl %s", finding.subject),
			finding.reason ? finding.reason : finding.verdict, finding.cure);
		work->required |= finding.required;
	} else if (result.verdict == SYSCTL_WRITTEN) {
		work->is_changed = true;
	} else if (result.verdict == SYSCTL_WRITABLE) {
		differ(work, arena_printf(&work->arena, "sysctl %s is %s instead of %s",
				     finding.subject, result.value, sysctl->value));
	}
}

static void apply_mtu(struct work *work, unsigned mtu)
{
	struct netlink *netlink = work->preparation->netlink;

	if (!mtu || work->link.mtu == mtu)
		return;
	if (work->preparation->look_only)
		differ(work, arena_printf(&work->arena, "its mtu is %u instead of %u",
				     work->link.mtu, mtu));
	else
		judge(work, netlink_set_mtu(netlink, work->link.index, mtu),
			arena_printf(&work->arena, "mtu %u", mtu), NULL);
	work->link.mtu = mtu;
}

static void apply_address(struct work *work, const struct address *address)
{
	struct netlink *netlink = work->preparation->netlink;
	int r;

	if (work->preparation->look_only) {
		if (netlink_has_address(netlink, work->link.index, address) == 0)
			differ(work,
				arena_printf(&work->arena, "it has no address %s", address->text));
		return;
	}
	r = netlink_add_address(netlink, work->link.index, address);
	if (r == -EEXIST)
		return;
	/* Container engines set disable_ipv6 in networks that are IPv4's alone. */
	judge(work, r, arena_printf(&work->arena, "address %s", address->text),
		address->family == AF_INET6 && r == -EACCES
			? "write `sysctl net.ipv6.conf.%i.disable_ipv6 = 0` in its [interface]"
			: NULL);
}

static void apply_up(struct work *work, bool up)
{
	struct netlink *netlink = work->preparation->netlink;

	if (!up || work->link.up)
		return;
	if (work->preparation->look_only)
		differ(work, "it is down");
	else
		judge(work, netlink_set_up(netlink, work->link.index), "up", NULL);
	work->link.up = true;
}

static void apply_rule(struct work *work, const struct interface_rule *rule)
{
	for (unsigned i = 0; i < rule->sysctl_count; i++)
		apply_sysctl(work, &rule->sysctls[i]);
	apply_mtu(work, rule->mtu);
	for (unsigned i = 0; i < rule->address_count; i++)
		apply_address(work, &rule->addresses[i]);
	apply_up(work, rule->up);
}

/* Is the link still there, under that name? Of what happens to it there is news, so what failed
 * only because of that is not worth a word. Brings work->link up to date.
 *
 * It also waits until the kernel is done with what it has told: it tells of a new name before the
 * sysctls have it, but holds a lock until they do, which this question takes as well. */
static bool is_still_there(struct work *work)
{
	struct link link;
	int r = netlink_find_link(work->preparation->netlink, work->link.name, &link);

	if (r == -ENODEV || (r == 0 && link.index != work->link.index))
		return false;
	if (r == 0)
		work->link = link;
	return true;
}

/* Comes last in the text and is the first to be cured: without it the rest is moot. */
static void tell_denied(struct work *work, const char *before, const char *what)
{
	list(&work->failures, before);
	text_put(&work->failures, what);
	work->state = FINDING_MISSING;
	work->cures = (struct text){.arena = &work->arena};
	text_put(&work->cures, net_admin_cure);
}

static void conclude(struct work *work)
{
	struct preparation *preparation = work->preparation;
	bool only_looked = preparation->look_only && work->is_changed;
	struct finding finding = {
		.step = STEP_INTERFACE, .required = work->required, .subject = work->link.name};

	if (only_looked && netlink_ask_change(preparation->netlink) == -EPERM)
		tell_denied(work, "", text_string(&work->differences));
	if (work->denied.length)
		tell_denied(work, "NET_ADMIN lacks for ", text_string(&work->denied));
	finding.state = work->state;
	finding.verdict = only_looked	     ? "can be set up"
			  : work->is_changed ? "set up"
					     : "already so";
	finding.reason = only_looked ? text_string(&work->differences) : NULL;
	if (work->failures.length) {
		finding.verdict = "not as asked";
		finding.reason = text_string(&work->failures);
		finding.cure = work->cures.length ? text_string(&work->cures) : NULL;
	}
	if (finding.state == FINDING_OK || is_still_there(work))
		prepare_found(preparation, &finding);
}

void interface_apply(struct preparation *preparation, const struct link *link)
{
	const struct model *model = preparation->model;
	struct work work = {.preparation = preparation, .link = *link};
	bool asked = interface_is_asked(model, link);

	work.failures.arena = work.denied.arena = work.differences.arena = work.cures.arena =
		&work.arena;
	if (!asked)
		findings_remove(preparation->findings, STEP_INTERFACE, link->name);
	if ((!asked && !interface_sysctls_are_asked(model)) || !is_still_there(&work))
		return;
	prepare_sysctls_of_interface(preparation, link->name);
	join_vrf(&work);
	for (unsigned i = 0; i < model->interface_rule_count; i++) {
		if (fnmatch(model->interface_rules[i].pattern, link->name, 0) == 0)
			apply_rule(&work, &model->interface_rules[i]);
	}
	if (asked)
		conclude(&work);
	arena_free(&work.arena);
}

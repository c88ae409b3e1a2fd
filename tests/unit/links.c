/* News of links: each arrival and each end is told once, under the name that it has in the end,
 * also when the kernel had to drop messages. In a network of its own. */
#include "init/links.h"

#include "init/loop.h"
#include "tests/unit/network.h"

#include <stdlib.h>

static struct netlink *netlink;
static char told[1024];
static bool overflowed;

static void tell(const char *sign, const char *name)
{
	size_t length = strlen(told);

	if (snprintf(told + length, sizeof(told) - length, "%s%s ", sign, name) >=
		(int)(sizeof(told) - length))
		overflowed = true;
}

static void arrived(void *context, const struct link *link)
{
	(void)context;
	tell("+", link->name);
}

static void gone(void *context, const struct link *link)
{
	(void)context;
	tell("-", link->name);
}

static void settled(void *context)
{
	++*(unsigned *)context;
}

static unsigned settled_count;
static const struct link_operations operations = {
	.context = &settled_count, .arrived = arrived, .gone = gone, .settled = settled};

/* Until no more is told: news is there at once, before the change that made it returns. */
static const char *hear(struct loop *loop)
{
	static const struct timestamp at_once = {0};
	unsigned before;

	told[0] = '\0';
	do {
		before = settled_count;
		for (int i = 0; i < 100; i++) /* much old news takes several rounds */
			CHECK_INT(loop_wait(loop, at_once), 0);
	} while (settled_count > before);
	return told;
}

static void links_come_and_go(void)
{
	struct loop *loop = loop_create(0);
	struct links *links = NULL;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	told[0] = '\0';
	CHECK_INT(links_open(loop, &operations, &links), 0);
	CHECK(strstr(told, "+lo ") && strstr(told, "+eth1 ") && strstr(told, "+x1 "));
	CHECK_INT(settled_count, 1);
	CHECK_STR(hear(loop), "");
	unsigned before = links_count(links);

	CHECK_INT(network_add(netlink, "bridge", "eth2", NULL), 0);
	CHECK_STR(hear(loop), "+eth2 ");
	CHECK_INT(links_count(links), before + 1);
	CHECK_STR(links_get(links, before)->name, "eth2");
	CHECK_INT(netlink_set_up(netlink, links_get(links, before)->index), 0);
	CHECK_STR(hear(loop), "");
	CHECK(links_get(links, before)->up);
	CHECK_INT(network_delete(netlink, "eth2"), 0);
	CHECK_STR(hear(loop), "-eth2 ");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(strlen(hear(loop)), strlen("-eth1 -x1 "));
	CHECK_INT(links_count(links), before - 2);
	links_close(links);
	loop_free(loop);
}

/* As engines do it: under a name of their own first. */
static void only_the_last_name_is_told(void)
{
	struct loop *loop = loop_create(0);
	struct links *links = NULL;

	CHECK_INT(links_open(loop, &operations, &links), 0);
	CHECK_INT(network_add(netlink, "bridge", "veth4711", NULL), 0);
	CHECK_INT(network_rename(netlink, "veth4711", "tmp"), 0);
	CHECK_INT(network_rename(netlink, "tmp", "eth1"), 0);
	CHECK_STR(hear(loop), "+eth1 ");
	CHECK_INT(network_rename(netlink, "eth1", "eth2"), 0);
	CHECK_STR(hear(loop), "-eth1 +eth2 ");
	/* Two that change places: each is gone before one arrives. */
	CHECK_INT(network_add(netlink, "bridge", "eth3", NULL), 0);
	CHECK_STR(hear(loop), "+eth3 ");
	CHECK_INT(network_rename(netlink, "eth3", "tmp"), 0);
	CHECK_INT(network_rename(netlink, "eth2", "eth3"), 0);
	CHECK_INT(network_rename(netlink, "tmp", "eth2"), 0);
	CHECK_STR(hear(loop), "-eth2 -eth3 +eth3 +eth2 ");
	/* One that came and went meanwhile. */
	CHECK_INT(network_add(netlink, "bridge", "eth4", NULL), 0);
	CHECK_INT(network_delete(netlink, "eth4"), 0);
	CHECK_STR(hear(loop), "");
	told[0] = '\0';
	links_tell_again(links);
	CHECK_STR(told + strlen(told) - strlen("+eth3 +eth2 "), "+eth3 +eth2 ");
	CHECK_INT(network_delete(netlink, "eth2"), 0);
	CHECK_INT(network_delete(netlink, "eth3"), 0);
	links_close(links);
	loop_free(loop);
}

/* With an index that is asked for, as it keeps when it comes back from another namespace. */
static int add_numbered(const char *name, int index)
{
	const struct ifinfomsg info = {.ifi_family = AF_UNSPEC, .ifi_index = index};
	struct nl_msg *message =
		netlink_message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));

	(void)nla_put_string(message, IFLA_IFNAME, name);
	struct nlattr *part = nla_nest_start(message, IFLA_LINKINFO);

	(void)nla_put_string(message, IFLA_INFO_KIND, "bridge");
	nla_nest_end(message, part);
	return netlink_request(netlink, message, NULL, NULL);
}

static void one_that_comes_back_arrives_again(void)
{
	struct loop *loop = loop_create(0);
	struct links *links = NULL;

	CHECK_INT(links_open(loop, &operations, &links), 0);
	CHECK_INT(add_numbered("eth1", 4711), 0);
	CHECK_STR(hear(loop), "+eth1 ");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(add_numbered("eth1", 4711), 0);
	CHECK_STR(hear(loop), "-eth1 +eth1 ");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	links_close(links);
	loop_free(loop);
}

/* More news than the kernel keeps, and among what it drops are an arrival and an end. */
static void dropped_news_is_made_up_for(void)
{
	enum { CHANGES = 3000 };
	struct loop *loop = loop_create(0);
	struct links *links = NULL;
	struct link link = {0};
	unsigned failed = 0;

	CHECK_INT(network_add(netlink, "bridge", "eth1", NULL), 0);
	CHECK_INT(network_add(netlink, "bridge", "eth2", NULL), 0);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK_INT(links_open(loop, &operations, &links), 0);
	for (unsigned i = 0; i < CHANGES; i++)
		failed += netlink_set_mtu(netlink, link.index, 1400 + i % 2) < 0;
	CHECK_INT(failed, 0);
	CHECK_INT(network_delete(netlink, "eth2"), 0);
	CHECK_INT(network_add(netlink, "bridge", "eth3", NULL), 0);
	/* Those that stayed may have been away: they are told again. */
	CHECK_STR(hear(loop), "-eth2 +lo +eth1 +eth3 ");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(network_delete(netlink, "eth3"), 0);
	CHECK_INT(strlen(hear(loop)), strlen("-eth1 -eth3 "));
	links_close(links);
	loop_free(loop);
}

/* What the kernel had kept before it dropped the rest is old: it must not overwrite the list. */
static void old_news_is_no_news(void)
{
	enum { CHANGES = 3000 };
	struct loop *loop = loop_create(0);
	struct links *links = NULL;
	struct link link = {0};
	unsigned failed = 0;

	CHECK_INT(network_add(netlink, "bridge", "eth1", NULL), 0);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK_INT(links_open(loop, &operations, &links), 0);
	for (unsigned i = 0; i < CHANGES; i++)
		failed += netlink_set_mtu(netlink, link.index, 1400 + i % 2) < 0;
	CHECK_INT(failed, 0);
	CHECK_INT(network_rename(netlink, "eth1", "eth9"), 0);
	CHECK_STR(hear(loop), "-eth1 +lo +eth9 ");
	CHECK_INT(network_delete(netlink, "eth9"), 0);
	CHECK_STR(hear(loop), "-eth9 ");
	links_close(links);
	loop_free(loop);
}

int main(void)
{
	if (!network_enter())
		return 0;
	int r = netlink_open(&netlink);

	CHECK_INT(r, 0);
	if (r < 0)
		return 1;
	RUN(links_come_and_go);
	RUN(only_the_last_name_is_told);
	RUN(one_that_comes_back_arrives_again);
	RUN(dropped_news_is_made_up_for);
	RUN(old_news_is_no_news);
	CHECK(!overflowed);
	netlink_close(netlink);
	return CHECK_EXIT_STATUS();
}

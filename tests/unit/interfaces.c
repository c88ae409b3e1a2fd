/* What interfaces get as they arrive, and the wait for them: in a network of its own, with a loop
 * that is turned by hand and a clock that is only asked for. */
#include "init/interfaces.h"

#include "config/model.h"
#include "init/interface_asked.h"
#include "init/loop.h"
#include "init/preparation.h"
#include "supervisor/finding.h"
#include "tests/unit/network.h"
#include "tests/unit/preparation_support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct netlink *netlink;

static const struct address addresses[] = {
	{.text = "192.0.2.1/24", .family = AF_INET, .prefix = 24, .bytes = {192, 0, 2, 1}},
	{.text = "2001:db8::1/64",
		.family = AF_INET6,
		.prefix = 64,
		.bytes = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
};
static const struct sysctl sysctls[] = {
	{.key = "net.ipv4.conf.%i.rp_filter", .value = "2"},
	{.key = "net.ipv6.conf.%i.disable_ipv6", .value = "0"},
	{.key = "net.mpls.conf.%i.no_such", .value = "1", .may_be_absent = true},
};
static const struct interface_rule rules[] = {
	{.pattern = "eth*", .sysctls = sysctls, .sysctl_count = 3, .up = true},
	{.pattern = "eth1", .mtu = 9000, .addresses = addresses, .address_count = 2},
};
static const struct model model_of_rules = {.interface_rules = rules,
	.interface_rule_count = 2,
	.node = {.interfaces_timeout_ms = 30000}};

/* The value of eth1's sysctl, "" when there is none. */
static const char *read_sysctl(const char *path)
{
	static char value[64];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, value, sizeof(value) - 1);

	if (fd >= 0)
		close(fd);
	value[length > 0 ? length : 0] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return value;
}

static void note_open(void *context)
{
	++*(int *)context;
}

/* A watch with all that it stands on. */
struct fixture {
	struct preparation preparation;
	struct loop *loop;
	struct interfaces_watch *watch;
	int opened;
};

static void begin(struct fixture *fixture, const struct model *model)
{
	fixture->opened = 0;
	preparation_begin(&fixture->preparation, model);
	fixture->loop = loop_create(0);
	fixture->watch =
		interfaces_open(fixture->loop, &fixture->preparation, note_open, &fixture->opened);
	CHECK(fixture->watch != NULL);
}

static void end(struct fixture *fixture)
{
	interfaces_close(fixture->watch);
	loop_free(fixture->loop);
	preparation_end(&fixture->preparation);
}

/* What the kernel has said already is heard: so many turns are more than enough. */
static void turn(struct fixture *fixture)
{
	static const struct timestamp at_once = {0};

	for (int i = 0; i < 8; i++)
		CHECK_INT(loop_wait(fixture->loop, at_once), 0);
}

static const char *word_of(const struct fixture *fixture, const char *name)
{
	return preparation_word(&fixture->preparation, STEP_INTERFACE, name);
}

static void check_eth1(void)
{
	struct link link = {0};

	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK(link.up);
	CHECK_INT(link.mtu, 9000);
	CHECK_INT(netlink_has_address(netlink, link.index, &addresses[0]), 1);
	CHECK_INT(netlink_has_address(netlink, link.index, &addresses[1]), 1);
	CHECK_STR(read_sysctl("/proc/sys/net/ipv4/conf/eth1/rp_filter"), "2");
}

static void each_interface_gets_its_own(void)
{
	struct fixture fixture;
	struct link link;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	begin(&fixture, &model_of_rules);
	CHECK_INT(fixture.opened, 1);
	CHECK(interfaces_are_there(fixture.watch));
	CHECK(timestamp_is_never(interfaces_deadline(fixture.watch)));
	check_eth1();
	CHECK_STR(word_of(&fixture, "eth1"), "ok set up");
	CHECK_STR(word_of(&fixture, "x1"), "");
	CHECK_STR(word_of(&fixture, "lo"), "");
	/* Later, and under another name first. */
	CHECK_INT(network_add(netlink, "veth", "tmp", "x2"), 0);
	CHECK_INT(network_rename(netlink, "tmp", "eth2"), 0);
	turn(&fixture);
	CHECK_INT(netlink_find_link(netlink, "eth2", &link), 0);
	CHECK(link.up);
	CHECK_INT(link.mtu, 1500);
	CHECK_STR(word_of(&fixture, "eth2"), "ok set up");
	CHECK_STR(word_of(&fixture, "tmp"), "");
	interfaces_reload(fixture.watch);
	CHECK_STR(word_of(&fixture, "eth1"), "ok already so");
	CHECK_INT(network_rename(netlink, "eth2", "x3"), 0);
	turn(&fixture);
	CHECK_STR(word_of(&fixture, "eth2"), "");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(network_delete(netlink, "x2"), 0);
	turn(&fixture);
	CHECK_STR(word_of(&fixture, "eth1"), "");
	CHECK_INT(fixture.opened, 1);
	end(&fixture);
}

/* Also a line of [sysctl] that is a pattern; what was said of it goes with the interface. */
static void patterns_reach_those_that_come_later(void)
{
	static const struct sysctl pattern[] = {
		{.key = "net.ipv4.conf.*.rp_filter", .value = "2", .is_pattern = true},
		{.key = "net.ipv4.conf.eth[1-3].arp_filter", .value = "none", .is_pattern = true},
	};
	static const struct model model = {.sysctls = pattern, .sysctl_count = 2};
	struct fixture fixture;

	begin(&fixture, &model);
	CHECK_INT(network_add(netlink, "bridge", "eth1", NULL), 0);
	turn(&fixture);
	CHECK_STR(read_sysctl("/proc/sys/net/ipv4/conf/eth1/rp_filter"), "2");
	CHECK_STR(preparation_word(
			  &fixture.preparation, STEP_SYSCTL, "net.ipv4.conf.eth1.arp_filter"),
		"missing refused");
	CHECK_STR(word_of(&fixture, "eth1"), "");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	turn(&fixture);
	CHECK(!preparation_find(
		&fixture.preparation, STEP_SYSCTL, "net.ipv4.conf.eth1.arp_filter"));
	end(&fixture);
}

/* A line of [sysctl] that names one as well, but one for all needs no watch. */
static void keys_reach_those_that_come_later(void)
{
	static const struct sysctl keys[] = {
		{.key = "net.ipv4.conf.all.rp_filter", .value = "0"},
		{.key = "net.ipv6.conf.default.forwarding", .value = "1"},
		{.key = "net.ipv4.conf.eth1.rp_filter", .value = "2"},
	};
	static const struct model model_of_one = {.sysctls = keys, .sysctl_count = 3};
	static const struct model model_of_all = {.sysctls = keys, .sysctl_count = 2};
	struct fixture fixture;

	CHECK(!interface_any_asked(&model_of_all));
	CHECK(interface_any_asked(&model_of_one));
	begin(&fixture, &model_of_one);
	CHECK_INT(network_add(netlink, "bridge", "eth1", NULL), 0);
	turn(&fixture);
	CHECK_STR(read_sysctl("/proc/sys/net/ipv4/conf/eth1/rp_filter"), "2");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	end(&fixture);
}

/* A node that asks for nothing is not troubled, until a reload asks for something. */
static void a_reload_begins_the_watch(void)
{
	static const struct model model_of_nothing;
	struct fixture fixture;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	begin(&fixture, &model_of_nothing);
	CHECK_INT(fixture.opened, 1);
	CHECK_INT(findings_count(fixture.preparation.findings), 0);
	fixture.preparation.model = &model_of_rules;
	interfaces_reload(fixture.watch);
	check_eth1();
	CHECK_INT(network_add(netlink, "bridge", "eth2", NULL), 0);
	turn(&fixture);
	CHECK_STR(word_of(&fixture, "eth2"), "ok set up");
	fixture.preparation.model = &model_of_nothing;
	interfaces_reload(fixture.watch);
	CHECK_INT(findings_count(fixture.preparation.findings), 0);
	CHECK_INT(fixture.opened, 1);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	CHECK_INT(network_delete(netlink, "eth2"), 0);
	end(&fixture);
}

/* The kernel lets an interface be called so. None of them is a way out of the sysctl's folder. */
static void odd_names_are_only_names(void)
{
	static const char *const odd[] = {
		"eth..", "eth0.100", "eth*", "eth[", "eth;reboot", "eth-\x1b[7m"};
	struct fixture fixture;
	struct link link;

	begin(&fixture, &model_of_rules);
	for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		char path[128];

		CHECK_INT(network_add(netlink, "bridge", odd[i], NULL), 0);
		turn(&fixture);
		CHECK_STR(word_of(&fixture, odd[i]), "ok set up");
		(void)snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/rp_filter", odd[i]);
		CHECK_STR(read_sysctl(path), "2");
		CHECK_INT(netlink_find_link(netlink, odd[i], &link), 0);
		CHECK(link.up);
		CHECK_INT(network_delete(netlink, odd[i]), 0);
		turn(&fixture);
		CHECK_STR(word_of(&fixture, odd[i]), "");
	}
	end(&fixture);
}

static void what_fails_is_summed_up(void)
{
	static const struct sysctl bad[] = {
		{.key = "net.ipv6.conf.%i.disable_ipv6", .value = "1"},
		{.key = "net.ipv4.conf.%i.no_such", .value = "1", .required = true},
	};
	static const struct interface_rule rule = {.pattern = "eth1",
		.mtu = 1000000,
		.addresses = addresses,
		.address_count = 2,
		.sysctls = bad,
		.sysctl_count = 2,
		.up = true};
	static const struct model model = {.interface_rules = &rule, .interface_rule_count = 1};
	struct fixture fixture;
	const char *line;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	begin(&fixture, &model);
	CHECK_STR(word_of(&fixture, "eth1"), "required missing not as asked");
	line = preparation_line(&fixture.preparation, STEP_INTERFACE, "eth1");
	CHECK(strncmp(line, "interface eth1: sysctl net.ipv4.conf.eth1.no_such: ",
		      strlen("interface eth1: sysctl net.ipv4.conf.eth1.no_such: ")) == 0);
	/* The words behind them are the kernel's, and differ. */
	CHECK(strstr(line, ", mtu 1000000: ") != NULL);
	CHECK(strstr(line, ", address 2001:db8::1/64: ") != NULL);
	CHECK(strstr(line, "192.0.2.1") == NULL);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	end(&fixture);
}

static void without_the_capability_it_is_said(void)
{
	static const struct interface_rule rule = {.pattern = "eth1", .mtu = 9000, .up = true};
	static const struct model model = {.interface_rules = &rule, .interface_rule_count = 1};
	struct fixture fixture;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	CHECK(network_lose_capability());
	begin(&fixture, &model);
	CHECK_STR(preparation_line(&fixture.preparation, STEP_INTERFACE, "eth1"),
		"interface eth1: NET_ADMIN lacks for mtu 9000, up; start the container with "
		"--cap-add NET_ADMIN");
	fixture.preparation.look_only = true;
	interfaces_look(&fixture.preparation);
	CHECK_STR(preparation_line(&fixture.preparation, STEP_INTERFACE, "eth1"),
		"interface eth1: its mtu is 1500 instead of 9000, it is down; start the container "
		"with --cap-add NET_ADMIN");
	CHECK_STR(word_of(&fixture, "eth1"), "missing not as asked");
	network_regain_capability();
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	end(&fixture);
}

static void looking_changes_nothing(void)
{
	struct preparation preparation;
	struct link link;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	preparation_begin(&preparation, &model_of_rules);
	preparation.look_only = true;
	interfaces_look(&preparation);
	CHECK_STR(preparation_word(&preparation, STEP_INTERFACE, "eth1"), "ok can be set up");
	CHECK_STR(preparation_line(&preparation, STEP_INTERFACE, "eth1"),
		"interface eth1: sysctl net.ipv4.conf.eth1.rp_filter is 0 instead of 2, it is "
		"down, its mtu is 1500 instead of 9000, it has no address 192.0.2.1/24, it has no "
		"address 2001:db8::1/64");
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK(!link.up);
	CHECK_INT(link.mtu, 1500);
	preparation.look_only = false;
	interfaces_look(&preparation);
	check_eth1();
	preparation.look_only = true;
	interfaces_look(&preparation);
	CHECK_STR(preparation_word(&preparation, STEP_INTERFACE, "eth1"), "ok already so");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	preparation_end(&preparation);
}

static const char *const waited[] = {"eth1", "eth[23]", NULL};
static const struct model model_of_wait = {
	.node = {.interfaces = {.kind = INTERFACES_NAMES, .names = {waited, 2}},
		.interfaces_timeout_ms = 30000,
		.required = 1U << STEP_INTERFACES}};

static const char *line_of_wait(const struct fixture *fixture)
{
	return preparation_line(&fixture->preparation, STEP_INTERFACES, "");
}

static void the_wait_ends_when_all_are_there(void)
{
	struct fixture fixture;

	begin(&fixture, &model_of_wait);
	CHECK_INT(fixture.opened, 0);
	CHECK(!interfaces_are_there(fixture.watch));
	CHECK_STR(line_of_wait(&fixture), "interfaces: 0 of 2: missing eth1, eth[23]");
	CHECK_STR(preparation_word(&fixture.preparation, STEP_INTERFACES, ""), "degraded waiting");
	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	turn(&fixture);
	CHECK_STR(line_of_wait(&fixture), "interfaces: 1 of 2: missing eth[23]");
	interfaces_expire(fixture.watch, (struct timestamp){0});
	CHECK_INT(fixture.opened, 0);
	CHECK_INT(network_rename(netlink, "x1", "eth3"), 0);
	turn(&fixture);
	CHECK_INT(fixture.opened, 1);
	CHECK(interfaces_are_there(fixture.watch));
	CHECK_STR(line_of_wait(&fixture), "interfaces: all 2 are there");
	/* What leaves later is told, but begins no new wait. */
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	turn(&fixture);
	CHECK_STR(preparation_word(&fixture.preparation, STEP_INTERFACES, ""),
		"required missing not all are there");
	CHECK_INT(fixture.opened, 1);
	end(&fixture);
}

static void the_wait_ends_with_its_time(void)
{
	struct fixture fixture;

	begin(&fixture, &model_of_wait);
	struct timestamp deadline = interfaces_deadline(fixture.watch);

	CHECK(!timestamp_is_never(deadline));
	interfaces_expire(fixture.watch, (struct timestamp){deadline.ns - 1});
	CHECK_INT(fixture.opened, 0);
	interfaces_expire(fixture.watch, deadline);
	CHECK_INT(fixture.opened, 1);
	CHECK(timestamp_is_never(interfaces_deadline(fixture.watch)));
	CHECK_STR(preparation_word(&fixture.preparation, STEP_INTERFACES, ""),
		"required missing not all are there");
	CHECK_STR(line_of_wait(&fixture),
		"interfaces: 0 of 2: missing eth1, eth[23]; attach what is missing, or write in "
		"[node] what to wait for, and how long (interfaces =, interfaces_timeout =)");
	CHECK_INT(network_add(netlink, "veth", "eth1", "eth2"), 0);
	turn(&fixture);
	CHECK_STR(preparation_word(&fixture.preparation, STEP_INTERFACES, ""),
		"required ok all 2 are there");
	CHECK_INT(fixture.opened, 1);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	end(&fixture);
}

static void containerlab_says_how_many(void)
{
	static const struct model model = {
		.node = {.interfaces = {.kind = INTERFACES_AUTO}, .interfaces_timeout_ms = 1000}};
	struct fixture fixture;

	begin(&fixture, &model);
	CHECK_INT(fixture.opened, 1);
	CHECK(!preparation_find(&fixture.preparation, STEP_INTERFACES, ""));
	end(&fixture);
	CHECK_INT(setenv("CLAB_INTFS", "2", 1), 0);
	CHECK_INT(network_add(netlink, "veth", "eth0", "x0"), 0);
	begin(&fixture, &model);
	CHECK_STR(line_of_wait(&fixture), "interfaces: 1 of 2"); /* x0 */
	CHECK_INT(network_add(netlink, "veth", "eth1", "eth2"), 0);
	turn(&fixture);
	CHECK_INT(fixture.opened, 1);
	end(&fixture);
	CHECK_INT(setenv("CLAB_INTFS", "two", 1), 0);
	begin(&fixture, &model);
	CHECK_INT(fixture.opened, 1);
	CHECK_STR(line_of_wait(&fixture),
		"interfaces: CLAB_INTFS is \"two\", which is no number of interfaces; none is "
		"waited for, unless [node] says interfaces =");
	end(&fixture);
	CHECK_INT(unsetenv("CLAB_INTFS"), 0);
	CHECK_INT(network_delete(netlink, "eth0"), 0);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
}

static void without_news_it_does_what_it_can(void)
{
	struct fixture fixture = {0};

	preparation_begin(&fixture.preparation, &model_of_wait);
	netlink_close(fixture.preparation.netlink);
	fixture.preparation.netlink = NULL;
	fixture.preparation.netlink_error = -EAFNOSUPPORT;
	fixture.loop = loop_create(0);
	fixture.watch =
		interfaces_open(fixture.loop, &fixture.preparation, note_open, &fixture.opened);
	CHECK_INT(fixture.opened, 1);
	CHECK_STR(line_of_wait(&fixture),
		"interfaces: the kernel gives no news of interfaces: Address family not supported "
		"by protocol, so those that come later stay as they come");
	interfaces_reload(fixture.watch);
	end(&fixture);
}

static const char *const members[] = {"eth1", NULL};
static const struct vrf vrf = {.name = "CE", .table = 1001, .interfaces = {members, 1}};
static const struct model model_of_vrf = {
	.vrfs = &vrf, .vrf_count = 1, .interface_rules = rules, .interface_rule_count = 2};

static void check_membership(struct fixture *fixture)
{
	struct link link = {0}, master = {0};

	prepare_vrfs(&fixture->preparation);
	turn(fixture);
	CHECK_INT(netlink_find_link(netlink, "CE", &master), 0);
	CHECK_INT(netlink_find_link(netlink, "eth1", &link), 0);
	CHECK_INT(link.master, master.index);
	CHECK_STR(word_of(fixture, "eth1"), "ok set up");
	check_eth1();
	CHECK_INT(network_delete(netlink, "CE"), 0);
	turn(fixture);
}

/* What the boot would do about it, a look says. */
static void a_look_knows_of_the_vrf_to_come(void)
{
	static const struct model model = {.vrfs = &vrf, .vrf_count = 1};
	struct preparation preparation;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	preparation_begin(&preparation, &model);
	preparation.look_only = true;
	interfaces_look(&preparation);
	CHECK_STR(preparation_line(&preparation, STEP_INTERFACE, "eth1"),
		netlink_ask_link(netlink, "vrf") == 0
			? "interface eth1: it is not in vrf CE"
			: "interface eth1: vrf CE: there is no such vrf");
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	preparation_end(&preparation);
}

/* Its interface was there first. */
static void a_late_vrf_gets_its_interfaces(void)
{
	struct fixture fixture;

	CHECK_INT(network_add(netlink, "veth", "eth1", "x1"), 0);
	begin(&fixture, &model_of_vrf);
	CHECK_STR(word_of(&fixture, "eth1"), "missing not as asked");
	CHECK_STR(preparation_line(&fixture.preparation, STEP_INTERFACE, "eth1"),
		"interface eth1: vrf CE: there is no such vrf");
	check_eth1();
	if (netlink_ask_link(netlink, "vrf") == 0)
		check_membership(&fixture);
	CHECK_INT(network_delete(netlink, "eth1"), 0);
	end(&fixture);
}

int main(void)
{
	if (!network_enter())
		return 0;
	int r = netlink_open(&netlink);

	CHECK_INT(r, 0);
	if (r < 0)
		return 1;
	(void)unsetenv("CLAB_INTFS");
	RUN(each_interface_gets_its_own);
	RUN(patterns_reach_those_that_come_later);
	RUN(keys_reach_those_that_come_later);
	RUN(a_reload_begins_the_watch);
	RUN(odd_names_are_only_names);
	RUN(what_fails_is_summed_up);
	RUN(without_the_capability_it_is_said);
	RUN(looking_changes_nothing);
	RUN(the_wait_ends_when_all_are_there);
	RUN(the_wait_ends_with_its_time);
	RUN(containerlab_says_how_many);
	RUN(without_news_it_does_what_it_can);
	RUN(a_look_knows_of_the_vrf_to_come);
	RUN(a_late_vrf_gets_its_interfaces);
	netlink_close(netlink);
	return CHECK_EXIT_STATUS();
}

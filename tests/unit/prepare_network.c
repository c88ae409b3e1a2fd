/* The steps of the preparation that ask and change the kernel by netlink: the loopback, modules and
 * vrfs, in a network of their own. Whether the kernel has vrf decides what is to be seen; both ways
 * are tested, each on a kernel that has it or has it not. */
#include "config/model.h"
#include "init/preparation.h"
#include "tests/unit/network.h"
#include "tests/unit/preparation_support.h"

#include <stdlib.h>

static struct netlink *netlink;

static void the_loopback_comes_up(void)
{
	static const struct model model;
	struct preparation preparation;
	struct link lo;

	preparation_begin(&preparation, &model);
	CHECK(network_lose_capability());
	prepare_loopback(&preparation);
	CHECK_STR(preparation_line(&preparation, STEP_LOOPBACK, "lo"),
		"interface lo: Operation not permitted; start the container with --cap-add "
		"NET_ADMIN");
	network_regain_capability();
	preparation.look_only = true;
	prepare_loopback(&preparation);
	CHECK_STR(preparation_word(&preparation, STEP_LOOPBACK, "lo"), "ok down, can be set up");
	CHECK_INT(netlink_find_link(netlink, "lo", &lo), 0);
	CHECK(!lo.up);
	preparation.look_only = false;
	prepare_loopback(&preparation);
	CHECK_STR(preparation_word(&preparation, STEP_LOOPBACK, "lo"), "ok up");
	CHECK_INT(netlink_find_link(netlink, "lo", &lo), 0);
	CHECK(lo.up);
	preparation_end(&preparation);
}

static const struct module modules[] = {
	{.name = "veth", .need = NEED_REQUIRED},
	{.name = "no_such_module", .need = NEED_OPTIONAL},
	{.name = "no-such-other", .need = NEED_REQUIRED},
	{.name = "../kernel", .need = NEED_OPTIONAL},
	{.name = "dummy", .need = NEED_OFF},
};

static void modules_are_found_or_not(void)
{
	static const struct model model = {
		.modules = modules, .module_count = sizeof(modules) / sizeof(modules[0])};
	struct preparation preparation;

	preparation_begin(&preparation, &model);
	prepare_modules(&preparation);
	CHECK(preparation_find(&preparation, STEP_MODULE, "veth") &&
		preparation_find(&preparation, STEP_MODULE, "veth")->state == FINDING_OK);
	CHECK_STR(preparation_line(&preparation, STEP_MODULE, "no_such_module"),
		"module no_such_module: the kernel has it not, and could not load it (Unknown "
		"device type); on the host, `modprobe no_such_module`, and to keep it `echo "
		"no_such_module > /etc/modules-load.d/no_such_module.conf`");
	CHECK_STR(preparation_word(&preparation, STEP_MODULE, "no_such_module"), "degraded absent");
	CHECK_STR(preparation_word(&preparation, STEP_MODULE, "no-such-other"),
		"required missing absent");
	CHECK_STR(preparation_word(&preparation, STEP_MODULE, "../kernel"), "degraded absent");
	CHECK(!preparation_find(&preparation, STEP_MODULE, "dummy"));
	CHECK(!preparation_find(&preparation, STEP_MODULE, "vrf"));
	preparation_end(&preparation);
}

static void without_the_capability_modules_are_only_looked_for(void)
{
	static const struct model model;
	struct preparation preparation;

	preparation_begin(&preparation, &model);
	CHECK(network_lose_capability());
	prepare_module(&preparation, "no_such_module", NEED_OPTIONAL);
	network_regain_capability();
	CHECK_STR(preparation_word(&preparation, STEP_MODULE, "no_such_module"), "degraded denied");
	CHECK_STR(preparation_line(&preparation, STEP_MODULE, "no_such_module"),
		"module no_such_module: it is not to be seen, and without NET_ADMIN the kernel "
		"does not load it; start the container with --cap-add NET_ADMIN, or on the host, "
		"`modprobe no_such_module`, and to keep it `echo no_such_module > "
		"/etc/modules-load.d/no_such_module.conf`");
	netlink_close(preparation.netlink);
	preparation.netlink = NULL;
	preparation.netlink_error = -EAFNOSUPPORT;
	prepare_module(&preparation, "no_such_module", NEED_OPTIONAL);
	CHECK_STR(
		preparation_word(&preparation, STEP_MODULE, "no_such_module"), "degraded unknown");
	preparation_end(&preparation);
}

/* What the finding says is what the kernel answers. */
static void the_standard_set_is_told_as_it_is(void)
{
	static const char *const names[] = {"vrf", "mpls", "seg6", "dummy", "vxlan"};
	static const struct model model;
	struct preparation preparation;

	preparation_begin(&preparation, &model);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		prepare_module(&preparation, names[i], NEED_OPTIONAL);
		const struct finding *finding =
			preparation_find(&preparation, STEP_MODULE, names[i]);

		CHECK(finding != NULL);
		if (!finding)
			continue;
		CHECK((finding->state == FINDING_OK) == (strcmp(finding->verdict, "absent") != 0));
		CHECK((finding->state == FINDING_OK) == !finding->cure);
	}
	bool has_vrf = preparation_find(&preparation, STEP_MODULE, "vrf")->state == FINDING_OK;

	CHECK_INT(netlink_ask_link(netlink, "vrf"), has_vrf ? 0 : -EOPNOTSUPP);
	preparation_end(&preparation);
}

static const struct vrf vrfs[] = {
	{.name = "CE", .table = 1001, .need = NEED_REQUIRED},
	{.name = "taken", .table = 1002, .need = NEED_OPTIONAL},
};

static void check_vrfs_without_the_kernel_having_them(const struct preparation *preparation)
{
	/* One word about it is enough. */
	CHECK(!preparation_find(preparation, STEP_MODULE, "vrf"));
	CHECK_STR(preparation_line(preparation, STEP_VRF, "CE"),
		"vrf CE: the kernel has no vrf (Unknown device type); on the host, `modprobe vrf`, "
		"and to keep it `echo vrf > /etc/modules-load.d/vrf.conf`");
	CHECK_STR(preparation_word(preparation, STEP_VRF, "CE"), "required missing absent");
}

static void check_vrfs_that_are_made(struct preparation *preparation)
{
	static const struct vrf other = {.name = "CE", .table = 7};
	const struct model changed = {.vrfs = &other, .vrf_count = 1};
	struct link link;

	CHECK_STR(preparation_word(preparation, STEP_VRF, "CE"), "required ok made");
	CHECK_INT(netlink_find_link(netlink, "CE", &link), 0);
	CHECK(link.up);
	CHECK_INT(link.vrf_table, 1001);
	prepare_vrfs(preparation);
	CHECK_STR(preparation_word(preparation, STEP_VRF, "CE"), "required ok already so");
	preparation->model = &changed;
	prepare_vrfs(preparation);
	CHECK_STR(preparation_line(preparation, STEP_VRF, "CE"),
		"vrf CE: it is there with table 1001 instead of 7; delete it (`ip link delete "
		"CE`), or write table = 1001");
	CHECK_INT(network_delete(netlink, "CE"), 0);
}

static void vrfs_are_made(void)
{
	static const struct model model = {.vrfs = vrfs, .vrf_count = 2};
	bool has_vrf = netlink_ask_link(netlink, "vrf") == 0;
	struct preparation preparation;
	struct link link;

	preparation_begin(&preparation, &model);
	CHECK_INT(network_add(netlink, "veth", "taken", "other"), 0);
	preparation.look_only = true;
	prepare_vrfs(&preparation);
	CHECK_STR(preparation_word(&preparation, STEP_VRF, "CE"),
		has_vrf ? "required ok can be made" : "required missing absent");
	CHECK_INT(netlink_find_link(netlink, "CE", &link), -ENODEV);
	preparation.look_only = false;
	prepare_modules(&preparation);
	prepare_vrfs(&preparation);
	CHECK_STR(preparation_line(&preparation, STEP_VRF, "taken"),
		"vrf taken: there is an interface of that name, and it is no vrf but a veth; give "
		"one of them another name");
	if (has_vrf)
		check_vrfs_that_are_made(&preparation);
	else
		check_vrfs_without_the_kernel_having_them(&preparation);
	CHECK_INT(network_delete(netlink, "taken"), 0);
	preparation_end(&preparation);
}

static void without_the_capability_no_vrf_is_made(void)
{
	static const struct model model = {.vrfs = vrfs, .vrf_count = 1};
	struct preparation preparation;

	preparation_begin(&preparation, &model);
	CHECK(network_lose_capability());
	prepare_vrfs(&preparation);
	network_regain_capability();
	CHECK_STR(preparation_line(&preparation, STEP_VRF, "CE"),
		"vrf CE: it takes NET_ADMIN to make it; start the container with --cap-add "
		"NET_ADMIN");
	preparation_end(&preparation);
}

int main(void)
{
	if (!network_enter())
		return 0;
	int r = netlink_open(&netlink);

	CHECK_INT(r, 0);
	if (r < 0)
		return 1;
	RUN(the_loopback_comes_up);
	RUN(modules_are_found_or_not);
	RUN(without_the_capability_modules_are_only_looked_for);
	RUN(the_standard_set_is_told_as_it_is);
	RUN(vrfs_are_made);
	RUN(without_the_capability_no_vrf_is_made);
	netlink_close(netlink);
	return CHECK_EXIT_STATUS();
}

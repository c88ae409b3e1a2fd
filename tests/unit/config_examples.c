/* The examples are what users copy: each must load without an error or a warning, and what each
 * line of router.ini is there for must be in the model. */
#include "tests/check.h"
#include "tests/unit/config_support.h"

#include <glob.h>

#define DIRECTORY "config/examples/"

static char text[2][1 << 16];

/* Files for /etc/firsthop.d, which add to router.ini. */
static bool is_addition(const char *path)
{
	return strstr(path, "vrf.ini") || strstr(path, "vm.ini") || strstr(path, "boot.ini") ||
	       strstr(path, "persist.ini") || strstr(path, "cml.ini");
}

static struct config_file read_example(const char *path, char buffer[1 << 16])
{
	struct config_file config = {path, buffer, 0};
	FILE *file = fopen(path, "r");

	CHECK(file);
	if (file) {
		config.length = fread(buffer, 1, 1 << 16, file);
		fclose(file);
	}
	return config;
}

/* An addition is loaded behind router.ini. */
static struct load load_example(const char *path, const struct fake_image *fake)
{
	struct config_file files[2] = {read_example(DIRECTORY "router.ini", text[0])};

	files[is_addition(path)] = read_example(path, text[is_addition(path)]);
	return load_files(files, 1 + is_addition(path), fake);
}

static const struct fake_file router_files[] = {
	{"/usr/lib/frr/zebra", NULL},
	{"/usr/lib/frr/mgmtd", NULL},
	{"/usr/lib/frr/staticd", NULL},
	{"/usr/lib/frr/bgpd", NULL},
	{"/usr/bin/vtysh", NULL},
	{"/usr/bin/ssh-keygen", NULL},
	{"/bin/bash", NULL},
	{"/usr/sbin/sshd", NULL},
	{"/sbin/runit-init.sh", NULL},
	{"/usr/sbin/snmpd", NULL},
	{"/etc/frr/daemons", "bgpd=yes\nospfd=no\nvtysh_enable=yes\n"},
	{"/etc/frr/frr.conf", "hostname r1\n"},
	{"/config/node.cfg", "hostname r1\n"},
	{NULL, NULL},
};

static bool has_frr(const char *path)
{
	return strstr(path, "router.ini") || is_addition(path);
}

static void every_example_loads(void)
{
	glob_t found;

	CHECK_INT(glob(DIRECTORY "*.ini", 0, NULL, &found), 0);
	CHECK_INT(found.gl_pathc, 11);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		/* Without a table every program is there; FRR's files are not. */
		struct fake_image fake = {.files = has_frr(path) ? router_files : NULL};
		struct load load = load_example(path, &fake);
		const char *printed = load.r == 0 ? config_print(load.arena, load.model) : "";
		struct config_file again = {"printed", printed, strlen(printed)};
		struct load second;

		CHECK_INT(load.r, 0);
		CHECK_STR(load.messages, "");
		second = load_files(&again, 1, &fake);
		CHECK_INT(second.r, 0);
		CHECK_STR(second.messages, "");
		load_free(&second);
		load_free(&load);
	}
	globfree(&found);
}

static void the_router_has_its_services(void)
{
	static const char *const wanted[] = {"mgmtd", "zebra", "bgpd", "staticd", "frr-config",
		"frr-write", "sshd", "snmpd", "console"};
	struct fake_image fake = {.files = router_files};
	struct load load = load_example(DIRECTORY "router.ini", &fake);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->service_count, sizeof(wanted) / sizeof(wanted[0]));
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			CHECK(model_find(load.model, wanted[i]));
		CHECK_INT(model_find(load.model, "console")->after.count, 8);
		CHECK_STR(model_find(load.model, "sshd")->prepare.word[1], "-A");
		CHECK(load.model->sysctls[1].may_be_absent);
		CHECK_INT(load.model->module_count, 2);
		CHECK_INT(load.model->node.interfaces.kind, INTERFACES_AUTO);
	}
	load_free(&load);
}

static void the_files_are_kept(void)
{
	struct fake_image fake = {.files = router_files};
	struct load load = load_example(DIRECTORY "persist.ini", &fake);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct persist *persists = load.model->persists;

		CHECK_INT(load.model->persist_count, 2);
		CHECK_STR(persists[0].check.word[3], "%f");
		CHECK_STR(persists[0].user, "frr");
		CHECK_STR(persists[0].group, "frr");
		CHECK_INT(persists[0].mode, 0640);
		CHECK_INT(persists[0].prefer, PREFER_NEWEST);
		CHECK_INT(persists[1].keep, 10);
		CHECK(!persists[1].day0 && !persists[1].user);
	}
	load_free(&load);
}

static void the_lab_keeps_what_is_saved(void)
{
	struct fake_image fake = {.files = router_files};
	struct load load = load_example(DIRECTORY "cml.ini", &fake);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->persist_count, 1);
		CHECK_STR(load.model->persists[0].store, "/config/node.cfg");
		CHECK(!load.model->persists[0].day0);
	}
	load_free(&load);
}

static void the_vrf_is_added(void)
{
	struct fake_image fake = {.files = router_files};
	struct load load = load_example(DIRECTORY "vrf.ini", &fake);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->module_count, 2);
		CHECK_INT(load.model->modules[0].need, NEED_REQUIRED);
		CHECK_INT(load.model->vrfs[0].table, 1001);
		CHECK_STR(load.model->vrfs[0].interfaces.word[0], "eth2");
		CHECK_INT(load.model->interface_rules[0].sysctl_count, 2);
		CHECK(model_find(load.model, "zebra"));
	}
	load_free(&load);
}

/* Who has no file gets the same sysctls, each with a ?. */
static void the_built_in_has_the_same_sysctls(void)
{
	struct fake_image fake = {.files = router_files};
	struct load router = load_example(DIRECTORY "router.ini", &fake);
	struct load builtin = load_files(NULL, 0, &fake);

	CHECK_INT(router.r, 0);
	CHECK_INT(builtin.r, 0);
	if (router.r == 0 && builtin.r == 0) {
		CHECK_INT(builtin.model->sysctl_count, router.model->sysctl_count);
		for (unsigned i = 0; i < builtin.model->sysctl_count; i++) {
			CHECK_STR(builtin.model->sysctls[i].key, router.model->sysctls[i].key);
			CHECK_STR(builtin.model->sysctls[i].value, router.model->sysctls[i].value);
			CHECK(builtin.model->sysctls[i].may_be_absent);
		}
		CHECK_INT(builtin.model->node.hostname_from.count, 3);
	}
	load_free(&router);
	load_free(&builtin);
}

int main(void)
{
	RUN(every_example_loads);
	RUN(the_router_has_its_services);
	RUN(the_files_are_kept);
	RUN(the_lab_keeps_what_is_saved);
	RUN(the_vrf_is_added);
	RUN(the_built_in_has_the_same_sysctls);
	return CHECK_EXIT_STATUS();
}

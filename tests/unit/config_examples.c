/* The examples are what users copy: each must load without an error or a warning, and what each
 * line of router.ini is there for must be in the model. */
#include "tests/check.h"
#include "tests/unit/config_support.h"

#include <glob.h>

#define DIRECTORY "config/examples/"

static char text[1 << 16];

static struct load load_example(const char *path, const struct fake_image *fake)
{
	struct config_file config = {path, text, 0};
	FILE *file = fopen(path, "r");

	CHECK(file);
	if (file) {
		config.length = fread(text, 1, sizeof(text), file);
		fclose(file);
	}
	return load_files(&config, 1, fake);
}

static const struct fake_file router_files[] = {
	{"/usr/lib/frr/zebra", NULL},
	{"/usr/lib/frr/mgmtd", NULL},
	{"/usr/lib/frr/staticd", NULL},
	{"/usr/lib/frr/bgpd", NULL},
	{"/usr/bin/vtysh", NULL},
	{"/usr/bin/ssh-keygen", NULL},
	{"/usr/sbin/sshd", NULL},
	{"/usr/sbin/snmpd", NULL},
	{"/etc/frr/daemons", "bgpd=yes\nospfd=no\nvtysh_enable=yes\n"},
	{"/etc/frr/frr.conf", "hostname r1\n"},
	{NULL, NULL},
};

static void every_example_loads(void)
{
	glob_t found;

	CHECK_INT(glob(DIRECTORY "*.ini", 0, NULL, &found), 0);
	CHECK(found.gl_pathc >= 3);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		/* Without a table every program is there; FRR's files are not. */
		struct load load = load_example(
			found.gl_pathv[i], strstr(found.gl_pathv[i], "router.ini")
						   ? &(struct fake_image){.files = router_files}
						   : NULL);

		CHECK_INT(load.r, 0);
		CHECK_STR(load.messages, "");
		load_free(&load);
	}
	globfree(&found);
}

static void the_router_has_its_services(void)
{
	static const char *const wanted[] = {
		"mgmtd", "zebra", "bgpd", "staticd", "frr-config", "sshd", "snmpd", "console"};
	struct fake_image fake = {.files = router_files};
	struct load load = load_example(DIRECTORY "router.ini", &fake);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->service_count, sizeof(wanted) / sizeof(wanted[0]));
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			CHECK(model_find(load.model, wanted[i]));
		CHECK_INT(model_find(load.model, "console")->after.count, 7);
		CHECK_STR(model_find(load.model, "sshd")->prepare.word[1], "-A");
		CHECK(load.model->sysctls[1].may_be_absent);
	}
	load_free(&load);
}

int main(void)
{
	RUN(every_example_loads);
	RUN(the_router_has_its_services);
	return CHECK_EXIT_STATUS();
}

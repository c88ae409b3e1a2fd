/* What an engine is told, for the router of the examples and for a configuration with all that is
 * hard to quote. What is written must be tests/golden/run-args/NAME.PLATFORM, the notes at its end;
 * GOLDEN_UPDATE=1 writes what it sees instead. */
#include "supervisor/run_args.h"

#include "supervisor/buffer.h"
#include "tests/check.h"
#include "tests/unit/config_support.h"

#define DIRECTORY "tests/golden/run-args/"
#define SYSCTL(...)                                                                                \
	(const struct sysctl[])                                                                    \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define WORDS(...)                                                                                 \
	{                                                                                          \
		(const char *const[]){__VA_ARGS__, NULL},                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)          \
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
	{"/etc/frr/daemons", "bgpd=yes\n"},
	{"/etc/frr/frr.conf", "hostname r1\n"},
	{NULL, NULL},
};

static const struct sysctl nasty_sysctls[] = {
	{.key = "net.ipv4.ip_local_port_range", .value = "2000 3000"},
	{.key = "net/ipv4/ip_forward", .value = "0"},
	{.key = "net.ipv4.ip_forward", .value = "1"},
	{.key = "net.ipv4.tcp_syncookies", .value = "1", .may_be_absent = true},
	{.key = "net.ipv4.not_here", .value = "1", .may_be_absent = true},
	{.key = "net.ipv4.conf.*.rp_filter", .value = "0", .is_pattern = true},
	{.key = "net.ipv4.conf.eth0.log_martians", .value = "1"},
	{.key = "net.ipv4.conf.eth1.log_martians", .value = "1"},
	{.key = "net.ipv4.conf.eth?.log_martians", .value = "1", .is_pattern = true},
	{.key = "net.vrf.strict_mode", .value = "1"},
	{.key = "kernel.msgmax", .value = "65536"},
	{.key = "kernel.core_pattern", .value = "|/bin/core '$x'"},
	{.key = "net.ipv4.tcp_congestion_control", .value = "it's\t$HOME `x` \"y\" \\"},
};
static const struct interface_rule nasty_rules[] = {
	{.pattern = "eth*",
		.sysctls = SYSCTL({.key = "net.ipv4.conf.%i.rp_filter", .value = "0"}),
		.sysctl_count = 1},
	{.pattern = "lan*", .up = true},
};
static const struct service nasty_services[] = {
	{.name = "shell", .type = SERVICE_CONSOLE, .command = WORDS("/bin/sh")},
};
static const struct model nasty = {
	.node = {.hostname_from = WORDS("/config/node.cfg", "$ROUTER_NAME",
			 "/config/it's,\"here\".cfg", "no.Example.net"),
		.stop_budget_ms = 1500},
	.frr = {.enabled = true, .config = "/etc/frr/my $conf,1.conf", .protocols = "/protocols"},
	.services = nasty_services,
	.service_count = 1,
	.sysctls = nasty_sysctls,
	.sysctl_count = sizeof(nasty_sysctls) / sizeof(nasty_sysctls[0]),
	.interface_rules = nasty_rules,
	.interface_rule_count = 2,
};

static bool is_there(void *context, const char *path)
{
	(void)context;
	return !strstr(path, "not_here");
}

/* Compares `got` with the file, or with GOLDEN_UPDATE writes it there. */
static void check_file(const char *path, const char *got)
{
	static char want[1 << 16];
	bool update = getenv("GOLDEN_UPDATE") != NULL;
	FILE *file = fopen(path, update ? "w" : "r");

	CHECK(file);
	if (!file)
		return;
	if (update) {
		fputs(got, file);
	} else {
		want[fread(want, 1, sizeof(want) - 1, file)] = '\0';
		CHECK_STR(got, want);
	}
	fclose(file);
}

static void check_platform(const struct model *model, const char *name,
	const struct run_request *request, const char *suffix)
{
	struct arena arena = {0};
	struct buffer out = {0};
	struct run_args args;
	char path[256];

	CHECK_INT(run_args_make(&arena, model, request, &args), 0);
	run_args_write(&out, &args, request->platform);
	for (unsigned i = 0; i < args.notes.count; i++)
		buffer_printf(&out, "# %s\n", args.notes.word[i]);
	CHECK(!out.failed);
	snprintf(path, sizeof(path), DIRECTORY "%s.%s%s", name,
		run_platform_name(request->platform), suffix);
	check_file(path, out.length ? out.data : "");
	buffer_free(&out);
	arena_free(&arena);
}

static void check_platforms(const struct model *model, const char *name, struct run_request request)
{
	for (unsigned i = 0; i < RUN_PLATFORM_COUNT; i++) {
		request.platform = (enum run_platform)i;
		request.image = NULL;
		check_platform(model, name, &request, "");
	}
	request.platform = RUN_DOCKER;
	request.image = "frr:10";
	check_platform(model, name, &request, ".image");
}

static void the_router_of_the_examples(void)
{
	static char text[1 << 16];
	struct fake_image fake = {.files = router_files};
	struct config_file file = {"config/examples/router.ini", text, 0};
	const struct run_request request = {.image = NULL};
	FILE *stream = fopen(file.path, "r");

	CHECK(stream);
	if (!stream)
		return;
	file.length = fread(text, 1, sizeof(text), stream);
	fclose(stream);
	struct load load = load_files(&file, 1, &fake);
	CHECK_INT(load.r, 0);
	if (load.r == 0)
		check_platforms(load.model, "router", request);
	load_free(&load);
}

static void all_that_is_hard_to_quote(void)
{
	const struct run_request request = {
		.sysctl_exists = is_there,
	};

	check_platforms(&nasty, "nasty", request);
}

static void mounts_proc_sys_anew(void)
{
	const struct model model = {.node = {.proc_sys = PROC_SYS_REMOUNT}};
	const struct run_request request = {.platform = RUN_DOCKER};
	struct arena arena = {0};
	struct run_args args;

	CHECK_INT(run_args_make(&arena, &model, &request, &args), 0);
	CHECK_INT(args.capabilities.count, 1);
	CHECK_STR(args.capabilities.word[0], "SYS_ADMIN");
	CHECK_INT(args.notes.count, 1);
	CHECK(args.notes.count == 1 && strstr(args.notes.word[0], "apparmor=unconfined"));
	arena_free(&arena);
}

static void leaves_files_out_on_request(void)
{
	const struct run_request request = {.no_mounts = true};
	struct arena arena = {0};
	struct run_args args;

	CHECK_INT(run_args_make(&arena, &nasty, &request, &args), 0);
	CHECK_INT(args.mount_count, 0);
	arena_free(&arena);
}

/* The store is mounted, not what is made of it; in CML only files can be. */
static void mounts_what_is_kept(void)
{
	static const struct {
		enum run_platform platform;
		const char *store, *source, *target;
	} cases[] = {
		{RUN_DOCKER, "/config/frr.conf", "config", "/config"},
		{RUN_COMPOSE, "/var/kept/frr.conf", "./kept", "/var/kept"},
		{RUN_DOCKER, "/frr.conf", "frr.conf", "/frr.conf"},
		{RUN_CML, "/config/frr.conf", "cfg/frr.conf", "/config/frr.conf"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct persist kept = {.path = "/etc/frr/frr.conf", .store = cases[i].store};
		const struct model model = {.persists = &kept,
			.persist_count = 1,
			.frr = {true, .config = kept.path, .protocols = "/protocols"}};
		const struct run_request request = {.platform = cases[i].platform};
		struct arena arena = {0};
		struct run_args args;

		CHECK_INT(run_args_make(&arena, &model, &request, &args), 0);
		CHECK_INT(args.mount_count, 2);
		CHECK_STR(args.mounts[0].source, cases[i].source);
		CHECK_STR(args.mounts[0].target, cases[i].target);
		CHECK_STR(args.mounts[1].target, "/protocols");
		arena_free(&arena);
	}
}

static void stops_in_its_own_time(void)
{
	static const struct {
		int64_t budget_ms;
		unsigned timeout_s;
	} cases[] = {{0, 2}, {1, 3}, {8000, 10}, {8001, 11}, {TIME_INFINITE_MS, 0}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct model model = {.node = {.stop_budget_ms = cases[i].budget_ms}};
		const struct run_request request = {.platform = RUN_DOCKER};
		struct arena arena = {0};
		struct run_args args;

		CHECK_INT(run_args_make(&arena, &model, &request, &args), 0);
		CHECK_INT(args.stop_timeout_s, cases[i].timeout_s);
		arena_free(&arena);
	}
}

static void says_nothing_of_nothing(void)
{
	const struct model model = {.node = {.stop_budget_ms = TIME_INFINITE_MS}};
	const struct run_request request = {.platform = RUN_DOCKER};
	struct arena arena = {0};
	struct buffer out = {0};
	struct run_args args;

	CHECK_INT(run_args_make(&arena, &model, &request, &args), 0);
	run_args_write(&out, &args, RUN_DOCKER);
	CHECK_INT(out.length, 0);
	buffer_free(&out);
	arena_free(&arena);
}

static void finds_platforms_by_name(void)
{
	enum run_platform found;

	for (unsigned i = 0; i < RUN_PLATFORM_COUNT; i++)
		CHECK(run_platform_find(run_platform_name((enum run_platform)i), &found) &&
			found == (enum run_platform)i);
	CHECK(!run_platform_find("lxc", &found));
}

static void fails_without_memory(void)
{
	const struct run_request request = {.platform = RUN_DOCKER};

	for (size_t limit = 64; limit < 8192; limit += 64) {
		struct arena arena = {.limit_bytes = limit};
		struct run_args args = {.stop_timeout_s = 77};
		int r = run_args_make(&arena, &nasty, &request, &args);

		CHECK(r == 0 || r == -ENOMEM);
		CHECK(r == 0 || args.stop_timeout_s == 77);
		arena_free(&arena);
	}
}

int main(void)
{
	RUN(the_router_of_the_examples);
	RUN(all_that_is_hard_to_quote);
	RUN(mounts_proc_sys_anew);
	RUN(leaves_files_out_on_request);
	RUN(mounts_what_is_kept);
	RUN(stops_in_its_own_time);
	RUN(says_nothing_of_nothing);
	RUN(finds_platforms_by_name);
	RUN(fails_without_memory);
	return CHECK_EXIT_STATUS();
}

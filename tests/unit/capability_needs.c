/* What services and the node take of capabilities, and who is told of them. */
#include "supervisor/capability_needs.h"

#include "config/arena.h"
#include "config/model.h"
#include "tests/check.h"

#define WORDS(...)                                                                                 \
	{                                                                                          \
		(const char *const[]){__VA_ARGS__, NULL},                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)          \
	}

/* The names of a set, a blank between them. */
static const char *spell(uint64_t set)
{
	static char text[1024];
	size_t length = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (set >> i & 1)
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
				length ? " " : "", capability_name(i));
	return text;
}

static void names_and_numbers(void)
{
	CHECK_INT(capability_number("NET_ADMIN"), 12);
	CHECK_INT(capability_number("sys_admin"), 21);
	CHECK_INT(capability_number("CAP_SYS_ADMIN"), -1);
	CHECK_INT(capability_number(""), -1);
	CHECK(capability_name(CAPABILITY_COUNT) == NULL);
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		CHECK_INT(capability_number(capability_name(i)), i);
}

static void services_need_what_their_programs_do(void)
{
	const struct {
		struct service service;
		const char *needs;
	} cases[] = {
		{{.command = WORDS("/usr/lib/frr/zebra", "-A", "127.0.0.1")},
			"SETGID SETUID NET_ADMIN NET_RAW SYS_ADMIN"},
		{{.command = WORDS("bgpd")},
			"SETGID SETUID NET_BIND_SERVICE NET_ADMIN NET_RAW SYS_ADMIN"},
		{{.command = WORDS("/usr/lib/frr/isisd")},
			"SETGID SETUID NET_BIND_SERVICE NET_RAW SYS_ADMIN"},
		{{.command = WORDS("/usr/lib/frr/staticd")}, "SETGID SETUID"},
		{{.name = "ospfd-2",
			 .from_frr = true,
			 .command = WORDS("/usr/bin/valgrind", "/usr/lib/frr/ospfd", "-n", "2")},
			"SETGID SETUID NET_BIND_SERVICE NET_ADMIN NET_RAW SYS_ADMIN"},
		{{.name = "ospfd-2", .command = WORDS("/usr/bin/valgrind")}, ""},
		{{.name = "zebra", .command = WORDS("/usr/bin/zebra-crossing")}, ""},
		{{.command = WORDS("/usr/sbin/snmpd", "-f", "-Lo")}, "NET_BIND_SERVICE"},
		{{.command = WORDS("/usr/sbin/snmpd", "-f", "-u", "snmp")},
			"SETGID SETUID NET_BIND_SERVICE"},
		{{.command = WORDS("/usr/sbin/snmpd", "-usnmp")}, "SETGID SETUID NET_BIND_SERVICE"},
		{{.command = WORDS("/usr/sbin/sshd", "-D", "-e")},
			"CHOWN FOWNER SETGID SETUID NET_BIND_SERVICE SYS_CHROOT AUDIT_WRITE"},
		{{.command = WORDS("/bin/true")}, ""},
		{{.command = WORDS("/bin/true"), .user = "root", .group = "0"}, ""},
		{{.command = WORDS("/bin/true"), .user = "nobody"}, "SETGID SETUID"},
		{{.command = WORDS("/bin/true"), .group = "adm"}, "SETGID SETUID"},
		{{.command = WORDS("/usr/lib/frr/zebra"),
			 .capabilities = WORDS("net_raw", "no_such")},
			"SETPCAP NET_RAW"},
		{{.command = WORDS("/bin/true"), .has_nice = true, .nice = -5}, "SYS_NICE"},
		{{.command = WORDS("/bin/true"), .has_nice = true, .nice = 5}, ""},
		{{.command = WORDS("/bin/true"), .has_oom_score_adj = true, .oom_score_adj = -1},
			"SYS_RESOURCE"},
		{{.type = SERVICE_FOREGROUND}, ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(spell(capability_needs(&cases[i].service)), cases[i].needs);
}

static void the_node_needs_what_it_is_asked_to_do(void)
{
	static const struct interface_rule sysctls_only = {.pattern = "*"}, up = {.up = true};
	static const struct module off = {.name = "vrf", .need = NEED_OFF}, on = {.name = "vrf"};
	static const struct vrf vrf = {.name = "CE", .table = 10};
	const struct {
		struct model model;
		const char *needs;
	} cases[] = {
		{{.service_count = 0}, ""},
		{{.node.hostname_from = WORDS("r1")}, ""},
		{{.node.hostname_from = WORDS("/config/node.cfg", "r1")}, "SYS_ADMIN"},
		{{.node.hostname_from = WORDS("$HOSTNAME")}, "SYS_ADMIN"},
		{{.node.proc_sys = PROC_SYS_REMOUNT}, "SYS_ADMIN"},
		{{.interface_rules = &sysctls_only, .interface_rule_count = 1}, ""},
		{{.interface_rules = &up, .interface_rule_count = 1}, "NET_ADMIN"},
		{{.modules = &off, .module_count = 1}, ""},
		{{.modules = &on, .module_count = 1}, "NET_ADMIN"},
		{{.vrfs = &vrf, .vrf_count = 1}, "NET_ADMIN"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(spell(capability_needs_of_node(&cases[i].model)), cases[i].needs);
}

static void who_needs_it_is_told(void)
{
	const struct service services[] = {
		{.name = "zebra", .command = WORDS("/usr/lib/frr/zebra")},
		{.name = "mine",
			.command = WORDS("/bin/x"),
			.capabilities = WORDS("NET_RAW", "SYSLOG")},
		{.name = "bgpd", .command = WORDS("/usr/lib/frr/bgpd")},
	};
	const struct model model = {.services = services,
		.service_count = 3,
		.node.hostname_from = WORDS("/etc/hostname")};
	struct arena arena = {0};
	struct words names;

	CHECK_STR(capability_why(&arena, &model, (unsigned)capability_number("NET_RAW")),
		"needed by zebra, mine and bgpd; FRR's daemons exit at once without it");
	CHECK_STR(capability_why(&arena, &model, (unsigned)capability_number("NET_ADMIN")),
		"needed by zebra and bgpd; FRR's daemons exit at once without it");
	CHECK_STR(capability_why(&arena, &model, (unsigned)capability_number("SYSLOG")),
		"needed by mine");
	CHECK(capability_why(&arena, &model, 0) == NULL);
	CHECK_INT(capability_needs_names(&arena, &model, &names), 0);
	CHECK_INT(names.count, 8);
	CHECK_STR(names.word[0], "SETGID");
	CHECK_STR(names.word[7], "SYSLOG");
	arena_free(&arena);
}

int main(void)
{
	RUN(names_and_numbers);
	RUN(services_need_what_their_programs_do);
	RUN(the_node_needs_what_it_is_asked_to_do);
	RUN(who_needs_it_is_told);
	return CHECK_EXIT_STATUS();
}

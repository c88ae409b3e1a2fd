/* The sections about the kernel and the network: what comes of them, from one file or from several,
 * and what is said of single values. */
#include "tests/check.h"
#include "tests/unit/config_support.h"

#include <sys/socket.h>

static void the_model_holds_it_all(void)
{
	struct load load =
		load_text("[module vrf]\n[vrf CE]\ntable = 1001\ninterfaces = eth2 e*\n"
			  "[interface eth*]\nup = yes\nmtu = 1500\n"
			  "address = 192.0.2.1/24 2001:db8::1\n"
			  "sysctl ?net.mpls.conf.%i.input = 1\n"
			  "[sysctl]\n!net.ipv4.ip_forward = 1\n?net.ipv4.conf.*.tag = 2\n"
			  "[interface lo]\nsysctl net.ipv4.conf.%i.tag = 3\n");
	const struct model *model = load.model;

	CHECK_STR(load.messages, "");
	if (load.r == 0) {
		const struct interface_rule *rules = model->interface_rules;

		CHECK_INT(model->module_count, 1);
		CHECK_INT(model->modules[0].need, NEED_OPTIONAL);
		CHECK_INT(model->vrfs[0].table, 1001);
		CHECK_INT(model->vrfs[0].interfaces.count, 2);
		CHECK_INT(model->vrfs[0].origin.line, 2);
		CHECK_INT(model->sysctl_count, 2);
		CHECK(model->sysctls[0].required && !model->sysctls[0].may_be_absent);
		CHECK(!model->sysctls[0].is_pattern && model->sysctls[1].is_pattern);
		CHECK_INT(model->interface_rule_count, 2);
		CHECK(rules[0].up && !rules[1].up && rules[1].mtu == 0);
		CHECK_INT(rules[0].mtu, 1500);
		CHECK_INT(rules[0].address_count, 2);
		CHECK_INT(rules[0].addresses[0].family, AF_INET);
		CHECK_INT(rules[0].addresses[0].prefix, 24);
		CHECK_INT(rules[0].addresses[0].bytes[3], 1);
		CHECK_INT(rules[0].addresses[1].family, AF_INET6);
		CHECK_INT(rules[0].addresses[1].prefix, 128);
		CHECK_STR(rules[0].addresses[1].text, "2001:db8::1");
		CHECK_INT(rules[0].sysctl_count, 1);
		CHECK_STR(rules[0].sysctls[0].key, "net.mpls.conf.%i.input");
		CHECK(rules[0].sysctls[0].may_be_absent);
		CHECK_INT(rules[1].sysctl_count, 1);
		CHECK_STR(rules[1].sysctls[0].value, "3");
	}
	load_free(&load);
}

static void nothing_said_has_defaults(void)
{
	struct load load = load_text("");

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->node.interfaces.kind, INTERFACES_AUTO);
		CHECK_INT(load.model->node.interfaces_timeout_ms, 30000);
		CHECK_INT(load.model->node.proc_sys, PROC_SYS_AS_IS);
		CHECK_INT(load.model->node.required, 0);
		CHECK_INT(load.model->vrf_count + load.model->module_count, 0);
	}
	load_free(&load);
}

static void later_files_add_and_change(void)
{
	static const char one[] =
		"[vrf CE]\ntable = 1\ninterfaces = a b\n[sysctl]\nvm/x = 1\nvm.y = 1\n"
		"[interface e*]\nmtu = 1500\naddress = 192.0.2.1/24\n"
		"sysctl net.x.%i = 1\n[node]\nrequired = sysctl\n";
	static const char two[] =
		"[interface f*]\nup = yes\n"
		"[vrf CE]\ntable = 2\ninterfaces = c a\n[sysctl]\n?vm.x = 2\n"
		"[interface e*]\nmtu = 9000\naddress = 192.0.2.2/24 192.0.2.1/24\n"
		"sysctl net/x/%i = 2\nsysctl net.y.%i = 3\n"
		"[node]\nrequired = vrf\n";
	const struct config_file files[] = {
		{"1.ini", one, sizeof(one) - 1}, {"2.ini", two, sizeof(two) - 1}};
	struct load load = load_files(files, 2, NULL);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct interface_rule *rule = load.model->interface_rules;

		CHECK_INT(load.model->vrf_count, 1);
		CHECK_INT(load.model->vrfs[0].table, 2);
		CHECK_INT(load.model->vrfs[0].interfaces.count, 3);
		CHECK_STR(load.model->vrfs[0].interfaces.word[2], "c");
		CHECK_INT(load.model->sysctl_count, 2);
		CHECK_STR(load.model->sysctls[0].key, "vm.x");
		CHECK_STR(load.model->sysctls[0].value, "2");
		CHECK(load.model->sysctls[0].may_be_absent);
		CHECK_INT(load.model->interface_rule_count, 2);
		CHECK_STR(rule->pattern, "e*");
		CHECK_INT(rule->mtu, 9000);
		CHECK_INT(rule->address_count, 2);
		CHECK_INT(rule->sysctl_count, 2);
		CHECK_STR(rule->sysctls[0].value, "2");
		CHECK_INT(rule->sysctls[0].origin.line, 11);
		CHECK_INT(load.model->node.required, 1u << STEP_SYSCTL | 1u << STEP_VRF);
	}
	load_free(&load);
}

/* Each is all of what is said of one line. */
static void values_are_refused(void)
{
#define INTERFACE                                                                                  \
	"the name of an interface (15 bytes at most, without blanks, / and :) or a pattern such "  \
	"as eth*"
	static const struct {
		const char *section, *line, *said;
	} samples[] = {
		{"node", "hostname_from = $1X",
			"\"$1X\" is neither an absolute path, nor $NAME, nor a host name"},
		{"node", "hostname_from = r1 ${X}",
			"\"${X}\" is neither an absolute path, nor $NAME, nor a host name"},
		{"node", "hostname_from = etc/hostname",
			"\"etc/hostname\" is neither an absolute path, nor $NAME, nor a host name"},
		{"node", "interfaces = 4097",
			"\"4097\" is not a number from 1 to 4096; write none to wait for no "
			"interface"},
		{"node", "interfaces = 99999999999999999999",
			"\"99999999999999999999\" is not a number from 1 to 4096; write none to "
			"wait for no interface"},
		{"node", "interfaces = 4 eth1", "\"4\" cannot stand among names"},
		{"node", "interfaces = eth1 none", "\"none\" cannot stand among names"},
		{"node", "interfaces = eth1 a/b", "\"a/b\" is not " INTERFACE},
		{"node", "interfaces = ''", "\"\" is not " INTERFACE},
		{"node", "interfaces = sixteen-bytes-xx", "\"sixteen-bytes-xx\" is not " INTERFACE},
		{"vrf X", "table = 253",
			"253 is the kernel's own table \"default\"; take another, such as 1001"},
		{"vrf X", "table = 255",
			"255 is the kernel's own table \"local\"; take another, such as 1001"},
		{"vrf X", "table = 0x10",
			"\"0x10\" is not a number from 1 to 4294967295, such as 1001"},
		{"vrf X", "table = -1",
			"\"-1\" is not a number from 1 to 4294967295, such as 1001"},
		{"vrf Y", "interfaces = eth0 ..", "\"..\" is not " INTERFACE},
		{"vrf Y", "interfaces = 'eth 0'", "\"eth 0\" is not " INTERFACE},
		{"interface X", "mtu = 65536", "\"65536\" is not a number from 68 to 65535"},
		{"interface X", "mtu = 1k", "\"1k\" is not a number from 68 to 65535"},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char text[200], want[300];
		struct load load;

		snprintf(text, sizeof(text), "[%s]\n%s\n%s", samples[i].section, samples[i].line,
			strcmp(samples[i].section, "vrf Y") == 0 ? "table = 1\n" : "");
		snprintf(want, sizeof(want), "test.ini:2: error: %.*s: %s\n",
			(int)strcspn(samples[i].line, " "), samples[i].line, samples[i].said);
		load = load_text(text);
		CHECK_INT(load.r, -EINVAL);
		CHECK_STR(load.messages, want);
		load_free(&load);
	}
}

static void vrfs_need_their_module(void)
{
	struct load load = load_text("[vrf X]\ntable = 1\n[module vrf]\nneed = off\n");

	CHECK_STR(load.messages, "test.ini:4: error: need = off, but [vrf X] needs the module; "
				 "take one of them out\n");
	load_free(&load);
	load = load_text("[vrf X]\ntable = 1\n[module mpls]\nneed = off\n[interface X]\n");
	CHECK_STR(load.messages, "");
	load_free(&load);
}

static void addresses_have_a_limit(void)
{
	char text[10000] = "[interface X]\n";
	struct load load;

	for (int i = 0; i <= WORDS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			"address = 10.0.%d.%d/24\n", i / 256 + 1, i % 256);
	load = load_text(text);
	CHECK_STR(load.messages, "test.ini:258: error: address: more than 256 addresses\n");
	load_free(&load);
}

/* As many as memory holds, and none is compared with all others. */
static void sections_have_no_limit(void)
{
	size_t size = 4000000;
	char *text = malloc(size), *at = text;
	struct load load;

	if (!text)
		return;
	for (int i = 0; i < 20000; i++) {
		at += snprintf(at, size - (size_t)(at - text),
			"[vrf v%d]\ntable = %d\ninterfaces = e%d\n", i, i + 1000, i);
		at += snprintf(at, size - (size_t)(at - text),
			"[interface i%d]\nsysctl net.ipv4.conf.%%i.tag = %d\n", i, i);
	}
	load = load_text(text);
	CHECK_STR(load.messages, "");
	if (load.r == 0) {
		CHECK_INT(load.model->vrf_count, 20000);
		CHECK_STR(load.model->interface_rules[19999].sysctls[0].value, "19999");
	}
	load_free(&load);
	free(text);
}

static void memory_may_lack_anywhere(void)
{
	static const char text[] = "[node]\nrequired = vrf sysctl\ninterfaces = a b*\n"
				   "[sysctl]\n?net.ipv4.conf.*.rp_fliter = 1\nvm.x = 2\n"
				   "[module vrf]\n[vrf A]\ntable = 1\ninterfaces = a b\n"
				   "[vrf B]\ntable = 2\ninterfaces = c\n"
				   "[interface eth[0-9]*]\naddress = 192.0.2.1/24 ::1\nmtu = 68\n"
				   "sysctl net.x.%i = 1\nsysctl !net.y.%i = 2\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};
	int last = -ENOMEM;

	for (size_t limit = 1; limit < 200000; limit += 61) {
		struct arena arena = {.limit_bytes = limit};
		const struct model *model = NULL;
		struct diags diags;
		int r;

		diags_init(&diags, &arena);
		r = config_load(&arena, &file, 1, NULL, &diags, &model);
		CHECK(r == 0 || r == -ENOMEM);
		CHECK((r == 0) == (model != NULL));
		CHECK(r >= last); /* once there is enough, more is too */
		if (r == 0)
			(void)config_print(&arena, model);
		last = r;
		arena_free(&arena);
	}
	CHECK_INT(last, 0);
}

int main(void)
{
	RUN(the_model_holds_it_all);
	RUN(nothing_said_has_defaults);
	RUN(later_files_add_and_change);
	RUN(values_are_refused);
	RUN(vrfs_need_their_module);
	RUN(addresses_have_a_limit);
	RUN(sections_have_no_limit);
	RUN(memory_may_lack_anywhere);
	return CHECK_EXIT_STATUS();
}

/* The names that configurations give a router, and the hosts file that follows them. */
#include "config/arena.h"
#include "config/hostname.h"
#include "config/hosts.h"
#include "tests/check.h"

#include <errno.h>

struct sample {
	const char *text;
	int line; /* or -errno */
	const char *name;
};

static void check_samples(const struct sample *samples, size_t count,
	int (*find)(const char *text, size_t length, char *ret_name))
{
	for (size_t i = 0; i < count; i++) {
		char name[HOSTNAME_MAX_BYTES + 1] = "";

		CHECK_INT(find(samples[i].text, strlen(samples[i].text), name), samples[i].line);
		CHECK_STR(name, samples[i].name);
		if (check_failed_now)
			fprintf(stderr, "in: %s\n", samples[i].text);
	}
}

#define CHECK_SAMPLES(samples, find)                                                               \
	check_samples(samples, sizeof(samples) / sizeof((samples)[0]), find)

static void names_are_checked(void)
{
	CHECK(hostname_is_valid("a23456789012345678901234567890123456789012345678901234567890123"));
	CHECK(!hostname_is_valid(
		"a234567890123456789012345678901234567890123456789012345678901234"));
	CHECK(!hostname_is_valid(""));
}

static void lines_of_frr_and_ios(void)
{
	static const struct sample samples[] = {
		{"hostname r1\n", 1, "r1"},
		{"! x\nhostname r1\nhostname r2", 3, "r2"},
		{"\n\n  hostname\tr-3.example.net  \r\n", 3, "r-3.example.net"},
		{"hostname \"R1\"\n", 1, "R1"},
		{"hostnamer1\nhost name\nno hostname x\nhostname\n", 0, ""},
		{"", 0, ""},
		{"hostname -r1", -EINVAL, "-r1"},
		{"hostname r1-", -EINVAL, "r1-"},
		{"hostname r_1", -EINVAL, "r_1"},
		{"hostname a..b", -EINVAL, "a..b"},
		{"hostname .a", -EINVAL, ".a"},
		{"hostname a.", -EINVAL, "a."},
		{"hostname r\xc3\xbc", -EINVAL, "r\xc3\xbc"},
		{"hostname -bad\nhostname good", 2, "good"},
		{"hostname \"", -EINVAL, "\""},
		{"hostname \"\"", -EINVAL, "\"\""},
		{"banner motd { /* system \nhostname r1\n", 2, "r1"},
	};

	CHECK_SAMPLES(samples, hostname_find);
}

static void lines_of_junos(void)
{
	static const struct sample samples[] = {
		{"set version 23.2\nset system host-name vmx1\n", 2, "vmx1"},
		{"set system host-name a\nset system host-name \"b\"", 2, "b"},
		{"set system host-name", 0, ""},
		{"set system host-name-x y\nset systems host-name y\n", 0, ""},
		{"deactivate system host-name x\n# set system host-name y\n", 0, ""},
		{"set groups re0 system host-name y\n", 0, ""},
		{"set system host-name a_b\n", -EINVAL, "a_b"},
	};

	CHECK_SAMPLES(samples, hostname_find);
}

static void braces_of_junos(void)
{
	static const struct sample samples[] = {
		{"version 23.2R1;\nsystem {\n    host-name crpd1;\n    services {\n        ssh;\n"
		 "    }\n}\ninterfaces {\n}\n",
			3, "crpd1"},
		{"system { host-name r1; }", 1, "r1"},
		{"system{host-name \"r1\"}", 1, "r1"},
		{"system\n{\nhost-name\nr1\n;\n}", 5, "r1"},
		{"system { host-name a; }\nsystem { host-name b; }", 2, "b"},
		{"protect: system { replace: host-name a; }", 1, "a"},
		{"system { inactive: host-name a; }\ninactive: system { host-name b; }", 0, ""},
		{"groups { re0 { system { host-name a; } } }", 0, ""},
		{"system { login { host-name a; } }\nhost-name b;\n", 0, ""},
		{"system { login { message \"} host-name x; {\"; }\n host-name a; }", 2, "a"},
		{"/* system { host-name x; }\n */ system { # host-name y;\nhost-name a; }", 3, "a"},
		{"} } system { host-name a; }", 1, "a"},
		{"system { host-name a b; }", 0, ""},
		{"system x { host-name a; }", 0, ""},
		{"system { host-name a", 0, ""},
		{"system { host-name a..b; }", -EINVAL, "a..b"},
		{"system { host-name \"\"; }", -EINVAL, "\"\""},
		{"system { message \"open\n; host-name a; }", 2, "a"},
		{"/* open;\nsystem { host-name a; }", 2, "a"},
		{"system { services { hostname x; }\nhostname y;\nhost-name a; }", 3, "a"},
	};

	CHECK_SAMPLES(samples, hostname_find);
}

static void a_name_alone(void)
{
	static const struct sample samples[] = {
		{"r1\n", 1, "r1"},
		{"# a comment\n\n  r1.example.net\t\r\n\n#end", 3, "r1.example.net"},
		{"r1", 1, "r1"},
		{"", 0, ""},
		{"\n\n", 0, ""},
		{"# r1\n", 0, ""},
		{"hostname r1\n", 0, ""},
		{"r1\nr2\n", 0, ""},
		{"r_1\n", -EINVAL, "r_1"},
	};

	CHECK_SAMPLES(samples, hostname_from_plain);
}

static void hostile_bytes(void)
{
	static const char nul[] = "hostname r\0x\n", nul_braces[] = "system { host-name r\0; }";
	static const char start[] = "hostname ";
	static char many[200000], name[HOSTNAME_MAX_BYTES + 1];
	static const char *const repeated[] = {"/*", "{", "}", "\"", "\\", "a:", "system{", "\n#"};

	CHECK_INT(hostname_find(nul, sizeof(nul) - 1, name), -EINVAL);
	CHECK_STR(name, "r");
	CHECK_INT(hostname_find(nul_braces, sizeof(nul_braces) - 1, name), -EINVAL);
	CHECK_INT(hostname_from_plain("r\0", 2, name), -EINVAL);
	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++) {
		size_t length = strlen(repeated[i]);

		for (size_t at = 0; at + length <= sizeof(many); at += length)
			memcpy(many + at, repeated[i], length);
		CHECK_INT(hostname_find(many, sizeof(many), name), 0);
	}
	memset(many, 'a', sizeof(many));
	memcpy(many, start, sizeof(start) - 1);
	CHECK_INT(hostname_find(many, sizeof(many), name), -EINVAL);
	CHECK_INT(strlen(name), HOSTNAME_MAX_BYTES);
}

static void hosts_follow(void)
{
	static const struct {
		const char *old_name, *new_name, *text, *want; /* NULL: nothing is to be changed */
	} samples[] = {
		{"4f2a", "r1", "127.0.0.1\tlocalhost\n172.17.0.2\t4f2a\n",
			"127.0.0.1\tlocalhost\n172.17.0.2\tr1\n"},
		{"a", "r1", "10.0.0.1 a b.a a.b aa a # a\n#10.0.0.2 a\na a\n",
			"10.0.0.1 r1 b.a a.b aa r1 # a\n#10.0.0.2 a\na r1\n"},
		{"A", "r1", "::1 a\r\n", "::1 r1\r\n"},
		{"a", "r1", "10.0.0.1 a#a", "10.0.0.1 r1#a"},
		{"a", "r1", "10.0.0.1 r1\n", NULL},
		{"R1", "r1", "10.0.0.1 R1\n", "10.0.0.1 r1\n"},
		{"r1", "r1", "10.0.0.1 r1\n", NULL},
		{"r1", "r1", "127.0.0.1 localhost\n", "127.0.0.1 localhost\n127.0.1.1\tr1\n"},
		{"localhost", "r1", "127.0.0.1 localhost", "127.0.0.1 localhost\n127.0.1.1\tr1\n"},
		{"localhost.localdomain", "r1", "::1 localhost.localdomain r1\n", NULL},
		{"localhost1", "r1", "10.0.0.1 localhost1\n", "10.0.0.1 r1\n"},
		{"(none)", "r1", "10.0.0.1 (none)\n", "10.0.0.1 (none)\n127.0.1.1\tr1\n"},
		{"", "r1", "", "127.0.1.1\tr1\n"},
		{"a", "r1", "r1 # r1\n", "r1 # r1\n127.0.1.1\tr1\n"},
		{"longer", "r", "1.1.1.1\v longer\n", "1.1.1.1\v r\n"},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct arena arena = {0};
		const char *text = NULL;
		size_t length = 0;
		int r = hosts_rename(&arena, samples[i].text, strlen(samples[i].text),
			samples[i].old_name, samples[i].new_name, &text, &length);

		CHECK_INT(r, samples[i].want != NULL);
		if (samples[i].want) {
			CHECK_STR(text, samples[i].want);
			CHECK_INT(length, strlen(samples[i].want));
		}
		arena_free(&arena);
	}
}

static void hosts_with_any_bytes(void)
{
	static const char text[] = "1.1.1.1 a\0 a\0a a\n\0";
	struct arena arena = {0}, small = {.limit_bytes = 1};
	const char *got = NULL;
	size_t length = 0;

	CHECK_INT(hosts_rename(&arena, text, sizeof(text) - 1, "a", "r1", &got, &length), 1);
	CHECK_INT(length, sizeof(text));
	CHECK(got && memcmp(got, "1.1.1.1 a\0 a\0a r1\n\0", length) == 0);
	arena_free(&arena);
	CHECK_INT(hosts_rename(&small, "1.1.1.1 a", 9, "a", "r1", &got, &length), -ENOMEM);
	arena_free(&small);
}

int main(void)
{
	RUN(names_are_checked);
	RUN(lines_of_frr_and_ios);
	RUN(lines_of_junos);
	RUN(braces_of_junos);
	RUN(a_name_alone);
	RUN(hostile_bytes);
	RUN(hosts_follow);
	RUN(hosts_with_any_bytes);
	return CHECK_EXIT_STATUS();
}

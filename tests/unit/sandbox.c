/* Which rights a list comes to, and which presets there are. */
#include "config/capability.h"
#include "config/model.h"
#include "config/sandbox.h"
#include "config/syscalls.h"

#include "tests/check.h"

#include <sys/syscall.h>

static bool allows(const struct seccomp_choice *choice, const char *name)
{
	int row = syscall_find(name);

	CHECK(row >= 0);
	return row >= 0 && syscall_set_has(&choice->allowed, (unsigned)row);
}

#define WORDS(...)                                                                                 \
	{                                                                                          \
		(const char *const[]){__VA_ARGS__, NULL},                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                \
	}

static void lists_of_calls(void)
{
	const struct {
		struct words list;
		const char *yes, *no; /* of each one: it is allowed, it is not */
		bool unknown;
	} cases[] = {
		{WORDS("@mount"), "mount", "ptrace", false},
		{WORDS("@mount"), "execve", "openat", false}, /* it must get so far */
		{WORDS("@mount", "-umount2"), "mount", "umount2", false},
		{WORDS("@mount", "-@mount", "mount"), "mount", "umount2", false},
		{WORDS("-@mount"), "ptrace", "mount", true},
		{WORDS("-@mount", "mount"), "mount", "umount2", true},
		{WORDS("mount", "-mount"), "execve", "mount", false}, /* nothing, not all */
		{WORDS("@system-service"), "openat", "init_module", false},
		{WORDS("zebra"), "setns", "mount", false},
		{WORDS("zebra", "-setns"), "socket", "setns", false},
		{WORDS("-zebra"), "mount", "socket", true},
		{WORDS("-execve", "-read"), "execve", NULL, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seccomp_choice choice = seccomp_choose(&cases[i].list);

		CHECK(choice.confined);
		CHECK_INT(choice.unknown, cases[i].unknown);
		CHECK(allows(&choice, cases[i].yes));
		if (cases[i].no)
			CHECK(!allows(&choice, cases[i].no));
	}
}

static void no_list_confines_nothing(void)
{
	const struct words none = WORDS("none"), empty = {NULL, 0};

	CHECK(!seccomp_choose(&none).confined);
	CHECK(!seccomp_choose(&empty).confined);
}

static void lists_of_capabilities(void)
{
	const struct {
		struct words list;
		uint64_t all, set;
	} cases[] = {
		{{NULL, 0}, 0xff, 0xff},
		{WORDS("none"), 0xff, 0},
		{WORDS("chown", "kill"), 0, 1 << 0 | 1 << 5},
		{WORDS("-chown"), 0xff, 0xfe},
		{WORDS("-chown", "net_admin"), 0xff, 0x10fe},
		{WORDS("chown", "-chown"), 0xff, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(capability_set(&cases[i].list, cases[i].all), cases[i].set);
}

static void rows_are_sorted(void)
{
	for (unsigned i = 1; i < syscall_count; i++)
		CHECK(strcmp(syscall_rows[i - 1].name, syscall_rows[i].name) < 0);
	for (unsigned i = 0; i < syscall_count; i++)
		CHECK_INT(syscall_find(syscall_rows[i].name), i);
	CHECK_INT(syscall_find("no_such_call"), -1);
}

static void each_group_has_calls(void)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		struct syscall_set set = {{0}};
		const char *name = syscall_group_name((enum syscall_group)group);

		syscall_set_put_group(&set, (enum syscall_group)group, true);
		CHECK(syscall_set_count(&set) > 0);
		CHECK_INT(syscall_group_find(name), group);
		CHECK(seccomp_name_is_known(name));
	}
	CHECK(!seccomp_name_is_known("@no-such"));
	CHECK(!seccomp_name_is_known("none"));
}

/* What no service that a preset is for has any business with. */
static void no_preset_allows_what_breaks_out(void)
{
	static const char *const never[] = {"init_module", "finit_module", "delete_module",
		"kexec_load", "kexec_file_load", "reboot", "swapon", "iopl", "perf_event_open",
		"userfaultfd", "open_by_handle_at", "bpf", "clock_settime", "pivot_root"};

	for (unsigned preset = SANDBOX_NONE + 1; sandbox_names[preset]; preset++) {
		struct words list = {(const char *const[]){sandbox_names[preset], NULL}, 1};
		struct seccomp_choice choice = seccomp_choose(&list);

		CHECK(seccomp_name_is_known(sandbox_names[preset]));
		CHECK(sandbox_value(preset, "capabilities") != NULL);
		CHECK_STR(sandbox_value(preset, "seccomp"), sandbox_names[preset]);
		for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			if (allows(&choice, never[i])) {
				fprintf(stderr, "%s allows %s\n", sandbox_names[preset], never[i]);
				CHECK(false);
			}
	}
}

/* Each word of a preset is known; a typing error would only be left out. */
static void presets_are_spelled_well(void)
{
	for (unsigned preset = SANDBOX_NONE + 1; sandbox_names[preset]; preset++) {
		const char *at = sandbox_calls(preset);
		char word[64];

		while (*(at += strspn(at, " "))) {
			size_t length = strcspn(at, " ");

			CHECK(length < sizeof(word));
			snprintf(word, sizeof(word), "%.*s", (int)length, at);
			if (!seccomp_name_is_known(word + (*word == '-')))
				fprintf(stderr, "%s\n", word);
			CHECK(seccomp_name_is_known(word + (*word == '-')));
			at += length;
		}
	}
}

static void presets_know_their_programs(void)
{
	static const struct {
		const char *path, *preset;
	} cases[] = {{"/usr/lib/frr/zebra", "zebra"}, {"/usr/lib/frr/bgpd", "frr-daemon"},
		{"bgpd", "frr-daemon"}, {"/usr/lib/frr/nosuchd", "none"}, {"/bin/sh", "none"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct service service = {.command = WORDS(cases[i].path)};

		CHECK_STR(sandbox_names[sandbox_for(&service)], cases[i].preset);
	}
}

int main(void)
{
	RUN(lists_of_calls);
	RUN(no_list_confines_nothing);
	RUN(lists_of_capabilities);
	RUN(rows_are_sorted);
	RUN(each_group_has_calls);
	RUN(no_preset_allows_what_breaks_out);
	RUN(presets_are_spelled_well);
	RUN(presets_know_their_programs);
	return CHECK_EXIT_STATUS();
}

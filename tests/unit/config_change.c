/* What is made of a model: the command beside it, differences, and its print of random values. */
#include "config/keys.h"
#include "config/text.h"
#include "tests/check.h"
#include "tests/unit/config_support.h"

#define BASE "[service x]\ncommand = /bin/x\n"

static void a_command_joins(void)
{
	static const char *const argv[] = {"sh", "-c", "exit 3", NULL};
	struct load load = load_text("[signals]\nHUP = INT tty\nUSR1 = INT a tty\n"
				     "[service a]\ncommand = /bin/a\n"
				     "[service command]\ncommand = /bin/b\n"
				     "[service tty]\ntype = console\ncommand = /bin/tty\n");
	const struct model *model = NULL, *twice;
	const struct service *command;

	CHECK_INT(load.r, 0);
	if (load.r == 0)
		model = config_add_command(load.arena, load.model, argv, NULL);
	CHECK(model);
	if (!model)
		return;
	command = model_find(model, "command-2");
	CHECK_INT(model->service_count, 3);
	CHECK(!model_find(model, "tty"));
	CHECK(command && command->type == SERVICE_FOREGROUND);
	CHECK_INT(command->restart, RESTART_NEVER);
	CHECK_STR(command->command.word[2], "exit 3");
	CHECK(command->command.word[2] != argv[2] && !command->command.word[3]);
	CHECK_STR(command->directory, "/");
	CHECK_INT(model->signals[1].action, SIGNAL_IGNORE);
	CHECK_INT(model->signals[10].services.count, 1);
	CHECK_INT(load.model->service_count, 3); /* as it was */
	CHECK_INT(load.model->signals[10].services.count, 2);
	twice = config_add_command(load.arena, model, argv, "/work");
	command = twice ? model_find(twice, "command-3") : NULL;
	CHECK(command);
	if (!command)
		return;
	CHECK_STR(command->directory, "/work");
	CHECK_INT(service_diff(command, command), CHANGE_NONE);
	CHECK(strstr(config_print(load.arena, model), "; [service command-2]"));
	load_free(&load);
}

static enum change change(const char *from, const char *to)
{
	struct load a = load_text(from), b = load_text(to);
	enum change result = CHANGE_ADDED;

	CHECK_INT(a.r, 0);
	CHECK_INT(b.r, 0);
	if (a.r == 0 && b.r == 0)
		result = service_diff(a.model->services, b.model->services);
	load_free(&a);
	load_free(&b);
	return result;
}

static void differences(void)
{
	static const struct {
		const char *line;
		enum change change;
	} samples[] = {
		{"", CHANGE_NONE},
		{"restart = always\n", CHANGE_NONE},
		{"stop_timeout = 5000ms\n", CHANGE_NONE},
		{"restart = never\n", CHANGE_IN_PLACE},
		{"log = none\n", CHANGE_IN_PLACE},
		{"log = file:/a\n", CHANGE_IN_PLACE},
		{"description = x\n", CHANGE_IN_PLACE},
		{"give_up = 5 in 1m\n", CHANGE_IN_PLACE},
		{"restart_delay = 200ms .. 31s\n", CHANGE_IN_PLACE},
		{"user = nobody\n", CHANGE_RESTART},
		{"umask = 0\n", CHANGE_RESTART},
		{"nice = 0\n", CHANGE_RESTART},
		{"limit_core = 0\n", CHANGE_RESTART},
		{"limit_core = 0:1\n", CHANGE_RESTART},
		{"environment = A=\n", CHANGE_RESTART},
		{"runtime_directory = /run/x\n", CHANGE_RESTART},
		{"restart = never\nuser = nobody\n", CHANGE_RESTART},
	};
	struct load load = load_text(BASE);

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char text[200];

		snprintf(text, sizeof(text), BASE "%s", samples[i].line);
		CHECK_INT(change(BASE, text), samples[i].change);
		CHECK_INT(change(text, BASE), samples[i].change);
		CHECK_INT(change(text, text), CHANGE_NONE);
	}
	CHECK_INT(change(BASE, "[service x]\ncommand = /bin/x y\n"), CHANGE_RESTART);
	CHECK_INT(change(BASE, BASE "type = oneshot\n"), CHANGE_RESTART);
	CHECK_INT(change(BASE "runtime_directory = /run/x 0700\n",
			  BASE "runtime_directory = /run/x 0755\n"),
		CHANGE_RESTART);
	CHECK_INT(service_diff(NULL, load.model->services), CHANGE_ADDED);
	CHECK_INT(service_diff(load.model->services, NULL), CHANGE_REMOVED);
	load_free(&load);
}

/* Values to draw from, for each kind; NULL-terminated. */
static const struct {
	const char *name;
	const char *values[6];
} samples[] = {
	{"description", {"plain", "\"FRR's; own\"", "'a # b'", "\\ x", "\xc3\xbc"}},
	{"start", {"auto", "manual"}},
	{"prepare", {"/bin/p", "/bin/p 'a b' \\;", "/bin/p ''"}},
	{"stop_command", {"/bin/s \"it's\"", "/bin/s '\"'"}},
	{"needs", {"a", "b a", "a  a"}},
	{"wants", {"b", ""}},
	{"after", {"c a", "b"}},
	{"ready", {"tcp:22", "tcp:[::1]:22", "exec:/bin/t 'a b'", "file:'/a b'", "notify-fd:9"}},
	{"start_timeout", {"1500ms", "infinity", "0", "1h1m"}},
	{"stop_signal", {"SIGINT", "40", "RTMAX-1"}},
	{"restart", {"always", "on-failure", "never"}},
	{"restart_delay", {"1s", "1s..1m", "0 .. infinity"}},
	{"give_up", {"never", "16 in 365d", "1 in 1ms"}},
	{"on_give_up", {"stop", "ignore"}},
	{"critical", {"yes", "no"}},
	{"success_exit_status", {"none", "0 255 TERM", "1 1 RTMIN"}},
	{"user", {"root", "0", "4294967294"}},
	{"directory", {"/tmp", "'/a b'", "/;"}},
	{"environment", {"A=1", "'B=x y' A=2", "C=\\;", ""}},
	{"environment_file", {"/a /b", "'/c d'"}},
	{"limit_nofile", {"1", "64k", "1:infinity"}},
	{"limit_cpu", {"1s", "1m:1h"}},
	{"umask", {"0", "7777"}},
	{"nice", {"-20", "19", "0"}},
	{"capabilities", {"CAP_CHOWN", "bpf kill -chown", "", "none", "-kill"}},
	{"sandbox", {"zebra", "none", "frr-daemon"}},
	{"securebits", {"noroot keep-caps", "noroot-locked", ""}},
	{"seccomp", {"@system-service -@mount", "-ptrace -bpf", "zebra -setns", "none", ""}},
	{"read_only", {"/ /etc", "'/a b'", ""}},
	{"no_access", {"/x"}},
	{"private_tmp", {"yes", "no"}},
	{"memory_max", {"16M", "infinity"}},
	{"tasks_max", {"4", "64k"}},
	{"cgroup_kill", {"yes", "no"}},
	{"groups", {"a 0 b", ""}},
	{"seccomp_action", {"errno", "kill", "log"}},
	{"runtime_directory", {"/a", "/a 1777 x:y", "'/b c' 0", ""}},
	{"log", {"prefix", "file:/a", "'file:/a b'", "none"}},
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static const char *draw(size_t sample)
{
	int count = 1; /* there is one for each */

	while (count < 6 && samples[sample].values[count])
		count++;
	return samples[sample].values[rand() % count];
}

static void put_random_service(struct text *text)
{
	text_put(text, BASE);
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct key *key = key_find(SECTION_SERVICE, samples[i].name);
		int times = rand() % (key->kind->clear ? 4 : 2);

		while (times-- > 0)
			text_printf(text, "%s = %s\n", samples[i].name, draw(i));
	}
	text_put(text, "[service a]\ncommand = /bin/a\n[service b]\ncommand = /bin/b\n"
		       "[service c]\ncommand = /bin/c\n");
}

static void random_services_read_back(void)
{
	srand(3);
	for (int i = 0; i < 1000 && !check_failed_now; i++) {
		struct arena arena = {0};
		struct text text = {.arena = &arena};
		struct load load, again;

		put_random_service(&text);
		load = load_text(text_string(&text));
		CHECK_INT(load.r, 0);
		if (load.r == 0) {
			again = load_text(config_print(load.arena, load.model));
			CHECK_INT(again.r, 0);
			if (again.r == 0)
				CHECK_INT(service_diff(load.model->services, again.model->services),
					CHANGE_NONE);
			load_free(&again);
		}
		if (check_failed_now)
			fprintf(stderr, "of:\n%s%s", text_string(&text), load.messages);
		load_free(&load);
		arena_free(&arena);
	}
}

int main(void)
{
	RUN(a_command_joins);
	RUN(differences);
	RUN(random_services_read_back);
	return CHECK_EXIT_STATUS();
}

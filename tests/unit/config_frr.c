/* FRR's and CML's files, as they are out there. */
#include "config/words.h"
#include "tests/check.h"
#include "tests/unit/config_support.h"

#include <signal.h>

#define PROGRAM(name)                                                                              \
	{                                                                                          \
		"/usr/lib/frr/" name, NULL                                                         \
	}

/* An image with all of FRR and the given files. */
static struct load load_frr(const char *daemons, const char *protocols, const char *variable,
	const char *variable_value)
{
	static const char text[] = "[frr]\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};
	const struct fake_file files[] = {
		PROGRAM("zebra"),
		PROGRAM("mgmtd"),
		PROGRAM("staticd"),
		PROGRAM("bgpd"),
		PROGRAM("ospfd"),
		PROGRAM("isisd"),
		{"/usr/bin/vtysh", NULL},
		{"/etc/frr/frr.conf", ""},
		{"/etc/frr/daemons", daemons},
		{protocols ? "/config/protocols" : NULL, protocols},
		{NULL, NULL},
	};
	const struct fake_image fake = {files, variable, variable_value};

	return load_files(&file, 1, &fake);
}

static const char *command_of(const struct load *load, const char *name)
{
	const struct service *service = load->r == 0 ? model_find(load->model, name) : NULL;
	static char text[1000];

	text[0] = '\0';
	for (unsigned i = 0; service && i < service->command.count; i++) {
		strncat(text, i ? " " : "", sizeof(text) - strlen(text) - 1);
		strncat(text, service->command.word[i], sizeof(text) - strlen(text) - 1);
	}
	return text;
}

static void starts_what_must_run(void)
{
	struct load load = load_frr("", NULL, NULL, NULL);

	CHECK_STR(load.messages, "");
	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct service *zebra = model_find(load.model, "zebra");
		const struct service *mgmtd = model_find(load.model, "mgmtd");
		const struct service *staticd = model_find(load.model, "staticd");
		const struct service *loader = model_find(load.model, "frr-config");

		CHECK_INT(load.model->service_count, 5); /* and frr-write */
		CHECK(zebra && mgmtd && staticd && loader);
		if (!zebra || !mgmtd || !staticd || !loader)
			return;
		CHECK(zebra->from_frr && zebra->needs.count == 0 && zebra->after.count == 0);
		CHECK_INT(zebra->ready.kind, READY_FRR_VTY);
		CHECK_STR(zebra->ready.text, "zebra");
		CHECK_STR(zebra->runtime_directories[0].group, "frr");
		CHECK_INT(zebra->on_need_lost, NEED_LOST_KEEP);
		CHECK_INT(mgmtd->needs.count + mgmtd->after.count, 0);
		CHECK_STR(staticd->needs.word[0], "zebra");
		CHECK_STR(staticd->after.word[0], "mgmtd");
		CHECK_INT(staticd->on_need_lost, NEED_LOST_KEEP);
		CHECK_INT(loader->type, SERVICE_ONESHOT);
		CHECK_INT(loader->needs.count, 2); /* mgmtd and zebra */
		CHECK_INT(loader->wants.count, 1);
		CHECK_INT(loader->success->codes[0], 1 << 0 | 1 << 2);
		CHECK_STR(command_of(&load, "frr-config"), "/usr/bin/vtysh -b");
	}
	load_free(&load);
}

/* An image whose frr.conf cannot be read. */
struct broken_image {
	struct fake_image fake; /* first: who asks something else gets it */
	int error;
};

static int read_broken(
	void *context, const char *path, struct arena *arena, char **ret_text, size_t *ret_length)
{
	const struct broken_image *broken = context;

	if (strcmp(path, "/etc/frr/frr.conf") == 0)
		return broken->error;
	return fake_read(context, path, arena, ret_text, ret_length);
}

/* vtysh reads the configuration, not we: without a loader the daemons would run bare, and the next
 * save would write that over it. */
static void a_configuration_need_not_be_read_to_be_loaded(void)
{
	static const struct {
		int error;
		bool loads;
		const char *messages;
	} cases[] = {
		{-ENOENT, false, ""},
		{-EFBIG, true, ""}, /* for us it is, not for vtysh */
		{-ENODEV, true, "f:1: warning: cannot read /etc/frr/frr.conf: No such device\n"},
	};
	static const struct fake_file files[] = {PROGRAM("zebra"), PROGRAM("staticd"),
		{"/usr/bin/vtysh", NULL}, {"/etc/frr/daemons", ""}, {NULL, NULL}};
	static const char text[] = "[frr]\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct broken_image broken = {{files, NULL, NULL}, cases[i].error};
		struct image image = {
			&broken, read_broken, fake_is_executable, fake_environment, NULL};
		struct load load = load_image(&file, 1, &image);

		CHECK_STR(load.messages, cases[i].messages);
		CHECK_INT(load.r, 0);
		if (load.r == 0) {
			CHECK((model_find(load.model, "frr-config") != NULL) == cases[i].loads);
			CHECK((model_find(load.model, "zebra")->reconfigure.count > 0) ==
				cases[i].loads);
		}
		load_free(&load);
	}
}

/* An image without frr.conf is given the one that was kept, after its configuration was read. */
static void a_configuration_that_is_kept_is_loaded(void)
{
	static const char *const there[] = {NULL, "/config/frr.conf", "/config/node.cfg",
		"/config/frr.conf.generations", "/config/other", "/config/frr.conf"};
	static const char text[] = "[frr]\n"
				   "[persist other]\npath = /etc/other\nstore = /config/other\n"
				   "[persist frr.conf]\npath = /etc/frr/frr.conf\n"
				   "store = /config/frr.conf\nday0 = /config/node.cfg\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};

	for (unsigned i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		const struct fake_file files[] = {PROGRAM("zebra"), PROGRAM("staticd"),
			{"/usr/bin/vtysh", NULL}, {"/etc/frr/daemons", ""},
			{there[i], i < 5 ? "hostname r1" : " \n"}, {NULL, NULL}};
		struct load load = load_files(&file, 1, &(struct fake_image){files, NULL, NULL});

		CHECK_STR(load.messages, "");
		CHECK_INT(load.r, 0);
		if (load.r == 0)
			CHECK_INT(model_find(load.model, "frr-config") != NULL, i >= 1 && i <= 3);
		load_free(&load);
	}
}

/* Each is asked whether it is alive, and gets its part of the file when it comes back. */
static void one_that_comes_back_is_configured(void)
{
	struct load load = load_frr("ospfd=yes\nospfd_instances=\"1,2\"\n", NULL, NULL, NULL);
	const struct service *ospfd = load.r == 0 ? model_find(load.model, "ospfd-2") : NULL;

	CHECK(ospfd != NULL);
	if (ospfd) {
		CHECK_INT(ospfd->health.kind, READY_FRR_VTY);
		CHECK_STR(ospfd->health.text, "ospfd-2");
		CHECK_INT(ospfd->reconfigure.count, 4);
		CHECK_STR(ospfd->reconfigure.word[0], "/usr/bin/vtysh");
		CHECK_STR(ospfd->reconfigure.word[1], "-b");
		CHECK_STR(ospfd->reconfigure.word[3], "ospfd");
		CHECK(exit_set_has_code(ospfd->reconfigure_success, 2));
		CHECK_INT(ospfd->on_need_lost, NEED_LOST_RESTART);
	}
	load_free(&load);
}

static void neighbours_are_told(void)
{
	static const char text[] = "[frr]\nstop = fast\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};
	const struct fake_file files[] = {PROGRAM("zebra"), PROGRAM("bgpd"),
		{"/etc/frr/daemons", "bgpd=yes\n"}, {NULL, NULL}};
	const struct fake_image fake = {files, NULL, NULL};
	struct load fast = load_files(&file, 1, &fake);
	struct load load = load_frr("bgpd=yes\nbgpd_instances=2\n", NULL, NULL, NULL);
	const struct service *bgpd = load.r == 0 ? model_find(load.model, "bgpd-2") : NULL;

	CHECK(bgpd != NULL);
	if (bgpd) {
		CHECK_INT(bgpd->stop_command.count, 3);
		CHECK_STR(bgpd->stop_command.word[0], "/proc/self/exe");
		CHECK_STR(bgpd->stop_command.word[1], "drain");
		CHECK_STR(bgpd->stop_command.word[2], "bgpd-2");
		CHECK_INT(model_find(load.model, "zebra")->stop_command.count, 0);
	}
	bgpd = fast.r == 0 ? model_find(fast.model, "bgpd") : NULL;
	CHECK(bgpd != NULL && bgpd->stop_command.count == 0);
	load_free(&fast);
	load_free(&load);
}

/* Of FRR 8.4, with which no client tells a new zebra its routes; and no file to load. */
static void without_mgmtd_staticd_follows_zebra(void)
{
	static const char text[] = "[frr]\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};
	const struct fake_file files[] = {PROGRAM("zebra"), PROGRAM("staticd"),
		{"/usr/bin/vtysh", NULL}, {"/etc/frr/daemons", ""}, {NULL, NULL}};
	const struct fake_image fake = {files, NULL, NULL};
	struct load load = load_files(&file, 1, &fake);
	const struct service *staticd = load.r == 0 ? model_find(load.model, "staticd") : NULL;

	CHECK(staticd != NULL);
	if (staticd) {
		CHECK_INT(staticd->on_need_lost, NEED_LOST_RESTART);
		CHECK_INT(staticd->reconfigure.count, 0);
		CHECK_INT(model_find(load.model, "zebra")->on_need_lost, NEED_LOST_KEEP);
	}
	load_free(&load);
}

/* Only on request, and with all daemons there; a stop lets it end. */
static void saves_on_request(void)
{
	struct load load = load_frr("bgpd=yes\nwatchfrr_enable=yes\n", NULL, NULL, NULL);
	const struct service *writer = load.r == 0 ? model_find(load.model, "frr-write") : NULL;

	CHECK(writer != NULL);
	if (writer) {
		CHECK_INT(writer->type, SERVICE_ONESHOT);
		CHECK_INT(writer->start, START_MANUAL);
		CHECK_INT(writer->restart, RESTART_NEVER);
		CHECK_INT(writer->after.count, 5); /* mgmtd zebra bgpd staticd frr-config */
		CHECK_INT(writer->needs.count + writer->wants.count, 0);
		CHECK_INT(writer->stop_signal, SIGCONT);
		CHECK_STR(command_of(&load, "frr-write"), "/usr/bin/vtysh -w");
	}
	load_free(&load);
	load = load_frr("watchfrr_enable=no\n", NULL, NULL, NULL);
	CHECK(load.r == 0 && !model_find(load.model, "frr-write"));
	load_free(&load);
}

/* As Debian ships it, with what people change. */
static void reads_the_usual_file(void)
{
	struct load load = load_frr("# comment\n"
				    "bgpd=yes\n"
				    "ospfd=no\n"
				    "isisd=true\n"
				    "\n"
				    "vtysh_enable=yes\n"
				    "zebra_options=\"  -A 127.0.0.1 -s 90000000 --daemon\"\n"
				    "bgpd_options=\"   -A 127.0.0.1\"\n"
				    "isisd_options=('-A' '127.0.0.1')\n"
				    "#MAX_FDS=1024\n"
				    "frr_profile=\"datacenter\"\n",
		NULL, "MAX_FDS", "100000");

	CHECK_INT(load.r, 0);
	CHECK_STR(command_of(&load, "zebra"),
		"/usr/lib/frr/zebra -F datacenter -A 127.0.0.1 -s 90000000");
	CHECK_STR(command_of(&load, "bgpd"), "/usr/lib/frr/bgpd -F datacenter -A 127.0.0.1");
	CHECK_STR(command_of(&load, "isisd"), "/usr/lib/frr/isisd -F datacenter");
	CHECK_STR(command_of(&load, "ospfd"), "");
	if (load.r == 0)
		CHECK_INT(
			service_limit(model_find(load.model, "bgpd"), LIMIT_NOFILE)->hard, 100000);
	CHECK_STR(load.messages,
		"/etc/frr/daemons:7: note: zebra_options: --daemon is left out, because daemons "
		"are watched in the foreground\n"
		"/etc/frr/daemons:9: warning: \"isisd_options=('-A' '127.0.0.1')\" is not "
		"understood, the line is ignored; write NAME=value, no shell reads this file, "
		"see daemons_shell\n");
	load_free(&load);
}

static void values_decide(void)
{
	static const struct {
		const char *value;
		bool enabled;
	} samples[] = {{"yes", true}, {"1", true}, {"true", true}, {"YES", true}, {"No", true},
		{"no", false}, {"0", false}, {"", false}, {"\"\"", false}, {"'no'", false},
		{"n\"o\"", false}, {"${x:-no}", false}, {"$unset", false}};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char text[100];
		struct load load;

		snprintf(text, sizeof(text), "bgpd=%s\n", samples[i].value);
		load = load_frr(text, NULL, NULL, NULL);
		CHECK_INT(load.r, 0);
		if (load.r == 0)
			CHECK_INT(model_find(load.model, "bgpd") != NULL, samples[i].enabled);
		load_free(&load);
	}
}

static void conditions_are_not_guessed(void)
{
	struct load load = load_frr("if false; then\n"
				    "  bgpd=yes\n"
				    "  if true; then ospfd=yes; fi\n"
				    "  isisd=yes\n"
				    "fi\n"
				    "[ -f /x ] && bgpd=yes\n"
				    "isisd=yes command\n"
				    "f() {\n"
				    "bgpd=yes\n"
				    "}\n"
				    "for d in bgpd; do\n eval $d=yes\ndone\n"
				    "ospfd=yes\n",
		NULL, NULL, NULL);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK(!model_find(load.model, "bgpd"));
		CHECK(!model_find(load.model, "isisd"));
		CHECK(model_find(load.model, "ospfd"));
	}
	CHECK_INT(load.diags->counts[SEVERITY_WARNING], 5);
	CHECK(strstr(load.messages, "lines 1 to 5 are ignored"));
	CHECK(strstr(load.messages, "lines 11 to 13 are ignored"));
	load_free(&load);
}

static void words_are_as_in_a_shell(void)
{
	struct load load = load_frr("a=x; b='y z' c=\"$a-${a}-\\$a\" # comment\n"
				    "bgpd=yes;bgpd_options=\"$c '$b' ${none:-d} \\\n end\"\n"
				    "bgpd_options+=' -M snmp\n -l 1'\n"
				    "export ospfd=yes isisd\n"
				    "ospfd_options=-x\\ y#z'#'\n",
		NULL, NULL, NULL);

	CHECK_INT(load.r, 0);
	CHECK_STR(load.messages, "");
	CHECK_STR(command_of(&load, "bgpd"), "/usr/lib/frr/bgpd x-x-$a y z d end -M snmp -l 1");
	CHECK_STR(command_of(&load, "ospfd"), "/usr/lib/frr/ospfd -x y#z#");
	load_free(&load);
}

static void instances_have_services(void)
{
	struct load load = load_frr(
		"ospfd=yes\nospfd_instances=\"1,20\"\nospfd_options=-A\n", NULL, NULL, NULL);

	CHECK_INT(load.r, 0);
	CHECK_STR(command_of(&load, "ospfd-1"), "/usr/lib/frr/ospfd -n 1 -A");
	CHECK_STR(command_of(&load, "ospfd-20"), "/usr/lib/frr/ospfd -n 20 -A");
	if (load.r == 0) {
		CHECK(!model_find(load.model, "ospfd"));
		CHECK_STR(model_find(load.model, "ospfd-20")->ready.text, "ospfd-20");
	}
	load_free(&load);
}

static void programs_may_be_wrapped(void)
{
	struct load load = load_frr("all_wrap='/bin/nice -n 5'\nbgpd=yes\n"
				    "bgpd_wrap=/usr/bin/valgrind\nfrr_global_options=--log\\ x\n"
				    "MAX_FDS=10\nMAX_BGPD_FDS=20\n",
		NULL, "MAX_FDS", "30");

	CHECK_INT(load.r, 0);
	CHECK_STR(command_of(&load, "bgpd"),
		"/bin/nice -n 5 /usr/bin/valgrind /usr/lib/frr/bgpd --log x");
	if (load.r == 0) {
		CHECK_INT(service_limit(model_find(load.model, "bgpd"), LIMIT_NOFILE)->soft, 20);
		CHECK_INT(service_limit(model_find(load.model, "zebra"), LIMIT_NOFILE)->soft, 10);
	}
	load_free(&load);
}

static void protocols_enable(void)
{
	struct load load =
		load_frr("bgpd=no\n", "# comment\nbgpd\r\n\n ospfd=yes\nrip\n", NULL, NULL);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK(model_find(load.model, "bgpd"));
		CHECK(model_find(load.model, "ospfd"));
		CHECK_STR(model_find(load.model, "bgpd")->origin.file, "/config/protocols");
		CHECK_INT(model_find(load.model, "bgpd")->origin.line, 2);
	}
	CHECK_STR(load.messages, "/config/protocols:5: warning: FRR has no daemon \"rip\"; did you "
				 "mean ripd?\n");
	load_free(&load);
}

static void sections_change_what_is_made(void)
{
	static const char text[] = "[frr]\n[service zebra]\nstop_timeout = 7s\nenvironment = A=1\n"
				   "[service mgmtd]\nruntime_directory =\ncommand = /opt/mgmtd\n"
				   "[service staticd]\nneeds =\nneeds = x\n"
				   "[service x]\ncommand = /bin/x\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};
	struct load load = load_files(&file, 1, NULL);

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct service *zebra = model_find(load.model, "zebra");

		CHECK(zebra && zebra->from_frr);
		CHECK_INT(zebra->stop_timeout_ms, 7000);
		CHECK_STR(zebra->command.word[0], "/usr/lib/frr/zebra");
		CHECK_INT(zebra->environment.count, 1);
		CHECK_INT(zebra->runtime_directory_count, 1);
		CHECK_INT(model_find(load.model, "mgmtd")->runtime_directory_count, 0);
		CHECK_STR(model_find(load.model, "mgmtd")->command.word[0], "/opt/mgmtd");
		CHECK_INT(model_find(load.model, "staticd")->needs.count, 1);
		CHECK_STR(model_find(load.model, "staticd")->needs.word[0], "x");
	}
	load_free(&load);
}

/* A shell of the image: what it gives, or why it does not. */
struct fake_shell {
	struct fake_image image; /* first: the others of the image take it for that */
	const char *pairs;
	size_t length;
	const char *why;
	unsigned runs;
};

static int fake_evaluate(void *context, const char *path, struct arena *arena,
	const char **ret_pairs, size_t *ret_length, const char **ret_why)
{
	struct fake_shell *shell = context;

	(void)arena;
	CHECK_STR(path, "/etc/frr/daemons");
	shell->runs++;
	*ret_pairs = shell->pairs;
	*ret_length = shell->length;
	*ret_why = shell->why;
	return shell->why ? -EBADMSG : 0;
}

static struct load load_with_shell(const char *daemons, struct fake_shell *shell, bool may_run)
{
	static const char text[] = "[frr]\ndaemons_shell = yes\n";
	const struct config_file file = {"f", text, sizeof(text) - 1};
	const struct fake_file files[] = {PROGRAM("zebra"), PROGRAM("staticd"), PROGRAM("bgpd"),
		PROGRAM("isisd"), {"/etc/frr/daemons", daemons}, {NULL, NULL}};
	struct image image = {shell, fake_read, fake_is_executable, fake_environment,
		may_run ? fake_evaluate : NULL};

	shell->image = (struct fake_image){files, "MAX_FDS", "9"};
	return load_image(&file, 1, &image);
}

static void a_shell_reads_what_is_more(void)
{
	static const char pairs[] = "BASH=/bin/bash\0bgpd=yes\0bgpd_options=-A\n ::1\0isisd=yes\0";
	struct fake_shell shell = {.pairs = pairs, .length = sizeof(pairs)};
	struct load load = load_with_shell("bgpd=yes\neval isisd=yes\n", &shell, true);

	CHECK_INT(shell.runs, 1);
	CHECK_STR(load.messages, "");
	CHECK_STR(command_of(&load, "bgpd"), "/usr/lib/frr/bgpd -A ::1");
	CHECK_STR(command_of(&load, "isisd"), "/usr/lib/frr/isisd");
	if (load.r == 0) {
		/* The file, where it says so; else it is somewhere in it. */
		CHECK_INT(model_find(load.model, "bgpd")->origin.line, 1);
		CHECK_INT(model_find(load.model, "isisd")->origin.line, 0);
		CHECK_STR(model_find(load.model, "isisd")->origin.file, "/etc/frr/daemons");
		/* It has unset what the environment had. */
		CHECK(!service_limit(model_find(load.model, "bgpd"), LIMIT_NOFILE)->set);
	}
	load_free(&load);
}

static void a_shell_is_not_bothered(void)
{
	struct fake_shell shell = {.why = "must not be asked"};
	struct load load = load_with_shell("bgpd=\"yes\" # usual\n", &shell, true);

	CHECK_INT(shell.runs, 0);
	CHECK_STR(load.messages, "");
	CHECK_STR(command_of(&load, "bgpd"), "/usr/lib/frr/bgpd");
	if (load.r == 0)
		CHECK_INT(service_limit(model_find(load.model, "bgpd"), LIMIT_NOFILE)->soft, 9);
	load_free(&load);
}

static void without_a_shell_the_rest_holds(void)
{
	static const char ignored[] = "/etc/frr/daemons:2: warning: \"eval isisd=yes\" is not "
				      "understood without a shell, the line is ignored\n";
	static const struct {
		const char *pairs;
		size_t length;
		const char *why, *message;
	} samples[] = {
		{NULL, 0, "it hangs",
			"warning: bash could not evaluate it: it hangs; going on with the lines "
			"that are understood without\n"},
		/* Cut, or with something that is no variable. */
		{"bgpd=no", 8, NULL, "warning: bash could not evaluate it: Bad message; going on "},
		{"bgpd=no", 7, NULL, "warning: bash could not evaluate it: Bad message; going on "},
		{"1=no\0", 6, NULL, "warning: bash could not evaluate it: Bad message; going on "},
		{"", 0, NULL, "warning: bash could not evaluate it: Bad message; going on "},
		{NULL, 0, NULL,
			"note: takes a shell, and none is run here, where a tree is only looked "
			"at; going on "},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct fake_shell shell = {.pairs = samples[i].pairs,
			.length = samples[i].length,
			.why = samples[i].why};
		bool may_run = samples[i].why || samples[i].pairs;
		struct load load = load_with_shell("bgpd=yes\neval isisd=yes\n", &shell, may_run);

		CHECK(strstr(load.messages, ignored) != NULL);
		CHECK(strncmp(load.messages, "/etc/frr/daemons:0: ", 20) == 0);
		CHECK(strstr(load.messages, samples[i].message) == load.messages + 20);
		CHECK_STR(command_of(&load, "bgpd"), "/usr/lib/frr/bgpd");
		CHECK_STR(command_of(&load, "isisd"), "");
		load_free(&load);
	}
}

int main(void)
{
	RUN(starts_what_must_run);
	RUN(a_configuration_need_not_be_read_to_be_loaded);
	RUN(a_configuration_that_is_kept_is_loaded);
	RUN(one_that_comes_back_is_configured);
	RUN(neighbours_are_told);
	RUN(without_mgmtd_staticd_follows_zebra);
	RUN(saves_on_request);
	RUN(reads_the_usual_file);
	RUN(values_decide);
	RUN(conditions_are_not_guessed);
	RUN(words_are_as_in_a_shell);
	RUN(instances_have_services);
	RUN(programs_may_be_wrapped);
	RUN(protocols_enable);
	RUN(sections_change_what_is_made);
	RUN(a_shell_reads_what_is_more);
	RUN(a_shell_is_not_bothered);
	RUN(without_a_shell_the_rest_holds);
	return CHECK_EXIT_STATUS();
}

/* What status says: the reasons, from an engine in virtual time; the text and the JSON, from
 * statuses made by hand. */
#include "supervisor/status.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/health.h"
#include "supervisor/human.h"
#include "supervisor/table.h"
#include "tests/check.h"
#include "tests/unit/engine_scenario.h"

/* Lets the lab's time pass to `at_ms`, feeds `facts`, and settles; what the engine does is other
 * tests' business. */
static void go(struct lab *lab, int64_t at_ms, const char *facts)
{
	struct timestamp until = timestamp_add_ms((struct timestamp){0}, at_ms);

	lab_settle(lab);
	for (unsigned i = 0; i < 1000; i++) {
		struct timestamp next = engine_deadline(lab->engine);

		lab->actions[0] = '\0';
		if (!timestamp_before(next, until))
			break;
		if (timestamp_before(lab->now, next))
			lab->now = next;
		lab_settle(lab);
	}
	lab->now = until;
	lab_feed(lab, facts);
	lab_settle(lab);
}

/* Texts NULL: none is expected. */
static void check_service(
	const struct lab *lab, const char *name, const char *reason, const char *last)
{
	struct arena arena = {0};
	struct status status;

	CHECK_INT(status_from_engine(&arena, lab->engine, lab->now, &status), 0);
	const struct status_service *service = status_find(&status, name);
	CHECK(service != NULL);
	if (service) {
		CHECK_STR(service->reason ? service->reason : "(none)", reason ? reason : "(none)");
		CHECK_STR(service->last ? service->last : "(none)", last ? last : "(none)");
		CHECK_INT(service->unit, engine_find(lab->engine, name));
	}
	arena_free(&arena);
}

static const struct service zebra = {
	.name = "zebra", .ready = {.kind = READY_FRR_VTY, .text = "zebra"}};

/* There, and yet something is to be said of it. */
static void tells_what_is_ready_but_not_well(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd",
			       .health = {.kind = READY_UNIX, .text = "/run/x"},
			       .reconfigure = WORDS("/usr/bin/vtysh")}));
	go(&lab, 3100, "");
	check_service(&lab, "bgpd", NULL, NULL);
	go(&lab, 3200, "unhealthy bgpd");
	check_service(&lab, "bgpd", "1 of 2 health checks failed", NULL);
	go(&lab, 4100, "unhealthy bgpd");
	check_service(&lab, "bgpd", "KILL was sent", "did not answer 2 health checks");
	go(&lab, 4200, "die bgpd 9");
	check_service(&lab, "bgpd", "backing off 200 ms after 1 failure, next start in 200 ms",
		"did not answer 2 health checks");
	go(&lab, 4500, "");
	check_service(
		&lab, "bgpd", "gets its configuration back", "did not answer 2 health checks");
	go(&lab, 4600, "exit bgpd.reconfigure 1");
	check_service(&lab, "bgpd", "could not be given its configuration back",
		"did not answer 2 health checks");
	lab_close(&lab);
}

static void tells_who_is_waited_for(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES(zebra, {.name = "bgpd", .needs = WORDS("zebra")}));
	go(&lab, 10, "");
	check_service(&lab, "bgpd", "waiting for zebra (starting)", NULL);
	check_service(&lab, "zebra", "waiting for frr-vty zebra, 30 s at most", NULL);
	go(&lab, 20, "ready zebra");
	check_service(&lab, "bgpd", NULL, NULL);
	check_service(&lab, "zebra", NULL, NULL);
	lab_close(&lab);
}

static void tells_what_readiness_lacks(void)
{
	struct lab lab;

	lab_open(&lab,
		SERVICES({.name = "tcp", .ready = {.kind = READY_TCP, .text = "::1", .number = 22}},
			{.name = "exec",
				.ready = {.kind = READY_EXEC, .words = WORDS("/bin/ok", "x")},
				.start_timeout_ms = TIME_INFINITE_MS},
			{.name = "fd", .ready = {.kind = READY_NOTIFY_FD}},
			{.name = "once", .type = SERVICE_ONESHOT},
			{.name = "prepared", .prepare = WORDS("/bin/p")}));
	go(&lab, 10, "");
	check_service(&lab, "tcp", "waiting for tcp ::1 port 22, 30 s at most", NULL);
	check_service(&lab, "exec", "waiting for exec /bin/ok", NULL);
	check_service(&lab, "fd", "waiting for notify-fd, 30 s at most", NULL);
	check_service(&lab, "once", "runs, 30 s at most", NULL);
	check_service(&lab, "prepared", "prepare runs, 30 s at most", NULL);
	lab_close(&lab);
}

static void tells_how_it_ended(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", .restart_delay_min_ms = 8000}));
	go(&lab, 10, "exit a 3");
	check_service(&lab, "a", "backing off 8 s after 1 failure, next start in 8 s", "exited 3");
	go(&lab, 3010, "");
	check_service(&lab, "a", "backing off 8 s after 1 failure, next start in 5 s", "exited 3");
	go(&lab, 8010, "");
	go(&lab, 8020, "die a 139");
	check_service(&lab, "a", "backing off 16 s after 2 failures, next start in 16 s",
		"killed by signal 11 (SEGV), core dumped");
	lab_close(&lab);
}

static void tells_that_it_gave_up(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "tries",
					.give_up_count = 2,
					.give_up_window_ms = 60000,
					.restart_delay_min_ms = 10},
			       {.name = "never", .restart = RESTART_NEVER}));
	go(&lab, 10, "exit tries 1, die never 9");
	go(&lab, 1000, "exit tries 1");
	check_service(&lab, "tries", "gave up after 2 failures in 60 s", "exited 1");
	check_service(
		&lab, "never", "not tried again (restart = never)", "killed by signal 9 (KILL)");
	lab_close(&lab);
}

/* 1 << 21: SYS_ADMIN; 1 << 12: NET_ADMIN. */
static void tells_what_a_daemon_lacks(void)
{
	static const struct {
		const char *name, *reason, *last;
		uint64_t lacks;
	} cases[] = {
		{"a", "not tried again; start the container with --cap-add SYS_ADMIN",
			"exited 1, for it lacks the capability SYS_ADMIN", 1 << 21},
		{"b",
			"not tried again; start the container with --cap-add NET_ADMIN --cap-add "
			"SYS_ADMIN",
			"exited 1, for it lacks the capability NET_ADMIN SYS_ADMIN",
			1 << 12 | 1 << 21},
		{"c", "not tried again; its `capabilities` leave them out",
			"exited 1, for it lacks the capability SYS_ADMIN", 1 << 21},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}, {.name = "b"},
			       {.name = "c", .capabilities = WORDS("net_admin")}));
	go(&lab, 10, "");
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct event event = {.kind = EVENT_EXITED,
			.unit = (unsigned)engine_find(lab.engine, cases[i].name),
			.pid = lab_view(&lab, cases[i].name).pid[ROLE_MAIN],
			.value = 1 << 8,
			.lacks = cases[i].lacks};

		engine_feed(lab.engine, &event, lab.now);
		lab_settle(&lab);
		CHECK_INT(lab_view(&lab, cases[i].name).state, STATE_FAILED);
		check_service(&lab, cases[i].name, cases[i].reason, cases[i].last);
	}
	lab_close(&lab);
}

static void tells_what_could_not_be_started(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "x", .start = START_MANUAL, .restart = RESTART_NEVER},
			       {.name = "p",
				       .start = START_MANUAL,
				       .restart = RESTART_NEVER,
				       .prepare = WORDS("/bin/p")},
			       {.name = "slow",
				       .restart = RESTART_NEVER,
				       .start_timeout_ms = 60000,
				       .ready = {.kind = READY_NOTIFY_FD}}));
	check_service(&lab, "x", "start = manual", NULL);
	go(&lab, 10, "refuse x 2, start x");
	go(&lab, 20, "start p");
	go(&lab, 30, "exit p.prepare 4");
	check_service(&lab, "x", "not tried again (restart = never)",
		"could not be started: exec /bin/service: No such file or directory");
	check_service(&lab, "p", "not tried again (restart = never)", "prepare exited 4");
	go(&lab, 60000, "");
	check_service(&lab, "slow", "told to stop, KILL in 5 s", "not ready after 60 s");
	go(&lab, 70000, "die slow 9");
	check_service(&lab, "slow", "not tried again (restart = never)", "not ready after 60 s");
	lab_close(&lab);
}

static void tells_how_it_stops(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", .stop_timeout_ms = 3000}));
	go(&lab, 10, "stop a");
	go(&lab, 1010, "");
	check_service(&lab, "a", "told to stop, KILL in 2 s", NULL);
	go(&lab, 4000, "");
	check_service(&lab, "a", "KILL was sent", NULL);
	go(&lab, 4010, "die a 9");
	check_service(&lab, "a", "was killed: did not stop in 3 s", "killed by signal 9 (KILL)");
	lab_close(&lab);
}

static void counts_times(void)
{
	struct lab lab;
	struct arena arena = {0};
	struct status status;

	lab_open(&lab, SERVICES(zebra));
	go(&lab, 250, "ready zebra");
	go(&lab, 1250, "");
	CHECK_INT(status_from_engine(&arena, lab.engine, lab.now, &status), 0);
	CHECK_INT(status.service_count, 1);
	CHECK_INT(status.services[0].uptime_ms, 1250);
	CHECK_INT(status.services[0].ready_ms, 250);
	CHECK_INT(status.services[0].since_ms, 1000);
	CHECK_INT(status.services[0].pid, lab_view(&lab, "zebra").pid[ROLE_MAIN]);
	CHECK(status.all_ready && status.was_ready);
	CHECK_INT(status.stop_left_ms, -1);
	CHECK_INT(status.ready, 1);
	go(&lab, 2250, "shutdown 0");
	CHECK_INT(status_from_engine(&arena, lab.engine, lab.now, &status), 0);
	CHECK_INT(status.phase, PHASE_STOPPING);
	CHECK_INT(status.stop_left_ms, 8000);
	arena_free(&arena);
	lab_close(&lab);
}

static void check_health(
	const struct lab *lab, enum health_level level, bool ok, const char *reason)
{
	char got[HEALTH_REASON_BYTES];

	CHECK_INT(health_check(lab->engine, level, got, sizeof(got)), ok);
	CHECK_STR(got, reason);
}

static void judges_health(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES(zebra, {.name = "bgpd", .needs = WORDS("zebra")},
			       {.name = "shell", .type = SERVICE_CONSOLE, .after = WORDS("bgpd")},
			       {.name = "spare", .start = START_MANUAL}));
	go(&lab, 10, "");
	check_health(&lab, HEALTH_STARTED, false, "1 of 2 services started: bgpd is waiting");
	check_health(
		&lab, HEALTH_READY, false, "0 of 2 services ready: zebra is starting (and others)");
	go(&lab, 20, "ready zebra");
	check_health(&lab, HEALTH_STARTED, true, "2 of 2 services started");
	check_health(&lab, HEALTH_READY, true, "2 of 2 services ready");
	go(&lab, 30, "exit bgpd 1");
	check_health(&lab, HEALTH_STARTED, false, "1 of 2 services started: bgpd is backoff");
	check_health(&lab, HEALTH_READY, false, "1 of 2 services ready: bgpd is backoff");
	go(&lab, 40, "shutdown 0");
	check_health(&lab, HEALTH_READY, false, "firsthop is stopping");
	lab_close(&lab);
}

static struct status_service shown[] = {
	{.name = "sshd",
		.state = STATE_READY,
		.wanted = true,
		.pid = 33,
		.uptime_ms = 200000,
		.ready_ms = 40,
		.last = "exited 255",
		.restarts = 1,
		.health = STATUS_HEALTH_GOOD,
		.memory_bytes = 4420000,
		.cpu_ms = 1560},
	{.name = "bgpd",
		.state = STATE_FAILED,
		.wanted = true,
		.uptime_ms = -1,
		.ready_ms = -1,
		.restarts = 5,
		.reason = "gave up after 5 failures in 60 s",
		.last = "exited 1",
		.lines_dropped = 7,
		.output = "bgpd: \033[31mno\nlibfrr.so: missing",
		.memory_bytes = -1,
		.cpu_ms = -1,
		.crash = "/c/000005.bgpd",
		.lines = 9,
		.checks_failed = 2},
	{.name = "pimd",
		.state = STATE_WAITING,
		.wanted = true,
		.uptime_ms = -1,
		.ready_ms = -1,
		.reason = "waiting for zebra (starting)",
		.memory_bytes = -1,
		.cpu_ms = -1},
};
static const char *const shown_problems[] = {"sysctl net.x: read-only"};
static const struct finding shown_findings[] = {
	{.step = STEP_SYSCTL,
		.state = FINDING_MISSING,
		.subject = "net.y",
		.verdict = "read-only",
		.reason = "/proc/sys is read-only",
		.cure = "start the container with --sysctl net.y=1"},
	{.step = STEP_MODULE, .state = FINDING_DEGRADED, .subject = "vrf", .verdict = "absent"},
};
static const struct status node = {
	.version = "0.1.0",
	.hostname = "r1",
	.was_ready = true,
	.uptime_ms = 200500,
	.ready_ms = 1400,
	.stop_left_ms = -1,
	.config_source = "built-in",
	.config_is_fallback = true,
	.config_problem = "/etc/firsthop.ini:3: no such key",
	.wanted = 3,
	.ready = 1,
	.failed = 1,
	.problems = shown_problems,
	.problem_count = 1,
	.services = shown,
	.service_count = 3,
	.findings = shown_findings,
	.finding_count = 2,
};

static void check_text(const struct table_style *style, const char *expected)
{
	struct buffer out = {0};

	status_write_text(&out, &node, style);
	CHECK(!out.failed);
	CHECK_STR(out.length ? out.data : "", expected);
	buffer_free(&out);
}

static void writes_what_is_wrong_first(void)
{
	const struct table_style style = {.utf8 = true};

	check_text(&style,
		"r1: degraded, up 3 min 20 s, ready after 1.4 s; 1 of 3 services ready, 1 failed; "
		"firsthop 0.1.0\n"
		"configuration (fallback): built-in\n"
		"configuration problem: /etc/firsthop.ini:3: no such key\n"
		"problem: sysctl net.x: read-only\n"
		"missing: sysctl net.y: /proc/sys is read-only; start the container with "
		"--sysctl net.y=1\n"
		"degraded: module vrf: absent\n"
		"\n"
		"SERVICE  STATE    PID      UPTIME  RESTARTS   MEMORY    CPU  DETAIL\n"
		"bgpd     failed     -           -         5        -      -  gave up after 5 "
		"failures in 60 s; "
		"exited 1; "
		"7 lines of output dropped\n"
		"pimd     waiting    -           -         0        -      -  waiting for zebra "
		"(starting)\n"
		"sshd     ready     33  3 min 20 s         1  4.2 MiB  1.5 s\n"
		"\n"
		"bgpd said last:\n"
		"    bgpd: ?[31mno\n"
		"    libfrr.so: missing\n"
		"what is known of its end is in: /c/000005.bgpd\n");
}

static void wraps_the_last_column(void)
{
	const struct table_style style = {.columns = 78};
	struct buffer out = {0};

	status_write_text(&out, &node, &style);
	CHECK(out.data &&
		strstr(out.data,
			"SERVICE  STATE    PID      UPTIME  RESTARTS  DETAIL\n"
			"bgpd     failed     -           -         5  gave up after 5 failures in "
			"60 s;\n"
			"                                             exited 1; 7 lines of output\n"
			"                                             dropped\n"));
	buffer_free(&out);
}

static void colours_only_when_asked(void)
{
	const struct table_style colour = {.colour = true}, plain = {.colour = false};
	struct buffer out = {0};

	status_write_text(&out, &node, &colour);
	CHECK(out.data && strstr(out.data, "\033[1;31mfailed\033[0m"));
	CHECK(out.data && strstr(out.data, "\033[32mready\033[0m"));
	buffer_free(&out);
	status_write_text(&out, &node, &plain);
	CHECK(out.data && !strchr(out.data, '\033'));
	buffer_free(&out);
}

static void writes_one_service(void)
{
	static const struct detail_key keys[] = {
		{"command", "/usr/lib/frr/bgpd with so many arguments that they do not fit"},
		{"restart_delay", "1s"}};
	static const char *const names[] = {"a", "b"};
	static const struct detail_end ends[] = {
		{"exited 1", 2000}, {"killed by signal 11 (SEGV), core dumped", 65000}};
	static const struct service_detail detail = {keys, 2, names, 2, ends, 2};
	const struct table_style style = {.columns = 60};
	struct buffer out = {0};

	status_write_service(&out, status_find(&node, "bgpd"), &detail, &style);
	CHECK_STR(out.data, "bgpd: daemon, failed for 0 ms\n"
			    "  reason         gave up after 5 failures in 60 s\n"
			    "  restarts       5\n"
			    "  lines dropped  7 of its output\n"
			    "  crash          /c/000005.bgpd\n"
			    "  needed by      a b\n"
			    "  ended          2 s ago: exited 1\n"
			    "                 65 s ago: killed by signal 11 (SEGV), core\n"
			    "                 dumped\n"
			    "  said last:\n"
			    "    bgpd: ?[31mno\n"
			    "    libfrr.so: missing\n"
			    "  configuration:\n"
			    "    command        /usr/lib/frr/bgpd with so many arguments\n"
			    "                   that they do not fit\n"
			    "    restart_delay  1s\n");
	buffer_reset(&out);
	status_write_service(&out, status_find(&node, "sshd"), NULL, &style);
	CHECK_STR(out.data, "sshd: daemon, ready for 0 ms\n"
			    "  last end  exited 255\n"
			    "  process   pid 33, up 3 min 20 s, ready after 40 ms\n"
			    "  uses      4.2 MiB of memory (resident), 1.5 s of processor\n"
			    "            time\n"
			    "  health    answers\n"
			    "  restarts  1\n");
	buffer_free(&out);
	CHECK(!status_find(&node, "nobody"));
}

/* Where it is too narrow, the least important go first, and none for nothing. */
static void leaves_columns_out(void)
{
	static const struct {
		unsigned columns;
		const char *titles;
	} cases[] = {
		{0, "SERVICE  STATE    PID      UPTIME  RESTARTS   MEMORY    CPU  DETAIL\n"},
		{93, "SERVICE  STATE    PID      UPTIME  RESTARTS   MEMORY    CPU  DETAIL\n"},
		{92, "SERVICE  STATE    PID      UPTIME  RESTARTS   MEMORY  DETAIL\n"},
		{80, "SERVICE  STATE    PID      UPTIME  RESTARTS  DETAIL\n"},
		{70, "SERVICE  STATE    PID      UPTIME  DETAIL\n"},
		{40, "SERVICE  STATE    PID  DETAIL\n"},
		{10, "SERVICE  STATE    PID  DETAIL\n"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct table_style style = {.columns = cases[i].columns};
		struct buffer out = {0};

		status_write_text(&out, &node, &style);
		if (!strstr(out.data, cases[i].titles))
			fprintf(stderr, "at %u: %s\n", cases[i].columns, out.data);
		CHECK(strstr(out.data, cases[i].titles) != NULL);
		buffer_free(&out);
	}
}

/* What a service is, who needs it, how it ended: from the engine. */
static void tells_details(void)
{
	struct arena arena = {0};
	struct service_detail detail;
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra", .restart_delay_min_ms = 1000},
			       {.name = "bgpd", .needs = WORDS("zebra")},
			       {.name = "ospfd", .needs = WORDS("zebra")}));
	go(&lab, 1000, "die zebra 139");
	go(&lab, 3000, "exit zebra 3");
	go(&lab, 9000, "stop zebra");
	go(&lab, 9500, "die zebra 15");
	CHECK_INT(detail_from_engine(&arena, lab.engine, "zebra", lab.now, &detail), 0);
	CHECK_INT(detail.needed_by_count, 2);
	CHECK_STR(detail.needed_by[1], "ospfd");
	CHECK_INT(detail.end_count, 3);
	CHECK_STR(detail.ends[0].text, "killed by signal 15 (TERM)");
	CHECK_INT(detail.ends[0].ago_ms, 0);
	CHECK_STR(detail.ends[1].text, "exited 3");
	CHECK_STR(detail.ends[2].text, "killed by signal 11 (SEGV), core dumped");
	CHECK_INT(detail.ends[2].ago_ms, 8500);
	CHECK_INT(detail_from_engine(&arena, lab.engine, "none", lab.now, &detail), -ENOENT);
	lab_close(&lab);
	arena_free(&arena);
}

static void writes_json(void)
{
	struct buffer out = {0};

	status_write_json(&out, &node, status_find(&node, "bgpd"), NULL);
	CHECK_STR(out.data,
		"{\"version\":1,\"firsthop\":\"0.1.0\",\"hostname\":\"r1\",\"phase\":\"running\","
		"\"ready\":false,\"was_ready\":true,\"uptime_ms\":200500,\"ready_ms\":1400,"
		"\"stop_left_ms\":null,\"config\":{\"source\":\"built-in\",\"fallback\":true,"
		"\"problem\":\"/etc/firsthop.ini:3: no such key\"},\"counts\":{\"wanted\":3,"
		"\"ready\":1,\"failed\":1},\"problems\":[\"sysctl net.x: read-only\"],"
		"\"preparation\":[{\"step\":\"sysctl\",\"subject\":\"net.y\","
		"\"state\":\"missing\",\"verdict\":\"read-only\","
		"\"reason\":\"/proc/sys is read-only\","
		"\"cure\":\"start the container with --sysctl net.y=1\",\"required\":false},"
		"{\"step\":\"module\",\"subject\":\"vrf\",\"state\":\"degraded\","
		"\"verdict\":\"absent\",\"reason\":null,\"cure\":null,"
		"\"required\":false}],"
		"\"services\":[{\"name\":\"bgpd\",\"type\":\"daemon\",\"state\":\"failed\","
		"\"wanted\":true,\"pid\":null,\"since_ms\":0,\"uptime_ms\":null,\"ready_ms\":null,"
		"\"restarts\":5,\"reason\":\"gave up after 5 failures in 60 s\","
		"\"last\":\"exited 1\",\"lines_dropped\":7,"
		"\"output\":\"bgpd: \\u001b[31mno\\u000alibfrr.so: missing\","
		"\"health\":null,\"memory_bytes\":null,\"cpu_ms\":null,"
		"\"crash\":\"/c/000005.bgpd\",\"lines\":9,\"checks_failed\":2}]}\n");
	buffer_free(&out);
}

static void escapes_in_json(void)
{
	struct status_service service = {.name = "a",
		.uptime_ms = -1,
		.ready_ms = -1,
		.reason = "\"\\\t\x7f\xc3\xa9\xff\xc2\x80\xed\xa0\x80"};
	const struct status status = {.services = &service, .service_count = 1};
	struct buffer out = {0};

	status_write_json(&out, &status, NULL, NULL);
	CHECK(out.data && strstr(out.data, "\"reason\":"
					   "\"\\\"\\\\\\u0009\\u007f\xc3\xa9\\ufffd\\ufffd\\ufffd\\"
					   "ufffd\\ufffd\\ufffd\""));
	buffer_free(&out);
}

static void tells_durations(void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{-1, "-"},
		{0, "0 ms"},
		{999, "999 ms"},
		{1000, "1 s"},
		{1099, "1 s"},
		{1100, "1.1 s"},
		{9999, "9.9 s"},
		{60000, "60 s"},
		{119999, "119 s"},
		{120000, "2 min"},
		{200000, "3 min 20 s"},
		{3600000, "1 h"},
		{3720000, "1 h 2 min"},
		{86400000, "1 d"},
		{93600000, "1 d 2 h"},
		{INT64_MAX, "106751991167 d 7 h"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(human_duration(cases[i].ms).text, cases[i].text);
}

static void makes_text_printable(void)
{
	static const struct {
		const char *text;
		bool utf8;
		const char *shown;
	} cases[] = {
		{"plain", false, "plain"},
		{"caf\xc3\xa9!", true, "caf\xc3\xa9!"},
		{"caf\xc3\xa9!", false, "caf?!"},
		{"\033]0;x\a\r\n", true, "?]0;x???"},
		{"a\tb", true, "a b"},
		{"\xff\xfe", true, "??"},
		{"\xc2\x9b"
		 "31m",
			true, "??31m"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer out = {0};

		human_add_printable(&out, cases[i].text, strlen(cases[i].text), cases[i].utf8);
		CHECK_STR(out.data, cases[i].shown);
		buffer_free(&out);
	}
}

int main(void)
{
	RUN(tells_what_is_ready_but_not_well);
	RUN(tells_who_is_waited_for);
	RUN(tells_what_readiness_lacks);
	RUN(tells_how_it_ended);
	RUN(tells_that_it_gave_up);
	RUN(tells_what_a_daemon_lacks);
	RUN(tells_what_could_not_be_started);
	RUN(tells_how_it_stops);
	RUN(counts_times);
	RUN(judges_health);
	RUN(writes_what_is_wrong_first);
	RUN(wraps_the_last_column);
	RUN(colours_only_when_asked);
	RUN(writes_one_service);
	RUN(leaves_columns_out);
	RUN(tells_details);
	RUN(writes_json);
	RUN(escapes_in_json);
	RUN(tells_durations);
	RUN(makes_text_printable);
	return CHECK_EXIT_STATUS();
}

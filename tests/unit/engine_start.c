/* How services come up: order, readiness, prepare, the kinds of edges, READY of the whole. */
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void a_chain_boots_one_after_the_other(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", "zebra=starting ospfd=waiting vtysh=waiting"},
		{120, "ready zebra", "spawn ospfd", "zebra=ready"},
		{150, "ready ospfd", "spawn vtysh", "vtysh=starting"},
		{180, "exit vtysh 0", "all-ready, down vtysh", "vtysh=done"},
	};
	LAB_TELL(SERVICES({.name = "vtysh", .type = SERVICE_ONESHOT, .needs = WORDS("ospfd")},
			 {.name = "ospfd", NOTIFY, .needs = WORDS("zebra")},
			 {.name = "zebra", NOTIFY}),
		steps);
}

/* While the node is not prepared yet; what runs already is left alone, and a stop is a stop. */
static void what_is_held_back_starts_when_released(void)
{
	static const struct scene steps[] = {
		{0, "hold", "", "zebra=waiting bgpd=waiting"},
		{100, "start bgpd", "", "zebra=waiting bgpd=waiting"},
		{30000, "release", "spawn zebra", "zebra=starting bgpd=waiting"},
		{30050, "ready zebra, hold", "", "zebra=ready bgpd=waiting"},
		{30060, "release", "spawn bgpd, all-ready", "bgpd=ready"},
	};
	static const struct scene stopped[] = {
		{0, "hold", "", "zebra=waiting"},
		{100, "shutdown", "rest TERM", "zebra=down"},
		{110, "gone", "end 0", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "bgpd", .needs = WORDS("zebra")}),
		steps);
	LAB_TELL(SERVICES({.name = "zebra"}), stopped);
}

static void what_depends_on_nothing_starts_at_once(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd, spawn zebra, spawn snmpd", "sshd=ready snmpd=starting"},
		{10, "ready snmpd", "", NULL},
		{20, "ready zebra", "all-ready", NULL},
	};
	LAB_TELL(SERVICES({.name = "sshd"}, {.name = "zebra", NOTIFY}, {.name = "snmpd", NOTIFY}),
		steps);
}

static void a_oneshot_is_there_once_it_has_succeeded(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn keygen", "keygen=starting sshd=waiting"},
		{700, "exit keygen 0", "down keygen, spawn sshd, all-ready",
			"keygen=done sshd=ready"},
	};
	LAB_TELL(SERVICES({.name = "keygen", .type = SERVICE_ONESHOT},
			 {.name = "sshd", .needs = WORDS("keygen")}),
		steps);
}

static void prepare_runs_before_and_its_failure_is_retried(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd.prepare", "sshd=preparing"},
		{50, "exit sshd.prepare 1", "down sshd", "sshd=backoff"},
		{250, "", "spawn sshd.prepare", "sshd=preparing"},
		{300, "exit sshd.prepare 0", "spawn sshd, all-ready", "sshd=ready"},
	};
	LAB_TELL(SERVICES({.name = "sshd", .prepare = WORDS("ssh-keygen", "-A")}), steps);
}

static void a_prepare_that_hangs_is_stopped_and_is_a_failure(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd.prepare", NULL},
		{1000, "", "signal sshd.prepare TERM", "sshd=stopping"},
		{1010, "die sshd.prepare 15", "down sshd", "sshd=backoff"},
		{1210, "", "spawn sshd.prepare", "sshd=preparing"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "sshd", .prepare = WORDS("x"), .start_timeout_ms = 1000}));
	LAB_RUN(&lab, steps);
	CHECK_INT(lab_view(&lab, "sshd").last.kind, FAILURE_PREPARE_TIMEOUT);
	lab_close(&lab);
}

static void one_that_is_not_ready_in_time_is_stopped_and_tried_again(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", "bgpd=starting"},
		{2000, "", "signal bgpd TERM", "bgpd=stopping"},
		{2100, "exit bgpd 0", "down bgpd", "bgpd=backoff"},
		{2300, "", "spawn bgpd", "bgpd=starting"},
		{2400, "ready bgpd", "all-ready", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", NOTIFY, .start_timeout_ms = 2000}));
	LAB_RUN(&lab, steps);
	CHECK_INT(lab_view(&lab, "bgpd").last.kind, FAILURE_READY_TIMEOUT);
	CHECK_INT(lab_view(&lab, "bgpd").failures, 1);
	lab_close(&lab);
}

static void wants_waits_for_the_first_attempt_only(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn snmpd", "zebra=waiting"},
		{30, "exit snmpd 1", "down snmpd, spawn zebra", "snmpd=backoff zebra=ready"},
		{230, "", "spawn snmpd", "snmpd=starting"},
		{240, "ready snmpd", "all-ready", NULL},
	};
	LAB_TELL(SERVICES({.name = "snmpd", NOTIFY}, {.name = "zebra", .wants = WORDS("snmpd")}),
		steps);
}

static void needs_waits_until_it_is_there(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", NULL},
		{30, "exit zebra 1", "down zebra", "zebra=backoff bgpd=waiting"},
		{230, "", "spawn zebra", NULL},
		{240, "ready zebra", "spawn bgpd, all-ready", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "bgpd", .needs = WORDS("zebra")}),
		steps);
}

static void after_orders_but_pulls_nothing_in(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a", "a=starting b=waiting c=waiting manual=down"},
		{5, "ready a", "spawn c, spawn b, all-ready", "manual=down"},
	};
	LAB_TELL(SERVICES({.name = "a", NOTIFY}, {.name = "b", .after = WORDS("a", "manual")},
			 {.name = "c", .after = WORDS("a")},
			 {.name = "manual", .start = START_MANUAL}),
		steps);
}

static void a_manual_one_is_pulled_in_and_let_go(void)
{
	static const struct scene steps[] = {
		{0, "", "all-ready", "snmpd=down agent=down"},
		{100, "start snmpd", "spawn agent, spawn snmpd", "agent=ready snmpd=ready"},
		{200, "stop snmpd", "signal snmpd TERM", "agent=ready snmpd=stopping"},
		{210, "die snmpd 15", "down snmpd, signal agent TERM", "agent=stopping"},
		{220, "die agent 15", "down agent", "agent=down snmpd=down"},
	};
	LAB_TELL(SERVICES({.name = "agent", .start = START_MANUAL},
			 {.name = "snmpd", .start = START_MANUAL, .needs = WORDS("agent")}),
		steps);
}

static void a_polled_readiness_is_asked_for_until_it_holds(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd", "sshd=starting"},
		{5, "", "probe sshd", NULL},
		{6, "unready sshd", "", NULL},
		{11, "", "probe sshd", NULL},
		{100, "unready sshd", "",
			NULL}, /* the answer took long; every quarter of the age */
		{125, "", "probe sshd", NULL},
		{126, "ready sshd", "all-ready", "sshd=ready"},
	};
	LAB_TELL(SERVICES({.name = "sshd",
			 .ready = {.kind = READY_TCP, .text = "127.0.0.1", .number = 22}}),
		steps);
}

static void a_probe_under_way_ends_with_its_attempt(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd", NULL},
		{5, "", "probe sshd", NULL},
		{7, "exit sshd 1", "unprobe sshd, down sshd", "sshd=backoff"},
	};
	LAB_TELL(
		SERVICES({.name = "sshd", .ready = {.kind = READY_UNIX, .text = "/run/x"}}), steps);
}

static void an_exec_probe_is_a_process(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", "bgpd=starting"},
		{50, "", "spawn bgpd.probe", NULL},
		{60, "exit bgpd.probe 1", "", "bgpd=starting"},
		{110, "", "spawn bgpd.probe", NULL},
		{120, "exit bgpd.probe 0", "all-ready", "bgpd=ready"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", .ready = {.kind = READY_EXEC, .words = WORDS("x")}}),
		steps);
}

static void an_exec_probe_is_killed_when_it_is_of_no_use_any_more(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL},
		{50, "", "spawn bgpd.probe", NULL},
		{55, "die bgpd 11", "signal bgpd.probe KILL, down bgpd", "bgpd=backoff"},
		{56, "die bgpd.probe 9", "", "bgpd=backoff"},
		{255, "", "spawn bgpd", "bgpd=starting"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", .ready = {.kind = READY_EXEC, .words = WORDS("x")}}),
		steps);
}

static void all_ready_is_said_once_and_without_the_console(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", "console=waiting"},
		{50, "ready zebra", "all-ready, spawn console", NULL},
		{60, "exit console 0", "down console", "console=backoff"},
		{260, "", "spawn console", NULL},
		{300, "die zebra 9", "down zebra", NULL},
		{500, "", "spawn zebra", NULL},
		{510, "ready zebra", "", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY},
			 {.name = "console", .type = SERVICE_CONSOLE, .after = WORDS("zebra")}),
		steps);
}

static void what_needs_a_failed_one_waits_and_what_is_after_that_does_not(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", NULL},
		{10, "exit zebra 1", "down zebra, spawn sshd",
			"zebra=failed bgpd=waiting sshd=ready"},
		{500, "start zebra", "spawn zebra", "zebra=starting bgpd=waiting"},
		{510, "ready zebra", "spawn bgpd, all-ready", "bgpd=ready"},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY, .restart = RESTART_NEVER},
			 {.name = "bgpd", .needs = WORDS("zebra")},
			 {.name = "sshd", .after = WORDS("bgpd")}),
		steps);
}

int main(void)
{
	RUN(a_chain_boots_one_after_the_other);
	RUN(what_is_held_back_starts_when_released);
	RUN(what_depends_on_nothing_starts_at_once);
	RUN(a_oneshot_is_there_once_it_has_succeeded);
	RUN(prepare_runs_before_and_its_failure_is_retried);
	RUN(a_prepare_that_hangs_is_stopped_and_is_a_failure);
	RUN(one_that_is_not_ready_in_time_is_stopped_and_tried_again);
	RUN(wants_waits_for_the_first_attempt_only);
	RUN(needs_waits_until_it_is_there);
	RUN(after_orders_but_pulls_nothing_in);
	RUN(a_manual_one_is_pulled_in_and_let_go);
	RUN(a_polled_readiness_is_asked_for_until_it_holds);
	RUN(a_probe_under_way_ends_with_its_attempt);
	RUN(an_exec_probe_is_a_process);
	RUN(an_exec_probe_is_killed_when_it_is_of_no_use_any_more);
	RUN(all_ready_is_said_once_and_without_the_console);
	RUN(what_needs_a_failed_one_waits_and_what_is_after_that_does_not);
	return CHECK_EXIT_STATUS();
}

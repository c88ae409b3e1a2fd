/* How things go down: order, escalation, stop_command, the stop budget, the final sweep. */
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void a_stop_goes_in_reverse_order(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn sshd, spawn bgpd, spawn vtysh, all-ready", NULL},
		{1000, "shutdown", "signal sshd TERM, signal vtysh TERM",
			"zebra=ready bgpd=ready vtysh=stopping"},
		{1010, "exit vtysh 0", "down vtysh, signal bgpd TERM", NULL},
		{1020, "exit bgpd 0", "down bgpd, signal zebra TERM", NULL},
		{1030, "exit zebra 0", "down zebra", NULL}, /* sshd is still there */
		{1040, "exit sshd 0", "down sshd, rest TERM", NULL},
		{1050, "gone", "end 0", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra"}, {.name = "bgpd", .needs = WORDS("zebra")},
			 {.name = "vtysh", .after = WORDS("bgpd")}, {.name = "sshd"}),
		steps);
}

static void the_stop_of_one_escalates_to_kill(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, all-ready", NULL},
		{100, "stop zebra", "signal zebra INT", "zebra=stopping"},
		{2100, "", "signal zebra KILL", "zebra=killing"},
		{2101, "die zebra 9", "down zebra", "zebra=down"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra", .stop_signal = SIGINT, .stop_timeout_ms = 2000}));
	LAB_RUN(&lab, steps);
	CHECK(lab_view(&lab, "zebra").overran);
	CHECK(lab_view(&lab, "zebra").held);
	lab_close(&lab);
}

static void one_that_cannot_be_killed_is_waited_for_and_not_doubled(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, all-ready", NULL},
		{100, "restart zebra", "signal zebra TERM", "zebra=stopping"},
		{5100, "", "signal zebra KILL", "zebra=killing"},
		{60000, "start zebra", "", "zebra=killing"},
		{90000, "die zebra 9", "down zebra, spawn zebra", "zebra=ready"},
	};
	LAB_TELL(SERVICES({.name = "zebra"}), steps);
}

static void stop_command_comes_before_the_signal(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn db, all-ready", NULL},
		{100, "stop db", "spawn db.stop", "db=stopping"},
		{150, "exit db 0", "", "db=stopping"}, /* its stop_command still runs */
		{160, "exit db.stop 0", "down db", "db=down"},
	};
	LAB_TELL(SERVICES({.name = "db", .stop_command = WORDS("dbctl", "stop")}), steps);
}

static void a_stop_command_that_fails_is_made_up_for_by_the_signal(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn db, all-ready", NULL},
		{100, "stop db", "spawn db.stop", "db=stopping"},
		{110, "exit db.stop 1", "signal db TERM", "db=stopping"},
		{120, "exit db 0", "down db", "db=down"},
		{200, "start db, refuse db.stop 2", "spawn db", "db=ready"},
		{300, "stop db", "spawn db.stop, signal db TERM", "db=stopping"},
		{310, "exit db 0", "down db", "db=down"},
	};
	LAB_TELL(SERVICES({.name = "db", .stop_command = WORDS("dbctl", "stop")}), steps);
}

static void a_stop_command_that_hangs_is_killed_with_its_service(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn db, all-ready", NULL},
		{100, "stop db", "spawn db.stop", "db=stopping"},
		{5100, "", "signal db KILL, signal db.stop KILL", "db=killing"},
		{5101, "die db 9", "", "db=killing"},
		{5102, "die db.stop 9", "down db", "db=down"},
	};
	LAB_TELL(SERVICES({.name = "db", .stop_command = WORDS("dbctl", "stop")}), steps);
}

static void no_stop_command_for_one_that_has_ended(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "db", .stop_command = WORDS("dbctl", "stop")}));
	lab_settle(&lab);
	lab_feed(&lab, "stop db");
	engine_settle(lab.engine, lab.now); /* it is asked for, and not yet taken … */
	lab_feed(&lab, "exit db 0");
	lab.actions[0] = '\0';
	lab_settle(&lab);
	CHECK_STR(lab.actions, "down db");
	lab_close(&lab);
}

static void all_of_the_stop_fits_into_its_budget(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn bgpd, all-ready", NULL},
		{1000, "shutdown", "signal bgpd TERM", NULL},
		/* 8 s of budget, of which the last second is for the killed to be seen dead */
		{8000, "", "signal bgpd KILL, signal zebra KILL", "zebra=killing bgpd=killing"},
		{8001, "die zebra 9, die bgpd 9", "down zebra, down bgpd, rest KILL", NULL},
		{8002, "gone", "end 0", NULL},
	};
	struct lab lab;

	lab_open(
		&lab, SERVICES({.name = "zebra", .stop_timeout_ms = 60000},
			      {.name = "bgpd", .needs = WORDS("zebra"), .stop_timeout_ms = 60000}));
	LAB_RUN(&lab, steps);
	CHECK(lab_view(&lab, "zebra").overran && lab_view(&lab, "bgpd").overran);
	lab_close(&lab);
}

static void the_budget_ends_the_stop_whatever_is_left(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn stuck, all-ready", NULL},
		{1000, "shutdown", "signal stuck TERM", NULL},
		{3000, "", "signal stuck KILL", "stuck=killing"},
		{9000, "", "end 0", "stuck=killing"},
		{9001, "die stuck 9", "", NULL}, /* EXIT was the last action */
	};
	LAB_TELL(SERVICES({.name = "stuck", .stop_timeout_ms = 2000}), steps);
}

static void orphans_are_told_and_then_killed(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd, all-ready", NULL},
		{1000, "shutdown", "signal sshd TERM", NULL},
		{1100, "exit sshd 0", "down sshd, rest TERM", NULL},
		{2100, "", "rest KILL", NULL},
		{2105, "gone", "end 0", NULL},
	};
	LAB_TELL(SERVICES({.name = "sshd"}), steps);
}

static void orphans_that_stay_are_left_when_the_budget_ends(void)
{
	static const struct scene steps[] = {
		{0, "", "all-ready", NULL},
		{1000, "shutdown", "rest TERM", NULL},
		{2000, "", "rest KILL", NULL},
		{9000, "", "end 0", NULL},
	};
	LAB_TELL(SERVICES({.name = "manual", .start = START_MANUAL}), steps);
}

static void a_second_shutdown_changes_nothing(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd, all-ready", NULL},
		{1000, "shutdown", "signal sshd TERM", NULL},
		{1500, "shutdown 7", "", NULL},
		{1600, "exit sshd 0", "down sshd, rest TERM", NULL},
		{1601, "gone", "end 0", NULL},
	};
	LAB_TELL(SERVICES({.name = "sshd"}), steps);
}

static void what_is_not_up_yet_is_not_started_any_more(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", "bgpd=waiting"},
		{10, "shutdown", "signal zebra TERM", "zebra=stopping bgpd=down"},
		{20, "ready zebra", "", "zebra=stopping"},
		{30, "exit zebra 0", "down zebra, rest TERM", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "bgpd", .needs = WORDS("zebra")}),
		steps);
}

/* zebra has died under bgpd, which keeps running; then the stop comes while zebra prepares. */
static void a_service_that_prepares_is_stopped_at_once_and_not_started(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra.prepare", NULL},
		{5, "exit zebra.prepare 0", "spawn zebra, spawn bgpd, all-ready", NULL},
		{10, "die zebra 9", "down zebra", "bgpd=ready"},
		{210, "", "spawn zebra.prepare", "bgpd=ready"},
		{220, "shutdown", "signal zebra.prepare TERM, signal bgpd TERM", NULL},
		{221, "exit zebra.prepare 0", "down zebra", NULL},
		{222, "exit bgpd 0", "down bgpd, rest TERM", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", .prepare = WORDS("x")},
			 {.name = "bgpd", .needs = WORDS("zebra")}),
		steps);
}

static void an_end_during_the_stop_is_no_failure_to_act_on(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn bgpd, all-ready", NULL},
		{10, "shutdown", "signal bgpd TERM", NULL},
		{11, "exit zebra 1", "down zebra", "zebra=down"},
		{12, "exit bgpd 0", "down bgpd, rest TERM", NULL},
		{13, "gone", "end 0", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", .critical = true, .restart = RESTART_NEVER},
			 {.name = "bgpd", .needs = WORDS("zebra")}),
		steps);
}

int main(void)
{
	RUN(a_stop_goes_in_reverse_order);
	RUN(the_stop_of_one_escalates_to_kill);
	RUN(one_that_cannot_be_killed_is_waited_for_and_not_doubled);
	RUN(stop_command_comes_before_the_signal);
	RUN(a_stop_command_that_fails_is_made_up_for_by_the_signal);
	RUN(a_stop_command_that_hangs_is_killed_with_its_service);
	RUN(no_stop_command_for_one_that_has_ended);
	RUN(all_of_the_stop_fits_into_its_budget);
	RUN(the_budget_ends_the_stop_whatever_is_left);
	RUN(orphans_are_told_and_then_killed);
	RUN(orphans_that_stay_are_left_when_the_budget_ends);
	RUN(a_second_shutdown_changes_nothing);
	RUN(what_is_not_up_yet_is_not_started_any_more);
	RUN(a_service_that_prepares_is_stopped_at_once_and_not_started);
	RUN(an_end_during_the_stop_is_no_failure_to_act_on);
	return CHECK_EXIT_STATUS();
}

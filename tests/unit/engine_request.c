/* Requests: start, stop, restart; and facts that come too late to matter. */
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void a_restart_stops_and_starts(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn bgpd, all-ready", NULL},
		{100, "restart zebra", "signal zebra TERM", "zebra=stopping bgpd=ready"},
		{150, "exit zebra 0", "down zebra, spawn zebra", "zebra=ready bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}, {.name = "bgpd", .needs = WORDS("zebra")}));
	LAB_RUN(&lab, steps);
	CHECK_INT(lab_view(&lab, "zebra").restarts, 1);
	CHECK_INT(lab_view(&lab, "zebra").attempt, 2);
	CHECK_INT(lab_view(&lab, "bgpd").restarts, 0);
	lab_close(&lab);
}

static void a_stopped_one_stays_down_until_it_is_started(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{100, "stop bgpd", "signal bgpd TERM", NULL},
		{110, "exit bgpd 0", "down bgpd", "bgpd=down"},
		{90000, "", "", "bgpd=down"},
		{90001, "start bgpd", "spawn bgpd", "bgpd=ready"},
	};
	LAB_TELL(SERVICES({.name = "bgpd"}), steps);
}

static void start_cuts_the_restart_delay_short(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{20, "start bgpd", "spawn bgpd", "bgpd=starting"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY}), steps);
}

static void start_while_stopping_starts_again_afterwards(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{100, "stop bgpd", "signal bgpd TERM", "bgpd=stopping"},
		{101, "start bgpd", "", "bgpd=stopping"},
		{110, "exit bgpd 0", "down bgpd, spawn bgpd", "bgpd=ready"},
	};
	LAB_TELL(SERVICES({.name = "bgpd"}), steps);
}

static void a_oneshot_runs_again_on_restart_only(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn keygen", NULL},
		{10, "exit keygen 0", "all-ready, down keygen", "keygen=done"},
		{20, "start keygen", "", "keygen=done"},
		{30, "restart keygen", "spawn keygen", "keygen=starting"},
		{40, "exit keygen 0", "down keygen", "keygen=done"},
	};
	LAB_TELL(SERVICES({.name = "keygen", .type = SERVICE_ONESHOT}), steps);
}

static void a_failed_one_is_tried_again_on_restart(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", "bgpd=failed"},
		{20, "restart bgpd", "spawn bgpd", "bgpd=starting"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY, .restart = RESTART_NEVER}), steps);
}

static void facts_about_what_is_no_more_are_dropped(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", NULL},
		{210, "", "spawn bgpd", "bgpd=starting"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", NOTIFY}));
	LAB_RUN(&lab, steps);
	const struct event stale[] = {
		{.kind = EVENT_READY, .attempt = 1},
		{.kind = EVENT_PROBE_FAILED, .attempt = 1},
		{.kind = EVENT_EXITED, .attempt = 1, .pid = 101, .value = 0x100},
		{.kind = EVENT_EXITED, .attempt = 2, .pid = 0, .value = 0x100},
		{.kind = EVENT_EXITED, .role = ROLE_STOP, .pid = 102},
		{.kind = EVENT_SPAWNED, .attempt = 2, .pid = 999},
		{.kind = EVENT_SPAWN_FAILED, .attempt = 2, .value = ENOENT},
		{.kind = EVENT_READY, .unit = 77, .attempt = 2},
		{.kind = EVENT_EXITED, .role = ROLE_COUNT, .pid = 102},
		{.kind = EVENT_ALL_GONE},
	};
	for (unsigned i = 0; i < sizeof(stale) / sizeof(stale[0]); i++) {
		engine_feed(lab.engine, &stale[i], lab.now);
		lab_settle(&lab);
		CHECK_STR(lab.actions, "spawn bgpd");
		CHECK_INT(lab_view(&lab, "bgpd").state, STATE_STARTING);
		CHECK_INT(lab_view(&lab, "bgpd").pid[ROLE_MAIN], 102);
	}
	lab_close(&lab);
}

static void what_waits_for_one_that_restarts_is_still_waited_for(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", "bgpd=waiting vtysh=waiting"},
		{10, "restart zebra", "signal zebra TERM", "bgpd=waiting vtysh=waiting"},
		{20, "exit zebra 0", "down zebra, spawn zebra", "bgpd=waiting vtysh=waiting"},
		{30, "ready zebra", "spawn bgpd, spawn vtysh", "bgpd=ready vtysh=starting"},
		{40, "exit vtysh 0", "all-ready, down vtysh", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY},
			 {.name = "bgpd",
				 .needs = WORDS("zebra"),
				 .on_need_lost = NEED_LOST_RESTART},
			 {.name = "vtysh", .type = SERVICE_ONESHOT, .after = WORDS("bgpd")}),
		steps);
}

static void a_console_that_restarts_does_not_hold_up_all_ready(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn console", NULL},
		{10, "restart console", "signal console TERM", "console=stopping"},
		{20, "ready zebra", "all-ready", "console=stopping"},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "console", .type = SERVICE_CONSOLE}),
		steps);
}

static void one_that_restarts_holds_up_all_ready(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn sshd", NULL},
		{10, "restart sshd", "signal sshd TERM", "sshd=stopping"},
		{20, "ready zebra", "", "sshd=stopping"},
		{30, "exit sshd 0", "down sshd, spawn sshd, all-ready", "sshd=ready"},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "sshd"}), steps);
}

static void what_only_a_restarted_one_needs_stays_up(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn agent, spawn snmpd, all-ready", NULL},
		{10, "restart snmpd", "signal snmpd TERM", "agent=ready snmpd=stopping"},
		{20, "exit agent 1", "down agent", "agent=backoff snmpd=stopping"},
		{30, "exit snmpd 0", "down snmpd", "agent=backoff snmpd=waiting"},
		{220, "", "spawn agent, spawn snmpd", NULL},
	};
	LAB_TELL(SERVICES({.name = "agent", .start = START_MANUAL},
			 {.name = "snmpd", .needs = WORDS("agent")}),
		steps);
}

static void who_follows_a_need_stays_down_with_it(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn follows, spawn keeps, all-ready", NULL},
		{10, "stop zebra", "signal follows TERM", "zebra=ready keeps=ready"},
		{20, "exit follows 0", "down follows, signal zebra TERM", "follows=down"},
		{30, "exit zebra 0", "down zebra", "zebra=down follows=down keeps=ready"},
		{40, "exit keeps 1", "down keeps", "keeps=backoff"},
		{240, "", "", "keeps=waiting"}, /* for what it needs, which is held */
		{300, "start zebra", "spawn zebra, spawn follows, spawn keeps", "follows=ready"},
	};
	LAB_TELL(SERVICES({.name = "zebra"},
			 {.name = "follows",
				 .needs = WORDS("zebra"),
				 .on_need_lost = NEED_LOST_RESTART},
			 {.name = "keeps", .needs = WORDS("zebra")}),
		steps);
}

static void the_summary_counts(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn up, spawn starts, spawn console, spawn fails", NULL},
		{1, "exit fails 1", "down fails", NULL},
	};
	struct engine_summary summary;
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "up"}, {.name = "starts", NOTIFY},
			       {.name = "manual", .start = START_MANUAL},
			       {.name = "console", .type = SERVICE_CONSOLE},
			       {.name = "fails", NOTIFY, .restart = RESTART_NEVER}));
	LAB_RUN(&lab, steps);
	engine_summarize(lab.engine, &summary);
	CHECK_INT(summary.wanted, 3);
	CHECK_INT(summary.ready, 1);
	CHECK_INT(summary.failed, 1);
	CHECK_INT(summary.phase, PHASE_RUNNING);
	CHECK_INT(summary.ended_by, -1);
	CHECK(!summary.all_ready && !summary.was_ready && timestamp_is_never(summary.stop_by));
	lab_close(&lab);
}

int main(void)
{
	RUN(a_restart_stops_and_starts);
	RUN(a_stopped_one_stays_down_until_it_is_started);
	RUN(start_cuts_the_restart_delay_short);
	RUN(start_while_stopping_starts_again_afterwards);
	RUN(a_oneshot_runs_again_on_restart_only);
	RUN(a_failed_one_is_tried_again_on_restart);
	RUN(facts_about_what_is_no_more_are_dropped);
	RUN(what_waits_for_one_that_restarts_is_still_waited_for);
	RUN(a_console_that_restarts_does_not_hold_up_all_ready);
	RUN(one_that_restarts_holds_up_all_ready);
	RUN(what_only_a_restarted_one_needs_stays_up);
	RUN(who_follows_a_need_stays_down_with_it);
	RUN(the_summary_counts);
	return CHECK_EXIT_STATUS();
}

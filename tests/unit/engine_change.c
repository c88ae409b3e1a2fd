/* Requests and reloads: what changes while the router runs, and what is left alone. */
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void a_restart_stops_and_starts(void)
{
	static const struct step steps[] = {
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
	static const struct step steps[] = {
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
	static const struct step steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{20, "start bgpd", "spawn bgpd", "bgpd=starting"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY}), steps);
}

static void start_while_stopping_starts_again_afterwards(void)
{
	static const struct step steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{100, "stop bgpd", "signal bgpd TERM", "bgpd=stopping"},
		{101, "start bgpd", "", "bgpd=stopping"},
		{110, "exit bgpd 0", "down bgpd, spawn bgpd", "bgpd=ready"},
	};
	LAB_TELL(SERVICES({.name = "bgpd"}), steps);
}

static void a_oneshot_runs_again_on_restart_only(void)
{
	static const struct step steps[] = {
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
	static const struct step steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", "bgpd=failed"},
		{20, "restart bgpd", "spawn bgpd", "bgpd=starting"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY, .restart = RESTART_NEVER}), steps);
}

static void facts_about_what_is_no_more_are_dropped(void)
{
	static const struct step steps[] = {
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

static void a_reload_touches_only_what_changed(void)
{
	static const struct step before[] = {
		{0, "", "spawn same, spawn other, spawn gone, all-ready", NULL},
	};
	static const struct step after[] = {
		{1000, "", "signal other TERM, signal gone TERM, spawn new",
			"same=ready new=ready other=stopping gone=stopping"},
		{1010, "exit other 0", "down other, spawn other", "other=ready"},
		{1020, "exit gone 0", "down gone, retired 2", "same=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "same"}, {.name = "other"}, {.name = "gone"}));
	LAB_RUN(&lab, before);
	lab_pass(&lab, timestamp_add_ms(lab.now, 1000));
	lab_reload(&lab, SERVICES({.name = "new"}, {.name = "same"},
				 {.name = "other", .command = WORDS("/bin/other")}));
	LAB_RUN(&lab, after);
	CHECK_INT(lab_view(&lab, "same").attempt, 1);
	CHECK_INT(engine_find(lab.engine, "gone"), -1);
	CHECK(!engine_uses(lab.engine, &lab.models[0]));
	CHECK(engine_uses(lab.engine, &lab.models[1]));
	lab_close(&lab);
}

static void both_changed_start_again_in_order(void)
{
	static const struct step before[] = {{0, "", "spawn snmpd, spawn bgpd, all-ready", NULL}};
	static const struct step after[] = {
		{100, "", "signal bgpd TERM", "snmpd=ready bgpd=stopping"},
		{110, "exit bgpd 0", "down bgpd, signal snmpd TERM", "bgpd=waiting"},
		{120, "exit snmpd 0", "down snmpd, spawn snmpd", "snmpd=starting bgpd=waiting"},
		{130, "ready snmpd", "spawn bgpd", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "snmpd"}, {.name = "bgpd", .wants = WORDS("snmpd")}));
	LAB_RUN(&lab, before);
	lab_pass(&lab, timestamp_add_ms(lab.now, 100));
	lab_reload(&lab,
		SERVICES({.name = "snmpd", NOTIFY, .command = WORDS("/bin/other")},
			{.name = "bgpd", .command = WORDS("/bin/other"), .wants = WORDS("snmpd")}));
	LAB_RUN(&lab, after);
	lab_close(&lab);
}

static void what_waits_for_one_that_restarts_is_still_waited_for(void)
{
	static const struct step steps[] = {
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
	static const struct step steps[] = {
		{0, "", "spawn zebra, spawn console", NULL},
		{10, "restart console", "signal console TERM", "console=stopping"},
		{20, "ready zebra", "all-ready", "console=stopping"},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "console", .type = SERVICE_CONSOLE}),
		steps);
}

static void one_that_restarts_holds_up_all_ready(void)
{
	static const struct step steps[] = {
		{0, "", "spawn zebra, spawn sshd", NULL},
		{10, "restart sshd", "signal sshd TERM", "sshd=stopping"},
		{20, "ready zebra", "", "sshd=stopping"},
		{30, "exit sshd 0", "down sshd, spawn sshd, all-ready", "sshd=ready"},
	};
	LAB_TELL(SERVICES({.name = "zebra", NOTIFY}, {.name = "sshd"}), steps);
}

static void what_only_a_restarted_one_needs_stays_up(void)
{
	static const struct step steps[] = {
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

static void an_old_probe_asks_for_no_new_one(void)
{
	static const struct step before[] = {
		{0, "", "spawn bgpd", NULL},
		{50, "", "spawn bgpd.probe", NULL},
	};
	static const struct step after[] = {
		{60, "", "signal bgpd.probe KILL, signal bgpd TERM", NULL},
		{70, "exit bgpd 0", "down bgpd, spawn bgpd", "bgpd=starting"},
		{80, "die bgpd.probe 9", "", "bgpd=starting"},
		{900, "ready bgpd", "all-ready", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab,
		SERVICES({.name = "bgpd", .ready = {.kind = READY_EXEC, .words = WORDS("x")}}));
	LAB_RUN(&lab, before);
	lab_pass(&lab, timestamp_add_ms(lab.now, 10));
	lab_reload(&lab, SERVICES({.name = "bgpd", NOTIFY}));
	LAB_RUN(&lab, after);
	lab_close(&lab);
}

static void a_removed_one_that_comes_back_keeps_its_slot(void)
{
	static const struct step before[] = {{0, "", "spawn a, spawn b, all-ready", NULL}};
	static const struct step removed[] = {{100, "", "signal b TERM", "b=stopping"}};
	static const struct step back[] = {
		{200, "", "", "b=stopping"},
		{250, "exit b 0", "down b, spawn b", "b=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}, {.name = "b"}));
	LAB_RUN(&lab, before);
	int slot = engine_find(lab.engine, "b");
	lab_pass(&lab, timestamp_add_ms(lab.now, 100));
	lab_reload(&lab, SERVICES({.name = "a"}));
	LAB_RUN(&lab, removed);
	lab_pass(&lab, timestamp_add_ms(lab.now, 100));
	CHECK(engine_uses(lab.engine, &lab.models[0])); /* b still stops by it */
	CHECK_INT(engine_reload(lab.engine, &lab.models[0], lab.now), 0);
	lab_pass(&lab, lab.now);
	LAB_RUN(&lab, back);
	CHECK_INT(engine_find(lab.engine, "b"), slot);
	lab_close(&lab);
}

static void a_free_slot_is_used_again(void)
{
	static const struct step before[] = {{0, "", "spawn a, spawn b, all-ready", NULL}};
	static const struct step removed[] = {
		{100, "", "signal a TERM", NULL},
		{110, "exit a 0", "down a, retired 0", NULL},
	};
	static const struct step added[] = {{200, "", "spawn c", "b=ready c=ready"}};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}, {.name = "b"}));
	LAB_RUN(&lab, before);
	lab_pass(&lab, timestamp_add_ms(lab.now, 100));
	lab_reload(&lab, SERVICES({.name = "b"}));
	LAB_RUN(&lab, removed);
	lab_pass(&lab, timestamp_add_ms((struct timestamp){0}, 200));
	lab_reload(&lab, SERVICES({.name = "b"}, {.name = "c"}));
	LAB_RUN(&lab, added);
	CHECK_INT(engine_find(lab.engine, "c"), 0);
	CHECK_INT(engine_slot_count(lab.engine), 2);
	lab_close(&lab);
}

static void a_removed_one_stops_before_what_it_needs(void)
{
	static const struct step before[] = {{0, "", "spawn zebra, spawn bgpd, all-ready", NULL}};
	static const struct step removed[] = {
		{100, "", "signal bgpd TERM", "zebra=ready bgpd=stopping"},
		{150, "exit bgpd 0", "down bgpd, retired 1, signal zebra TERM", NULL},
		{160, "exit zebra 0", "down zebra, retired 0", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}, {.name = "bgpd", .needs = WORDS("zebra")}));
	LAB_RUN(&lab, before);
	lab_pass(&lab, timestamp_add_ms(lab.now, 100));
	lab_reload(&lab, SERVICES({.name = NULL}));
	LAB_RUN(&lab, removed);
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
	RUN(a_reload_touches_only_what_changed);
	RUN(both_changed_start_again_in_order);
	RUN(what_waits_for_one_that_restarts_is_still_waited_for);
	RUN(a_console_that_restarts_does_not_hold_up_all_ready);
	RUN(one_that_restarts_holds_up_all_ready);
	RUN(what_only_a_restarted_one_needs_stays_up);
	RUN(an_old_probe_asks_for_no_new_one);
	RUN(a_removed_one_that_comes_back_keeps_its_slot);
	RUN(a_free_slot_is_used_again);
	RUN(a_removed_one_stops_before_what_it_needs);
	return CHECK_EXIT_STATUS();
}

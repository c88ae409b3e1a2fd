/* Reloads: what changes while the router runs, and what is left alone. */
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void a_reload_touches_only_what_changed(void)
{
	static const struct scene before[] = {
		{0, "", "spawn same, spawn other, spawn gone, all-ready", NULL},
	};
	static const struct scene after[] = {
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
	static const struct scene before[] = {{0, "", "spawn snmpd, spawn bgpd, all-ready", NULL}};
	static const struct scene after[] = {
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

static void an_old_probe_asks_for_no_new_one(void)
{
	static const struct scene before[] = {
		{0, "", "spawn bgpd", NULL},
		{50, "", "spawn bgpd.probe", NULL},
	};
	static const struct scene after[] = {
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
	static const struct scene before[] = {{0, "", "spawn a, spawn b, all-ready", NULL}};
	static const struct scene removed[] = {{100, "", "signal b TERM", "b=stopping"}};
	static const struct scene back[] = {
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

static void one_that_comes_back_before_its_slot_is_freed_stays(void)
{
	struct action action;
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}, {.name = "b", .start = START_MANUAL}));
	lab_settle(&lab);
	lab_reload(&lab, SERVICES({.name = "a"}));
	engine_settle(lab.engine, lab.now); /* RETIRED is asked for, and not yet taken */
	CHECK_INT(engine_reload(lab.engine, &lab.models[0], lab.now), 0);
	engine_settle(lab.engine, lab.now);
	CHECK(!engine_take(lab.engine, &action));
	CHECK(engine_find(lab.engine, "b") == 1 && !lab_view(&lab, "b").wanted);
	lab_close(&lab);
}

static void a_manual_one_that_becomes_automatic_is_started(void)
{
	static const struct scene after[] = {{0, "", "spawn a", "a=ready"}};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", .start = START_MANUAL}));
	lab_settle(&lab);
	lab_reload(&lab, SERVICES({.name = "a"}));
	LAB_RUN(&lab, after);
	lab_close(&lab);
}

static void a_stopped_one_stays_stopped_over_a_reload(void)
{
	static const struct scene before[] = {
		{0, "", "spawn a, all-ready", NULL},
		{1, "stop a", "signal a TERM", NULL},
		{2, "exit a 0", "down a", "a=down"},
	};
	static const struct scene after[] = {{2, "", "", "a=down"}};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}));
	LAB_RUN(&lab, before);
	lab_reload(&lab, SERVICES({.name = "a", .command = WORDS("/bin/other")}));
	LAB_RUN(&lab, after);
	CHECK(!engine_uses(lab.engine, &lab.models[0])); /* a changed while it was down */
	lab_close(&lab);
}

static void a_free_slot_is_used_again(void)
{
	static const struct scene before[] = {{0, "", "spawn a, spawn b, all-ready", NULL}};
	static const struct scene removed[] = {
		{100, "", "signal a TERM", NULL},
		{110, "exit a 0", "down a, retired 0", NULL},
	};
	static const struct scene added[] = {{200, "", "spawn c", "b=ready c=ready"}};
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
	static const struct scene before[] = {{0, "", "spawn zebra, spawn bgpd, all-ready", NULL}};
	static const struct scene removed[] = {
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
	RUN(a_reload_touches_only_what_changed);
	RUN(both_changed_start_again_in_order);
	RUN(an_old_probe_asks_for_no_new_one);
	RUN(a_removed_one_that_comes_back_keeps_its_slot);
	RUN(one_that_comes_back_before_its_slot_is_freed_stays);
	RUN(a_manual_one_that_becomes_automatic_is_started);
	RUN(a_stopped_one_stays_stopped_over_a_reload);
	RUN(a_free_slot_is_used_again);
	RUN(a_removed_one_stops_before_what_it_needs);
	return CHECK_EXIT_STATUS();
}

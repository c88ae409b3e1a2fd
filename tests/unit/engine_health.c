/* Liveness: when a READY service is asked, what its silence leads to, and what does not count. */
#include "tests/unit/engine_scenario.h"

#define SOCKET .health = {.kind = READY_UNIX, .text = "/run/x"}
#define SCRIPT .health = {.kind = READY_EXEC, .words = WORDS("/bin/true")}
#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void one_that_answers_is_asked_again_and_again(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", "bgpd=ready"},
		{3000, "", "check bgpd", NULL},
		{3001, "healthy bgpd", "", NULL},
		{6000, "", "check bgpd", NULL},
		{7990, "healthy bgpd", "", "bgpd=ready"}, /* slow, but in time */
		{9000, "", "check bgpd", NULL},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SOCKET}), steps);
}

static void nothing_is_asked_before_it_is_ready_or_without_health(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, spawn ospfd", "bgpd=starting ospfd=ready"},
		{20000, "ready bgpd", "all-ready", "bgpd=ready"},
		{23000, "", "check bgpd", NULL},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SOCKET, NOTIFY}, {.name = "ospfd"}), steps);
}

static void one_that_is_silent_is_killed_and_restarted(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
		{3010, "healthy bgpd", "", NULL},
		{6000, "", "check bgpd", NULL},
		{8000, "", "unprobe bgpd, check bgpd", "bgpd=ready"},
		{10000, "", "unprobe bgpd, signal bgpd KILL", "bgpd=killing"},
		{10001, "die bgpd 9", "down bgpd", "bgpd=backoff"},
		{10201, "", "spawn bgpd", "bgpd=ready"},
		{13201, "", "check bgpd", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", SOCKET}));
	lab_run(&lab, steps, 5);
	CHECK_INT(lab_view(&lab, "bgpd").checks_failed, 1);
	lab_run(&lab, steps + 5, sizeof(steps) / sizeof(steps[0]) - 5);
	struct unit_view view = lab_view(&lab, "bgpd");

	CHECK_INT(view.last.kind, FAILURE_HEALTH);
	CHECK_INT(view.last.checks, 2);
	CHECK_INT(view.last.silent_ms, 10000 - 3010);
	CHECK_INT(view.failures, 1);
	CHECK_INT(view.checks_failed, 0);
	CHECK(!view.overran);
	lab_close(&lab);
}

static void a_bad_answer_is_asked_about_again_after_a_second(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
		{3005, "unhealthy bgpd", "", "bgpd=ready"},
		{4000, "", "check bgpd", NULL},
		{4005, "healthy bgpd", "", "bgpd=ready"}, /* counts anew */
		{7000, "", "check bgpd", NULL},
		{7005, "unhealthy bgpd", "", NULL},
		{8000, "", "check bgpd", NULL},
		{8005, "unhealthy bgpd", "signal bgpd KILL", "bgpd=killing"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SOCKET}), steps);
}

static void a_signal_for_a_core_goes_first(void)
{
	static const struct scene dies[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
		{5000, "", "unprobe bgpd, signal bgpd ABRT", "bgpd=stopping"},
		{5300, "die bgpd 6", "down bgpd", "bgpd=backoff"},
	};
	static const struct scene stays[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
		{5000, "", "unprobe bgpd, signal bgpd ABRT", "bgpd=stopping"},
		{6000, "", "signal bgpd KILL", "bgpd=killing"},
		{6001, "die bgpd 9", "down bgpd", "bgpd=backoff"},
	};
	const struct service *services = SERVICES({.name = "bgpd",
		SOCKET,
		.health_failures = 1,
		.health_signal = SIGABRT,
		.stop_command = WORDS("x")});
	struct lab lab;

	lab_open(&lab, services);
	LAB_RUN(&lab, dies);
	lab_close(&lab);
	lab_open(&lab, services);
	LAB_RUN(&lab, stays);
	CHECK_INT(lab_view(&lab, "bgpd").last.kind, FAILURE_HEALTH);
	CHECK(!lab_view(&lab, "bgpd").overran);
	lab_close(&lab);
}

static void policy_judges_it_as_any_failure(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
		{3001, "unhealthy bgpd", "signal bgpd KILL", NULL},
		{3002, "die bgpd 9", "down bgpd", "bgpd=failed"},
		{3003, "gone", "", NULL},
	};
	static const struct scene critical[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
		{3001, "unhealthy bgpd", "signal bgpd KILL", NULL},
		{3002, "die bgpd 9", "down bgpd, rest TERM", "bgpd=down"},
		{3003, "gone", "end 102", NULL},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SOCKET, .health_failures = 1, .restart = RESTART_NEVER}),
		steps);
	LAB_TELL(SERVICES({.name = "bgpd",
			 SOCKET,
			 .health_failures = 1,
			 .restart = RESTART_NEVER,
			 .critical = true}),
		critical);
}

static void a_program_that_asks_is_killed_before_the_next_one_runs(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "spawn bgpd.probe", NULL},
		{3040, "exit bgpd.probe 0", "", NULL},
		{6000, "", "spawn bgpd.probe", NULL},
		{8000, "", "signal bgpd.probe KILL", "bgpd=ready"},
		{8500, "die bgpd.probe 9", "spawn bgpd.probe", "bgpd=ready"},
		{9000, "exit bgpd.probe 1", "signal bgpd KILL", "bgpd=killing"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SCRIPT}), steps);
}

/* Neither a program that cannot be started nor one that cannot be killed tells of the service. */
static void a_check_that_cannot_be_made_is_not_counted(void)
{
	static const struct scene steps[] = {
		{0, "refuse bgpd.probe 12", "spawn bgpd, all-ready", NULL},
		{3000, "", "spawn bgpd.probe", "bgpd=ready"},
		{6000, "", "spawn bgpd.probe", "bgpd=ready"},
		{8000, "", "signal bgpd.probe KILL", NULL},
		{600000, "die bgpd.probe 9", "spawn bgpd.probe", "bgpd=ready"},
		{600010, "exit bgpd.probe 0", "", "bgpd=ready"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SCRIPT}), steps);
}

static void a_stop_ends_the_check_under_way(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, spawn ospfd, all-ready", NULL},
		{3000, "", "check bgpd, spawn ospfd.probe", NULL},
		{3100, "stop bgpd, stop ospfd",
			"unprobe bgpd, signal bgpd TERM, signal ospfd.probe KILL, signal ospfd "
			"TERM",
			"bgpd=stopping ospfd=stopping"},
		{3101, "die ospfd.probe 9", "", NULL},
		{3200, "exit bgpd 0, exit ospfd 0", "down bgpd, down ospfd",
			"bgpd=down ospfd=down"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", SOCKET}, {.name = "ospfd", SCRIPT}), steps);
}

/* One that waits for those that need it to stop is not asked any more. */
static void one_that_is_about_to_stop_is_not_asked(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn bgpd, all-ready", NULL},
		{3000, "", "check zebra", NULL},
		{4000, "shutdown", "unprobe zebra, signal bgpd TERM", "zebra=ready"},
		{8500, "exit bgpd 0", "down bgpd, signal zebra TERM", "zebra=stopping"},
	};
	LAB_TELL(SERVICES({.name = "zebra", SOCKET}, {.name = "bgpd", .needs = WORDS("zebra")}),
		steps);
}

static void a_reload_takes_the_checks_away_and_gives_them_back(void)
{
	static const struct scene begin[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{3000, "", "check bgpd", NULL},
	};
	static const struct scene without[] = {
		{3500, "", "unprobe bgpd", "bgpd=ready"},
		{50000, "", "", "bgpd=ready"},
	};
	static const struct scene with[] = {
		{53000, "", "check bgpd", "bgpd=ready"},
		{53001, "healthy bgpd", "", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", SOCKET}));
	LAB_RUN(&lab, begin);
	lab_pass(&lab, timestamp_add_ms((struct timestamp){0}, 3500));
	lab_reload(&lab, SERVICES({.name = "bgpd"}));
	LAB_RUN(&lab, without);
	lab_reload(&lab, SERVICES({.name = "bgpd", SOCKET}));
	lab_settle(&lab);
	LAB_RUN(&lab, with);
	lab_close(&lab);
}

/* Between two moments the loop does not run: what it is woken for comes as late as that. */
static void sleep_until(struct lab *lab, int64_t at_ms)
{
	lab->now = timestamp_add_ms((struct timestamp){0}, at_ms);
	lab->actions[0] = '\0';
	lab_settle(lab);
}

/* The timeout is 2 s: lateness of more than 250 ms is made up for, with 4 s at most. */
static void our_own_lateness_is_not_held_against_it(void)
{
	static const struct {
		int64_t late_ms, due_ms; /* after the timeout at 5000 ms; 0: at once */
	} cases[] = {{0, 0}, {250, 0}, {251, 5502}, {1000, 7000}, {4000, 13000}, {60000, 69000}};
	struct lab lab;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab_open(&lab, SERVICES({.name = "bgpd", SOCKET, .health_failures = 1}));
		sleep_until(&lab, 0);
		sleep_until(&lab, 3000);
		CHECK_STR(lab.actions, "check bgpd");
		sleep_until(&lab, 5000 + cases[i].late_ms);
		CHECK_STR(lab.actions, cases[i].due_ms ? "" : "unprobe bgpd, signal bgpd KILL");
		if (cases[i].due_ms)
			CHECK_INT(engine_deadline(lab.engine).ns / 1000000, cases[i].due_ms);
		lab_close(&lab);
	}
}

static void all_that_is_made_up_for_is_bounded(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", SOCKET, .health_failures = 1}));
	sleep_until(&lab, 0);
	sleep_until(&lab, 3000);
	for (int64_t at_ms = 5000; at_ms < 13000; at_ms += 2000)
		sleep_until(&lab, at_ms + 1000); /* each time 1 s late: 4 s in all */
	CHECK_STR(lab.actions, "");
	sleep_until(&lab, 14000);
	CHECK_STR(lab.actions, "unprobe bgpd, signal bgpd KILL");
	lab_close(&lab);
}

/* What answers a check that is over already must not stand for the next one. */
static void a_late_answer_is_no_answer(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", SOCKET}));
	sleep_until(&lab, 0);
	sleep_until(&lab, 3000);
	lab.now = timestamp_add_ms((struct timestamp){0}, 5000);
	engine_settle(lab.engine, lab.now); /* timed out; the next is not asked for yet */
	lab_feed(&lab, "healthy bgpd");
	CHECK_INT(lab_view(&lab, "bgpd").checks_failed, 1);
	lab.actions[0] = '\0';
	lab_settle(&lab);
	CHECK_STR(lab.actions, "unprobe bgpd, check bgpd");
	lab_close(&lab);
}

int main(void)
{
	RUN(one_that_answers_is_asked_again_and_again);
	RUN(nothing_is_asked_before_it_is_ready_or_without_health);
	RUN(one_that_is_silent_is_killed_and_restarted);
	RUN(a_bad_answer_is_asked_about_again_after_a_second);
	RUN(a_signal_for_a_core_goes_first);
	RUN(policy_judges_it_as_any_failure);
	RUN(a_program_that_asks_is_killed_before_the_next_one_runs);
	RUN(a_check_that_cannot_be_made_is_not_counted);
	RUN(a_stop_ends_the_check_under_way);
	RUN(one_that_is_about_to_stop_is_not_asked);
	RUN(a_reload_takes_the_checks_away_and_gives_them_back);
	RUN(our_own_lateness_is_not_held_against_it);
	RUN(all_that_is_made_up_for_is_bounded);
	RUN(a_late_answer_is_no_answer);
	return CHECK_EXIT_STATUS();
}

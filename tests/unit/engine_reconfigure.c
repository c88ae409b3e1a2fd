/* What came back without its configuration is given it again: when, how often, how long. */
#include "tests/unit/engine_scenario.h"

#define AGAIN  .reconfigure = WORDS("/usr/bin/vtysh", "-b")
#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void one_that_is_ready_again_is_configured_again(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", "bgpd=starting"},
		{100, "ready bgpd", "all-ready", "bgpd=ready"},
		{500, "die bgpd 9", "down bgpd", NULL},
		{700, "", "spawn bgpd", "bgpd=starting"},
		{800, "ready bgpd", "spawn bgpd.reconfigure", "bgpd=ready"},
		{850, "exit bgpd.reconfigure 0", "", "bgpd=ready"},
		{900, "restart bgpd", "signal bgpd TERM", NULL},
		{910, "exit bgpd 0", "down bgpd, spawn bgpd", NULL},
		{920, "ready bgpd", "spawn bgpd.reconfigure", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", NOTIFY, AGAIN}));
	lab_run(&lab, steps, 2);
	CHECK(!lab_view(&lab, "bgpd").reconfiguring);
	lab_run(&lab, steps + 2, 3);
	CHECK(lab_view(&lab, "bgpd").reconfiguring);
	lab_run(&lab, steps + 5, 1);
	CHECK(!lab_view(&lab, "bgpd").reconfiguring);
	CHECK(!lab_view(&lab, "bgpd").reconfigure_failed);
	lab_run(&lab, steps + 6, 3);
	lab_close(&lab);
}

/* What loads the configuration at boot waits for it, but not for ever: it needs what has failed.
 * Its first start is after that, and none has configured it. */
static void one_that_missed_the_loader_is_configured(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn certs", "bgpd=waiting loader=waiting"},
		{10, "exit certs 1", "down certs, spawn loader", "bgpd=waiting loader=starting"},
		{20, "exit loader 0", "down loader", "loader=done"},
		{900, "start certs", "spawn certs", "certs=starting"},
		{910, "exit certs 0", "down certs, spawn bgpd", NULL},
		{920, "ready bgpd", "all-ready, spawn bgpd.reconfigure", "bgpd=ready"},
	};

	LAB_TELL(SERVICES({.name = "certs", .type = SERVICE_ONESHOT, .restart = RESTART_NEVER},
			 {.name = "bgpd", NOTIFY, AGAIN, .needs = WORDS("certs")},
			 {.name = "loader", .type = SERVICE_ONESHOT, .wants = WORDS("bgpd")}),
		steps);
}

/* Of three ways to fail none stops the service; the next restart is a new chance. */
static void a_failure_is_told_and_no_more(void)
{
	static const struct {
		const char *label;
		struct scene steps[4];
		unsigned count;
	} cases[] = {
		{"exit", {{220, "exit bgpd.reconfigure 1", "", "bgpd=ready"}}, 1},
		{"late",
			{{1200, "", "signal bgpd.reconfigure KILL", "bgpd=ready"},
				{1210, "die bgpd.reconfigure 9", "", "bgpd=ready"}},
			2},
	};
	static const struct scene before[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{0, "die bgpd 9", "down bgpd", NULL},
		{200, "", "spawn bgpd, spawn bgpd.reconfigure", "bgpd=ready"},
	};
	static const struct scene after[] = {
		{5000, "die bgpd 9", "down bgpd", NULL},
		{5400, "", "spawn bgpd, spawn bgpd.reconfigure", "bgpd=ready"},
		{5410, "exit bgpd.reconfigure 0", "", "bgpd=ready"},
	};
	struct lab lab;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab_open(&lab, SERVICES({.name = "bgpd", AGAIN, .start_timeout_ms = 1000}));
		LAB_RUN(&lab, before);
		lab_run(&lab, cases[i].steps, cases[i].count);
		CHECK(lab_view(&lab, "bgpd").reconfigure_failed);
		CHECK(!lab_view(&lab, "bgpd").reconfiguring);
		LAB_RUN(&lab, after);
		CHECK(!lab_view(&lab, "bgpd").reconfigure_failed);
		lab_close(&lab);
	}
}

static void one_that_cannot_be_run_has_failed(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{0, "die bgpd 9, refuse bgpd.reconfigure 2", "down bgpd", NULL},
		{200, "", "spawn bgpd, spawn bgpd.reconfigure", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", AGAIN}));
	LAB_RUN(&lab, steps);
	CHECK(lab_view(&lab, "bgpd").reconfigure_failed);
	CHECK(!lab_view(&lab, "bgpd").reconfiguring);
	lab_close(&lab);
}

/* It goes with the service; the next life waits for its end before it has one of its own. */
static void it_does_not_outlive_the_service(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{0, "die bgpd 9", "down bgpd", NULL},
		{200, "", "spawn bgpd, spawn bgpd.reconfigure", NULL},
		{300, "die bgpd 9", "signal bgpd.reconfigure KILL, down bgpd", "bgpd=backoff"},
		{700, "", "spawn bgpd", "bgpd=ready"},
		{800, "die bgpd.reconfigure 9", "spawn bgpd.reconfigure", NULL},
		{900, "shutdown", "signal bgpd TERM", NULL},
		{910, "exit bgpd 0", "down bgpd, rest TERM", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", AGAIN}));
	lab_run(&lab, steps, 5);
	CHECK(lab_view(&lab, "bgpd").reconfiguring);
	lab_run(&lab, steps + 5, 1);
	CHECK(lab_view(&lab, "bgpd").reconfiguring);
	CHECK(!lab_view(&lab, "bgpd").reconfigure_failed);
	lab_close(&lab);
}

/* It missed the loading at boot, too. */
static void one_that_comes_with_a_reload_is_configured(void)
{
	static const struct scene first[] = {{0, "", "spawn zebra, all-ready", NULL}};
	static const struct scene then[] = {
		{100, "", "spawn bgpd, spawn bgpd.reconfigure", "zebra=ready bgpd=ready"},
		{200, "exit bgpd.reconfigure 0", "", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra", AGAIN}));
	LAB_RUN(&lab, first);
	lab_pass(&lab, timestamp_add_ms((struct timestamp){0}, 100));
	lab_reload(&lab, SERVICES({.name = "zebra", AGAIN}, {.name = "bgpd", AGAIN}));
	LAB_RUN(&lab, then);
	lab_close(&lab);
}

int main(void)
{
	RUN(one_that_is_ready_again_is_configured_again);
	RUN(one_that_missed_the_loader_is_configured);
	RUN(a_failure_is_told_and_no_more);
	RUN(one_that_cannot_be_run_has_failed);
	RUN(it_does_not_outlive_the_service);
	RUN(one_that_comes_with_a_reload_is_configured);
	return CHECK_EXIT_STATUS();
}

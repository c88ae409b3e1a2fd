/* A service is asked to read its configuration anew: by a signal, by a command, or by what gives it
 * its configuration after a restart. */
#include "tests/unit/engine_scenario.h"

#define BY_SIGNAL  .reload_signal = SIGHUP
#define BY_COMMAND .reload_command = WORDS("/bin/reload")
#define AGAIN	   .reconfigure = WORDS("/usr/bin/vtysh", "-b")
#define NOTIFY	   .ready = {.kind = READY_NOTIFY_FD}

static void a_signal_is_sent_to_what_is_ready(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd", NULL},
		{10, "reload sshd", "", "sshd=starting"},
		{20, "ready sshd", "all-ready", "sshd=ready"},
		{30, "reload sshd", "signal sshd HUP", "sshd=ready"},
		{40, "stop sshd, reload sshd", "signal sshd TERM", "sshd=stopping"},
		{50, "reload sshd", "", "sshd=stopping"},
	};
	LAB_TELL(SERVICES({.name = "sshd", NOTIFY, BY_SIGNAL}), steps);
}

static void a_command_runs_and_may_fail(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", "a=ready"},
		{10, "reload a", "spawn a.reload", "a=ready"},
		{20, "exit a.reconfigure 0", "", "a=ready"},
		{30, "reload a", "spawn a.reload", NULL},
		{40, "exit a.reconfigure 2", "", "a=ready"},
		{50, "refuse a.reconfigure 2, reload a", "spawn a.reload", "a=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", BY_COMMAND}));
	lab_run(&lab, steps, 2);
	CHECK(lab_view(&lab, "a").reloading);
	CHECK(!lab_view(&lab, "a").reconfiguring);
	lab_run(&lab, steps + 2, 1);
	CHECK(!lab_view(&lab, "a").reloading && !lab_view(&lab, "a").reload_failed);
	lab_run(&lab, steps + 3, 2);
	CHECK(lab_view(&lab, "a").reload_failed && !lab_view(&lab, "a").reconfigure_failed);
	CHECK_INT(lab_view(&lab, "a").reload_status, 2 << 8);
	lab_run(&lab, steps + 5, 1);
	CHECK(lab_view(&lab, "a").reload_failed && lab_view(&lab, "a").reload_was_last);
	CHECK_INT(lab_view(&lab, "a").reload_status, -1);
	lab_close(&lab);
}

static void a_command_that_takes_too_long_is_killed(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{10, "reload a", "spawn a.reload", NULL},
		{1010, "", "signal a.reconfigure KILL", "a=ready"},
		{1011, "die a.reconfigure 9", "", "a=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", BY_COMMAND, .start_timeout_ms = 1000}));
	LAB_RUN(&lab, steps);
	CHECK(lab_view(&lab, "a").reload_failed);
	lab_close(&lab);
}

/* Twice before it has begun is once; while it runs, it is run again. */
static void requests_are_not_lost_and_not_hoarded(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{10, "reload a, reload a", "spawn a.reload", NULL},
		{20, "reload a, reload a", "", NULL},
		{30, "exit a.reconfigure 0", "spawn a.reload", NULL},
		{40, "exit a.reconfigure 0", "", NULL},
	};
	LAB_TELL(SERVICES({.name = "a", BY_COMMAND}), steps);
}

/* Without a way of its own it is given its configuration as after a restart, by that exit code. */
static void reconfigure_serves_as_reload(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", NULL},
		{10, "reload bgpd", "spawn bgpd.reconfigure", NULL},
		{20, "exit bgpd.reconfigure 1", "", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", AGAIN}));
	LAB_RUN(&lab, steps);
	CHECK(lab_view(&lab, "bgpd").reconfigure_failed && !lab_view(&lab, "bgpd").reload_failed);
	lab_close(&lab);
}

/* Both are asked for: one after the other, the configuration first. */
static void a_reload_waits_for_reconfigure(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{10, "restart a", "signal a TERM", NULL},
		{20, "exit a 0", "down a, spawn a, spawn a.reconfigure", "a=ready"},
		{30, "reload a", "", NULL},
		{40, "exit a.reconfigure 0", "spawn a.reload", NULL},
		{50, "die a 9", "signal a.reconfigure KILL, down a", "a=backoff"},
	};
	LAB_TELL(SERVICES({.name = "a", BY_COMMAND, AGAIN}), steps);
}

static void without_any_way_nothing_happens(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{10, "reload a", "", "a=ready"},
	};
	LAB_TELL(SERVICES({.name = "a"}), steps);
}

int main(void)
{
	RUN(a_signal_is_sent_to_what_is_ready);
	RUN(a_command_runs_and_may_fail);
	RUN(a_command_that_takes_too_long_is_killed);
	RUN(requests_are_not_lost_and_not_hoarded);
	RUN(reconfigure_serves_as_reload);
	RUN(a_reload_waits_for_reconfigure);
	RUN(without_any_way_nothing_happens);
	return CHECK_EXIT_STATUS();
}

/* What happens when services end by themselves: delays, doubling, reset, giving up, what is
 * critical, and what becomes of those that need the one that was lost. */
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

static void the_delay_doubles_up_to_its_maximum(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", "bgpd=starting"},
		{0, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{200, "", "spawn bgpd", NULL},
		{200, "exit bgpd 1", "down bgpd", NULL},
		{600, "", "spawn bgpd", NULL},
		{600, "exit bgpd 1", "down bgpd", NULL},
		{1400, "", "spawn bgpd", NULL},
		{1400, "exit bgpd 1", "down bgpd", NULL},
		{2400, "", "spawn bgpd", NULL},
		{2400, "die bgpd 11", "down bgpd", NULL},
		{3400, "", "spawn bgpd", NULL},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY, .restart_delay_max_ms = 1000}), steps);
}

static void a_quiet_period_resets_the_delay(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd, all-ready", "bgpd=ready"},
		{1000, "exit bgpd 1", "down bgpd", NULL},
		{1200, "", "spawn bgpd", NULL},
		{61199, "exit bgpd 1", "down bgpd", NULL}, /* 1 ms short of the minute */
		{61599, "", "spawn bgpd", NULL},
		{121599, "exit bgpd 1", "down bgpd", NULL}, /* a minute */
		{121799, "", "spawn bgpd", NULL},
	};
	LAB_TELL(SERVICES({.name = "bgpd"}), steps);
}

static void what_cannot_be_started_is_tried_again_like_what_fails(void)
{
	static const struct scene steps[] = {
		{0, "refuse bgpd 12, exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{200, "", "spawn bgpd, down bgpd", "bgpd=backoff"},
		{600, "", "spawn bgpd", "bgpd=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd"}));
	lab_settle(&lab);
	LAB_RUN(&lab, steps);
	CHECK_INT(lab_view(&lab, "bgpd").last.kind, FAILURE_SPAWN);
	CHECK_INT(lab_view(&lab, "bgpd").last.error, ENOMEM);
	CHECK_STR(lab_view(&lab, "bgpd").last.stage, "exec");
	lab_close(&lab);
}

static void no_delay_is_no_busy_loop(void)
{
	struct service service = {.name = "x", .restart_delay_max_ms = 1};
	const struct service services[] = {service, {.name = NULL}};
	unsigned starts = 0;
	struct lab lab;

	lab_open(&lab, services);
	lab.services[0][0].restart_delay_min_ms = lab.services[0][0].restart_delay_max_ms = 0;
	for (unsigned i = 0; i < 1000; i++) {
		lab.actions[0] = '\0';
		lab_settle(&lab);
		starts += strstr(lab.actions, "spawn x") != NULL;
		if (lab_view(&lab, "x").state == STATE_READY)
			lab_feed(&lab, "exit x 1");
	}
	CHECK(starts > 2 && starts < 50); /* all at one instant: then the delay sets in */
	CHECK(timestamp_before(lab.now, engine_deadline(lab.engine)));
	lab_close(&lab);
}

static void five_in_a_minute_is_given_up_and_start_tries_again(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL}, {10, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{210, "", "spawn bgpd", NULL}, {220, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{620, "", "spawn bgpd", NULL}, {630, "exit bgpd 1", "down bgpd", "bgpd=failed"},
		{99000, "start bgpd", "spawn bgpd", "bgpd=starting"},
		{99010, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{99210, "", "spawn bgpd", NULL}, /* the count began anew, and so did the delay */
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY, .give_up_count = 3}), steps);
}

static void failures_outside_the_window_do_not_count(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{210, "", "spawn bgpd", NULL},
		{2000, "exit bgpd 1", "down bgpd", "bgpd=backoff"},
		{2400, "", "spawn bgpd", NULL},
		{2500, "exit bgpd 1", "down bgpd", "bgpd=failed"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY, .give_up_count = 2, .give_up_window_ms = 1000}),
		steps);
}

static void exit_0_of_a_daemon_is_a_failure_unless_said_otherwise(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn plain, spawn once, all-ready", NULL},
		{10, "exit plain 0", "down plain", "plain=backoff"},
		{20, "exit once 0", "down once", "once=done"},
		{210, "", "spawn plain", NULL},
	};
	LAB_TELL(SERVICES({.name = "plain", .restart = RESTART_ON_FAILURE},
			 {.name = "once", .restart = RESTART_ON_FAILURE, .success = &exit_code_0}),
		steps);
}

static void a_failed_one_leaves_the_container_up(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd, spawn bgpd", NULL},
		{10, "exit bgpd 1", "down bgpd", "bgpd=failed sshd=ready"},
		{100000, "", "", "bgpd=failed sshd=ready"},
	};
	LAB_TELL(SERVICES({.name = "sshd"}, {.name = "bgpd", NOTIFY, .restart = RESTART_NEVER}),
		steps);
}

static void a_critical_one_that_fails_ends_all_with_102(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd, spawn zebra", NULL},
		{10, "exit zebra 1", "down zebra, signal sshd TERM", "sshd=stopping"},
		{20, "exit sshd 0", "down sshd, rest TERM", NULL},
		{25, "gone", "end 102", NULL},
	};
	struct lab lab;
	struct engine_summary summary;

	lab_open(&lab,
		SERVICES({.name = "sshd"},
			{.name = "zebra", NOTIFY, .restart = RESTART_NEVER, .critical = true}));
	LAB_RUN(&lab, steps);
	engine_summarize(lab.engine, &summary);
	CHECK_INT(summary.ended_by, engine_find(lab.engine, "zebra"));
	CHECK_INT(summary.phase, PHASE_ENDED);
	lab_close(&lab);
}

static void on_give_up_stop_ends_all_with_102(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", NULL},
		{10, "exit zebra 1", "down zebra", "zebra=backoff"},
		{210, "", "spawn zebra", NULL},
		{220, "exit zebra 1", "down zebra, rest TERM", NULL},
		{221, "gone", "end 102", NULL},
	};
	LAB_TELL(
		SERVICES({.name = "zebra", NOTIFY, .give_up_count = 2, .on_give_up = GIVE_UP_STOP}),
		steps);
}

static void a_critical_one_that_is_never_ready_ends_all_with_103(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", NULL},
		{1000, "", "signal zebra TERM", NULL},
		{1001, "die zebra 15", "down zebra, rest TERM", NULL},
		{1002, "gone", "end 103", NULL},
	};
	LAB_TELL(SERVICES({.name = "zebra",
			 NOTIFY,
			 .start_timeout_ms = 1000,
			 .restart = RESTART_NEVER,
			 .critical = true}),
		steps);
}

static void the_foreground_command_gives_its_exit_code(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn sshd, all-ready, spawn command", "command=ready"},
		{900, "exit command 42", "down command, signal sshd TERM", NULL},
		{910, "die sshd 15", "down sshd, rest TERM", NULL},
		{911, "gone", "end 42", NULL},
	};
	LAB_TELL(SERVICES({.name = "sshd"},
			 {.name = "command", .type = SERVICE_FOREGROUND, .restart = RESTART_NEVER}),
		steps);
}

static void the_foreground_command_gives_128_and_its_signal(void)
{
	static const struct scene steps[] = {
		{0, "", "all-ready, spawn command", NULL},
		{900, "die command 11", "down command, rest TERM", NULL},
		{911, "gone", "end 139", NULL},
	};
	LAB_TELL(
		SERVICES({.name = "command", .type = SERVICE_FOREGROUND, .restart = RESTART_NEVER}),
		steps);
}

static void a_foreground_command_that_is_not_there_gives_127(void)
{
	static const struct scene steps[] = {
		{0, "refuse command 2", "all-ready, spawn command, down command, rest TERM", NULL},
		{1, "gone", "end 127", NULL},
	};
	LAB_TELL(
		SERVICES({.name = "command", .type = SERVICE_FOREGROUND, .restart = RESTART_NEVER}),
		steps);
}

static void a_lost_need_is_kept_restarted_or_stopped_by_policy(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", NULL},
		{10, "ready zebra", "spawn keeps, spawn restarts, spawn stops, all-ready", NULL},
		{50, "die zebra 9", "down zebra, signal restarts TERM, signal stops TERM",
			"keeps=ready restarts=stopping stops=stopping"},
		{60, "exit restarts 0, exit stops 0", "down restarts, down stops",
			"restarts=waiting stops=down"},
		{250, "", "spawn zebra", NULL},
		{260, "ready zebra", "spawn restarts", "keeps=ready restarts=ready stops=down"},
		{300, "start stops", "spawn stops", "stops=ready"},
	};
	struct lab lab;

	lab_open(&lab,
		SERVICES({.name = "zebra", NOTIFY}, {.name = "keeps", .needs = WORDS("zebra")},
			{.name = "restarts",
				.needs = WORDS("zebra"),
				.on_need_lost = NEED_LOST_RESTART},
			{.name = "stops",
				.needs = WORDS("zebra"),
				.on_need_lost = NEED_LOST_STOP}));
	LAB_RUN(&lab, steps);
	CHECK_INT(lab_view(&lab, "restarts").failures, 0); /* it did nothing wrong */
	lab_close(&lab);
}

static void what_was_done_for_a_lost_need_is_done_again(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn bgpd", NULL},
		{10, "ready bgpd", "spawn load", NULL},
		{20, "exit load 0", "all-ready, down load", "load=done"},
		{50, "die bgpd 9", "down bgpd", "bgpd=backoff load=waiting"},
		{250, "", "spawn bgpd", NULL},
		{260, "ready bgpd", "spawn load", "bgpd=ready load=starting"},
		{270, "exit load 0", "down load", "load=done"},
	};
	LAB_TELL(SERVICES({.name = "bgpd", NOTIFY}, {.name = "load",
							    .type = SERVICE_ONESHOT,
							    .needs = WORDS("bgpd"),
							    .on_need_lost = NEED_LOST_RESTART}),
		steps);
}

static void a_lost_need_is_followed_along_the_chain(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, spawn b, spawn c, all-ready", NULL},
		{50, "exit a 1", "down a, signal c TERM", "a=backoff b=ready c=stopping"},
		{60, "exit c 0", "down c, signal b TERM", "b=stopping c=waiting"},
		{70, "exit b 0", "down b", "b=waiting"},
		{250, "", "spawn a, spawn b, spawn c", NULL},
	};
	LAB_TELL(SERVICES({.name = "a"},
			 {.name = "b", .needs = WORDS("a"), .on_need_lost = NEED_LOST_RESTART},
			 {.name = "c", .needs = WORDS("b"), .on_need_lost = NEED_LOST_RESTART}),
		steps);
}

int main(void)
{
	RUN(the_delay_doubles_up_to_its_maximum);
	RUN(a_quiet_period_resets_the_delay);
	RUN(what_cannot_be_started_is_tried_again_like_what_fails);
	RUN(no_delay_is_no_busy_loop);
	RUN(five_in_a_minute_is_given_up_and_start_tries_again);
	RUN(failures_outside_the_window_do_not_count);
	RUN(exit_0_of_a_daemon_is_a_failure_unless_said_otherwise);
	RUN(a_failed_one_leaves_the_container_up);
	RUN(a_critical_one_that_fails_ends_all_with_102);
	RUN(on_give_up_stop_ends_all_with_102);
	RUN(a_critical_one_that_is_never_ready_ends_all_with_103);
	RUN(the_foreground_command_gives_its_exit_code);
	RUN(the_foreground_command_gives_128_and_its_signal);
	RUN(a_foreground_command_that_is_not_there_gives_127);
	RUN(a_lost_need_is_kept_restarted_or_stopped_by_policy);
	RUN(what_was_done_for_a_lost_need_is_done_again);
	RUN(a_lost_need_is_followed_along_the_chain);
	return CHECK_EXIT_STATUS();
}

/* When may the running configuration be saved? */
#include "supervisor/frr_guard.h"

#include "config/frr.h"
#include "supervisor/buffer.h"
#include "supervisor/health.h"
#include "supervisor/status.h"
#include "config/arena.h"
#include "tests/unit/engine_scenario.h"

#define DAEMON(who)                                                                                \
	.name = who, .from_frr = true, .reconfigure = WORDS("vtysh"),                              \
	.ready = {.kind = READY_FRR_VTY, .text = who}
#define ROUTER                                                                                     \
	SERVICES({DAEMON("zebra")}, {DAEMON("bgpd"), .needs = WORDS("zebra")},                     \
		{.name = "frr-config",                                                             \
			.from_frr = true,                                                          \
			.type = SERVICE_ONESHOT,                                                   \
			.restart = RESTART_NEVER,                                                  \
			.needs = WORDS("zebra"),                                                   \
			.wants = WORDS("bgpd")},                                                   \
		{.name = FRR_WRITER,                                                               \
			.from_frr = true,                                                          \
			.type = SERVICE_ONESHOT,                                                   \
			.start = START_MANUAL,                                                     \
			.restart = RESTART_NEVER,                                                  \
			.after = WORDS("zebra", "bgpd", "frr-config")},                            \
		{.name = "sshd"})

/* Does the guard say just that? NULL: it may be saved. */
static void check_guard(const struct lab *lab, const char *want)
{
	struct buffer why = {0};
	bool allows = frr_guard_allows(lab->engine, true, lab->now, &why);

	CHECK_INT(allows, want == NULL);
	CHECK_STR(why.length ? why.data : "", want ? want : "");
	buffer_free(&why);
}

static void step(struct lab *lab, int64_t ms, const char *facts)
{
	lab->now = timestamp_add_ms(lab->now, ms);
	lab_feed(lab, facts);
	lab->actions[0] = '\0';
	lab_settle(lab);
}

static void boot(struct lab *lab)
{
	lab_open(lab, ROUTER);
	step(lab, 0, "");
	step(lab, 10, "ready zebra");
	step(lab, 10, "ready bgpd");
	step(lab, 10, "exit frr-config 0");
}

static void names_each_that_is_not_there(void)
{
	struct lab lab;

	lab_open(&lab, ROUTER);
	step(&lab, 0, "");
	check_guard(&lab, "% zebra: starting; waiting for frr-vty zebra, 30 s at most\n"
			  "% bgpd: waiting; waiting for zebra (starting)\n"
			  "% frr-config: waiting; waiting for zebra (starting)\n");
	step(&lab, 10, "ready zebra");
	step(&lab, 10, "ready bgpd");
	check_guard(&lab, "% frr-config: starting; runs, 30 s at most\n");
	step(&lab, 10, "exit frr-config 0");
	check_guard(&lab, NULL);
	lab_close(&lab);
}

static void says_how_a_daemon_ended(void)
{
	struct lab lab;

	boot(&lab);
	uint64_t starts = frr_guard_starts(lab.engine);

	step(&lab, 1000, "die bgpd 9");
	check_guard(&lab, "% bgpd: backoff; backing off 200 ms after 1 failure, next start in "
			  "200 ms; killed by signal 9 (KILL)\n");
	CHECK_INT(frr_guard_starts(lab.engine), starts);
	step(&lab, 200, "");
	CHECK_INT(frr_guard_starts(lab.engine), starts + 1);
	lab_close(&lab);
}

/* Ready, but empty. */
static void waits_for_the_configuration(void)
{
	struct lab lab;

	boot(&lab);
	step(&lab, 1000, "die bgpd 9");
	step(&lab, 200, "");
	step(&lab, 10, "ready bgpd");
	CHECK_STR(lab.actions, "spawn bgpd.reconfigure");
	check_guard(
		&lab, "% bgpd: ready; gets its configuration back; killed by signal 9 (KILL)\n");
	step(&lab, 10, "exit bgpd.reconfigure 1");
	check_guard(&lab, "% bgpd: ready; could not be given its configuration back; killed by "
			  "signal 9 (KILL)\n");
	step(&lab, 1000, "die bgpd 9");
	step(&lab, 400, "");
	lab_feed(&lab, "ready bgpd"); /* and nothing has settled yet */
	check_guard(
		&lab, "% bgpd: ready; gets its configuration back; killed by signal 9 (KILL)\n");
	step(&lab, 0, "");
	step(&lab, 10, "exit bgpd.reconfigure 0");
	check_guard(&lab, NULL);
	lab_close(&lab);
}

/* No file at boot: who comes back stays empty. Once there is a file, a save would write over it. */
static void knows_what_nobody_gives_back(void)
{
	struct buffer why = {0};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "bgpd", .from_frr = true}));
	step(&lab, 0, "");
	check_guard(&lab, NULL);
	step(&lab, 1000, "die bgpd 9");
	step(&lab, 200, "");
	check_guard(&lab, "% bgpd: was started again, and nothing gave it its configuration back; "
			  "`firsthop reload` lets frr.conf be loaded\n");
	CHECK(frr_guard_allows(lab.engine, false, lab.now, &why));
	buffer_free(&why);
	lab_close(&lab);
}

/* Its section is in the file, whoever stopped it. */
static void counts_one_that_was_stopped(void)
{
	struct lab lab;

	boot(&lab);
	step(&lab, 1000, "stop bgpd");
	step(&lab, 10, "exit bgpd 0");
	check_guard(&lab, "% bgpd: down; stopped; exited 0\n");
	lab_close(&lab);
}

static void does_not_ask_for_others(void)
{
	struct lab lab;

	boot(&lab);
	step(&lab, 1000, "die sshd 9");
	check_guard(&lab, NULL);
	lab_close(&lab);
}

/* Neither before it was ever asked for, nor while it runs, nor after it failed. */
static void does_not_count_the_save_itself(void)
{
	struct lab lab;
	struct engine_summary summary;
	char reason[HEALTH_REASON_BYTES];

	boot(&lab);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t starts = frr_guard_starts(lab.engine);

		step(&lab, 1000, "restart frr-write");
		CHECK_STR(lab.actions, "spawn frr-write");
		check_guard(&lab, NULL);
		engine_summarize(lab.engine, &summary);
		CHECK(summary.all_ready);
		CHECK_INT(summary.wanted, 4); /* zebra bgpd frr-config sshd */
		CHECK(health_check(lab.engine, HEALTH_READY, reason, sizeof(reason)));
		step(&lab, 10, i == 1 ? "exit frr-write 1" : "exit frr-write 0");
		CHECK_INT(lab_view(&lab, "frr-write").state, i == 1 ? STATE_FAILED : STATE_DONE);
		engine_summarize(lab.engine, &summary);
		CHECK(summary.all_ready && summary.failed == 0);
		CHECK_INT(frr_guard_starts(lab.engine), starts);
		step(&lab, 10, "stop frr-write");
		CHECK_INT(lab_view(&lab, "frr-write").state, STATE_DOWN);
		check_guard(&lab, NULL);
	}
	lab_close(&lab);
}

/* A stop in the midst of it: the daemons stay until it has ended. */
static void is_let_end_by_a_stop(void)
{
	struct lab lab;

	boot(&lab);
	step(&lab, 1000, "restart frr-write");
	step(&lab, 10, "shutdown");
	CHECK_INT(lab_view(&lab, "bgpd").state, STATE_READY);
	CHECK_INT(lab_view(&lab, "zebra").state, STATE_READY);
	step(&lab, 10, "exit frr-write 0");
	CHECK_INT(lab_view(&lab, "bgpd").state, STATE_STOPPING);
	lab_close(&lab);
}

static bool is_shown(const struct lab *lab, const char *name)
{
	struct arena arena = {0};
	struct status status;
	bool shown = status_from_engine(&arena, lab->engine, lab->now, &status) == 0 &&
		     status_find(&status, name);

	arena_free(&arena);
	return shown;
}

static void is_in_the_status_while_it_runs_only(void)
{
	struct lab lab;

	boot(&lab);
	CHECK(is_shown(&lab, "bgpd") && is_shown(&lab, "frr-config"));
	CHECK(!is_shown(&lab, "frr-write"));
	step(&lab, 1000, "restart frr-write");
	CHECK(is_shown(&lab, "frr-write"));
	lab_close(&lab);
}

int main(void)
{
	RUN(names_each_that_is_not_there);
	RUN(says_how_a_daemon_ended);
	RUN(waits_for_the_configuration);
	RUN(knows_what_nobody_gives_back);
	RUN(counts_one_that_was_stopped);
	RUN(does_not_ask_for_others);
	RUN(does_not_count_the_save_itself);
	RUN(is_let_end_by_a_stop);
	RUN(is_in_the_status_while_it_runs_only);
	return CHECK_EXIT_STATUS();
}

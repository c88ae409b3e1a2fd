/* Policy alone: delays, giving up, what counts as success, exit codes, probe intervals. */
#include "supervisor/policy.h"

#include "tests/check.h"

#include <errno.h>
#include <signal.h>

static struct timestamp at_ms(int64_t ms)
{
	return timestamp_add_ms((struct timestamp){0}, ms);
}

static struct failure exited(int code)
{
	return (struct failure){.kind = FAILURE_EXIT, .status = code << 8};
}

static void the_delay_doubles_within_its_bounds(void)
{
	static const struct {
		int64_t min_ms, max_ms;
		unsigned in_a_row;
		int64_t delay_ms;
	} table[] = {
		{200, 30000, 1, 200},
		{200, 30000, 2, 400},
		{200, 30000, 8, 25600},
		{200, 30000, 9, 30000},
		{200, 30000, 4000, 30000},
		{1000, 1000, 7, 1000},
		{200, 400, 2, 400},
		{200, 399, 2, 399},
		{0, 1000, 1, 0},
		{0, 1000, 2, 100},
		{0, 1000, 5, 800},
		{0, 50, 2, 50},
		{0, 0, 20, 0},
		{0, 0, 21, 100},
		{10, 10, 21, 100},
		{100, 100, 21, 100},
		{7, INT64_MAX, 400, INT64_MAX},
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct service service = {.restart_delay_min_ms = table[i].min_ms,
			.restart_delay_max_ms = table[i].max_ms};
		struct history history = {.in_a_row = table[i].in_a_row};
		CHECK_INT(policy_delay_ms(&service, &history), table[i].delay_ms);
	}
}

static void success_is_what_was_named(void)
{
	struct exit_set success = {0};
	const struct service service = {.success = &success};
	struct failure end = exited(0);

	exit_set_add_code(&success, 0);
	exit_set_add_code(&success, 255);
	exit_set_add_signal(&success, SIGTERM);
	exit_set_add_signal(&success, SIGNAL_MAX);
	CHECK(policy_is_success(&service, &end));
	end = exited(255);
	CHECK(policy_is_success(&service, &end));
	end = exited(1);
	CHECK(!policy_is_success(&service, &end));
	end.status = SIGTERM;
	CHECK(policy_is_success(&service, &end));
	end.status = SIGNAL_MAX;
	CHECK(policy_is_success(&service, &end));
	end.status = SIGKILL;
	CHECK(!policy_is_success(&service, &end));
	end = (struct failure){.kind = FAILURE_READY_TIMEOUT};
	CHECK(!policy_is_success(&service, &end));
	end = (struct failure){.kind = FAILURE_SPAWN, .error = ENOENT};
	CHECK(!policy_is_success(&service, &end));
}

static void the_restart_policy_decides(void)
{
	static const struct {
		enum service_type type;
		enum restart_policy restart;
		enum transition on_success, on_failure;
	} table[] = {
		{SERVICE_DAEMON, RESTART_ALWAYS, ON_RETRY, ON_RETRY},
		{SERVICE_DAEMON, RESTART_ON_FAILURE, ON_DONE, ON_RETRY},
		{SERVICE_DAEMON, RESTART_NEVER, ON_DONE, ON_FATAL},
		{SERVICE_ONESHOT, RESTART_ALWAYS, ON_DONE, ON_RETRY},
		{SERVICE_ONESHOT, RESTART_NEVER, ON_DONE, ON_FATAL},
		{SERVICE_CONSOLE, RESTART_ALWAYS, ON_RETRY, ON_RETRY},
		{SERVICE_FOREGROUND, RESTART_ALWAYS, ON_DONE, ON_FATAL},
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct service service = {.type = table[i].type,
			.restart = table[i].restart,
			.success = &(const struct exit_set){.codes = {1}}};
		struct failure good = exited(0), bad = exited(1);
		struct history history = {0};
		CHECK_INT(policy_judge(&service, &history, &good, TIMESTAMP_NEVER, at_ms(0)),
			table[i].on_success);
		CHECK_INT(policy_judge(&service, &history, &bad, TIMESTAMP_NEVER, at_ms(0)),
			table[i].on_failure);
	}
}

/* It would only fail once more, and again. */
static void what_lacks_a_capability_is_not_tried_again(void)
{
	struct service service = {.restart = RESTART_ALWAYS, .restart_delay_min_ms = 200};
	struct history history = {0};
	struct failure end = exited(1);

	CHECK_INT(policy_judge(&service, &history, &end, TIMESTAMP_NEVER, at_ms(0)), ON_RETRY);
	end.lacks = 1;
	CHECK_INT(policy_judge(&service, &history, &end, TIMESTAMP_NEVER, at_ms(1)), ON_FATAL);
	/* It said so, and all was well in the end. */
	service.success = &(const struct exit_set){.codes = {1 << 1}};
	CHECK_INT(policy_judge(&service, &history, &end, TIMESTAMP_NEVER, at_ms(2)), ON_RETRY);
}

static void it_gives_up_after_so_many_in_the_window(void)
{
	struct service service = {.give_up_count = 3, .give_up_window_ms = 1000};
	struct failure bad = exited(1);
	static const struct {
		int64_t ms;
		enum transition on;
	} ends[] = {
		{0, ON_RETRY},
		{10, ON_RETRY},
		{1001, ON_RETRY}, /* the first is out of the window */
		{1010, ON_FATAL}, /* 10, 1001, 1010: just in it */
		{3000, ON_RETRY},
		{3001, ON_RETRY},
		{3002, ON_FATAL},
	};
	struct history history = {0};

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		CHECK_INT(
			policy_judge(&service, &history, &bad, TIMESTAMP_NEVER, at_ms(ends[i].ms)),
			ends[i].on);
}

static void the_largest_count_to_give_up_works(void)
{
	struct service service = {
		.give_up_count = GIVE_UP_COUNT_MAX, .give_up_window_ms = TIME_INFINITE_MS};
	struct failure bad = exited(1);
	struct history history = {0};

	for (unsigned i = 1; i < GIVE_UP_COUNT_MAX; i++)
		CHECK_INT(policy_judge(&service, &history, &bad, TIMESTAMP_NEVER, at_ms(i)),
			ON_RETRY);
	CHECK_INT(policy_judge(&service, &history, &bad, TIMESTAMP_NEVER, at_ms(99)), ON_FATAL);
}

static void a_quiet_period_counts_from_ready(void)
{
	struct service service = {.restart_reset_ms = 500};
	struct failure bad = exited(1);
	struct history history = {0};

	(void)policy_judge(&service, &history, &bad, TIMESTAMP_NEVER, at_ms(0));
	(void)policy_judge(&service, &history, &bad, at_ms(1000), at_ms(1499));
	CHECK_INT(history.in_a_row, 2);
	(void)policy_judge(&service, &history, &bad, at_ms(2000), at_ms(2500));
	CHECK_INT(history.in_a_row, 1);
	(void)policy_judge(&service, &history, &bad, TIMESTAMP_NEVER, at_ms(99999));
	CHECK_INT(history.in_a_row, 2);
}

static void the_exit_code_is_the_commands(void)
{
	static const struct {
		struct failure end;
		int code;
	} table[] = {
		{{.kind = FAILURE_EXIT, .status = 0}, 0},
		{{.kind = FAILURE_EXIT, .status = 42 << 8}, 42},
		{{.kind = FAILURE_EXIT, .status = SIGSEGV}, 139},
		{{.kind = FAILURE_SPAWN, .error = ENOENT}, 127},
		{{.kind = FAILURE_SPAWN, .error = EACCES}, 126},
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_INT(policy_exit_code(&table[i].end), table[i].code);
}

static void a_probe_comes_often_at_first(void)
{
	static const struct {
		enum ready_kind kind;
		int64_t elapsed_ms, interval_ms;
	} table[] = {
		{READY_TCP, 0, 5},
		{READY_TCP, 20, 5},
		{READY_TCP, 400, 100},
		{READY_TCP, 1000, 250},
		{READY_TCP, 99999, 250},
		{READY_EXEC, 0, 50},
		{READY_EXEC, 400, 100},
		{READY_EXEC, 4000, 1000},
		{READY_EXEC, 99999, 1000},
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_INT(policy_probe_interval_ms(table[i].kind, table[i].elapsed_ms),
			table[i].interval_ms);
}

int main(void)
{
	RUN(the_delay_doubles_within_its_bounds);
	RUN(success_is_what_was_named);
	RUN(the_restart_policy_decides);
	RUN(what_lacks_a_capability_is_not_tried_again);
	RUN(it_gives_up_after_so_many_in_the_window);
	RUN(the_largest_count_to_give_up_works);
	RUN(a_quiet_period_counts_from_ready);
	RUN(the_exit_code_is_the_commands);
	RUN(a_probe_comes_often_at_first);
	return CHECK_EXIT_STATUS();
}

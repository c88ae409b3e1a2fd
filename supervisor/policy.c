#include "supervisor/policy.h"

#include <errno.h>
#include <sys/wait.h>

enum {
	FIRST_DELAY_MS = 100,	  /* what a minimum of zero doubles to */
	STORM_COUNT = 20,	  /* so many failures in a row at no delay … */
	STORM_DELAY_MS = 100,	  /* … and each further one waits this long: no busy loop */
	PROBE_FIRST_MS = 5,	  /* polled kinds: between 5 ms … */
	PROBE_LAST_MS = 250,	  /* … and 250 ms */
	PROBE_EXEC_FIRST_MS = 50, /* a probe that is a process costs more */
	PROBE_EXEC_LAST_MS = 1000,
};

bool policy_counts(const struct service *service)
{
	if (service->type == SERVICE_ONESHOT)
		return service->start == START_AUTO;
	return service->type == SERVICE_DAEMON;
}

bool policy_is_success(const struct service *service, const struct failure *end)
{
	if (end->kind != FAILURE_EXIT)
		return false;
	if (WIFEXITED(end->status))
		return exit_set_has_code(service->success, (unsigned)WEXITSTATUS(end->status));
	return WIFSIGNALED(end->status) &&
	       exit_set_has_signal(service->success, WTERMSIG(end->status));
}

static void history_add(struct history *history, struct timestamp now)
{
	history->in_a_row++;
	history->at[history->head] = now;
	history->head = (history->head + 1) % GIVE_UP_COUNT_MAX;
	if (history->count < GIVE_UP_COUNT_MAX)
		history->count++;
}

/* Were the newest `wanted` failures all within the window that ends now? */
static bool gives_up(
	const struct service *service, const struct history *history, struct timestamp now)
{
	unsigned wanted = service->give_up_count;

	if (!wanted || wanted > GIVE_UP_COUNT_MAX || history->count < wanted)
		return false;
	unsigned oldest = (history->head + GIVE_UP_COUNT_MAX - wanted) % GIVE_UP_COUNT_MAX;

	return timestamp_elapsed_ms(history->at[oldest], now) <= service->give_up_window_ms;
}

enum transition policy_judge(const struct service *service, struct history *history,
	const struct failure *end, struct timestamp became_ready, struct timestamp now)
{
	bool success = policy_is_success(service, end);
	bool once = service->type == SERVICE_ONESHOT || service->type == SERVICE_FOREGROUND;

	if (success && (once || service->restart != RESTART_ALWAYS))
		return ON_DONE;
	if (!timestamp_is_never(became_ready) &&
		timestamp_elapsed_ms(became_ready, now) >= service->restart_reset_ms)
		history->in_a_row = 0;
	history_add(history, now);
	if (service->type == SERVICE_FOREGROUND || service->restart == RESTART_NEVER)
		return ON_FATAL;
	/* What it lacks it will lack as long as this container lives. */
	if (!success && end->lacks)
		return ON_FATAL;
	return gives_up(service, history, now) ? ON_FATAL : ON_RETRY;
}

int64_t policy_delay_ms(const struct service *service, const struct history *history)
{
	int64_t delay = service->restart_delay_min_ms, max = service->restart_delay_max_ms;

	for (unsigned i = 1; i < history->in_a_row && delay < max; i++)
		delay = delay == 0 ? FIRST_DELAY_MS : delay > max / 2 ? max : delay * 2;
	if (delay > max)
		delay = max;
	if (history->in_a_row > STORM_COUNT && delay < STORM_DELAY_MS)
		delay = STORM_DELAY_MS;
	return delay;
}

int policy_exit_code(const struct failure *end)
{
	if (end->kind == FAILURE_SPAWN)
		return end->error == ENOENT ? 127 : 126;
	if (WIFEXITED(end->status))
		return WEXITSTATUS(end->status);
	return WIFSIGNALED(end->status) ? 128 + WTERMSIG(end->status) : 1;
}

int64_t policy_probe_interval_ms(enum ready_kind kind, int64_t elapsed_ms)
{
	int64_t first = kind == READY_EXEC ? PROBE_EXEC_FIRST_MS : PROBE_FIRST_MS;
	int64_t last = kind == READY_EXEC ? PROBE_EXEC_LAST_MS : PROBE_LAST_MS;
	int64_t interval = elapsed_ms / 4;

	return interval < first ? first : interval > last ? last : interval;
}

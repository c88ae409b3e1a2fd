/* What the kernel tells of a process as it ends; see crash.h. */
#include "init/crash.h"

#include "config/model.h"
#include "init/loop.h"
#include "init/runtime.h"
#include "supervisor/crash.h"

#include <stdlib.h>

void crash_look(pid_t pid, struct process_end *ret_end)
{
	ret_end->limits_known = 0;
	for (unsigned i = 0; i < RLIM_NLIMITS; i++)
		if (prlimit(pid, i, NULL, &ret_end->limits[i]) == 0)
			ret_end->limits_known |= 1u << i;
}

void crash_forget(struct effects *effects)
{
	free(effects->end);
	effects->end = NULL;
}

void crash_note(struct runtime *runtime, struct effects *effects, unsigned unit,
	const struct process_end *end)
{
	struct unit_view view;
	struct process_end *copy = effects->end ? effects->end : malloc(sizeof(*copy));

	if (!copy)
		return; /* the bundle will know less */
	engine_view(runtime->engine, unit, &view);
	*copy = *end;
	copy->ran_ms = copy->ready_ms = -1;
	if (end->role == ROLE_MAIN && !timestamp_is_never(view.started)) {
		copy->ran_ms = timestamp_elapsed_ms(view.started, loop_clock());
		if (!timestamp_is_never(view.became_ready))
			copy->ready_ms = timestamp_elapsed_ms(view.started, view.became_ready);
	}
	if (clock_gettime(CLOCK_REALTIME, &copy->at) < 0)
		copy->at = (struct timespec){0};
	effects->end = copy;
}

void process_end_usage(const struct process_end *end, struct crash_usage *ret_usage)
{
	const struct rusage *from = &end->usage;

	*ret_usage = (struct crash_usage){
		.user_us = (int64_t)from->ru_utime.tv_sec * 1000000 + from->ru_utime.tv_usec,
		.system_us = (int64_t)from->ru_stime.tv_sec * 1000000 + from->ru_stime.tv_usec,
		.memory_max_kib = from->ru_maxrss,
		.minor_faults = from->ru_minflt,
		.major_faults = from->ru_majflt,
		.blocks_in = from->ru_inblock,
		.blocks_out = from->ru_oublock,
		.switches = from->ru_nvcsw,
		.preemptions = from->ru_nivcsw,
	};
}

unsigned process_end_limits(const struct process_end *end, struct crash_limit *ret_limits)
{
	static const char *const names[RLIM_NLIMITS] = {
		[RLIMIT_CPU] = "cpu",
		[RLIMIT_FSIZE] = "fsize",
		[RLIMIT_DATA] = "data",
		[RLIMIT_STACK] = "stack",
		[RLIMIT_CORE] = "core",
		[RLIMIT_RSS] = "rss",
		[RLIMIT_NPROC] = "nproc",
		[RLIMIT_NOFILE] = "nofile",
		[RLIMIT_MEMLOCK] = "memlock",
		[RLIMIT_AS] = "as",
		[RLIMIT_LOCKS] = "locks",
		[RLIMIT_SIGPENDING] = "sigpending",
		[RLIMIT_MSGQUEUE] = "msgqueue",
		[RLIMIT_NICE] = "nice",
		[RLIMIT_RTPRIO] = "rtprio",
		[RLIMIT_RTTIME] = "rttime",
	};
	unsigned count = 0;

	for (unsigned i = 0; i < RLIM_NLIMITS; i++)
		if (names[i] && (end->limits_known >> i & 1))
			ret_limits[count++] = (struct crash_limit){names[i],
				end->limits[i].rlim_cur == RLIM_INFINITY ? LIMIT_INFINITE
									 : end->limits[i].rlim_cur,
				end->limits[i].rlim_max == RLIM_INFINITY ? LIMIT_INFINITE
									 : end->limits[i].rlim_max};
	return count;
}

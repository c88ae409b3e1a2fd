/* Limits are raised as long as we may, before the child becomes its user. That of open files is
 * lowered last, which takes no right, because the steps between need descriptors. */
#include "init/spawn_child.h"

#include "config/model.h"

#include <errno.h>
#include <sys/resource.h>

static const int limit_resources[] = {
	[LIMIT_NOFILE] = RLIMIT_NOFILE,
	[LIMIT_NPROC] = RLIMIT_NPROC,
	[LIMIT_CORE] = RLIMIT_CORE,
	[LIMIT_MEMLOCK] = RLIMIT_MEMLOCK,
	[LIMIT_STACK] = RLIMIT_STACK,
	[LIMIT_AS] = RLIMIT_AS,
	[LIMIT_DATA] = RLIMIT_DATA,
	[LIMIT_FSIZE] = RLIMIT_FSIZE,
	[LIMIT_CPU] = RLIMIT_CPU,
};
_Static_assert(sizeof(limit_resources) / sizeof(limit_resources[0]) == LIMIT_OF_PROCESS_COUNT,
	"a resource for each limit");

/* Without CAP_SYS_RESOURCE the hard limit cannot be raised: then as near as it goes, and told. */
static int set_limit(int resource, const struct limit *limit)
{
	struct rlimit wish = {.rlim_cur = limit->soft, .rlim_max = limit->hard};
	struct rlimit have;

	if (setrlimit(resource, &wish) == 0)
		return 0;
	int error = errno;

	if (getrlimit(resource, &have) < 0)
		return error;
	if (wish.rlim_max > have.rlim_max)
		wish.rlim_max = have.rlim_max;
	if (wish.rlim_cur > wish.rlim_max)
		wish.rlim_cur = wish.rlim_max;
	(void)setrlimit(resource, &wish); /* the first error says it all */
	return error;
}

/* While we may: the hard limit of open files as high as it is asked for. It is lowered in the end,
 * because the steps between need descriptors. Infinite is as high as it is: the kernel knows no
 * such limit. */
static int raise_open_files(const struct limit *limit)
{
	struct rlimit have;

	if (!limit->set || limit->hard == LIMIT_INFINITE)
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &have) < 0)
		return errno;
	if (limit->hard <= have.rlim_max)
		return 0;
	have.rlim_max = limit->hard;
	return setrlimit(RLIMIT_NOFILE, &have) < 0 ? errno : 0;
}

int spawn_set_limits(const struct child *child)
{
	const struct service *spec = child->request->spec;
	int error = raise_open_files(service_limit(spec, LIMIT_NOFILE));

	for (int kind = 0; kind < LIMIT_OF_PROCESS_COUNT; kind++) {
		const struct limit *limit = service_limit(spec, kind);

		if (kind == LIMIT_NOFILE || !limit->set)
			continue;
		int e = set_limit(limit_resources[kind], limit);

		error = e ? e : error;
	}
	return error;
}

int spawn_set_open_files(const struct child *child)
{
	const struct limit *limit = service_limit(child->request->spec, LIMIT_NOFILE);
	struct rlimit wish = child->spawner->nofile, have;

	if (!limit->set && !child->spawner->restore_nofile)
		return 0;
	if (limit->set) {
		if (getrlimit(RLIMIT_NOFILE, &have) < 0)
			return errno;
		wish.rlim_max = limit->hard < have.rlim_max ? limit->hard : have.rlim_max;
		wish.rlim_cur = limit->soft < wish.rlim_max ? limit->soft : wish.rlim_max;
		if (limit->soft == LIMIT_INFINITE && wish.rlim_cur > SPAWN_OPEN_FILES_MAX)
			wish.rlim_cur = SPAWN_OPEN_FILES_MAX;
	}
	return setrlimit(RLIMIT_NOFILE, &wish) < 0 ? errno : 0;
}

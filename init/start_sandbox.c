/* What a process of a service may do, decided before it is started. What cannot be given as asked
 * for stops the start: no service runs with more than it should have. */
#include "init/start.h"

#include "config/capability.h"
#include "config/model.h"
#include "config/sandbox.h"
#include "init/cgroup.h"
#include "init/landlock.h"
#include "init/message.h"
#include "init/runtime.h"
#include "init/seccomp_filter.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ADMIN ((uint64_t)1 << CAP_SYS_ADMIN)

/* What PID 1 may pass on. */
static uint64_t permitted(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};

	(void)syscall(SYS_capget, &header, data); /* fails on bad arguments only */
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

static void lack(struct start *start, const char *what, uint64_t capabilities)
{
	if (start->failed)
		return;
	start_fail(start, what, EPERM);
	start->lacks = capabilities;
}

static void choose_capabilities(
	struct start *start, const struct service *spec, uint64_t permitted_set)
{
	uint64_t set;

	if (!spec->capabilities.count)
		return;
	set = capability_set(&spec->capabilities, permitted_set);
	start->request.limit_capabilities = true;
	start->request.capabilities = set;
	if (set & ~permitted_set)
		lack(start, "capabilities", set & ~permitted_set);
}

/* The kernel's rule: who could gain rights later must not choose what is done with them. */
static void confine_by_right(
	struct start *start, const struct service *spec, const char *what, uint64_t permitted_set)
{
	start->request.confine_as_admin =
		!spec->no_new_privs && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
	if (start->request.confine_as_admin && !(permitted_set & ADMIN))
		lack(start, what, ADMIN);
}

static void choose_seccomp(struct runtime *runtime, struct start *start, const struct service *spec,
	uint64_t permitted_set)
{
	struct seccomp_choice choice = seccomp_choose(&spec->seccomp);
	int r;

	if (!choice.confined)
		return;
	r = runtime->filters ? seccomp_filters_get(runtime->filters, &choice, spec->seccomp_action,
				       &start->request.seccomp)
			     : -ENOMEM;
	if (r < 0)
		start_fail(start, "seccomp filter", -r);
	confine_by_right(start, spec, "seccomp without no_new_privs", permitted_set);
}

/* A kernel without Landlock is no reason not to start: what it protects from is the second step of
 * a break-in. But it is said, each time. */
static void choose_paths(struct runtime *runtime, struct start *start, const struct service *spec,
	uint64_t permitted_set)
{
	int rules;

	if (!spec->read_only.count && !spec->read_write.count && !spec->no_access.count)
		return;
	rules = landlock_make(spec);
	if (rules == -ENOSYS || rules == -EOPNOTSUPP) {
		message(runtime->messages, MESSAGE_WARNING,
			"%s: read_only, read_write and no_access do not hold: this kernel %s; "
			"continuing without",
			spec->name,
			rules == -ENOSYS ? "has no Landlock" : "has Landlock turned off");
		return;
	}
	start->request.rules_fd = rules < 0 ? -1 : rules;
	if (rules < 0)
		start_fail(start, "paths", -rules);
	confine_by_right(start, spec, "paths without no_new_privs", permitted_set);
}

void start_confine(struct runtime *runtime, struct start *start, const struct service *spec)
{
	uint64_t permitted_set = permitted();

	choose_capabilities(start, spec, permitted_set);
	choose_seccomp(runtime, start, spec, permitted_set);
	choose_paths(runtime, start, spec, permitted_set);
	if (cgroup_is_wanted(spec) && runtime->cgroups)
		start->request.cgroup_fd = cgroup_make(runtime->cgroups, spec);
}

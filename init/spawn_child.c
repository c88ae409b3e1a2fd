#include "init/spawn_child.h"

#include "config/capability.h"
#include "config/model.h"
#include "init/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Each step returns 0 or an errno. */

static int take_descriptors(const struct child *child)
{
	if (!child->spawner->shares_table)
		return 0;
	return syscall(SYS_close_range, SLOT_END, ~0U, CLOSE_RANGE_UNSHARE) < 0 ? errno : 0;
}

static int take_session(const struct child *child)
{
	int terminal = child->fd[SLOT_TERMINAL];

	if (child->request->session == SPAWN_SHARED_TERMINAL) {
		if (setpgid(0, 0) < 0 || tcsetpgrp(terminal, getpid()) < 0)
			return errno;
		return 0;
	}
	if (setsid() < 0)
		return errno;
	if (child->request->session == SPAWN_OWN_TERMINAL && ioctl(terminal, TIOCSCTTY, 0) < 0)
		return errno;
	return 0;
}

static int set_nice(const struct child *child)
{
	if (!child->request->spec->has_nice)
		return 0;
	return setpriority(PRIO_PROCESS, 0, child->request->spec->nice) < 0 ? errno : 0;
}

static int set_oom_score(const struct child *child)
{
	const struct service *spec = child->request->spec;
	unsigned value =
		(unsigned)(spec->oom_score_adj < 0 ? -spec->oom_score_adj : spec->oom_score_adj);
	char text[8];
	unsigned at = sizeof(text);

	if (!spec->has_oom_score_adj)
		return 0;
	do {
		text[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value && at > 1);
	if (spec->oom_score_adj < 0)
		text[--at] = '-';
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	int error = write(fd, text + at, sizeof(text) - at) < 0 ? errno : 0;

	(void)close(fd); /* the write has told */
	return error;
}

/* "0" is who writes it. */
static int enter_cgroup(const struct child *child)
{
	int fd = child->fd[SLOT_CGROUP];

	return fd >= 0 && write(fd, "0", 1) < 0 ? errno : 0;
}

static int set_umask(const struct child *child)
{
	if (child->request->spec->has_umask)
		(void)umask((mode_t)child->request->spec->umask); /* cannot fail */
	return 0;
}

/* Raw calls: the library's would have each of "our" threads do the same. */
static int set_groups(const struct child *child)
{
	const struct spawn_identity *identity = &child->request->identity;

	if (!identity->change)
		return 0;
	if (syscall(SYS_setgroups, (size_t)identity->group_count, identity->groups) < 0)
		return errno;
	return syscall(SYS_setgid, identity->gid) < 0 ? errno : 0;
}

/* While still root: what is not in the set can never come back. */
static int drop_bounding(const struct child *child)
{
	const struct spawn_request *request = child->request;

	for (int cap = 0; request->limit_capabilities && cap < CAPABILITY_COUNT; cap++) {
		if (!(request->capabilities >> cap & 1) &&
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno != EINVAL)
			return errno;
	}
	if (!request->limit_capabilities && !request->confine_as_admin)
		return 0;
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ? errno : 0;
}

static int set_securebits(const struct child *child)
{
	unsigned long bits = child->request->spec->securebits;

	if (!bits)
		return 0;
	bits |= (unsigned long)prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	return prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0 ? errno : 0;
}

static int set_user(const struct child *child)
{
	if (!child->request->identity.change)
		return 0;
	return syscall(SYS_setuid, child->request->identity.uid) < 0 ? errno : 0;
}

/* The set becomes permitted, effective, inheritable and ambient, so that it outlives execve(2) for
 * any user, see capabilities(7). CAP_SYS_ADMIN, if the filter still needs it, becomes the first two
 * only, and is no more in the bounding set: execve(2) takes it away. */
static int set_capabilities(const struct child *child)
{
	const struct spawn_request *request = child->request;
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (!request->limit_capabilities &&
		!(request->confine_as_admin && request->identity.change))
		return 0;
	for (int i = 0; i < 2; i++) {
		uint32_t half = (uint32_t)(request->capabilities >> (32 * i));
		uint32_t more = i == 0 && request->confine_as_admin ? 1u << CAP_SYS_ADMIN : 0;

		data[i] = (struct __user_cap_data_struct){half | more, half | more, half};
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return errno;
	for (int cap = 0; cap < 64; cap++) {
		if (!(request->capabilities >> cap & 1))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return errno;
	}
	return 0;
}

static int set_no_new_privs(const struct child *child)
{
	if (!child->request->spec->no_new_privs)
		return 0;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? errno : 0;
}

/* PID 1 is in "/", so the usual case needs no call. */
static int set_directory(const struct child *child)
{
	const char *directory = child->request->spec->directory;

	if (!directory || strcmp(directory, "/") == 0)
		return 0;
	return chdir(directory) < 0 ? errno : 0;
}

static int place_descriptors(const struct child *child)
{
	int notify = child->fd[SLOT_NOTIFY], number = child->request->notify_number;

	for (int i = 0; i < 3; i++) {
		if (child->fd[SLOT_STDIN + i] >= 0 && dup2(child->fd[SLOT_STDIN + i], i) < 0)
			return errno;
	}
	if (notify < 0)
		return 0;
	if (notify == number) /* dup2 would leave it close-on-exec */
		return fcntl(notify, F_SETFD, 0) < 0 ? errno : 0;
	return dup2(notify, number) < 0 ? errno : 0;
}

static int set_paths(const struct child *child)
{
	int rules = child->fd[SLOT_RULES];

	return rules < 0 ? 0 : landlock_restrict(rules);
}

static int be_traced(const struct child *child)
{
	if (!child->request->traced)
		return 0;
	return syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0) < 0 ? errno : 0;
}

/* Without the flag a processor with weaknesses is slowed down for all that the program does, which
 * is for programs that run other people's code, as a browser does. Linux before 4.17 has it not. */
static int set_seccomp(const struct child *child)
{
	const struct sock_fprog *program = child->request->seccomp;

	if (!program)
		return 0;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		    program) == 0)
		return 0;
	if (errno != EINVAL)
		return errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) < 0 ? errno : 0;
}

/* execve along $PATH; errors as execvp(3): a file without permission is told rather than one that
 * is absent. */
static int run(const struct child *child)
{
	const struct spawn_request *request = child->request;
	const char *name = request->argv[0], *path = request->path;
	char *const *argv = (char *const *)(uintptr_t)request->argv; /* execve(2) writes nothing */
	char candidate[4096];
	size_t length = strlen(name);
	int error = ENOENT;

	if (strchr(name, '/')) {
		execve(name, argv, request->envp);
		return errno;
	}
	while (path && length) {
		const char *end = strchrnul(path, ':');
		size_t prefix = (size_t)(end - path);

		if (prefix + 1 + length < sizeof(candidate)) {
			memcpy(candidate, path, prefix);
			candidate[prefix] = '/';
			memcpy(candidate + prefix + 1, name, length + 1);
			execve(prefix ? candidate : name, argv, request->envp);
			if (errno != ENOENT && errno != ENOTDIR)
				error = errno;
		}
		path = *end ? end + 1 : NULL;
	}
	return error;
}

static const struct {
	const char *name;
	int (*apply)(const struct child *child);
	bool optional; /* without it the program runs all the same; that it lacks is told */
} steps[] = {
	[SPAWN_CLONE] = {"clone", NULL, false},
	[SPAWN_DESCRIPTORS] = {"descriptors", take_descriptors, false},
	[SPAWN_SESSION] = {"session", take_session, false},
	[SPAWN_LIMITS] = {"limits", spawn_set_limits, true},
	[SPAWN_NICE] = {"nice", set_nice, true},
	[SPAWN_OOM_SCORE] = {"oom_score_adj", set_oom_score, true},
	[SPAWN_UMASK] = {"umask", set_umask, false},
	[SPAWN_CGROUP] = {"control group", enter_cgroup, true},
	[SPAWN_PRIVATE_TMP] = {"private_tmp", spawn_set_private_tmp, true},
	[SPAWN_GROUPS] = {"group", set_groups, false},
	[SPAWN_CAPABILITIES] = {"capabilities", drop_bounding, false},
	[SPAWN_SECUREBITS] = {"securebits", set_securebits, false},
	[SPAWN_USER] = {"user", set_user, false},
	[SPAWN_AMBIENT] = {"capabilities", set_capabilities, false},
	[SPAWN_NO_NEW_PRIVS] = {"no_new_privs", set_no_new_privs, false},
	[SPAWN_DIRECTORY] = {"directory", set_directory, false},
	[SPAWN_STDIO] = {"descriptors", place_descriptors, false},
	[SPAWN_OPEN_FILES] = {"limits", spawn_set_open_files, true},
	[SPAWN_PATHS] = {"paths", set_paths, false},
	[SPAWN_TRACE] = {"trace", be_traced, false},
	[SPAWN_SECCOMP] = {"seccomp", set_seccomp, false},
	[SPAWN_EXEC] = {"exec", run, false},
};
_Static_assert(sizeof(steps) / sizeof(steps[0]) == SPAWN_STAGE_COUNT, "a line for each stage");

int spawn_child_main(void *argument)
{
	const struct child *child = argument;
	struct spawn_result *result = child->result;

	for (int stage = SPAWN_DESCRIPTORS; stage < SPAWN_STAGE_COUNT; stage++) {
		if (stage == SPAWN_EXEC) {
			sigset_t none;

			sigemptyset(&none);
			(void)sigprocmask(
				SIG_SETMASK, &none, NULL); /* fails on bad arguments only */
		}
		int error = steps[stage].apply(child);

		if (!error)
			continue;
		result->errors[stage] = error;
		if (steps[stage].optional) {
			result->degraded |= 1u << stage;
			continue;
		}
		result->error = error;
		result->stage = steps[stage].name;
		break;
	}
	_exit(127);
}

const char *spawn_stage_name(enum spawn_stage stage)
{
	return stage < SPAWN_STAGE_COUNT ? steps[stage].name : "?";
}

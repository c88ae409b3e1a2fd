#include "init/look.h"

#include "config/model.h"
#include "init/landlock.h"
#include "supervisor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TEXT_MAX = 256,
	PROCESSES_MIN = 64, /* FRR's daemons have two to four threads each, and there may be ten */
};

/* The number of the first PID namespace, fixed since Linux 3.8. */
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

/* One look while it is made: it adds `finding` if that has a verdict then. */
struct look {
	const struct model *model;
	struct finding finding;
	char verdict[TEXT_MAX], reason[TEXT_MAX];
};

static void is_ok(struct look *look, const char *verdict)
{
	look->finding.verdict = verdict;
}

static void lacks(struct look *look, enum finding_state state, const char *verdict,
	const char *reason, const char *cure)
{
	look->finding.state = state;
	look->finding.verdict = verdict;
	look->finding.reason = reason;
	look->finding.cure = cure;
}

/* The first line of a small file; false: it cannot be read, or is empty. */
static bool read_line(const char *path, char line[TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, line, TEXT_MAX - 1);

	if (fd >= 0)
		(void)close(fd); /* was only read */
	if (length <= 0)
		return false;
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return *line != '\0';
}

/* "writable", "read-only", "denied", or "absent". */
static const char *access_verdict(const char *path)
{
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
		return "writable";
	return errno == EROFS ? "read-only" : errno == ENOENT ? "absent" : "denied";
}

static bool is_writable(const char *verdict)
{
	return strcmp(verdict, "writable") == 0;
}

static void look_pid1(struct look *look)
{
	char name[TEXT_MAX], namespace[TEXT_MAX] = "";
	ssize_t length = readlink("/proc/self/ns/pid", namespace, sizeof(namespace) - 1);
	bool is_machine = length > 0 && strcmp(namespace, FIRST_PID_NAMESPACE) == 0;

	if (!read_line("/proc/1/comm", name))
		(void)snprintf(name, sizeof(name), "unknown");
	(void)snprintf(look->verdict, sizeof(look->verdict), "%.64s%s", name,
		is_machine ? ", of the machine itself" : "");
	is_ok(look, look->verdict);
}

/* Must sysctls be set later than the engine could? */
static bool sets_sysctls_late(const struct model *model)
{
	for (unsigned i = 0; i < model->interface_rule_count; i++)
		if (model->interface_rules[i].sysctl_count > 0)
			return true;
	for (unsigned i = 0; i < model->sysctl_count; i++)
		if (model->sysctls[i].is_pattern)
			return true;
	return false;
}

/* Opened, not asked for: AppArmor refuses no earlier. Nothing is written. Where a mount of our own
 * is asked for, the step of the sysctls says what became of that. */
static void look_proc_sys(struct look *look)
{
	int fd = open("/proc/sys/net/ipv4/ip_forward", O_WRONLY | O_CLOEXEC);
	const char *verdict = fd >= 0 ? "writable" : errno == EROFS ? "read-only" : "denied";

	if (fd >= 0)
		(void)close(fd); /* was not written */
	is_ok(look, verdict);
	if (!is_writable(verdict) && look->model->node.proc_sys == PROC_SYS_AS_IS &&
		sets_sysctls_late(look->model))
		lacks(look, FINDING_DEGRADED, verdict,
			"sysctls of interfaces that come later cannot be set",
			"start the container with --cap-add SYS_ADMIN, where the host has AppArmor "
			"also with --security-opt apparmor=unconfined, and set [node] proc_sys = "
			"remount; or start it with --privileged");
}

static void look_root(struct look *look)
{
	is_ok(look, access_verdict("/"));
}

static void look_sys(struct look *look)
{
	is_ok(look, access_verdict("/sys"));
}

/* Who is not root may look, but not judge what root may do. */
static bool is_for_root(struct look *look, const char *verdict)
{
	if (strcmp(verdict, "denied") != 0 || geteuid() == 0)
		return false;
	lacks(look, FINDING_DEGRADED, verdict, "only root may write it", NULL);
	return true;
}

static void look_run(struct look *look)
{
	const char *verdict = access_verdict("/run");

	is_ok(look, verdict);
	if (!is_for_root(look, verdict) && !is_writable(verdict))
		lacks(look, look->model->service_count > 0 ? FINDING_MISSING : FINDING_DEGRADED,
			verdict, "services make their sockets and pid files there",
			"start the container with --tmpfs /run");
}

/* Where `write memory` goes; a file that is not there yet is made in its directory. */
static void look_frr_config(struct look *look)
{
	const char *path = look->model->frr.config, *verdict;

	if (!look->model->frr.enabled)
		return;
	look->finding.subject = path;
	verdict = access_verdict(path);
	if (strcmp(verdict, "absent") == 0) {
		(void)snprintf(look->reason, sizeof(look->reason), "%.*s",
			(int)(strrchr(path, '/') - path), path);
		verdict = access_verdict(look->reason);
	}
	is_ok(look, verdict);
	if (!is_for_root(look, verdict) && !is_writable(verdict))
		lacks(look, FINDING_DEGRADED, verdict, "FRR cannot save its configuration there",
			"mount the file, or its directory, so that it can be written");
}

static void look_no_new_privileges(struct look *look)
{
	is_ok(look, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "on" : "off");
}

static void look_seccomp(struct look *look)
{
	static const char field[] = "Seccomp:";
	FILE *file = fopen("/proc/self/status", "re");
	char line[TEXT_MAX];

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, field, strlen(field)) == 0)
			is_ok(look,
				strtol(line + strlen(field), NULL, 10) == 0 ? "none" : "filter");
	if (file)
		(void)fclose(file); /* was only read */
}

static void look_apparmor(struct look *look)
{
	if (read_line("/proc/self/attr/apparmor/current", look->verdict) ||
		read_line("/proc/self/attr/current", look->verdict))
		is_ok(look, look->verdict);
	else
		is_ok(look, "none");
}

/* A service that is to be held to paths runs without it, see landlock.h. */
static void look_landlock(struct look *look)
{
	int version = landlock_version();
	const char *name = NULL;

	for (unsigned i = 0; i < look->model->service_count && !name; i++) {
		const struct service *service = &look->model->services[i];

		if (service->read_only.count || service->no_access.count)
			name = service->name;
	}
	(void)snprintf(look->verdict, sizeof(look->verdict), "version %d", version); /* fits */
	is_ok(look, version > 0 ? look->verdict : "none");
	if (version > 0 || !name)
		return;
	(void)snprintf(look->reason, sizeof(look->reason),
		"read_only and no_access of %s do not hold", name); /* names are short */
	lacks(look, FINDING_DEGRADED, "none", look->reason,
		"boot the host with landlock among the names of lsm= on its command line, from "
		"Linux 5.13 on");
}

static const struct service *find_console(const struct model *model)
{
	for (unsigned i = 0; i < model->service_count; i++)
		if (model->services[i].type == SERVICE_CONSOLE)
			return &model->services[i];
	return NULL;
}

/* Engines make /dev/console for a container with a terminal, and only then. */
static void look_terminal(struct look *look)
{
	const struct service *console = find_console(look->model);
	struct stat status;
	bool there = stat("/dev/console", &status) == 0 && S_ISCHR(status.st_mode);

	is_ok(look, there ? "yes" : "none");
	if (there || !console)
		return;
	(void)snprintf(look->reason, sizeof(look->reason),
		"the container has none, and %s wants one", console->name);
	lacks(look, FINDING_DEGRADED, "none", look->reason,
		"start the container with --interactive --tty");
}

/* Of the control group that we see as our root: the container's own in a namespace of cgroups. */
static void look_processes(struct look *look)
{
	static const char *const files[] = {
		"/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"};
	char line[TEXT_MAX] = "max";

	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (read_line(files[i], line))
			break;
	long long limit = strtoll(line, NULL, 10);

	if (strcmp(line, "max") == 0) {
		is_ok(look, "no limit");
		return;
	}
	(void)snprintf(look->verdict, sizeof(look->verdict), "at most %lld", limit);
	is_ok(look, look->verdict);
	if (limit < PROCESSES_MIN)
		lacks(look, FINDING_DEGRADED, look->verdict,
			"FRR's threads count as well, and soon are more",
			"start the container with a higher --pids-limit");
}

void look_at_container(struct doctor *doctor, const struct model *model)
{
	static const struct {
		const char *subject;
		void (*look)(struct look *look);
	} looks[] = {
		{"PID 1", look_pid1},
		{"/proc/sys", look_proc_sys},
		{"/sys", look_sys},
		{"/", look_root},
		{"/run", look_run},
		{"frr.conf", look_frr_config},
		{"no_new_privs", look_no_new_privileges},
		{"seccomp", look_seccomp},
		{"AppArmor", look_apparmor},
		{"Landlock", look_landlock},
		{"terminal", look_terminal},
		{"processes", look_processes},
	};

	for (unsigned i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		struct look look = {.model = model, .finding = {.subject = looks[i].subject}};

		looks[i].look(&look);
		if (look.finding.verdict)
			doctor_add_look(doctor, &look.finding);
	}
}

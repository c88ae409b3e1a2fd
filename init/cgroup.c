#include "init/cgroup.h"

#include "config/model.h"
#include "init/message.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INIT_GROUP "firsthop-init"

struct cgroups {
	struct messages *messages;
	int ours;	 /* directory of our group; -1: none */
	bool looked;	 /* for it */
	bool controlled; /* what limits take was turned on, or at least tried */
};

struct cgroups *cgroups_create(struct messages *messages)
{
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));

	if (cgroups)
		*cgroups = (struct cgroups){.messages = messages, .ours = -1};
	return cgroups;
}

void cgroups_free(struct cgroups *cgroups)
{
	if (!cgroups)
		return;
	if (cgroups->ours >= 0)
		(void)close(cgroups->ours); /* was only looked up from */
	free(cgroups);
}

static bool has_limit(const struct service *spec)
{
	return service_limit(spec, LIMIT_MEMORY_MAX)->set ||
	       service_limit(spec, LIMIT_TASKS_MAX)->set;
}

bool cgroup_is_wanted(const struct service *spec)
{
	return spec->cgroup_kill || has_limit(spec);
}

static int write_file(int directory, const char *name, const char *text)
{
	int fd = openat(directory, name, O_WRONLY | O_CLOEXEC);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		r = -errno;
	(void)close(fd); /* the write has told */
	return r;
}

/* Where the first hierarchy of version 2 is mounted, see proc_pid_mountinfo(5). */
static bool find_mount(char mount[PATH_MAX])
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[2 * PATH_MAX];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, " - cgroup2 ") &&
			sscanf(line, "%*s %*s %*s %*s %4095s", mount) == 1;
	if (file)
		(void)fclose(file); /* was only read */
	return found;
}

/* Our own path in it, which begins with '/'. */
static bool find_own(char own[PATH_MAX])
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		found = strncmp(line, "0::/", 4) == 0;
		line[strcspn(line, "\n")] = '\0';
	}
	if (found)
		(void)snprintf(own, PATH_MAX, "%s", line + 3); /* is shorter */
	if (file)
		(void)fclose(file); /* was only read */
	return found;
}

static void look(struct cgroups *cgroups)
{
	char mount[PATH_MAX], own[PATH_MAX], path[2 * PATH_MAX];

	cgroups->looked = true;
	if (find_mount(mount) && find_own(own)) {
		(void)snprintf(path, sizeof(path), "%s%s", mount, own); /* fits */
		cgroups->ours = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	if (cgroups->ours < 0)
		message(cgroups->messages, MESSAGE_WARNING,
			"no control groups of version 2 are mounted here; services run without "
			"memory_max, tasks_max and cgroup_kill");
}

static int make_group(const struct cgroups *cgroups, const char *name)
{
	if (mkdirat(cgroups->ours, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	int fd = openat(cgroups->ours, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* All that are in our group, ourselves too, into one below it. Who comes meanwhile, by `docker
 * exec`, is in the way of the controllers, and is told of by the limit that cannot be set. */
static void move_all(const struct cgroups *cgroups)
{
	int group = make_group(cgroups, INIT_GROUP);
	int list = openat(cgroups->ours, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *file = list < 0 ? NULL : fdopen(list, "re");
	char line[32];

	while (group >= 0 && file && fgets(line, sizeof(line), file))
		(void)write_file(group, "cgroup.procs", line); /* ESRCH: it has ended */
	if (file)
		(void)fclose(file); /* was only read */
	else if (list >= 0)
		(void)close(list);
	if (group >= 0)
		(void)close(group);
}

/* Each by itself: one that the container has not been given must not keep the others off. */
static void turn_on_controllers(struct cgroups *cgroups)
{
	cgroups->controlled = true;
	if (write_file(cgroups->ours, "cgroup.subtree_control", "+memory") == -EBUSY ||
		write_file(cgroups->ours, "cgroup.subtree_control", "+pids") == -EBUSY)
		move_all(cgroups);
	(void)write_file(cgroups->ours, "cgroup.subtree_control", "+memory"); /* the limit tells */
	(void)write_file(cgroups->ours, "cgroup.subtree_control", "+pids");   /* the limit tells */
}

static void set_limit(struct cgroups *cgroups, const struct service *spec, int group,
	const char *key, const char *name, enum limit_kind kind)
{
	const struct limit *limit = service_limit(spec, kind);
	char text[32] = "max";
	int r;

	if (!limit->set)
		return;
	if (limit->hard != LIMIT_INFINITE)
		(void)snprintf(text, sizeof(text), "%" PRIu64, limit->hard); /* fits */
	r = write_file(group, name, text);
	if (r < 0)
		message(cgroups->messages, MESSAGE_WARNING,
			"%s: %s not set: %s; continuing without", spec->name, key,
			r == -ENOENT ? "the container's control group has no such controller"
				     : strerror(-r));
}

static void group_name(const struct service *spec, char name[NAME_MAX + 1])
{
	(void)snprintf(name, NAME_MAX + 1, "firsthop-%s", spec->name); /* fits */
}

int cgroup_make(struct cgroups *cgroups, const struct service *spec)
{
	char name[NAME_MAX + 1];
	int group, procs;

	if (!cgroups->looked)
		look(cgroups);
	if (cgroups->ours < 0)
		return -1;
	if (!cgroups->controlled && has_limit(spec))
		turn_on_controllers(cgroups);
	group_name(spec, name);
	group = make_group(cgroups, name);
	if (group < 0) {
		message(cgroups->messages, MESSAGE_WARNING,
			"%s: no control group: %s; continuing without", spec->name,
			group == -EROFS ? "/sys/fs/cgroup is read-only" : strerror(-group));
		return -1;
	}
	set_limit(cgroups, spec, group, "memory_max", "memory.max", LIMIT_MEMORY_MAX);
	set_limit(cgroups, spec, group, "tasks_max", "pids.max", LIMIT_TASKS_MAX);
	procs = openat(group, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (procs < 0)
		message(cgroups->messages, MESSAGE_WARNING,
			"%s: no control group: %s; continuing without", spec->name,
			strerror(errno));
	(void)close(group); /* was only looked up from */
	return procs;
}

bool cgroup_kill(struct cgroups *cgroups, const struct service *spec)
{
	char name[NAME_MAX + 1], path[NAME_MAX + 32];

	if (!cgroups || cgroups->ours < 0 || !cgroup_is_wanted(spec))
		return false;
	group_name(spec, name);
	(void)snprintf(path, sizeof(path), "%s/cgroup.kill", name); /* fits */
	return write_file(cgroups->ours, path, "1") == 0;
}

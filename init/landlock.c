#include "init/landlock.h"

#include "config/model.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's interface, see landlock(7), because its header may be older than the kernel. */
enum {
	CREATE_RULESET_VERSION = 1,
	RULE_PATH_BENEATH = 1,
};

#define EXECUTE	   (UINT64_C(1) << 0)
#define WRITE_FILE (UINT64_C(1) << 1)
#define READ_FILE  (UINT64_C(1) << 2)
#define READ_DIR   (UINT64_C(1) << 3)
#define REFER	   (UINT64_C(1) << 13) /* from version 2 on; and so on */
#define TRUNCATE   (UINT64_C(1) << 14)
#define IOCTL_DEV  (UINT64_C(1) << 15)
#define READ	   (EXECUTE | READ_FILE | READ_DIR)
/* Of these a rule for what is no directory may speak. */
#define OF_FILES (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)

struct ruleset_attributes {
	uint64_t handled_access_fs;
};

struct path_beneath {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

enum level { NO_ACCESS, READ_ONLY, READ_WRITE };

/* A place that was named. */
struct place {
	char path[PATH_MAX]; /* without symbolic links */
	enum level level;
};

struct rules {
	int fd;
	uint64_t handled;
	unsigned count;
	struct place *places;
	unsigned place_count;
};

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	return version < 0 ? -errno : (int)version;
}

/* All rights that there are in that version. */
static uint64_t rights(int version)
{
	uint64_t highest = version >= 5	  ? IOCTL_DEV
			   : version >= 3 ? TRUNCATE
			   : version >= 2 ? REFER
					  : REFER >> 1;

	return highest * 2 - 1;
}

static bool is_below(const char *path, const char *directory)
{
	size_t length = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

	return strncmp(path, directory, length) == 0 && path[length] == '/' && path[length + 1];
}

static const struct place *find_place(const struct rules *rules, const char *path)
{
	for (unsigned i = 0; i < rules->place_count; i++)
		if (strcmp(rules->places[i].path, path) == 0)
			return &rules->places[i];
	return NULL;
}

static bool has_less_below(const struct rules *rules, const char *path, enum level level)
{
	for (unsigned i = 0; i < rules->place_count; i++)
		if (rules->places[i].level < level && is_below(rules->places[i].path, path))
			return true;
	return false;
}

static int allow(struct rules *rules, const char *path, enum level level)
{
	/* Through a symbolic link it would be another place that is allowed. */
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct path_beneath rule = {
		.parent_fd = fd, .allowed_access = level == READ_WRITE ? rules->handled : READ};
	struct stat info;
	int r = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno; /* it went meanwhile */
	if (fstat(fd, &info) < 0)
		r = -errno;
	else if (!S_ISDIR(info.st_mode))
		rule.allowed_access &= OF_FILES;
	if (r == 0 && !S_ISLNK(info.st_mode)) {
		if (rules->count++ == LANDLOCK_RULES_MAX)
			r = -E2BIG;
		else if (syscall(SYS_landlock_add_rule, rules->fd, RULE_PATH_BENEATH, &rule, 0) < 0)
			r = -errno;
	}
	(void)close(fd); /* the kernel has its own */
	return r;
}

static int allow_tree(struct rules *rules, const char *path, enum level level);

/* Everything in it but the places, which have rules of their own. */
static int allow_entries(struct rules *rules, const char *path, enum level level)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char child[PATH_MAX];
	int r = 0;

	if (!directory)
		return -errno;
	while (r == 0 && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(child, sizeof(child), "%s/%s", strcmp(path, "/") == 0 ? "" : path,
			    entry->d_name) >= (int)sizeof(child))
			r = -ENAMETOOLONG;
		else if (!find_place(rules, child))
			r = allow_tree(rules, child, level);
	}
	(void)closedir(directory); /* was only read */
	return r;
}

/* The depth is that of the places, which have PATH_MAX bytes at most, and each step takes one of
 * these for itself: but a service has few, so it ends after a few steps. */
static int allow_tree(
	struct rules *rules, const char *path, enum level level) /* NOLINT(misc-no-recursion) */
{
	if (level == NO_ACCESS)
		return 0;
	if (has_less_below(rules, path, level))
		return allow_entries(rules, path, level);
	return allow(rules, path, level);
}

static void put_place(struct rules *rules, const char *path, enum level level)
{
	struct place *place = &rules->places[rules->place_count];

	if (!realpath(path, place->path) || find_place(rules, place->path))
		return; /* it is not there; or it was named already, and the stricter is first */
	place->level = level;
	rules->place_count++;
}

static void put_places(struct rules *rules, const struct words *paths, enum level level)
{
	for (unsigned i = 0; i < paths->count; i++)
		put_place(rules, paths->word[i], level);
}

/* What a read-only root does not mean, unless it was named: the kernel's own trees, as in
 * systemd.exec(5). */
static void put_kernels(struct rules *rules)
{
	static const char *const kernels[] = {"/dev", "/proc", "/sys"};

	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		put_place(rules, kernels[i], READ_WRITE);
}

static int fill(struct rules *rules, const struct service *spec)
{
	const struct place *root;
	int r;

	put_places(rules, &spec->no_access, NO_ACCESS);
	put_places(rules, &spec->read_only, READ_ONLY);
	put_places(rules, &spec->read_write, READ_WRITE);
	put_kernels(rules);
	root = find_place(rules, "/");
	r = root ? 0 : allow_tree(rules, "/", READ_WRITE);
	for (unsigned i = 0; i < rules->place_count && r == 0; i++)
		r = allow_tree(rules, rules->places[i].path, rules->places[i].level);
	return r;
}

int landlock_make(const struct service *spec)
{
	int version = landlock_version(), r;
	unsigned most = spec->no_access.count + spec->read_only.count + spec->read_write.count + 3;

	if (version < 0)
		return version;
	struct ruleset_attributes attributes = {rights(version)};
	struct rules rules = {.handled = attributes.handled_access_fs,
		.places = calloc(most + 1, sizeof(*rules.places))};

	if (!rules.places)
		return -ENOMEM;
	/* Close-on-exec by itself. */
	rules.fd = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
	r = rules.fd < 0 ? -errno : fill(&rules, spec);
	free(rules.places);
	if (r == 0)
		return rules.fd;
	if (rules.fd >= 0)
		(void)close(rules.fd);
	return r;
}

int landlock_allow_all(int rules, const char *directory)
{
	struct rules all = {.fd = rules, .handled = rights(landlock_version())};

	return -allow(&all, directory, READ_WRITE);
}

int landlock_restrict(int rules)
{
	return syscall(SYS_landlock_restrict_self, rules, 0) < 0 ? errno : 0;
}

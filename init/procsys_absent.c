/* A key that is not there may be the host's, or that of a module which is not loaded, or of an
 * interface which has not come, or misspelt. The cures have nothing in common, so each cause is
 * tried in turn, the surest first. */
#include "init/procsys_absent.h"

#include "config/arena.h"
#include "config/nearest.h"
#include "config/sysctl_key.h"
#include "init/preparation.h"
#include "init/procsys.h"
#include "supervisor/finding.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DOTS_MAX = 3 }; /* in the name of an interface */

struct absence {
	struct preparation *preparation;
	struct arena *arena;
	struct finding *finding;
	const char *path, *key, *assignment;
	size_t parent; /* length of the part of the path that is there, a directory */
	const char *module;
	enum sysctl_scope scope;
};

static bool exists(const struct absence *absence, const char *path, int flags)
{
	int fd = procsys_open(absence->preparation, path, O_PATH | flags);

	if (fd < 0)
		return false;
	(void)close(fd); /* was only found */
	return true;
}

/* What the path says behind the part that is there. */
static const char *missing(const struct absence *absence)
{
	return absence->path + absence->parent + (absence->parent ? 1 : 0);
}

static size_t find_parent(const struct absence *absence)
{
	char path[SYSCTL_PATH_MAX];
	size_t parent = 0;

	(void)snprintf(path, sizeof(path), "%s", absence->path);
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!exists(absence, path, O_DIRECTORY))
			break;
		parent = (size_t)(slash - path);
		*slash = '/';
	}
	return parent;
}

static void say(const struct absence *absence, const char *reason, const char *cure)
{
	absence->finding->reason = reason;
	absence->finding->cure = cure;
}

static bool is_no_proc(const struct absence *absence)
{
	if (absence->preparation->proc_sys >= 0)
		return false;
	say(absence, "there is no /proc/sys", "mount a procfs on /proc");
	return true;
}

static bool is_directory(const struct absence *absence)
{
	if (!exists(absence, absence->path, O_DIRECTORY))
		return false;
	say(absence, "it holds keys and is none itself", "name one of the keys below it");
	return true;
}

static void say_meant(const struct absence *absence, const char *path)
{
	char key[SYSCTL_PATH_MAX];

	sysctl_key_from_path(path, key);
	say(absence, "no such key here", arena_printf(absence->arena, "did you mean %s?", key));
}

static void say_dotted(const struct absence *absence, const char *path)
{
	char key[SYSCTL_PATH_MAX];

	sysctl_key_from_path(path, key);
	say(absence, "no such key here: a dot in the name of an interface is written as a slash",
		arena_printf(absence->arena, "write %s", key));
}

/* The same where there is no such interface yet: behind its name stands one word, not more. */
static bool is_dotted_to_come(const struct absence *absence)
{
	char path[SYSCTL_PATH_MAX];
	size_t length;
	const char *name = sysctl_interface(absence->path, &length);
	char *at, *last;

	(void)snprintf(path, sizeof(path), "%s", absence->path);
	if (!name || !strchr(name + length + 1, '/'))
		return false;
	at = path + (name - absence->path) + length;
	last = strrchr(path, '/');
	for (; at < last; at++) {
		if (*at == '/')
			*at = '.';
	}
	say_dotted(absence, path);
	return true;
}

/* net.ipv4.conf.eth0.100.forwarding, where eth0.100 is an interface. */
static bool is_dotted_name(const struct absence *absence)
{
	char path[SYSCTL_PATH_MAX];

	for (const char *at = strchr(absence->path, '/'); at; at = strchr(at + 1, '/')) {
		char *slash = path + (at - absence->path);

		(void)snprintf(path, sizeof(path), "%s", absence->path);
		for (int i = 0; slash && i < DOTS_MAX; i++, slash = strchr(slash, '/')) {
			*slash = '.';
			if (!exists(absence, path, 0))
				continue;
			say_dotted(absence, path);
			return true;
		}
	}
	return is_dotted_to_come(absence);
}

static bool is_well_known(const struct absence *absence)
{
	const char *nearest = sysctl_nearest(absence->arena, absence->key);

	return nearest && strcmp(nearest, absence->key) == 0;
}

static bool is_of_host(const struct absence *absence)
{
	if (absence->scope != SYSCTL_HOST || !is_well_known(absence))
		return false;
	say(absence, "it belongs to the host, a container does not see it",
		arena_printf(absence->arena,
			"set it on the host (sysctl -w %s), or write ?%s to do without",
			absence->assignment, absence->key));
	return true;
}

static bool is_of_module(const struct absence *absence)
{
	if (absence->scope != SYSCTL_MODULE || !absence->module || absence->parent > strlen("net"))
		return false;
	say(absence,
		arena_printf(absence->arena, "the kernel module %s is not loaded", absence->module),
		arena_printf(absence->arena,
			"load it on the host (modprobe %s), or write ?%s to do without",
			absence->module, absence->key));
	return true;
}

static bool is_without_ipv6(const struct absence *absence)
{
	if (absence->parent != strlen("net") || strncmp(absence->path, "net/ipv6/", 9) != 0)
		return false;
	say(absence, "this kernel runs without IPv6",
		"start the host without ipv6.disable=1 and with its IPv6 module");
	return true;
}

/* net/ipv4/conf/NAME/…, net/ipv6/neigh/NAME/…: the directory of NAME is what lacks. */
static bool is_of_interface(const struct absence *absence)
{
	size_t length;
	const char *name = sysctl_interface(absence->path, &length);

	if (!name || name != missing(absence))
		return false;
	struct nearest nearest = {.wanted = arena_strndup(absence->arena, name, length)};

	if (nearest.wanted) {
		nearest_offer(&nearest, "all");
		nearest_offer(&nearest, "default");
	}
	if (nearest.best)
		return false; /* misspelt */
	say(absence, arena_printf(absence->arena, "there is no interface %.*s", (int)length, name),
		"it is set when that arrives");
	return true;
}

/* The nearest of the names in the directory where the first one is missing. */
static bool is_misspelt(const struct absence *absence)
{
	const char *name = missing(absence), *rest = name + strcspn(name, "/");
	const char *directory = arena_strndup(absence->arena, absence->path, absence->parent);
	struct nearest nearest = {
		.wanted = arena_strndup(absence->arena, name, (size_t)(rest - name))};
	int fd = procsys_open(absence->preparation, absence->parent && directory ? directory : ".",
		O_RDONLY | O_DIRECTORY);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	while (entries && nearest.wanted && (entry = readdir(entries))) {
		const char *copy = arena_strdup(absence->arena, entry->d_name);

		if (copy && copy[0] != '.')
			nearest_offer(&nearest, copy);
	}
	if (entries)
		(void)closedir(entries); /* was only read */
	else if (fd >= 0)
		(void)close(fd);
	if (!nearest.best)
		return false;
	const char *meant = arena_printf(absence->arena, "%.*s%s%s%s", (int)absence->parent,
		absence->path, absence->parent ? "/" : "", nearest.best, rest);

	if (!meant || strlen(meant) >= SYSCTL_PATH_MAX || !exists(absence, meant, 0))
		return false;
	say_meant(absence, meant);
	return true;
}

static bool is_near_a_known_one(const struct absence *absence)
{
	const char *nearest = sysctl_nearest(absence->arena, absence->key);

	if (!nearest || strcmp(nearest, absence->key) == 0)
		return false;
	say(absence, "no such key here", arena_printf(absence->arena, "did you mean %s?", nearest));
	return true;
}

static bool is_unknown(const struct absence *absence)
{
	say(absence,
		is_well_known(absence) ? "this kernel lacks it, or keeps it from user namespaces"
				       : "no such key here",
		arena_printf(absence->arena, "write ?%s to do without", absence->key));
	return true;
}

void procsys_explain_absence(struct preparation *preparation, struct arena *arena, const char *path,
	const char *key, const char *assignment, struct finding *finding)
{
	static bool (*const causes[])(const struct absence *absence) = {
		is_no_proc,
		is_directory,
		is_dotted_name,
		is_of_host,
		is_of_module,
		is_without_ipv6,
		is_of_interface,
		is_misspelt,
		is_near_a_known_one,
		is_unknown,
	};
	struct absence absence = {.preparation = preparation,
		.arena = arena,
		.finding = finding,
		.path = path,
		.key = key,
		.assignment = assignment};

	absence.scope = sysctl_scope(path, &absence.module);
	absence.parent = find_parent(&absence);
	for (unsigned i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i](&absence))
			return;
}

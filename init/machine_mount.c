/* What a distribution's init mounts before anything else, and an engine for a container. */
#include "init/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

struct mounted {
	const char *path, *type, *options;
	unsigned long flags;
};

/* In this order: some lie in others. 5 is the group tty everywhere. */
static const struct mounted table[] = {
	{"/proc", "proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC},
	{"/sys", "sysfs", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC},
	{"/dev", "devtmpfs", "mode=0755", MS_NOSUID},
	{"/dev/pts", "devpts", "mode=0620,gid=5,ptmxmode=0666", MS_NOSUID | MS_NOEXEC},
	{"/dev/shm", "tmpfs", "mode=1777", MS_NOSUID | MS_NODEV},
	{"/run", "tmpfs", "mode=0755", MS_NOSUID | MS_NODEV},
	{"/sys/fs/cgroup", "cgroup2", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC},
};

/* The kernel makes the devices, but not these. */
static const struct {
	const char *path, *target;
} links[] = {
	{"/dev/fd", "/proc/self/fd"},
	{"/dev/stdin", "/proc/self/fd/0"},
	{"/dev/stdout", "/proc/self/fd/1"},
	{"/dev/stderr", "/proc/self/fd/2"},
};

/* Something is, whatever it is, if it is not the same file system as what it lies in. */
static bool is_mounted(const char *path)
{
	char parent[64];
	struct stat here, above;

	if (snprintf(parent, sizeof(parent), "%s/..", path) >= (int)sizeof(parent))
		return false;
	return stat(path, &here) == 0 && stat(parent, &above) == 0 && here.st_dev != above.st_dev;
}

static void mount_one(const struct mounted *row)
{
	if ((mkdir(row->path, 0755) == 0 || errno == EEXIST) &&
		mount(row->type, row->path, row->type, row->flags, row->options) == 0)
		return;
	(void)dprintf(STDERR_FILENO, "firsthop: warning: cannot mount %s on %s: %s\n", row->type,
		row->path, strerror(errno)); /* there is no other place to say it */
}

void machine_mount(void)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!is_mounted(table[i].path))
			mount_one(&table[i]);
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		(void)symlink(links[i].target, links[i].path); /* one that is there is as good */
}

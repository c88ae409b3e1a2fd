#include "init/crash_store.h"

#include "init/rundir.h"
#include "supervisor/buffer.h"
#include "supervisor/crash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DIRECTORY_MODE = 0700, /* output and command lines may hold anything */
	FILE_MODE = 0600,
	ENTRIES_MAX = 1024, /* looked at; whoever has put more there has filled it himself */
};

/* One that is not whole: PID 1 was killed while it wrote it. */
static const char unfinished[] = "unfinished";

/* For each name in the directory `fd`, up to ENTRIES_MAX, but for "." and "..". */
typedef void entry_fn(void *context, int fd, const char *name);

static void each_entry(int fd, entry_fn *fn, void *context)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;

	if (!list) {
		if (copy >= 0)
			(void)close(copy); /* was only read */
		return;
	}
	for (int i = 0; i < ENTRIES_MAX && (entry = readdir(list)); i++)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			fn(context, fd, entry->d_name);
	(void)closedir(list); /* the same */
}

static void remove_file(void *context, int fd, const char *name)
{
	(void)context;
	(void)unlinkat(fd, name, 0); /* a directory is not ours: then it all stays */
}

static void remove_bundle(int store, const char *name)
{
	int fd = openat(store, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	each_entry(fd, remove_file, NULL);
	(void)close(fd); /* was only read */
	(void)unlinkat(store, name, AT_REMOVEDIR);
}

static void add_size(void *context, int fd, const char *name)
{
	uint64_t *bytes = context;
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		*bytes += (uint64_t)st.st_size;
}

static uint64_t size_of(int store, const char *name)
{
	int fd = openat(store, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	uint64_t bytes = 0;

	if (fd < 0)
		return 0;
	each_entry(fd, add_size, &bytes);
	(void)close(fd); /* was only read */
	return bytes;
}

struct listing {
	struct crash_entry *entries; /* ENTRIES_MAX */
	unsigned count, newest;
};

static void list_bundle(void *context, int fd, const char *name)
{
	struct listing *listing = context;
	unsigned number;

	if (!crash_name_parse(name, &number))
		return;
	struct crash_entry *entry = &listing->entries[listing->count++];

	entry->number = number;
	entry->bytes = size_of(fd, name);
	memcpy(entry->name, name, strlen(name) + 1);
	if (number > listing->newest)
		listing->newest = number;
}

/* Makes room for `bytes`. The number of the bundle that may come now, or -errno. */
static int make_room(int store, const struct crash_quota *quota, uint64_t bytes)
{
	struct listing listing = {.entries = calloc(ENTRIES_MAX, sizeof(*listing.entries))};
	unsigned surplus;

	if (!listing.entries)
		return -ENOMEM;
	each_entry(store, list_bundle, &listing);
	surplus = crash_surplus(listing.entries, listing.count, bytes, quota->keep, quota->bytes);
	for (unsigned i = 0; i < surplus; i++)
		remove_bundle(store, listing.entries[i].name);
	free(listing.entries);
	return listing.newest < CRASH_NUMBER_MAX ? (int)listing.newest + 1 : -ERANGE;
}

static int write_file(int bundle, const struct crash_file *file)
{
	int fd = openat(bundle, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		FILE_MODE);
	int r;

	if (fd < 0)
		return -errno;
	r = rundir_write_all(fd, file->text->data, file->text->length);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int write_bundle(int store, const char *name, const struct crash_file *files, unsigned count)
{
	int r = mkdirat(store, unfinished, DIRECTORY_MODE) < 0 ? -errno : 0;
	int bundle = -1;

	if (r == 0)
		bundle = openat(store, unfinished, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (r == 0 && bundle < 0)
		r = -errno;
	for (unsigned i = 0; r == 0 && i < count; i++)
		if (files[i].text->length)
			r = write_file(bundle, &files[i]);
	if (bundle >= 0)
		(void)close(bundle); /* a directory: nothing is written by it */
	if (r == 0 && renameat(store, unfinished, store, name) < 0)
		r = -errno;
	if (r < 0)
		remove_bundle(store, unfinished);
	return r;
}

int crash_store_add(const char *directory, const struct crash_quota *quota, const char *service,
	const struct crash_file *files, unsigned file_count, char ret_path[PATH_MAX])
{
	char name[CRASH_NAME_BYTES];
	uint64_t bytes = 0;
	int store, r = rundir_make_directories(directory, DIRECTORY_MODE);

	for (unsigned i = 0; i < file_count; i++)
		bytes += files[i].text->length;
	if (r < 0 || bytes > quota->bytes)
		return r < 0 ? r : -EDQUOT;
	store = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store < 0)
		return -errno;
	remove_bundle(store, unfinished);
	r = make_room(store, quota, bytes);
	if (r >= 0) {
		crash_name(name, (unsigned)r, service);
		r = write_bundle(store, name, files, file_count);
	}
	(void)close(store); /* as above */
	if (r == 0 && snprintf(ret_path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX)
		r = -ENAMETOOLONG;
	return r;
}

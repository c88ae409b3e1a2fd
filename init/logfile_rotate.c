#include "init/logfile_rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* A copy is made in one go, so it must not be large. */
#define COPY_MAX_BYTES ((off_t)16 * 1024 * 1024)

const char *rotated_text(enum rotated how)
{
	static const char *const texts[] = {
		[ROTATED] = "has begun anew",
		[ROTATED_EMPTIED] = "was emptied",
		[ROTATED_COPIED] =
			"cannot be renamed (is it a mount?): when it is full, it is copied "
			"and emptied",
		[ROTATED_LOST] =
			"can be neither renamed nor copied beside it (is it a mount, or the "
			"directory read-only?): when it is full, it is emptied; to keep "
			"older lines, mount its directory",
		[ROTATED_FAILED] =
			"can be neither renamed nor emptied: it grows beyond log_max_size",
	};

	return texts[how];
}

/* PATH.NUMBER; false: too long for a path. */
static bool make_name(char name[PATH_MAX], const char *path, unsigned number)
{
	int r = number ? snprintf(name, PATH_MAX, "%s.%u", path, number)
		       : snprintf(name, PATH_MAX, "%s", path);

	return r > 0 && r < PATH_MAX;
}

/* PATH.FROM becomes PATH.(FROM+1). 0 or -errno. */
static int shift(const char *path, unsigned from)
{
	char old[PATH_MAX], new[PATH_MAX];

	if (!make_name(old, path, from) || !make_name(new, path, from + 1))
		return -ENAMETOOLONG;
	return rename(old, new) < 0 ? -errno : 0;
}

/* Into a new PATH.1. The mode is PATH's: it may hold what not everybody may read. */
static bool copy(const char *path)
{
	char name[PATH_MAX];
	struct stat st;
	off_t left = 0;
	int from = open(path, O_RDONLY | O_CLOEXEC), to = -1;

	if (from >= 0 && fstat(from, &st) == 0 && st.st_size <= COPY_MAX_BYTES &&
		make_name(name, path, 1)) {
		left = st.st_size;
		to = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			st.st_mode & 0777);
	}
	while (to >= 0 && left > 0) {
		ssize_t r = sendfile(to, from, NULL, (size_t)left);

		if (r <= 0)
			break;
		left -= r;
	}
	if (from >= 0)
		(void)close(from); /* was only read */
	if (to < 0)
		return false;
	return close(to) == 0 && left == 0;
}

/* The new file is open to those to whom the old one was. */
static void make_alike(int old, const char *path)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, 0600);

	if (fd < 0)
		return; /* whoever opens it next will tell */
	if (fstat(old, &st) == 0) {
		(void)!fchown(fd, st.st_uid, st.st_gid); /* a kindness only */
		(void)fchmod(fd, st.st_mode & 0777);
	}
	(void)close(fd); /* nothing was written */
}

/* Somebody else may have renamed it: then what `fd` writes to is his. */
static bool is_at(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_dev == there.st_dev &&
	       ours.st_ino == there.st_ino;
}

enum rotated logfile_rotate(int fd, const char *path, unsigned keep)
{
	bool copied;

	if (!is_at(fd, path))
		return ROTATED;
	if (keep == 0)
		return ftruncate(fd, 0) == 0 ? ROTATED_EMPTIED : ROTATED_FAILED;
	/* Fails for those that are not there, and for all where the first one will fail, too. */
	for (unsigned number = keep - 1; number >= 1; number--)
		(void)shift(path, number);
	if (shift(path, 0) == 0) {
		make_alike(fd, path);
		return ROTATED;
	}
	copied = copy(path);
	if (ftruncate(fd, 0) < 0)
		return ROTATED_FAILED;
	return copied ? ROTATED_COPIED : ROTATED_LOST;
}

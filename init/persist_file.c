#include "init/persist_file.h"

#include "config/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/falloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MODE = 0600 }; /* until the file has the mode that it is to have */

/* Reads until `size` bytes are there, or the file ends. Their number or -errno. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t part = read(fd, buffer + length, size - length);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return -errno;
		if (part == 0)
			break;
		length += (size_t)part;
	}
	return (ssize_t)length;
}

static int write_all(int fd, const struct persist_bytes *bytes)
{
	size_t done = 0;

	while (done < bytes->length) {
		ssize_t part = write(fd, bytes->data + done, bytes->length - done);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return -errno;
		done += (size_t)part;
	}
	return 0;
}

/* As whom a user namespace shows all whom it has no number for, the machine's own root included. No
 * daemon's files are his. */
enum { OVERFLOW_UID = 65534 };

/* A daemon that owns its directory could name any file there by a link, for root to read it. A link
 * of root's may lead anywhere, another's only to what its owner has. Looked at when the file is
 * open: a link that has gone since then leaves another file in its place. */
static bool link_leads_too_far(const char *path, const struct stat *opened)
{
	struct stat named;

	if (lstat(path, &named) < 0)
		return true;
	if (S_ISLNK(named.st_mode))
		return named.st_uid != 0 && named.st_uid != OVERFLOW_UID &&
		       named.st_uid != opened->st_uid;
	return named.st_dev != opened->st_dev || named.st_ino != opened->st_ino;
}

/* O_NONBLOCK: whoever put a FIFO there shall not stop us. */
static int open_regular(const char *path, int flags, struct stat *ret_info)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int error = fd < 0 ? errno : 0;

	if (!error && fstat(fd, ret_info) < 0)
		error = errno;
	if (!error && !S_ISREG(ret_info->st_mode))
		error = S_ISDIR(ret_info->st_mode) ? EISDIR : EINVAL;
	if (!error && !(flags & O_NOFOLLOW) && link_leads_too_far(path, ret_info))
		error = EPERM;
	if (!error)
		return fd;
	if (fd >= 0)
		(void)close(fd); /* nothing was written */
	return -error;
}

int persist_file_read(struct arena *arena, const char *path, struct persist_bytes *ret_bytes)
{
	struct stat info = {0};
	int fd = open_regular(path, O_RDONLY, &info);
	ssize_t length;

	if (fd < 0)
		return fd;
	size_t size = info.st_size < 0 ? 0 : (size_t)info.st_size;
	char *data = size <= PERSIST_FILE_MAX_BYTES ? arena_alloc(arena, size + 1) : NULL;

	if (data)
		length = read_all(fd, data, size);
	else
		length = size > PERSIST_FILE_MAX_BYTES ? -EFBIG : -ENOMEM;
	(void)close(fd); /* was only read */
	if (length < 0)
		return (int)length;
	*ret_bytes = (struct persist_bytes){data, (size_t)length};
	return 0;
}

bool persist_file_has(const char *path, const struct persist_bytes *bytes)
{
	char buffer[4096];
	struct stat info = {0};
	int fd = open_regular(path, O_RDONLY, &info);
	size_t at = 0;
	ssize_t part = 0;

	if (fd < 0)
		return false;
	while ((part = read_all(fd, buffer, sizeof(buffer))) > 0) {
		if ((size_t)part > bytes->length - at ||
			memcmp(buffer, bytes->data + at, (size_t)part) != 0)
			break;
		at += (size_t)part;
	}
	(void)close(fd); /* was only read */
	return part == 0 && at == bytes->length;
}

/* The owner first: a change of it takes set-id bits away. */
static int dress(int fd, const struct persist_attributes *attributes)
{
	int error = 0;

	if (!attributes->keep_owner && fchown(fd, attributes->uid, attributes->gid) < 0)
		error = errno;
	if (fchmod(fd, attributes->mode) < 0 && !error)
		error = errno;
	return error;
}

int persist_file_dress(const char *path, const struct persist_attributes *attributes)
{
	struct stat info = {0};
	int fd = open_regular(path, O_RDONLY | O_NOFOLLOW, &info);
	int error = 0;

	if (fd < 0)
		return fd;
	if (info.st_uid != attributes->uid || info.st_gid != attributes->gid ||
		(info.st_mode & 07777) != attributes->mode)
		error = dress(fd, attributes);
	(void)close(fd); /* nothing was written */
	return -error;
}

/* One that was open for writing, and is closed, is what inotify(7) tells of. Where that cannot be,
 * nothing is lost but that it is known. */
void persist_file_announce(const char *path)
{
	struct stat info;
	int fd = open_regular(path, O_WRONLY, &info);

	if (fd >= 0)
		(void)close(fd); /* nothing was written */
}

/* The directory of `path`, and a name in it for the file while it is made. */
static int make_names(const char *path, char directory[PATH_MAX], char temporary[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (!slash || strlen(path) >= PATH_MAX)
		return slash ? -ENAMETOOLONG : -EINVAL;
	int length = slash == path ? 1 : (int)(slash - path);

	if (temporary && snprintf(temporary, PATH_MAX, "%.*s/.%s.firsthop", (int)(slash - path),
				 path, slash + 1) >= PATH_MAX)
		return -ENAMETOOLONG;
	(void)snprintf(directory, PATH_MAX, "%.*s", length, path);
	return 0;
}

int persist_file_sync_directory(const char *path)
{
	char directory[PATH_MAX];
	int r = make_names(path, directory, NULL);
	int fd = r < 0 ? -1 : open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (r < 0)
		return r;
	if (fd < 0)
		return -errno;
	/* EINVAL: a file system that knows no such thing. */
	r = fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
	(void)close(fd); /* was only synced */
	return r;
}

static int fill_temporary(const char *temporary, const struct persist_bytes *bytes,
	const struct persist_attributes *attributes, int *ret_weak)
{
	int fd, r;

	/* One that a crash has left; and nobody's link is ever written through. */
	(void)unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, SECRET_MODE);
	if (fd < 0)
		return -errno;
	r = write_all(fd, bytes);
	*ret_weak = dress(fd, attributes);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int persist_file_replace(const char *path, const struct persist_bytes *bytes,
	const struct persist_attributes *attributes, int *ret_weak)
{
	char directory[PATH_MAX], temporary[PATH_MAX];
	int weak = 0;
	int r = make_names(path, directory, temporary);

	if (r < 0)
		return r;
	r = fill_temporary(temporary, bytes, attributes, &weak);
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlink(temporary); /* it is of no use */
		return r;
	}
	*ret_weak = weak;
	return persist_file_sync_directory(path);
}

/* Asks for the space before anything is lost. */
static int reserve(int fd, size_t length)
{
	if (length == 0 || fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)length) == 0)
		return 0;
	return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : -errno;
}

int persist_file_overwrite(const char *path, const struct persist_bytes *bytes,
	const struct persist_attributes *attributes, int *ret_weak)
{
	struct stat info = {0};
	int fd = open_regular(path, O_WRONLY | O_NOFOLLOW, &info);
	int r;

	if (fd < 0)
		return fd;
	r = reserve(fd, bytes->length);
	if (r == 0)
		r = write_all(fd, bytes);
	if (r == 0 && ftruncate(fd, (off_t)bytes->length) < 0)
		r = -errno;
	*ret_weak = dress(fd, attributes);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

bool persist_file_is_fixed(int error)
{
	return error == -EBUSY || error == -EROFS || error == -EACCES;
}

#include "init/rundir.h"

#include "init/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARENT_MODE = 0755 };

static int make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int r = mkdir(path, PARENT_MODE) < 0 ? -errno : 0;

		*slash = '/';
		if (r < 0 && r != -EEXIST && r != -EROFS)
			return r;
	}
	return 0;
}

int rundir_make_directories(const char *path, unsigned mode)
{
	char copy[PATH_MAX];
	size_t length = strlen(path);
	struct stat st;
	int r = 0;

	if (length == 0 || length >= sizeof(copy))
		return length ? -ENAMETOOLONG : -EINVAL;
	if (mkdir(path, (mode_t)mode) == 0)
		return 0;
	int error = errno;

	if (error == ENOENT) {
		memcpy(copy, path, length + 1);
		r = make_parents(copy);
		if (r < 0 || mkdir(path, (mode_t)mode) == 0)
			return r;
		error = errno;
	}
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? 0 : -error;
}

/* Can files be made in it? A directory on a read-only root may well exist. */
static int try_directory(const char *path)
{
	int r = rundir_make_directories(path, PARENT_MODE);

	if (r < 0)
		return r;
	return access(path, W_OK | X_OK) < 0 ? -errno : 0;
}

const char *rundir_make(void)
{
	const char *candidate;
	int error = ENOENT;

	for (unsigned i = 0; (candidate = control_rundir(i)); i++) {
		int r = try_directory(candidate);

		if (r == 0)
			return candidate;
		error = i == 0 ? -r : error;
	}
	errno = error;
	return NULL;
}

int rundir_write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

static bool has_text(const char *path, const char *text)
{
	char bytes[4096];
	ssize_t length;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	size_t left = strlen(text);

	if (fd < 0)
		return false;
	while ((length = read(fd, bytes, sizeof(bytes))) > 0) {
		if ((size_t)length > left || memcmp(bytes, text, (size_t)length) != 0)
			break;
		text += length;
		left -= (size_t)length;
	}
	(void)close(fd); /* was only read */
	return length == 0 && left == 0;
}

static int make_parent(const char *path)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return 0;
	if (snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path), path) >=
		(int)sizeof(directory))
		return -ENAMETOOLONG;
	return rundir_make_directories(directory, PARENT_MODE);
}

int rundir_write_file(const char *path, const char *text, unsigned mode)
{
	char temporary[PATH_MAX];
	int r;

	if (has_text(path, text))
		return 0;
	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return -ENAMETOOLONG;
	r = make_parent(path);
	if (r < 0)
		return r;
	int fd = open(
		temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);

	if (fd < 0)
		return -errno;
	r = rundir_write_all(fd, text, strlen(text));
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary); /* it is of no use */
	return r;
}

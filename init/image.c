/* The root tree that a configuration is for. Symbolic links are followed inside of it: absolute
 * ones begin at the tree's root, and ".." stops there. openat2(2) does that since Linux 5.6; where
 * it is missing, or a sandbox does not know it, the walk below does the same by hand. That one
 * looks at the tree more than once, so it suits a tree that stands still, as all trees do that we
 * look at. */
#include "init/load.h"

#include "config/arena.h"
#include "config/image.h"
#include "init/openat2.h"
#include "supervisor/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)1 << 20)
#define LINKS_MAX      40 /* as the kernel */

/* Drops the last component of a path that has no trailing slash. */
static void drop_component(char *path)
{
	char *slash = strrchr(path, '/');

	*(slash ? slash : path) = '\0';
}

/* Appends "/NAME", or "NAME" to an empty path. 0 or -ENAMETOOLONG, path unchanged. */
static int add_component(char path[PATH_MAX], const char *name, size_t length)
{
	size_t used = strlen(path);

	if (used + 1 + length >= PATH_MAX)
		return -ENAMETOOLONG;
	if (used > 0)
		path[used++] = '/';
	memcpy(path + used, name, length);
	path[used + length] = '\0';
	return 0;
}

/* Puts a link's target in front of what is `left` to walk. 0 or -errno. */
static int splice_link(int root, const char *link, char left[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(root, link, target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	target[length] = '\0';
	if (add_component(target, left, strlen(left)) < 0)
		return -ENAMETOOLONG;
	memcpy(left, target, strlen(target) + 1);
	return 0;
}

/* Resolves `path` to one below `root` that has no links and no "..". 0 or -errno. */
static int resolve(int root, const char *path, char resolved[PATH_MAX])
{
	char left[PATH_MAX] = "";
	unsigned links = 0;

	resolved[0] = '\0';
	if (add_component(left, path, strlen(path)) < 0)
		return -ENAMETOOLONG;
	for (;;) {
		size_t slashes = strspn(left, "/");
		size_t length = strcspn(left + slashes, "/");
		char name[PATH_MAX];
		struct stat info;

		if (length == 0)
			return 0;
		memcpy(name, left + slashes, length);
		name[length] = '\0';
		memmove(left, left + slashes + length, strlen(left + slashes + length) + 1);
		if (strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			drop_component(resolved);
			continue;
		}
		if (add_component(resolved, name, length) < 0)
			return -ENAMETOOLONG;
		if (fstatat(root, resolved, &info, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (!S_ISLNK(info.st_mode))
			continue;
		if (++links > LINKS_MAX)
			return -ELOOP;
		int error = splice_link(root, resolved, left);
		if (error)
			return error;
		if (left[0] == '/')
			resolved[0] = '\0';
		else
			drop_component(resolved);
	}
}

int image_open_by_walk(int root, const char *path, int flags)
{
	char resolved[PATH_MAX];
	int error = resolve(root, path, resolved);

	if (error)
		return error;
	int fd = openat(root, resolved[0] ? resolved : ".", flags | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int image_open_file(int root, const char *path, int flags)
{
	int fd = openat2_resolved(root, path, flags, OPENAT2_IN_ROOT | OPENAT2_NO_MAGICLINKS);

	return fd == -ENOSYS ? image_open_by_walk(root, path, flags) : fd;
}

static int read_all(int fd, struct buffer *content)
{
	char chunk[16384];
	ssize_t count;

	do {
		count = read(fd, chunk, sizeof(chunk));
		if (count < 0 && errno != EINTR)
			return -errno;
		if (count > 0)
			buffer_add(content, chunk, (size_t)count);
	} while (count != 0 && !content->failed);
	if (!content->failed)
		return 0;
	return content->length + sizeof(chunk) > FILE_MAX_BYTES ? -EFBIG : -ENOMEM;
}

int image_read_fd(int fd, struct arena *arena, char **ret_text, size_t *ret_length)
{
	struct buffer content = {.limit = FILE_MAX_BYTES};
	struct stat info;

	if (fstat(fd, &info) < 0)
		return -errno;
	if (S_ISDIR(info.st_mode))
		return -EISDIR;
	/* Devices for /dev/null; all else could block, and PID 1 reads files, too. */
	if (!S_ISREG(info.st_mode) && !S_ISCHR(info.st_mode))
		return -EINVAL;
	int error = read_all(fd, &content);
	char *text =
		error ? NULL
		      : arena_strndup(arena, content.length ? content.data : "", content.length);

	if (!error && !text)
		error = -ENOMEM;
	if (!error) {
		*ret_text = text;
		*ret_length = content.length;
	}
	buffer_free(&content);
	return error;
}

static int read_file(
	void *context, const char *path, struct arena *arena, char **ret_text, size_t *ret_length)
{
	const struct image_root *root = context;
	int fd = image_open_file(root->fd, path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return fd;
	int error = image_read_fd(fd, arena, ret_text, ret_length);
	(void)close(fd); /* was only read */
	return error;
}

/* By mode, not by access(2): it is for those who will run it, not for who looks. */
static bool is_program(const struct stat *info)
{
	return S_ISREG(info->st_mode) && info->st_mode & 0111;
}

static bool is_executable(void *context, const char *path)
{
	const struct image_root *root = context;
	int fd = image_open_file(root->fd, path, O_PATH);
	struct stat info;

	if (fd < 0)
		return false;
	bool executable = fstat(fd, &info) == 0 && is_program(&info);
	(void)close(fd);
	return executable;
}

/* Below "/" the kernel's own walk is right: one call, not three, for each service of a boot. */
static bool is_executable_here(void *context, const char *path)
{
	struct stat info;

	(void)context;
	return stat(path, &info) == 0 && is_program(&info);
}

static const char *environment(void *context, const char *name)
{
	(void)context;
	return getenv(name);
}

int image_open(struct image_root *root, const char *path, struct image *ret_image)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	root->fd = fd;
	*ret_image = (struct image){
		.context = root,
		.read = read_file,
		.is_executable = strcmp(path, "/") == 0 ? is_executable_here : is_executable,
		.environment = environment,
	};
	return 0;
}

void image_close(struct image_root *root)
{
	if (root->fd >= 0)
		(void)close(root->fd);
	root->fd = -1;
}

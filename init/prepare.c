#include "init/prepare.h"

#include "config/model.h"
#include "init/message.h"
#include "init/passwd.h"
#include "init/rundir.h"
#include "init/signals.h"
#include "init/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_FD = 3 };

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

int prepare_process(void)
{
	int fd;

	/* So that no later descriptor lands on 0, 1 or 2. */
	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			return -errno;
	} while (fd < FIRST_FD);
	(void)close(fd); /* /dev/null */
	/* Whoever started us may have left descriptors open: no service shall get them. Where the
	 * kernel has no close_range(2) (before Linux 5.9) they are left. */
	(void)syscall(SYS_close_range, FIRST_FD, ~0U, 0);
	signals_block();
	if (chdir("/") < 0)
		return -errno;
	/* The socket of who started us is not for our services to speak to. */
	(void)unsetenv("NOTIFY_SOCKET");
	return setenv("PATH", default_path, 0) < 0 ? -errno : 0;
}

int prepare_reaper(void)
{
	if (getpid() == 1)
		return 0;
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -errno : 0;
}

struct rlimit prepare_limit_of_children(struct rlimit have)
{
	if (have.rlim_cur > SPAWN_OPEN_FILES_MAX)
		have.rlim_cur = SPAWN_OPEN_FILES_MAX;
	return have;
}

bool prepare_open_files(struct rlimit *ret_children)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return false;
	*ret_children = prepare_limit_of_children(limit);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* else with as many as we have */
	return ret_children->rlim_cur != limit.rlim_cur;
}

/* By its descriptor, and no link in its place: a directory that is shared (/tmp) may hold one which
 * somebody has put there to have the owner of another changed. */
static int give_directory(
	const char *path, const struct passwd_user *user, unsigned mode, const char **ret_failed)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	char itself[32];

	*ret_failed = "open";
	if (fd < 0)
		return -errno;
	/* The kernel clears set-id bits by it, so the mode comes after. */
	if (fchownat(fd, "", user->uid, user->gid, AT_EMPTY_PATH) < 0) {
		*ret_failed = "change the owner of";
		r = -errno;
	}
	/* fchmod(2) takes none that was opened without the right to read it. */
	(void)snprintf(itself, sizeof(itself), "/proc/self/fd/%d", fd);
	if (r == 0 && chmod(itself, (mode_t)mode) < 0) {
		*ret_failed = "change the mode of";
		r = -errno;
	}
	(void)close(fd); /* only names it */
	return r;
}

static void make_runtime_directory(
	struct messages *messages, const char *service, const struct runtime_directory *directory)
{
	struct passwd_user user = {0};
	const char *failed = "make";
	int r = rundir_make_directories(directory->path, directory->mode);

	if (r == 0 && (directory->user || directory->group)) {
		failed = "find the owner of";
		r = passwd_find(directory->user ? directory->user : "0", directory->group, &user);
	}
	if (r == 0)
		r = give_directory(directory->path, &user, directory->mode, &failed);
	if (r < 0)
		message(messages, MESSAGE_WARNING, "%s: cannot %s runtime directory %s: %s",
			service, failed, directory->path, strerror(-r));
}

void prepare_runtime_directories(struct messages *messages, const struct service *spec)
{
	for (unsigned i = 0; i < spec->runtime_directory_count; i++)
		make_runtime_directory(messages, spec->name, &spec->runtime_directories[i]);
}

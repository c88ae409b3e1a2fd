#include "init/prepare.h"

#include "config/model.h"
#include "init/message.h"
#include "init/passwd.h"
#include "init/rundir.h"
#include "init/signals.h"

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

bool prepare_open_files(struct rlimit *ret_children)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= limit.rlim_max)
		return false;
	*ret_children = limit;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
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
	if (r == 0) {
		failed = "change the owner of";
		/* The kernel clears set-id bits by it, so the mode comes after. */
		r = chown(directory->path, user.uid, user.gid) < 0 ? -errno : 0;
	}
	if (r == 0) {
		failed = "change the mode of";
		r = chmod(directory->path, (mode_t)directory->mode) < 0 ? -errno : 0;
	}
	if (r < 0)
		message(messages, MESSAGE_WARNING, "%s: cannot %s runtime directory %s: %s",
			service, failed, directory->path, strerror(-r));
}

void prepare_runtime_directories(struct messages *messages, const struct service *spec)
{
	for (unsigned i = 0; i < spec->runtime_directory_count; i++)
		make_runtime_directory(messages, spec->name, &spec->runtime_directories[i]);
}

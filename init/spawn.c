#include "init/spawn.h"

#include "init/spawn_child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's stack: it needs a page for the search of $PATH. Not on ours, as with vfork(2): what
 * the address sanitizer notes of frames that never return would be in our way. */
enum { STACK_BYTES = 16 * 1024 };

enum { DUMPABLE = 1 }; /* SUID_DUMP_USER of the kernel, which no header has */

struct spawn_request spawn_request_for(const struct service *spec, const char *const *argv)
{
	return (struct spawn_request){
		.spec = spec,
		.argv = argv,
		.stdin_fd = -1,
		.stdout_fd = -1,
		.stderr_fd = -1,
		.notify_fd = -1,
		.terminal_fd = -1,
		.cgroup_fd = -1,
		.rules_fd = -1,
	};
}

int spawn_open(struct spawner *spawner)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* Whatever is in the slots was left to us by who started us, and meant for nobody. */
	for (int slot = SLOT_NULL; slot < SLOT_END; slot++) {
		if (fd != slot && dup3(fd, slot, O_CLOEXEC) < 0)
			return -errno;
	}
	if (fd >= SLOT_END)
		(void)close(fd); /* /dev/null */
	*spawner = (struct spawner){
		.stack = malloc(STACK_BYTES),
		/* Closes nothing. ENOSYS before Linux 5.9; old seccomp profiles say EPERM. */
		.shares_table = syscall(SYS_close_range, ~0U, ~0U, CLOSE_RANGE_UNSHARE) == 0,
	};
	return spawner->stack ? 0 : -ENOMEM;
}

void spawn_close(struct spawner *spawner)
{
	free(spawner->stack);
	spawner->stack = NULL;
}

/* A process that changes its user makes its memory undumpable, see PR_SET_DUMPABLE in prctl(2), so
 * that nobody of that user looks into it. The memory of the child is ours: without this, PID 1
 * would hide its /proc/1/exe, fd and environ from `docker exec` for good, and never leave a core.
 * Once it has become the program, or is dead, there is nothing to hide. */
static void restore_dumpable(int dumpable)
{
	if (dumpable == DUMPABLE && prctl(PR_GET_DUMPABLE) != DUMPABLE)
		(void)prctl(PR_SET_DUMPABLE, DUMPABLE); /* as it was */
}

/* Puts the descriptors where the child finds them. 0 or -errno. */
static int place_slots(const struct spawner *spawner, const struct spawn_request *request, int *fd)
{
	const int wanted[SLOT_END] = {
		[SLOT_STDIN] = request->stdin_fd,
		[SLOT_STDOUT] = request->stdout_fd,
		[SLOT_STDERR] = request->stderr_fd,
		[SLOT_NOTIFY] = request->notify_fd,
		[SLOT_TERMINAL] = request->terminal_fd,
		[SLOT_RULES] = request->rules_fd,
		[SLOT_CGROUP] = request->cgroup_fd,
	};

	for (int slot = SLOT_STDIN; slot < SLOT_END; slot++) {
		fd[slot] = wanted[slot];
		if (wanted[slot] < SLOT_END || !spawner->shares_table)
			continue;
		if (slot == SLOT_STDERR && wanted[slot] == wanted[SLOT_STDOUT]) {
			fd[slot] = SLOT_STDOUT;
			continue;
		}
		if (dup3(wanted[slot], slot, O_CLOEXEC) < 0)
			return -errno;
		fd[slot] = slot;
	}
	return 0;
}

pid_t spawn(const struct spawner *spawner, const struct spawn_request *request,
	struct spawn_result *ret_result)
{
	struct child child = {.spawner = spawner, .request = request, .result = ret_result};
	int flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (spawner->shares_table ? CLONE_FILES : 0);
	pid_t pid;

	*ret_result = (struct spawn_result){0};
	int r = place_slots(spawner, request, child.fd);

	if (r < 0) {
		ret_result->stage = spawn_stage_name(SPAWN_DESCRIPTORS);
		ret_result->error = -r;
		return -1;
	}
	int dumpable = request->identity.change ? prctl(PR_GET_DUMPABLE) : -1;

	pid = clone(spawn_child_main, spawner->stack + STACK_BYTES, flags, &child);
	if (pid < 0) {
		ret_result->stage = spawn_stage_name(SPAWN_CLONE);
		ret_result->error = errno;
		return -1;
	}
	restore_dumpable(dumpable);
	if (!ret_result->stage)
		return pid;
	/* It is dead already, and nobody else knows of it. */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return -1;
}

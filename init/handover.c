#include "init/handover.h"

#include "init/prepare.h"
#include "init/signals.h"
#include "init/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_FD = 3 };

/* What services get from spawn(), the program gets as well. */
static int become_program(const struct spawner *spawner, const struct words *command)
{
	char *const *argv = (char *const *)(const void *)command->word; /* it changes none */
	sigset_t none;

	if (spawner->restore_nofile)
		(void)setrlimit(RLIMIT_NOFILE, &spawner->nofile); /* lowers the soft one: may be */
	/* Fails before Linux 5.11, where ours are marked so one by one. */
	(void)syscall(SYS_close_range, FIRST_FD, ~0U, CLOSE_RANGE_CLOEXEC);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execv(argv[0], argv);
	int error = errno;

	signals_block();
	return -error;
}

/* The terminal stays with PID 1, and what is typed at it. If PID 1 is no PID 1 but an ordinary
 * process (docker run --init, a test), its end does not end us: then it is told by a TERM. */
static void become_supervisor(pid_t parent)
{
	(void)setsid(); /* a child is no leader of a group, so it works */
	(void)dup2(SPAWN_NULL_FD, STDIN_FILENO);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() != parent)
		(void)raise(SIGTERM); /* it went before we asked */
	(void)prepare_reaper();	      /* fails on no Linux that has it, as all have since 3.4 */
}

/* Reads until the other end is closed by execve(2), or says why not. 0 or -errno. */
static int wait_for_program(int fd)
{
	int error = 0;
	ssize_t length;

	do {
		length = read(fd, &error, sizeof(error));
	} while (length < 0 && errno == EINTR);
	(void)close(fd); /* was only read */
	return length == 0 ? 0 : error ? error : -EIO;
}

static int take_back(pid_t child, int fd, int error)
{
	ssize_t written = write(fd, &error, sizeof(error));

	(void)written; /* then it reads too little, and ends as well */
	(void)close(fd);
	(void)waitpid(child, NULL, 0); /* it has nothing else to do than to end */
	return error;
}

int handover(const struct spawner *spawner, const struct words *command)
{
	pid_t parent = getpid(), child;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child < 0) {
		int error = errno;

		(void)close(ends[0]);
		(void)close(ends[1]);
		return -error;
	}
	if (child == 0) {
		(void)close(ends[1]); /* is the parent's */
		if (wait_for_program(ends[0]) < 0)
			_exit(0);
		become_supervisor(parent);
		return 1;
	}
	(void)close(ends[0]); /* is the child's */
	return take_back(child, ends[1], become_program(spawner, command));
}

/* Each end is looked at (WNOWAIT) before it is taken. As long as the zombie is there, its number is
 * its own, and kill(-pid) meets its group or nobody. Taken first, the number could belong to a new
 * process by the time of the kill. The price is one more call for an end: a microsecond. */
#include "init/reap.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* The next child that has ended, 0: none has, -ECHILD: there is none. */
static pid_t peek(void)
{
	siginfo_t info = {0};

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) {
		if (errno != EINTR)
			return -ECHILD;
	}
	return info.si_pid;
}

enum reap_left reap(const struct reap_operations *operations)
{
	for (int i = 0; i < REAP_PER_CALL; i++) {
		pid_t pid = peek();
		struct rusage usage;
		int status = 0;

		if (pid <= 0)
			return pid < 0 ? REAP_NO_CHILD : REAP_NONE_ENDED;
		bool ours = operations->is_ours(operations->context, pid);

		if (ours)
			operations->ending(operations->context, pid);
		/* ESRCH: nobody else was in the group. */
		if (ours)
			(void)kill(-pid, SIGKILL);
		if (wait4(pid, &status, WNOHANG, &usage) == pid)
			operations->exited(operations->context, pid, status, &usage, ours);
	}
	return REAP_MORE;
}

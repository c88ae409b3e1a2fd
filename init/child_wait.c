#include "init/child_wait.h"

#include "init/loop.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

bool child_wait(pid_t pid, struct timestamp until, int *ret_status)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		if (waitpid(pid, ret_status, WNOHANG) != 0)
			return true;
		int64_t left_ms = timestamp_elapsed_ms(loop_clock(), until);
		const struct timespec left = {left_ms / 1000, left_ms % 1000 * 1000000};

		if (left_ms == 0)
			return false;
		(void)sigtimedwait(&child, NULL, &left); /* whatever it says, look again */
	}
}

void child_end_group(pid_t pid)
{
	(void)kill(-pid, SIGKILL); /* what it has started belongs to its group */
}

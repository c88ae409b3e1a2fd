/* subinit: a PID 1 for a firsthop that is none, as `docker run --init` makes it: starts its
 * command, passes TERM, INT, HUP and USR1 on, reaps, and ends with the command's exit code, or 128
 * + signal. It takes in no orphans on its own: a subreaper below it must have them all. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t child;

static void pass_on(int signal_number)
{
	if (child > 0)
		kill(child, signal_number);
}

int main(int argc, char **argv)
{
	static const int passed[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	int status;
	pid_t pid;

	if (argc < 2)
		return 99;
	for (unsigned i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		signal(passed[i], pass_on);
	child = fork();
	if (child < 0)
		return 99;
	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(99);
	}
	while ((pid = wait(&status)) != child) {
		if (pid > 0)
			printf("subinit: got an orphan: %d\n", (int)pid);
		else if (errno != EINTR)
			return 99;
		fflush(stdout);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

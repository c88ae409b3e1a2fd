/* floor COUNT PROGRAM FILE: the least that a C program can do to keep services running: starts
 * COUNT times `PROGRAM FILE:0` …, waits, starts again what ends. No configuration, no log, no
 * readiness, no delay, no order. TERM stops them, and it ends when all have. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SERVICES_MAX = 4096 };

static pid_t pids[SERVICES_MAX];
static volatile sig_atomic_t stopping;
static int count;

static void stop(int signal)
{
	(void)signal;
	stopping = true;
	for (int i = 0; i < count; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGTERM);
}

static void start(int i, char *program, const char *file, char **envp)
{
	char place[4096];
	char *argv[] = {program, place, NULL};

	snprintf(place, sizeof(place), "%s:%d", file, i);
	pids[i] = vfork();
	if (pids[i] == 0) {
		execve(program, argv, envp);
		_exit(127);
	}
	if (stopping)
		kill(pids[i], SIGTERM);
}

int main(int argc, char **argv, char **envp)
{
	long wanted = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	pid_t pid;

	if (wanted < 1 || wanted > SERVICES_MAX) {
		fprintf(stderr, "usage: floor COUNT PROGRAM FILE\n");
		return 100;
	}
	signal(SIGTERM, stop);
	for (; count < wanted && !stopping; count++)
		start(count, argv[2], argv[3], envp);
	while ((pid = waitpid(-1, NULL, 0)) > 0 || errno == EINTR)
		for (int i = 0; i < count; i++)
			if (pid > 0 && pids[i] == pid && !stopping)
				start(i, argv[2], argv[3], envp);
	return 0;
}

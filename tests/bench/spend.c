/* spend COUNT PROGRAM [ARG…]: runs it so often, its output thrown away, and prints how many ms each
 * run took, from before the fork until it was waited for. Without arguments it does nothing, as the
 * least that a program can do: so the one measures the other. Exits with 1 when a run fails. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int run(char **argv, int nowhere)
{
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		dup2(nowhere, STDOUT_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
	int nowhere;
	long count;

	if (argc < 3)
		return 0;
	count = strtol(argv[1], NULL, 10);
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (long i = 0; i < count; i++) {
		uint64_t began = now_ns();

		if (!run(argv + 2, nowhere)) {
			fprintf(stderr, "spend: %s failed\n", argv[2]);
			return 1;
		}
		printf("%.4f\n", (double)(now_ns() - began) / 1e6);
	}
	return 0;
}

/* killat N COMMAND…: runs COMMAND and kills it as it begins its Nth system call, which is not
 * carried out any more. Exit code 0: so it was done; 1: it ended before by itself, with 0; 2: with
 * something else; 99: trouble. With -u, calls count from SIGUSR1 on, and TERM is passed on. What
 * COMMAND starts is not looked at. See ptrace(2). */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TROUBLE = 99, SYSCALL_STOP = SIGTRAP | 0x80 };

static volatile sig_atomic_t counting = 1;
static volatile pid_t tracee;

static void begin_counting(int signal_number)
{
	(void)signal_number;
	counting = 1;
}

static void pass_on(int signal_number)
{
	if (tracee > 0)
		kill(tracee, signal_number);
}

static void handle(int signal_number, void (*handler)(int))
{
	/* Without SA_RESTART the wait below would only see it at the next stop: it does not matter.
	 */
	const struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	sigaction(signal_number, &action, NULL);
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(TROUBLE);
		raise(SIGSTOP);
		execvp(argv[0], argv);
		_exit(TROUBLE);
	}
	return pid;
}

/* Goes on until the `wanted`th entry. The exit code. */
static int follow(pid_t pid, unsigned long wanted)
{
	unsigned long entries = 0;
	bool inside = false; /* a system call, whose end comes next */
	int status, deliver = 0;

	while (ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)deliver) == 0) {
		if (waitpid(pid, &status, 0) != pid)
			return TROUBLE;
		if (WIFEXITED(status))
			return WEXITSTATUS(status) == 0 ? 1 : 2;
		if (WIFSIGNALED(status))
			return TROUBLE;
		deliver = 0;
		if (WSTOPSIG(status) == SYSCALL_STOP) {
			inside = !inside;
			entries += inside && counting;
			if (inside && entries == wanted) {
				kill(pid, SIGKILL);
				waitpid(pid, &status, 0);
				return 0;
			}
		} else if (status >> 16 == 0) {
			deliver = WSTOPSIG(status); /* a signal, not a stop of ptrace's own */
		}
	}
	return TROUBLE;
}

int main(int argc, char **argv)
{
	bool on_signal = argc > 1 && strcmp(argv[1], "-u") == 0;
	int first = on_signal ? 2 : 1, status;

	if (argc < first + 2)
		return TROUBLE;
	if (on_signal) {
		counting = 0;
		handle(SIGUSR1, begin_counting);
		handle(SIGTERM, pass_on);
	}
	unsigned long wanted = strtoul(argv[first], NULL, 10);

	tracee = start(argv + first + 1);
	if (tracee < 0 || waitpid(tracee, &status, 0) != tracee || !WIFSTOPPED(status))
		return TROUBLE;
	if (ptrace(PTRACE_SETOPTIONS, tracee, NULL,
		    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC) < 0)
		return TROUBLE;
	return follow(tracee, wanted);
}

/* What a machine does that cannot go on: it stays, and waits for an order. */
#include "init/machine.h"

#include "init/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_BYTES = 128 * 1024 }; /* of the handler: machine_end() reads the mounts into its own */

static const char *const logins[] = {"/sbin/sulogin", "/usr/sbin/sulogin"};

static void say(const char *text)
{
	/* strlen(3) and write(2) are all that may be called after a fault. */
	ssize_t written = write(STDERR_FILENO, text, strlen(text));

	(void)written; /* there is no other place to say it */
}

/* Asks for root's password and gives a shell: whoever is at the console is not root yet. 0: there
 * is none. */
static pid_t start_login(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	sigset_t none;

	if (pid != 0)
		return pid > 0 ? pid : 0;
	(void)setsid();
	(void)ioctl(STDIN_FILENO, TIOCSCTTY, 1); /* no job control without it */
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		char *const argv[] = {(char[]){"sulogin"}, NULL};

		(void)execve(logins[i], argv, environ); /* then the next one */
	}
	_exit(127);
}

/* Reaps all that has ended. Was the login among them, and went well? */
static bool reap_login(pid_t login)
{
	int status;
	pid_t pid;
	bool left = false;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == login)
			left = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	return left;
}

static _Noreturn void wait_for_orders(pid_t login)
{
	enum node_end end = NODE_END_REBOOT;
	sigset_t all;

	sigfillset(&all);
	for (;;) {
		int signal = sigwaitinfo(&all, NULL);

		if (signal == SIGCHLD ? reap_login(login) : signals_end_machine(signal, &end))
			break;
	}
	machine_end(end);
}

_Noreturn void machine_rescue(void)
{
	say("firsthop: the machine stays up, without its services, so that somebody can look at "
	    "it. "
	    "Ctrl-alt-del (SIGINT to PID 1) reboots it, SIGTERM powers it off\n");
	pid_t login = start_login();

	if (login)
		say("firsthop: sulogin(8), if it is there, asks for root's password here; its end "
		    "reboots\n");
	wait_for_orders(login);
}

/* The signal comes again when it returns. */
static void die_of(int signal)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};

	(void)sigaction(signal, &usual, NULL); /* fails on bad arguments only */
}

static void on_fault(int signal)
{
	/* A child, between clone(2) and execve(2). */
	if (getpid() != 1) {
		die_of(signal);
		return;
	}
	say("firsthop: error: a fault in firsthop itself (");
	say(signal == SIGSEGV ? "SIGSEGV" : signal == SIGBUS ? "SIGBUS" : "SIGILL or SIGFPE");
	say("). What runs goes on, but nobody restarts it any more. Ctrl-alt-del (SIGINT to PID 1) "
	    "reboots, SIGTERM powers off\n");
	wait_for_orders(0);
}

void machine_guard(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
	void *memory =
		mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const stack_t stack = {.ss_sp = memory, .ss_size = STACK_BYTES};
	const struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};

	/* Without a stack of its own the handler still does, unless the stack was the fault. */
	if (memory != MAP_FAILED)
		(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		(void)sigaction(faults[i], &action, NULL); /* fails on bad arguments only */
}

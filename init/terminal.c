#include "init/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOWEST_FD = 16 }; /* above the slots of spawn */

void terminal_open(struct terminal *terminal)
{
	struct stat st;

	*terminal = (struct terminal){.fd = -1};
	if (!isatty(STDIN_FILENO) || fstat(STDIN_FILENO, &st) < 0 ||
		tcgetattr(STDIN_FILENO, &terminal->at_boot) < 0)
		return;
	terminal->device = st.st_rdev;
	terminal->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, LOWEST_FD);
}

void terminal_close(struct terminal *terminal)
{
	if (terminal->fd >= 0)
		(void)close(terminal->fd); /* stdin is still there */
	terminal->fd = -1;
}

/* TIOCNOTTY sends SIGHUP and SIGCONT to the foreground process group, which is ours: the first
 * would be taken for the order to reload. */
static void swallow_hangup(void)
{
	const struct timespec now = {0};
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	(void)sigtimedwait(&hangup, NULL, &now); /* none there is as good */
}

void terminal_claim(struct terminal *terminal)
{
	if (terminal->claimed || terminal->fd < 0)
		return;
	terminal->claimed = true;
	terminal->session = SPAWN_OWN_TERMINAL;
	/* tcgetsid(3) fails when it is not our controlling terminal: then nobody's, we hope, and
	 * the child tells when not. */
	pid_t owner = tcgetsid(terminal->fd);

	if (owner < 0)
		return;
	if (getsid(0) == getpid()) {
		if (ioctl(terminal->fd, TIOCNOTTY) == 0) {
			swallow_hangup();
			return;
		}
	}
	/* Another's session. With a process group of our own we can take the terminal back. */
	terminal->session = SPAWN_SHARED_TERMINAL;
	(void)setpgid(0, 0); /* fails when we lead one already */
}

void terminal_restore(struct terminal *terminal)
{
	if (terminal->fd < 0)
		return;
	if (terminal->claimed && terminal->session == SPAWN_SHARED_TERMINAL)
		(void)tcsetpgrp(terminal->fd, getpgrp()); /* else ^C goes to a dead group */
	/* EIO when it was hung up: then nobody is there to see its settings. */
	(void)tcsetattr(terminal->fd, TCSANOW, &terminal->at_boot);
}

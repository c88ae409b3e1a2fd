/* ptyhost: a terminal for a test, and the person before it.
 *
 *	ptyhost own|shared COMMAND [ARG…]
 *
 * Runs COMMAND on a new terminal; what is read from stdin is typed on it, what it shows goes to
 * stdout. shared: the terminal belongs to the session that COMMAND is started in, as with
 * script(1). own: nobody owns it yet; `ptyhost lead COMMAND …` further inside then takes it, as an
 * engine's runtime does for PID 1 with `docker run -t`. Ends with COMMAND's exit code, or 128 +
 * signal. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "ptyhost: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void lead(char **command)
{
	(void)setsid(); /* fails for a leader of a group, which then leads a session too */
	if (ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
		fail("TIOCSCTTY");
	execvp(command[0], command);
	fail(command[0]);
}

static void run_child(const char *slave, bool shared, char **command)
{
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	fd = open(slave, O_RDWR | O_NOCTTY);
	if (fd < 0 || (shared && ioctl(fd, TIOCSCTTY, 0) < 0))
		fail(slave);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	execvp(command[0], command);
	fail(command[0]);
}

/* false: its end. */
static bool copy(int from, int to)
{
	char bytes[4096];
	ssize_t length = read(from, bytes, sizeof(bytes));

	if (length <= 0)
		return false;
	for (ssize_t done = 0; done < length;) {
		ssize_t written = write(to, bytes + done, (size_t)(length - done));

		if (written < 0)
			fail("write");
		done += written;
	}
	return true;
}

/* The slave stays open here, so that the master sees no end between two users of the terminal. */
static int serve(int master, pid_t child)
{
	struct pollfd fds[2] = {
		{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = master, .events = POLLIN}};
	int status;

	for (;;) {
		if (poll(fds, 2, 50) < 0 && errno != EINTR)
			fail("poll");
		if (fds[1].revents && !copy(master, STDOUT_FILENO))
			fds[1].fd = -1;
		if (fds[0].revents && !copy(STDIN_FILENO, master))
			fds[0].fd = -1;
		if (!(fds[1].revents & POLLIN) && waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

int main(int argc, char **argv)
{
	int master, slave;
	pid_t child;

	if (argc < 3)
		return 99;
	if (strcmp(argv[1], "lead") == 0)
		lead(argv + 2);
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		fail("pty");
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		fail("pty");
	child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0)
		run_child(ptsname(master), strcmp(argv[1], "shared") == 0, argv + 2);
	return serve(master, child);
}

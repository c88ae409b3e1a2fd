/* terminal: PID 1's terminal, lent to one process at a time: the console service or the foreground
 * command.
 *
 * With `docker run -t` PID 1 is the leader of a session and owns the terminal. A child can only
 * make it the controlling terminal of a session of its own once PID 1 has given it up (TIOCNOTTY,
 * which sends PID 1 a SIGHUP that we swallow). Then ^C and ^Z reach the console's foreground
 * process group and nothing else. When the session is another's (`docker run --init -t`,
 * script(1)), the terminal cannot be given away: the child then stays in our session and gets it
 * for its process group, see tcsetpgrp(3).
 *
 * Between two consoles the terminal has no owner, and its settings are put back to those of the
 * boot: a shell that was killed leaves it raw and without echo. */
#ifndef FIRSTHOP_INIT_TERMINAL_H
#define FIRSTHOP_INIT_TERMINAL_H

#include "init/spawn.h"

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

struct terminal {
	int fd; /* -1: there is none */
	dev_t device;
	bool claimed; /* `session` was found out, and the terminal given up if it was ours */
	enum spawn_session session;
	struct termios at_boot;
};

/* Looks whether stdin is a terminal and keeps its settings. Changes nothing. */
void terminal_open(struct terminal *terminal);
void terminal_close(struct terminal *terminal);

/* Before the first loan: gives up the terminal where that is possible. All signals must be blocked.
 * Later calls do nothing. */
void terminal_claim(struct terminal *terminal);

/* After its user's end. */
void terminal_restore(struct terminal *terminal);

#endif

/* firsthop drain DAEMON: tells the neighbours of an FRR daemon that it goes down. The stop_command
 * of the daemons that [frr] makes, run as a process of its own, so that it may wait for answers.
 * All of it together has DRAIN_MS: a daemon that hangs does not get more out of the stop. */
#include "init/commands.h"

#include "init/loop.h"
#include "init/options.h"
#include "init/vty_ask.h"
#include "supervisor/buffer.h"
#include "supervisor/frr_drain.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	DRAIN_MS = 500,
	/* ospfd sends the Hello of an interface that came up by a timer of 1 ms. */
	PARTING_MS = 20,
};

struct drain {
	const char *daemon;
	int fd;
	struct timestamp until;
	struct buffer answer, lines;
	bool refused; /* one of the lines, at least */
};

static int open_vty(struct drain *drain)
{
	char path[128];
	int length = snprintf(path, sizeof(path), "/var/run/frr/%s.vty", drain->daemon);

	if (length < 0 || (size_t)length >= sizeof(path))
		return -ENAMETOOLONG;
	drain->fd = vty_connect(path);
	return drain->fd < 0 ? drain->fd : 0;
}

static int say(struct drain *drain, const char *line)
{
	return vty_say(drain->fd, line, drain->until, &drain->answer);
}

/* All of them, also behind one that the daemon refuses. */
static int say_lines(struct drain *drain)
{
	int r = 0;

	for (size_t at = 0; r == 0 && at < drain->lines.length;) {
		const char *line = drain->lines.data + at;

		r = say(drain, line);
		if (r == -EPROTO) {
			fprintf(stderr, "firsthop drain: %s refuses: %s\n", drain->daemon, line);
			drain->refused = true;
			r = 0;
		}
		at += strlen(line) + 1;
	}
	return r;
}

/* -ENOENT: no neighbour is to be told. */
static int tell(struct drain *drain)
{
	int r = open_vty(drain);

	if (r == 0)
		r = say(drain, "enable");
	if (r == 0)
		r = say(drain, "show running-config");
	if (r < 0) /* no vty yet: no neighbours yet */
		return r == -ECONNREFUSED ? -ENOENT : r;
	if (!drain->answer.data)
		return -ENOENT;
	r = frr_drain_commands(drain->daemon, drain->answer.data, &drain->lines);
	if (r == 0)
		r = say_lines(drain);
	if (r == 0)
		(void)poll(NULL, 0, PARTING_MS); /* a pause; cut short is fine */
	return r;
}

int cmd_drain(int argc, char **argv)
{
	const struct option_rules rules = {.operands_min = 1, .operands_max = 1};
	struct drain drain = {.fd = -1, .until = timestamp_add_ms(loop_clock(), DRAIN_MS)};
	int operands;
	int r = options_parse(argc, argv, &rules, &operands);

	if (r)
		return options_exit_code(r);
	drain.daemon = argv[1];
	if (!frr_drain_knows(drain.daemon)) {
		fprintf(stderr, "firsthop drain: %s: bgpd, ospfd or ospf6d was expected\n",
			drain.daemon);
		return EXIT_CODE_CONFIG;
	}
	r = tell(&drain);
	if (r < 0 && r != -ENOENT)
		fprintf(stderr, "firsthop drain: %s: %s; its neighbours find out by themselves\n",
			drain.daemon,
			r == -ETIMEDOUT ? "does not answer on its vty" : strerror(-r));
	if (drain.fd >= 0)
		(void)close(drain.fd); /* all was said */
	buffer_free(&drain.answer);
	buffer_free(&drain.lines);
	return (r < 0 && r != -ENOENT) || drain.refused ? EXIT_CODE_NO : EXIT_CODE_OK;
}

/* firsthop health [--wait[=TIME]] [--level started|ready]. The waiting is done by the server; here
 * is only the limit to it. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "init/client.h"
#include "init/loop.h"
#include "init/options.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

#define TIMEOUT_MS	10000
#define SOCKET_GRACE_MS 2000 /* when waiting: for a firsthop that has only just been started */
#define SOCKET_RETRY_MS 20

struct health_options {
	bool wait;
	int64_t wait_ms; /* below 0: for ever */
	enum health_level level;
};

static int parse(int argc, char **argv, struct health_options *ret_options)
{
	struct health_options chosen = {.wait_ms = -1};
	const char *time = NULL, *level = "ready";
	const struct option_spec options[] = {
		{.name = "wait",
			.kind = OPTION_OPTIONAL_VALUE,
			.flag = &chosen.wait,
			.value = &time},
		{.name = "level", .kind = OPTION_VALUE, .value = &level},
	};
	const struct option_rules rules = {.options = options, .option_count = 2};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return result;
	if (!health_level_from_name(level, &chosen.level)) {
		fprintf(stderr, "firsthop %s: --level %s: started or ready was expected\n", argv[0],
			level);
		return -EINVAL;
	}
	if (time && quantity_time(time, &chosen.wait_ms) < 0) {
		fprintf(stderr, "firsthop %s: --wait=%s: a time was expected, such as 30s\n",
			argv[0], time);
		return -EINVAL;
	}
	if (chosen.wait_ms == TIME_INFINITE_MS)
		chosen.wait_ms = -1;
	*ret_options = chosen;
	return 0;
}

/* Asks; when we wait, also for the socket to be there at all. */
static int ask(const struct health_options *options, struct arena *arena, struct reply *ret_reply)
{
	const struct request request = {
		.type = REQUEST_HEALTH, .level = options->level, .wait = options->wait};
	struct timestamp start = loop_clock();
	int64_t grace_ms = options->wait ? SOCKET_GRACE_MS : 0;

	if (options->wait && options->wait_ms >= 0 && options->wait_ms < grace_ms)
		grace_ms = options->wait_ms;
	for (;;) {
		int64_t spent_ms = timestamp_elapsed_ms(start, loop_clock());
		int64_t timeout_ms = options->wait ? options->wait_ms : TIMEOUT_MS;

		if (timeout_ms >= 0)
			timeout_ms = timeout_ms > spent_ms ? timeout_ms - spent_ms : 0;
		int error = client_ask_plain(&request, timeout_ms, arena, ret_reply);
		if (error != -ENOENT || spent_ms >= grace_ms)
			return error;
		(void)poll(NULL, 0, SOCKET_RETRY_MS); /* a pause; cut short is fine */
	}
}

int cmd_health(int argc, char **argv)
{
	struct health_options options;
	struct arena arena = {0};
	struct reply reply;
	int result = parse(argc, argv, &options);

	if (result)
		return options_exit_code(result);
	int error = ask(&options, &arena, &reply);
	if (error == -ETIMEDOUT && options.wait) {
		/* The time is up: what does it lack? */
		options.wait = false;
		error = ask(&options, &arena, &reply);
	}
	int code = EXIT_CODE_NO;
	if (error) {
		code = client_complain(argv[0], error);
	} else if (reply.type != REPLY_HEALTH) {
		code = client_refused(argv[0], &reply);
	} else {
		puts(reply.text);
		code = reply.ok ? EXIT_CODE_OK : EXIT_CODE_NO;
	}
	arena_free(&arena);
	return code;
}

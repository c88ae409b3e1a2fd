/* firsthop health [--wait[=TIME]] [--level started|ready|converged]. PID 1 knows the first two, and
 * does the waiting; here is only the limit to it. For the third this command asks the daemons
 * itself, once all are ready, because that may take as long as they like. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "init/client.h"
#include "init/loop.h"
#include "init/options.h"
#include "init/settled.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS	10000
#define SOCKET_GRACE_MS 2000 /* when waiting: for a firsthop that has only just been started */
#define SOCKET_RETRY_MS 20
#define LOOK_LIMIT_MS	5000
#define LOOK_AGAIN_MS	250

struct health_options {
	bool wait;
	int64_t wait_ms; /* below 0: for ever */
	enum health_level level;
	bool converged; /* and the routing has settled */
	const char *level_name;
	bool json;
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
		{.name = "json", .kind = OPTION_FLAG, .flag = &chosen.json},
	};
	const struct option_rules rules = {
		.options = options, .option_count = sizeof(options) / sizeof(options[0])};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return result;
	chosen.level_name = level;
	chosen.converged = strcmp(level, "converged") == 0;
	if (!health_level_from_name(chosen.converged ? "ready" : level, &chosen.level)) {
		fprintf(stderr,
			"firsthop %s: --level %s: started, ready or converged was expected\n",
			argv[0], level);
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

/* Ready or started, as PID 1 says; what it has to say is in *ret_reply. 0 or an error. */
static int ask_in_time(struct health_options options, struct arena *arena, struct reply *ret_reply)
{
	int error = ask(&options, arena, ret_reply);

	if (error != -ETIMEDOUT || !options.wait)
		return error;
	options.wait = false; /* the time is up: what does it lack? */
	return ask(&options, arena, ret_reply);
}

#define HEALTH_JSON_VERSION 1

static void say(const struct health_options *options, bool ok, const char *text)
{
	struct buffer out = {0};
	struct json json = {.buffer = &out};

	if (!options->json) {
		puts(text);
		return;
	}
	json_open_object(&json, NULL);
	json_int(&json, "version", HEALTH_JSON_VERSION);
	json_string(&json, "level", options->level_name);
	json_bool(&json, "ok", ok);
	json_string(&json, "text", text);
	json_close_object(&json);
	puts(out.failed ? "" : out.data);
	buffer_free(&out);
}

/* One answer of PID 1, said. Returns the exit code. */
static int check_services(const char *verb, const struct health_options *options, bool silent)
{
	struct arena arena = {0};
	struct reply reply;
	int error = ask_in_time(*options, &arena, &reply);
	int code;

	if (error) {
		code = client_complain(verb, error);
	} else if (reply.type != REPLY_HEALTH) {
		code = client_refused(verb, &reply);
	} else {
		code = reply.ok ? EXIT_CODE_OK : EXIT_CODE_NO;
		if (code != EXIT_CODE_OK || !silent)
			say(options, reply.ok, reply.text);
	}
	arena_free(&arena);
	return code;
}

/* The whole of a look: services, then neighbours. A later round asks for both again, since a daemon
 * may have ended meanwhile. */
static int check_converged(const char *verb, struct health_options options)
{
	struct timestamp until = TIMESTAMP_NEVER;

	if (options.wait && options.wait_ms >= 0)
		until = timestamp_add_ms(loop_clock(), options.wait_ms);
	for (;;) {
		struct buffer reason = {0};
		bool settled = false;

		if (!timestamp_is_never(until))
			options.wait_ms = timestamp_elapsed_ms(loop_clock(), until);
		int code = check_services(verb, &options, true);
		if (code != EXIT_CODE_OK)
			return code;
		int error = settled_look(LOOK_LIMIT_MS, &settled, &reason);
		bool again =
			!error && !settled && options.wait && timestamp_before(loop_clock(), until);

		if (error)
			code = client_complain(verb, error);
		else if (!again)
			say(&options, settled,
				reason.length ? reason.data : "no routing protocol is configured");
		buffer_free(&reason);
		if (!again)
			return settled || error ? code : EXIT_CODE_NO;
		(void)poll(NULL, 0, LOOK_AGAIN_MS); /* a pause; cut short is fine */
	}
}

int cmd_health(int argc, char **argv)
{
	struct health_options options;
	int result = parse(argc, argv, &options);

	if (result)
		return options_exit_code(result);
	if (options.converged)
		return check_converged(argv[0], options);
	return check_services(argv[0], &options, false);
}

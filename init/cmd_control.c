/* firsthop shutdown: one request, one plain reply. */
#include "init/commands.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/options.h"

#include <stdio.h>

#define TIMEOUT_MS 10000

/* Asks; a refusal or an error is told. 0 with a reply of type `expected`, or the exit code. */
static int ask(const char *verb, const struct request *request, enum message expected,
	struct arena *arena, struct reply *ret_reply)
{
	int error = client_ask_plain(request, TIMEOUT_MS, arena, ret_reply);

	if (error)
		return client_complain(verb, error);
	return ret_reply->type == expected ? 0 : client_refused(verb, ret_reply);
}

static int ask_for_ok(const char *verb, const struct request *request)
{
	struct arena arena = {0};
	struct reply reply;
	int code = ask(verb, request, REPLY_OK, &arena, &reply);

	if (!code)
		puts(reply.text);
	arena_free(&arena);
	return code;
}

int cmd_shutdown(int argc, char **argv)
{
	bool asked[NODE_END_COUNT] = {false};
	const struct option_spec options[] = {
		{"poweroff", 'p', OPTION_FLAG, &asked[NODE_END_POWEROFF], NULL},
		{"reboot", 'r', OPTION_FLAG, &asked[NODE_END_REBOOT], NULL},
		{"halt", 'H', OPTION_FLAG, &asked[NODE_END_HALT], NULL},
		{"rescue", 0, OPTION_FLAG, &asked[NODE_END_RESCUE], NULL},
	};
	_Static_assert(sizeof(options) / sizeof(options[0]) == NODE_END_COUNT, "one each");
	const struct option_rules rules = {.options = options, .option_count = NODE_END_COUNT};
	struct request request = {.type = REQUEST_SHUTDOWN, .end = NODE_END_POWEROFF};
	unsigned count = 0;
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	for (enum node_end end = 0; end < NODE_END_COUNT; end++) {
		count += asked[end];
		request.end = asked[end] ? end : request.end;
	}
	/* A plain one in the oldest form, for a firsthop that is older than its command. */
	request.minor = count ? PROTOCOL_MINOR_END : 0;
	if (count > 1) {
		fprintf(stderr, "firsthop %s: only one of --poweroff, --reboot, --halt, --rescue\n",
			argv[0]);
		return EXIT_CODE_CONFIG;
	}
	return ask_for_ok(argv[0], &request);
}

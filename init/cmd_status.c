/* firsthop status [--json] [SERVICE] */
#include "init/commands.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/status.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define TIMEOUT_MS 10000

/* Asks, and decodes the answer. 0 with *ret_status, or an exit code after a message. */
static int ask(const char *verb, struct arena *arena, struct status *ret_status)
{
	const struct request request = {.type = REQUEST_STATUS, .minor = PROTOCOL_MINOR};
	struct buffer bytes = {0};
	struct frame frame;
	struct reply reply;
	int error = client_ask(&request, TIMEOUT_MS, &bytes, &frame);
	int code = 0;

	if (!error)
		error = protocol_get_status(&frame, arena, ret_status);
	if (error == -ENOSYS && protocol_get_reply(&frame, arena, &reply) == 0 &&
		reply.type == REPLY_ERROR)
		code = client_refused(verb, &reply);
	else if (error)
		code = client_complain(verb, error);
	buffer_free(&bytes);
	return code;
}

int cmd_status(int argc, char **argv)
{
	bool json = false;
	const struct option_spec options[] = {
		{.name = "json", .kind = OPTION_FLAG, .flag = &json},
	};
	const struct option_rules rules = {
		.options = options, .option_count = 1, .operands_max = 1};
	struct arena arena = {0};
	struct status status;
	struct table_style style;
	struct buffer out = {0};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	const char *only = operands > 0 ? argv[1] : NULL;
	int code = ask(argv[0], &arena, &status);
	if (!code && only && !status_find(&status, only)) {
		fprintf(stderr, "firsthop %s: there is no service \"%s\"\n", argv[0], only);
		code = EXIT_CODE_CONFIG;
	}
	if (!code) {
		print_style(STDOUT_FILENO, &style);
		if (json)
			status_write_json(&out, &status, only);
		else
			status_write_text(&out, &status, only, &style);
		code = print_buffer(&out);
	}
	arena_free(&arena);
	return code;
}

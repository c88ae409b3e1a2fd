/* firsthop shutdown, logs: one request, one plain reply. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "init/client.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/table.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS	  10000
#define LOG_LINES_DEFAULT 100

/* Asks; a refusal or an error is told. 0 with a reply of type `expected`, or the exit code. */
static int ask(const char *verb, const struct request *request, enum message expected,
	struct arena *arena, struct reply *ret_reply)
{
	int error = client_ask_plain(request, TIMEOUT_MS, arena, ret_reply);

	if (error)
		return client_complain(verb, error);
	return ret_reply->type == expected ? 0 : client_refused(verb, ret_reply);
}

/* A verb without options and operands. */
static int run_simple(int argc, char **argv, enum message type)
{
	const struct option_rules rules = {.option_count = 0};
	const struct request request = {.type = type};
	struct arena arena = {0};
	struct reply reply;
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	int code = ask(argv[0], &request, REPLY_OK, &arena, &reply);
	if (!code)
		puts(reply.text);
	arena_free(&arena);
	return code;
}

int cmd_shutdown(int argc, char **argv)
{
	return run_simple(argc, argv, REQUEST_SHUTDOWN);
}

/* Into a file as it was said; on a terminal so that nothing steers it. */
static int print_lines(const char *lines)
{
	struct buffer out = {0};
	struct table_style style;

	print_style(STDOUT_FILENO, &style);
	if (isatty(STDOUT_FILENO))
		human_add_lines(&out, lines, "", style.utf8);
	else
		buffer_add_text(&out, lines);
	return print_buffer(&out);
}

int cmd_logs(int argc, char **argv)
{
	const char *lines = NULL;
	const struct option_spec options[] = {
		{.name = "lines", .letter = 'n', .kind = OPTION_VALUE, .value = &lines},
	};
	const struct option_rules rules = {
		.options = options, .option_count = 1, .operands_max = 1};
	struct request request = {.type = REQUEST_LOGS};
	struct arena arena = {0};
	struct reply reply;
	int operands;
	int64_t count = LOG_LINES_DEFAULT;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	if (lines && quantity_number(lines, 1, PROTOCOL_LOG_LINES_MAX, &count) < 0) {
		fprintf(stderr, "firsthop %s: -n %s: a number from 1 to %d was expected\n", argv[0],
			lines, PROTOCOL_LOG_LINES_MAX);
		return EXIT_CODE_CONFIG;
	}
	request.lines = (uint32_t)count;
	const char *service = operands > 0 ? argv[1] : "";
	if (strlen(service) >= sizeof(request.service)) {
		fprintf(stderr, "firsthop %s: no service has so long a name\n", argv[0]);
		return EXIT_CODE_CONFIG;
	}
	memcpy(request.service, service, strlen(service) + 1);

	int code = ask(argv[0], &request, REPLY_TEXT, &arena, &reply);
	if (!code)
		code = print_lines(reply.text);
	arena_free(&arena);
	return code;
}

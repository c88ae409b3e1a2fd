/* firsthop boot [--json | --svg] */
#include "init/commands.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/boot.h"
#include "supervisor/buffer.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define TIMEOUT_MS 10000

/* Asks, and decodes the answer. 0 with *ret_boot, or an exit code after a message. */
static int ask(const char *verb, struct arena *arena, struct boot *ret_boot)
{
	const struct request request = {.type = REQUEST_BOOT};
	struct buffer bytes = {0};
	struct frame frame;
	int error = client_ask(&request, TIMEOUT_MS, &bytes, &frame);

	if (!error)
		error = protocol_get_boot(&frame, arena, ret_boot);
	int code = client_undecoded(verb, error, &frame, arena);
	buffer_free(&bytes);
	return code;
}

static int write_boot(const struct boot *boot, bool json, bool svg)
{
	struct table_style style;
	struct buffer out = {0};

	print_style(STDOUT_FILENO, &style);
	if (json)
		boot_write_json(&out, boot);
	else if (svg)
		boot_write_svg(&out, boot);
	else
		boot_write_text(&out, boot, &style);
	return print_buffer(&out);
}

int cmd_boot(int argc, char **argv)
{
	bool json = false, svg = false;
	const struct option_spec options[] = {
		{.name = "json", .kind = OPTION_FLAG, .flag = &json},
		{.name = "svg", .kind = OPTION_FLAG, .flag = &svg},
	};
	const struct option_rules rules = {.options = options, .option_count = 2};
	struct arena arena = {0};
	struct boot boot;
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	if (json && svg) {
		fprintf(stderr, "firsthop %s: either --json or --svg\n", argv[0]);
		return EXIT_CODE_CONFIG;
	}
	int code = ask(argv[0], &arena, &boot);

	if (!code)
		code = write_boot(&boot, json, svg);
	arena_free(&arena);
	return code;
}

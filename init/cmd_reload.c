/* firsthop reload: the configuration, or single services. */
#include "init/commands.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/cmd_order.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol.h"
#include "supervisor/reload.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define TIMEOUT_MS 30000 /* the files may lie on a slow volume */

struct reload_options {
	struct order_options order;
	bool dry_run;
};

/* 0 with *ret_report, or an exit code after a message. */
static int ask(
	const char *verb, bool dry_run, struct arena *arena, struct reload_report *ret_report)
{
	const struct request request = {.type = REQUEST_CHANGE, .dry_run = dry_run};
	struct buffer bytes = {0};
	struct frame frame;
	int error = client_ask(&request, TIMEOUT_MS, &bytes, &frame);

	if (!error)
		error = protocol_get_reload(&frame, arena, ret_report);
	int code = client_undecoded(verb, error, &frame, arena);
	buffer_free(&bytes);
	return code;
}

/* What is wrong with it to stderr, as `check` does; what has changed to stdout. */
static int print_report(const struct reload_report *report)
{
	struct buffer diags = {0}, out = {0};
	struct table_style style;

	print_style(STDERR_FILENO, &style);
	reload_write_diags(&diags, report, &style);
	fputs(diags.length ? diags.data : "", stderr);
	buffer_free(&diags);
	print_style(STDOUT_FILENO, &style);
	reload_write_text(&out, report, &style);
	return print_buffer(&out);
}

static int print_json(const struct reload_report *report)
{
	struct buffer out = {0};

	reload_write_json(&out, report);
	return print_buffer(&out);
}

static int reload_all(const char *verb, const struct reload_options *options)
{
	struct arena arena = {0};
	struct reload_report report = {.accepted = false};
	int code = ask(verb, options->dry_run, &arena, &report);

	if (!code)
		code = options->order.json ? print_json(&report) : print_report(&report);
	if (!code && !report.accepted)
		code = EXIT_CODE_CONFIG;
	arena_free(&arena);
	return code;
}

int cmd_reload(int argc, char **argv)
{
	struct reload_options options = {.dry_run = false};
	const struct option_spec specs[] = {
		{.name = "dry-run", .letter = 'n', .kind = OPTION_FLAG, .flag = &options.dry_run},
		{.name = "no-wait", .kind = OPTION_FLAG, .flag = &options.order.no_wait},
		{.name = "json", .kind = OPTION_FLAG, .flag = &options.order.json},
	};
	const struct option_rules rules = {.options = specs,
		.option_count = sizeof(specs) / sizeof(specs[0]),
		.operands_max = ORDER_SERVICES_MAX};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	if (operands && options.dry_run) {
		fprintf(stderr, "firsthop %s: --dry-run is for the configuration as a whole\n",
			argv[0]);
		return EXIT_CODE_CONFIG;
	}
	if (operands)
		return order_run(
			argv[0], ORDER_RELOAD, argv + 1, (unsigned)operands, &options.order);
	return reload_all(argv[0], &options);
}

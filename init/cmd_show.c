/* firsthop show, plan: a configuration as firsthop understands it; nothing is started. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/config.h"
#include "config/model.h"
#include "init/load.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/plan.h"
#include "supervisor/show_json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What there is to show. */
struct shown {
	struct arena *arena;
	const struct model *model;
	const char *source;
	bool json;
};

/* Both write what they have to say into `out`: 0 or -errno. */
static int write_config(const struct shown *shown, struct buffer *out)
{
	const struct model plain = model_without_secrets(shown->model);

	if (shown->json)
		return show_write_json(out, shown->arena, &plain, shown->source);
	const char *text = config_print(shown->arena, &plain);

	if (!text)
		return -ENOMEM;
	buffer_add_text(out, text);
	return 0;
}

static int write_plan(const struct shown *shown, struct buffer *out)
{
	struct plan plan;
	int error = plan_make(shown->arena, shown->model, &plan);

	if (!error && shown->json)
		plan_write_json(out, &plan);
	else if (!error)
		plan_write_text(out, &plan);
	return error;
}

static int parse(int argc, char **argv, struct load_request *load, bool *json)
{
	const struct option_spec options[] = {
		{.name = "config", .letter = 'c', .kind = OPTION_VALUE, .value = &load->file},
		{.name = "root", .kind = OPTION_VALUE, .value = &load->root},
		{.name = "built-in", .kind = OPTION_FLAG, .flag = &load->builtin},
		{.name = "json", .kind = OPTION_FLAG, .flag = json},
	};
	const struct option_rules rules = {
		.options = options, .option_count = sizeof(options) / sizeof(options[0])};
	int operands;

	return options_parse(argc, argv, &rules, &operands);
}

static int show(int argc, char **argv, int (*write)(const struct shown *shown, struct buffer *out))
{
	struct load_request load = {.file = NULL};
	struct arena arena = {0};
	struct diags diags;
	struct buffer out = {0};
	struct shown shown = {.arena = &arena};
	int result = parse(argc, argv, &load, &shown.json);

	if (result)
		return options_exit_code(result);
	diags_init(&diags, &arena);
	int error = load_model_for_command(&arena, &load, &diags, &shown.model, &shown.source);
	int code = diags.counts[SEVERITY_ERROR] ? EXIT_CODE_CONFIG : EXIT_CODE_SYSTEM;
	print_diags(stderr, &diags);
	if (!error)
		error = write(&shown, &out);
	if (!error)
		code = print_buffer(&out);
	else if (code == EXIT_CODE_SYSTEM)
		fprintf(stderr, "firsthop %s: %s\n", argv[0], strerror(-error));
	buffer_free(&out);
	arena_free(&arena);
	return code;
}

int cmd_show(int argc, char **argv)
{
	return show(argc, argv, write_config);
}

int cmd_plan(int argc, char **argv)
{
	return show(argc, argv, write_plan);
}

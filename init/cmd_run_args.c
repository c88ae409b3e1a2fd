/* firsthop run-args: what an engine must be told for this configuration. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/diag.h"
#include "config/sysctl_key.h"
#include "init/load.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/run_args.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct run_args_options {
	struct load_request load;
	const char *platform, *image;
	bool no_mounts, json;
};

/* A key of a container's own network or IPC namespace is in each such namespace of the kernel, so
 * also in the one that we are in. */
static bool sysctl_exists(void *context, const char *path)
{
	static const char root[] = "/proc/sys/";
	char full[sizeof(root) + SYSCTL_PATH_MAX];

	(void)context;
	(void)snprintf(full, sizeof(full), "%s%s", root, path); /* the path is short enough */
	return access(full, F_OK) == 0;
}

static int parse(int argc, char **argv, struct run_args_options *chosen)
{
	const struct option_spec options[] = {
		{.name = "for", .kind = OPTION_VALUE, .value = &chosen->platform},
		{.name = "config",
			.letter = 'c',
			.kind = OPTION_VALUE,
			.value = &chosen->load.file},
		{.name = "root", .kind = OPTION_VALUE, .value = &chosen->load.root},
		{.name = "built-in", .kind = OPTION_FLAG, .flag = &chosen->load.builtin},
		{.name = "no-mounts", .kind = OPTION_FLAG, .flag = &chosen->no_mounts},
		{.name = "json", .kind = OPTION_FLAG, .flag = &chosen->json},
	};
	const struct option_rules rules = {.options = options,
		.option_count = sizeof(options) / sizeof(options[0]),
		.operands_max = 1};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result == 0 && operands > 0)
		chosen->image = argv[1];
	return result;
}

static bool choose_platform(const char *verb, const char *name, enum run_platform *ret_platform)
{
	if (!name || run_platform_find(name, ret_platform))
		return true;
	fprintf(stderr, "firsthop %s: --for %s: one of", verb, name);
	for (unsigned i = 0; i < RUN_PLATFORM_COUNT; i++)
		fprintf(stderr, "%s %s", i ? "," : "", run_platform_name((enum run_platform)i));
	fprintf(stderr, "\n");
	return false;
}

/* The flags on stdout, what there is to know on stderr: so that $(…) takes only the flags. JSON has
 * both. */
static int print(struct arena *arena, const struct model *model, const struct run_request *request,
	bool json, int *ret_code)
{
	struct buffer out = {0};
	struct run_args args;
	int error = run_args_make(arena, model, request, &args);

	if (error)
		return error;
	if (json)
		run_args_write_json(&out, &args, request->platform);
	else
		run_args_write(&out, &args, request->platform);
	*ret_code = print_buffer(&out);
	for (unsigned i = 0; !json && i < args.notes.count; i++)
		fprintf(stderr, "# %s\n", args.notes.word[i]);
	return 0;
}

int cmd_run_args(int argc, char **argv)
{
	struct run_args_options chosen = {.platform = NULL};
	struct run_request request = {.platform = RUN_DOCKER};
	struct arena arena = {0};
	struct diags diags;
	const struct model *model;
	const char *source;
	int result = parse(argc, argv, &chosen);

	if (result)
		return options_exit_code(result);
	if (!choose_platform(argv[0], chosen.platform, &request.platform))
		return EXIT_CODE_CONFIG;
	request.image = chosen.image;
	request.no_mounts = chosen.no_mounts;
	/* What is in --root may be for another machine, with another kernel. */
	request.sysctl_exists = chosen.load.root ? NULL : sysctl_exists;
	diags_init(&diags, &arena);
	int error = load_model_for_command(&arena, &chosen.load, &diags, &model, &source);
	int code = diags.counts[SEVERITY_ERROR] ? EXIT_CODE_CONFIG : EXIT_CODE_SYSTEM;
	print_diags(stderr, &diags);
	if (!error)
		error = print(&arena, model, &request, chosen.json, &code);
	if (error && code == EXIT_CODE_SYSTEM)
		fprintf(stderr, "firsthop %s: %s\n", argv[0], strerror(-error));
	arena_free(&arena);
	return code;
}

/* firsthop check: every error at once, nothing started. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/image.h"
#include "config/model.h"
#include "init/check_image.h"
#include "init/load.h"
#include "init/options.h"
#include "init/print.h"
#include "init/security.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHECK_JSON_VERSION 1

struct check_options {
	struct load_request load;
	bool json, strict, security;
};

/* The configuration, then what it refers to. An error of loading is in `diags`, but for memory. */
static int check(struct arena *arena, const struct load_request *load, struct diags *diags,
	const struct model **ret_model, const char **ret_source)
{
	struct image_root root;
	struct image image;
	int error = load_model_for_command(arena, load, diags, ret_model, ret_source);

	if (!error)
		error = image_open(&root, load->root ? load->root : "/", &image);
	if (error)
		return error;
	check_image(*ret_model, &image, diags);
	diags_refuse_missing(diags);
	image_close(&root);
	return 0;
}

/* What each service may do by this configuration, among the rest. */
static void add_security_json(struct json *json, struct arena *arena, const struct model *model)
{
	struct exposure *list;
	unsigned count;

	if (security_of_model(arena, model, &list, &count) == 0)
		exposure_write_json(json, list, count, NULL);
}

static void print_security(struct arena *arena, const struct model *model)
{
	struct buffer out = {0};
	struct table_style style;
	struct exposure *list;
	unsigned count;

	if (security_of_model(arena, model, &list, &count) < 0)
		return;	      /* no memory: the verdict is worth more */
	(void)fflush(stdout); /* what follows goes past it */
	print_style(STDOUT_FILENO, &style);
	exposure_write_text(arena, &out, list, count, NULL, &style);
	(void)print_buffer(&out); /* as for the verdict: nobody may be reading */
}

/* `model` NULL: without what services may do. */
static void write_json(struct buffer *out, struct arena *arena, struct diags *diags, bool ok,
	const char *source, const struct model *model)
{
	struct json json = {.buffer = out};

	diags_sort(diags);
	json_open_object(&json, NULL);
	json_int(&json, "version", CHECK_JSON_VERSION);
	json_bool(&json, "ok", ok);
	json_string(&json, "source", source);
	json_int(&json, "errors", diags->counts[SEVERITY_ERROR]);
	json_int(&json, "warnings", diags->counts[SEVERITY_WARNING]);
	json_open_array(&json, "diagnostics");
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		json_open_object(&json, NULL);
		json_string(&json, "file", diag->origin.file);
		json_int_or_null(
			&json, "line", diag->origin.line > 0 ? (int64_t)diag->origin.line : -1);
		json_string(&json, "severity", severity_name(diag->severity));
		json_string(&json, "message", diag->message);
		json_close_object(&json);
	}
	json_close_array(&json);
	if (model)
		add_security_json(&json, arena, model);
	json_close_object(&json);
	buffer_add(out, "\n", 1);
}

static const char *plural(unsigned count)
{
	return count == 1 ? "" : "s";
}

static void print_verdict(
	const struct diags *diags, bool ok, const struct model *model, const char *source)
{
	unsigned errors = diags->counts[SEVERITY_ERROR], warnings = diags->counts[SEVERITY_WARNING];
	unsigned services = model ? model->service_count : 0;

	if (ok)
		printf("%s: ok, %u service%s, %u warning%s\n", source, services, plural(services),
			warnings, plural(warnings));
	else
		printf("%s: refused, %u error%s, %u warning%s\n", source, errors, plural(errors),
			warnings, plural(warnings));
}

static int parse(int argc, char **argv, struct check_options *chosen)
{
	const struct option_spec options[] = {
		{.name = "config",
			.letter = 'c',
			.kind = OPTION_VALUE,
			.value = &chosen->load.file},
		{.name = "root", .kind = OPTION_VALUE, .value = &chosen->load.root},
		{.name = "built-in", .kind = OPTION_FLAG, .flag = &chosen->load.builtin},
		{.name = "json", .kind = OPTION_FLAG, .flag = &chosen->json},
		{.name = "security", .kind = OPTION_FLAG, .flag = &chosen->security},
		{.name = "strict", .kind = OPTION_FLAG, .flag = &chosen->strict},
	};
	const struct option_rules rules = {
		.options = options, .option_count = sizeof(options) / sizeof(options[0])};
	int operands;

	return options_parse(argc, argv, &rules, &operands);
}

int cmd_check(int argc, char **argv)
{
	struct check_options chosen = {.json = false};
	struct arena arena = {0};
	struct diags diags;
	struct buffer out = {0};
	const struct model *model = NULL;
	const char *source;
	int result = parse(argc, argv, &chosen);

	if (result)
		return options_exit_code(result);
	diags_init(&diags, &arena);
	int error = check(&arena, &chosen.load, &diags, &model, &source);
	bool ok = !error && diags.counts[SEVERITY_ERROR] == 0 &&
		  (!chosen.strict || diags.counts[SEVERITY_WARNING] == 0);
	int code = ok ? EXIT_CODE_OK : EXIT_CODE_CONFIG;
	if (error && diags.counts[SEVERITY_ERROR] == 0) {
		fprintf(stderr, "firsthop %s: %s\n", argv[0], strerror(-error));
		code = EXIT_CODE_SYSTEM;
	} else if (chosen.json) {
		write_json(&out, &arena, &diags, ok, source, chosen.security ? model : NULL);
		if (print_buffer(&out) != EXIT_CODE_OK)
			code = EXIT_CODE_SYSTEM;
	} else {
		print_diags(stdout, &diags);
		if (chosen.security && model)
			print_security(&arena, model);
		print_verdict(&diags, ok, model, source);
	}
	arena_free(&arena);
	return code;
}

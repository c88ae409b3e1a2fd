/* firsthop doctor: what this container may do, and what its configuration needs and does not get.
 * The steps of the preparation themselves look; see preparation.h. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/diag.h"
#include "init/interfaces.h"
#include "init/load.h"
#include "init/look.h"
#include "init/options.h"
#include "init/preparation.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/doctor.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct doctor_options {
	struct load_request load;
	bool json, strict;
};

static int parse(int argc, char **argv, struct doctor_options *chosen)
{
	const struct option_spec options[] = {
		{.name = "config",
			.letter = 'c',
			.kind = OPTION_VALUE,
			.value = &chosen->load.file},
		{.name = "built-in", .kind = OPTION_FLAG, .flag = &chosen->load.builtin},
		{.name = "json", .kind = OPTION_FLAG, .flag = &chosen->json},
		{.name = "strict", .kind = OPTION_FLAG, .flag = &chosen->strict},
	};
	const struct option_rules rules = {
		.options = options, .option_count = sizeof(options) / sizeof(options[0])};
	int operands;

	return options_parse(argc, argv, &rules, &operands);
}

/* 0 or -ENOMEM. */
static int examine(struct doctor *doctor, const struct model *model)
{
	struct preparation preparation = {
		.model = model, .findings = findings_create(), .look_only = true};

	if (!preparation.findings)
		return -ENOMEM;
	preparation_open(&preparation);
	prepare_node(&preparation);
	interfaces_look(&preparation);
	look_for_more(&preparation);
	preparation_close(&preparation);
	look_at_container(doctor, model);
	doctor_add_findings(doctor, preparation.findings);
	findings_free(preparation.findings);
	return doctor->arena->failed ? -ENOMEM : 0;
}

static bool is_well(const struct doctor *doctor, bool strict)
{
	return doctor_count(doctor, FINDING_MISSING) == 0 &&
	       (!strict || doctor_count(doctor, FINDING_DEGRADED) == 0);
}

static int show(const struct doctor *doctor, const struct doctor_options *chosen)
{
	bool ok = is_well(doctor, chosen->strict);
	struct buffer out = {0};
	struct table_style style;

	print_style(STDOUT_FILENO, &style);
	if (chosen->json)
		doctor_write_json(&out, doctor, ok);
	else
		doctor_write_text(&out, doctor, &style);
	if (print_buffer(&out) != EXIT_CODE_OK)
		return EXIT_CODE_SYSTEM;
	return ok ? EXIT_CODE_OK : EXIT_CODE_PREPARE;
}

int cmd_doctor(int argc, char **argv)
{
	struct doctor_options chosen = {.json = false};
	struct arena arena = {0};
	struct diags diags;
	struct doctor doctor = {.arena = &arena};
	const struct model *model;
	int result = parse(argc, argv, &chosen);

	if (result)
		return options_exit_code(result);
	diags_init(&diags, &arena);
	int error = load_model_for_command(&arena, &chosen.load, &diags, &model, &doctor.source);
	int code = diags.counts[SEVERITY_ERROR] ? EXIT_CODE_CONFIG : EXIT_CODE_SYSTEM;
	print_diags(stderr, &diags);
	if (!error)
		error = examine(&doctor, model);
	if (!error)
		code = show(&doctor, &chosen);
	else if (code == EXIT_CODE_SYSTEM)
		fprintf(stderr, "firsthop %s: %s\n", argv[0], strerror(-error));
	arena_free(&arena);
	return code;
}

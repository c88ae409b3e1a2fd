/* Command lines: what is taken, and what is refused; and that the table of commands is whole. */
#include "init/options.h"

#include "init/commands.h"
#include "tests/check.h"

#include <errno.h>

#define WORDS_MAX_HERE 8

struct parsed {
	bool flag, other, wait;
	const char *value, *time;
	int operands, result;
	char *argv[WORDS_MAX_HERE + 1];
};

/* Splits `line` at blanks, in place, and parses it. */
static void parse(char *line, bool operands_end_options, struct parsed *p)
{
	const struct option_spec options[] = {
		{.name = "flag", .letter = 'f', .kind = OPTION_FLAG, .flag = &p->flag},
		{.name = "other", .letter = 'o', .kind = OPTION_FLAG, .flag = &p->other},
		{.name = "value", .letter = 'v', .kind = OPTION_VALUE, .value = &p->value},
		{.name = "wait",
			.kind = OPTION_OPTIONAL_VALUE,
			.flag = &p->wait,
			.value = &p->time},
	};
	const struct option_rules rules = {
		.options = options,
		.option_count = 4,
		.operands_min = 0,
		.operands_max = 2,
		.operands_end_options = operands_end_options,
	};
	char *rest = NULL;
	int argc = 0;

	*p = (struct parsed){.operands = -1};
	for (char *word = strtok_r(line, " ", &rest); word && argc < WORDS_MAX_HERE;
		word = strtok_r(NULL, " ", &rest))
		p->argv[argc++] = word;
	p->result = options_parse(argc, p->argv, &rules, &p->operands);
}

static void takes_what_is_right(void)
{
	static const struct {
		const char *line;
		const char *value, *time, *first; /* "": none */
		int operands;
		bool ends; /* operands end options */
		bool flag, other, wait;
	} cases[] = {
		{"x", "", "", "", 0, false, false, false, false},
		{"x -f a --other b", "", "", "a", 2, false, true, true, false},
		{"x -fo", "", "", "", 0, false, true, true, false},
		{"x -fv 5", "5", "", "", 0, false, true, false, false},
		{"x -v5 a", "5", "", "a", 1, false, false, false, false},
		{"x --value=5=6", "5=6", "", "", 0, false, false, false, false},
		{"x --value -f", "-f", "", "", 0, false, false, false, false},
		{"x --wait a", "", "", "a", 1, false, false, false, true},
		{"x --wait=30s", "", "30s", "", 0, false, false, false, true},
		{"x -f -- -o --none", "", "", "-o", 2, false, true, false, false},
		{"x - a", "", "", "-", 2, false, false, false, false},
		{"x -f sh -c", "", "", "sh", 2, true, true, false, false},
		{"x -- --help", "", "", "--help", 1, false, false, false, false},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[64];
		struct parsed got;

		snprintf(line, sizeof(line), "%s", cases[i].line);
		parse(line, cases[i].ends, &got);
		if (got.result != 0)
			fprintf(stderr, "%s\n", cases[i].line);
		CHECK_INT(got.result, 0);
		CHECK_INT(got.flag, cases[i].flag);
		CHECK_INT(got.other, cases[i].other);
		CHECK_INT(got.wait, cases[i].wait);
		CHECK_STR(got.value ? got.value : "", cases[i].value);
		CHECK_STR(got.time ? got.time : "", cases[i].time);
		CHECK_INT(got.operands, cases[i].operands);
		CHECK_STR(got.operands > 0 ? got.argv[1] : "", cases[i].first);
	}
}

static void refuses_what_is_wrong(void)
{
	static const char *const lines[] = {
		"x --none",
		"x --fla",
		"x --flags",
		"x --flag=1",
		"x -n",
		"x -fn",
		"x -v",
		"x --value",
		"x --value=",
		"x a b c",
	};

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char line[64];
		struct parsed got;

		snprintf(line, sizeof(line), "%s", lines[i]);
		parse(line, false, &got);
		if (got.result != -EINVAL)
			fprintf(stderr, "not refused: %s\n", lines[i]);
		CHECK_INT(got.result, -EINVAL);
		CHECK_INT(options_exit_code(got.result), EXIT_CODE_CONFIG);
	}
}

static void finds_commands(void)
{
	CHECK(command_find("status") != NULL);
	CHECK(command_find("-V") == command_find("--version"));
	CHECK(command_find("-h") == command_find("--help"));
	CHECK(command_find("stat") == NULL);
	CHECK(command_find("/bin/sh") == NULL);
	CHECK(command_find("") == NULL);
	for (const struct command *command = commands; command->name; command++) {
		CHECK(command_find(command->name) == command); /* none is there twice */
		CHECK(command->run || strcmp(command->name, "init") == 0);
		/* "  NAME       SUMMARY" in a terminal of 80 columns */
		CHECK(strlen(command->name) <= 10);
		CHECK(command->summary && strlen(command->summary) <= 80 - 13);
		CHECK(command->usage != NULL);
		for (const char *line = command->details; line && *line;) {
			CHECK(strcspn(line, "\n") <= 80);
			line += strcspn(line, "\n");
			line += *line == '\n';
		}
	}
}

int main(void)
{
	RUN(takes_what_is_right);
	RUN(refuses_what_is_wrong);
	RUN(finds_commands);
	return CHECK_EXIT_STATUS();
}

#include "init/options.h"

#include "init/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One command line while it is parsed. */
struct parsing {
	int argc, at;
	char **argv;
	const struct option_rules *rules;
};

static int complain(const struct parsing *parsing, const char *option, const char *problem)
{
	const char *verb = parsing->argv[0];

	fprintf(stderr, "firsthop %s: %s%s%s; see firsthop %s --help\n", verb, option ? option : "",
		option ? ": " : "", problem, verb);
	return -EINVAL;
}

static const struct option_spec *find_long(
	const struct option_rules *rules, const char *name, size_t length)
{
	for (unsigned i = 0; i < rules->option_count; i++)
		if (strlen(rules->options[i].name) == length &&
			strncmp(rules->options[i].name, name, length) == 0)
			return &rules->options[i];
	return NULL;
}

static const struct option_spec *find_letter(const struct option_rules *rules, char letter)
{
	for (unsigned i = 0; i < rules->option_count; i++)
		if (rules->options[i].letter && rules->options[i].letter == letter)
			return &rules->options[i];
	return NULL;
}

/* Sets what the option sets. `attached`: the value written together with it, NULL: none. */
static int apply(struct parsing *parsing, const struct option_spec *option, const char *attached)
{
	const char *word = parsing->argv[parsing->at];

	switch (option->kind) {
	case OPTION_FLAG:
		if (attached)
			return complain(parsing, word, "takes no value");
		*option->flag = true;
		return 0;
	case OPTION_OPTIONAL_VALUE:
		*option->flag = true;
		if (attached)
			*option->value = attached;
		return 0;
	case OPTION_VALUE:
		if (!attached && parsing->at + 1 < parsing->argc)
			attached = parsing->argv[++parsing->at];
		if (!attached || !*attached)
			return complain(parsing, word, "needs a value");
		*option->value = attached;
		return 0;
	}
	return -EINVAL;
}

static int parse_long(struct parsing *parsing, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	const struct option_spec *option = find_long(parsing->rules, word + 2, length - 2);

	if (!option)
		return complain(parsing, word, "no such option");
	return apply(parsing, option, equals ? equals + 1 : NULL);
}

/* "-n5" and "-vx" alike: letters, the rest a value as soon as one of them takes it. */
static int parse_letters(struct parsing *parsing, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct option_spec *option = find_letter(parsing->rules, *letter);

		if (!option)
			return complain(parsing, word, "no such option");
		if (option->kind != OPTION_FLAG)
			return apply(parsing, option, letter[1] ? letter + 1 : NULL);
		*option->flag = true;
	}
	return 0;
}

static bool asks_for_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int check_operands(struct parsing *parsing, unsigned count)
{
	if (count < parsing->rules->operands_min)
		return complain(parsing, NULL, "something is missing");
	if (count > parsing->rules->operands_max)
		return complain(parsing, parsing->argv[1 + parsing->rules->operands_max],
			"one operand too many");
	return 0;
}

int options_parse(int argc, char **argv, const struct option_rules *rules, int *ret_operands)
{
	struct parsing parsing = {.argc = argc, .at = 1, .argv = argv, .rules = rules};
	bool only_operands = false;
	int operands = 0;

	for (; parsing.at < argc; parsing.at++) {
		char *word = argv[parsing.at];
		int error = 0;

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			/* Behind what was read already, so nothing unread is overwritten. */
			argv[1 + operands++] = word;
			only_operands |= rules->operands_end_options;
		} else if (strcmp(word, "--") == 0) {
			only_operands = true;
		} else if (asks_for_help(word)) {
			command_help(argv[0]);
			return 1;
		} else {
			error = word[1] == '-' ? parse_long(&parsing, word)
					       : parse_letters(&parsing, word);
		}
		if (error)
			return error;
	}
	int error = check_operands(&parsing, (unsigned)operands);
	if (!error)
		*ret_operands = operands;
	return error;
}

int options_exit_code(int result)
{
	return result > 0 ? EXIT_CODE_OK : EXIT_CODE_CONFIG;
}

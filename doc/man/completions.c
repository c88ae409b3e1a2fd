/* What may follow each verb, from its usage and its help. A usage has words: options in brackets,
 * then operands; VERB.details has a line for each option: "  -n, --lines LINES  what it does". */
#include "doc/man/pages.h"
#include "init/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define is_separator(byte) ((byte) == ' ' || (byte) == ',')

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " ");
}

/* What `usage` offers as the value of --NAME: "started|ready|converged"; 0: nothing in particular.
 */
static size_t find_choice(const char *usage, const char *option, size_t length, const char **choice)
{
	for (const char *at = usage; (at = strstr(at, option)); at++) {
		if (at[length] != ' ' && at[length] != '=')
			continue;
		*choice = at + length + 1;
		length = strcspn(*choice, " ]");
		return memchr(*choice, '|', length) ? length : 0;
	}
	return 0;
}

/* One option of a line of help: "-n" or "--lines=LINES" as it is offered. */
static void put_option(const struct command *command, const char *option, size_t length,
	const char *value, size_t value_length)
{
	char name[64];
	const char *choice;

	if (length >= sizeof(name))
		return;
	memcpy(name, option, length);
	name[length] = '\0';
	size_t chosen = find_choice(command->usage, name, length, &choice);

	printf(" %s", name);
	if (chosen)
		printf("=%.*s", (int)chosen, choice);
	else if (value_length)
		printf("=%.*s", (int)value_length, value);
}

/* "-n, --lines LINES": all names of the option, then its value. */
static void put_line(const struct command *command, const char *line, size_t length)
{
	const char *end = line + length, *value = end;

	for (const char *at = line; at + 1 < end && (at[0] != ' ' || at[1] != ' '); at++) {
		if (is_separator(at[0]) && at[1] != ' ' && at[1] != '-') {
			value = at + 1;
			break;
		}
	}
	size_t value_length = value < end ? strcspn(value, " \n") : 0;

	for (const char *at = line; at < value && *at == '-'; at = skip_blanks(at)) {
		size_t word = strcspn(at, " ,=[\n");

		put_option(command, at, word, value, value_length);
		at += word;
		at += strspn(at, ",");
		if (at[0] == ' ' && at[1] == ' ')
			break;
	}
}

static void put_options(const struct command *command)
{
	fputs("options='--help", stdout);
	for (const char *line = command->details; line && *line; line++) {
		const char *start = skip_blanks(line);

		line = strchrnul(line, '\n');
		if (*start == '-')
			put_line(command, start, (size_t)(line - start));
		if (!*line)
			break;
	}
	putchar('\'');
}

/* The usage without what is an option in brackets or stands for `--`. */
static void put_operands(const struct command *command)
{
	const char *at = command->usage;

	fputs(" operands='", stdout);
	while (*(at = skip_blanks(at))) {
		size_t length = strcspn(at, " ");

		if (strncmp(at, "[-", 2) == 0)
			length = strcspn(at, "]") + (strchr(at, ']') ? 1 : 0);
		else
			printf("%.*s ", (int)length, at);
		at += length;
		at += strspn(at, "]"); /* of [--wait[=TIME]] */
	}
	puts("' ;;");
}

void pages_completions(void)
{
	for (const struct command *command = commands; command->name; command++) {
		if (command->name[0] == '-')
			continue;
		printf("\t%s) ", command->name);
		put_options(command);
		put_operands(command);
	}
}

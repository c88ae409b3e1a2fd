/* options: command lines by table, for every verb and for init itself: --name, --name=VALUE,
 * --name VALUE, -x, -x VALUE, -xVALUE, "--". A wrong one is told on stderr with the usage. */
#ifndef FIRSTHOP_INIT_OPTIONS_H
#define FIRSTHOP_INIT_OPTIONS_H

#include <stdbool.h>

enum option_kind {
	OPTION_FLAG,	       /* sets *flag */
	OPTION_VALUE,	       /* sets *value */
	OPTION_OPTIONAL_VALUE, /* --name or --name=VALUE: sets *flag, and *value when given */
};

struct option_spec {
	const char *name; /* without the dashes */
	char letter;	  /* 0: none */
	enum option_kind kind;
	bool *flag;
	const char **value;
};

struct option_rules {
	const struct option_spec *options;
	unsigned option_count;
	unsigned operands_min, operands_max;
	bool operands_end_options; /* all after the first operand is operands: `firsthop sh -c x` */
};

/* Parses argv[1] …; argv[0] names the verb in messages. Operands are moved to the front of argv,
 * behind argv[0], and *ret_operands is how many. 0; -EINVAL after a message to stderr; 1 when
 * --help was asked for and printed: exit 0 then. Values point into argv. */
int options_parse(int argc, char **argv, const struct option_rules *rules, int *ret_operands);

/* The exit code for a result of options_parse() that is not 0. */
int options_exit_code(int result);

#endif

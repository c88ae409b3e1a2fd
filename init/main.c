/* firsthop: PID 1 of a router container, or one of the commands that talk to it. */
#include "config/nearest.h"
#include "init/commands.h"
#include "init/configuration.h"
#include "init/machine.h"
#include "init/message.h"
#include "init/options.h"
#include "init/reason.h"
#include "init/rundir.h"
#include "init/supervise.h"
#include "supervisor/reason.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct init_options {
	bool strict, builtin, verbose;
	const char *file;
};

static int boot(
	bool machine, const struct configuration_request *request, struct runtime **ret_runtime)
{
	struct runtime *runtime;
	int code = supervise_open(machine, ret_runtime);

	if (code)
		return code;
	runtime = *ret_runtime;
	code = supervise_configure(runtime, request);
	if (code)
		return code;
	code = supervise_prepare(runtime);
	if (code)
		return code;
	supervise_hand_over(runtime);
	return supervise_begin(runtime);
}

static int run(
	bool machine, const struct configuration_request *request, struct runtime **ret_runtime)
{
	int code = boot(machine, request, ret_runtime);

	if (code) {
		reason_of_boot(*ret_runtime, code);
		return code;
	}
	/* ---- The point of no return ----
	 * Behind it services run. Nothing exits, aborts, blocks, or allocates without a fallback,
	 * until the engine has stopped them all. */
	return supervise_run(*ret_runtime);
}

/* Said already, on stderr. Only as PID 1: what a user of the container mistypes is no reason for
 * its end. */
static int end_for_usage(const char *word)
{
	char text[256];

	if (getpid() != 1)
		return EXIT_CODE_CONFIG;
	(void)snprintf(text, sizeof(text), "the command line is wrong: firsthop %s ...", word);
	reason_write(rundir_make(),
		(struct reason){.exit_code = EXIT_CODE_CONFIG,
			.kind = REASON_USAGE,
			.text = text,
			.cure = "see `firsthop --help`, and the container's command"});
	return EXIT_CODE_CONFIG;
}

static int parse(int argc, char **argv, struct init_options *options, int *ret_operands)
{
	const struct option_spec specs[] = {
		{"config", 'c', OPTION_VALUE, NULL, &options->file},
		{"strict", 0, OPTION_FLAG, &options->strict, NULL},
		{"builtin", 0, OPTION_FLAG, &options->builtin, NULL},
		{"verbose", 'v', OPTION_FLAG, &options->verbose, NULL},
	};
	const struct option_rules rules = {
		.options = specs,
		.option_count = sizeof(specs) / sizeof(specs[0]),
		.operands_max = INT_MAX,
		.operands_end_options = true,
	};

	return options_parse(argc, argv, &rules, ret_operands);
}

/* The file as seen from "/", where PID 1 is from now on, also when it reloads. */
static const char *from_root(const char *file, const char *directory, char path[PATH_MAX])
{
	if (!file || file[0] == '/' || !directory ||
		snprintf(path, PATH_MAX, "%s/%s", directory, file) >= PATH_MAX)
		return file;
	return path;
}

/* argv[0] is "init" or the program; behind the options, the foreground command. */
static int be_init(int argc, char **argv, bool machine, enum node_end *ret_end)
{
	struct init_options options = {0};
	struct runtime *runtime = NULL;
	char directory[PATH_MAX], file[PATH_MAX];
	const char *here = getcwd(directory, sizeof(directory)); /* NULL: it is no more */
	int operands = 0;
	int r = parse(argc, argv, &options, &operands);

	if (r)
		return r > 0 ? options_exit_code(r) : end_for_usage(argc > 1 ? argv[1] : "");
	if (options.verbose)
		message_set_level(MESSAGE_DEBUG);
	argv[1 + operands] = NULL;
	const struct configuration_request request = {
		.load = {.file = from_root(options.file, here, file), .builtin = options.builtin},
		.command = operands ? (const char *const *)(argv + 1) : NULL,
		.directory = here,
		.strict = options.strict,
	};
	int code = run(machine, &request, &runtime);

	*ret_end = supervise_machine_end(runtime, code);
	supervise_close(runtime);
	return code;
}

static int be_container_init(int argc, char **argv)
{
	enum node_end end; /* is the engine's affair */

	return be_init(argc, argv, false, &end);
}

/* The kernel panics when its init ends. */
static _Noreturn void be_kernel_init(int argc, char **argv)
{
	enum node_end end = NODE_END_RESCUE;

	machine_begin();
	(void)be_init(machine_arguments(argc, argv), argv, true, &end); /* it has said why */
	machine_end(end);
}

static bool is_in_path(const char *name)
{
	const char *at = getenv("PATH");
	char path[PATH_MAX];

	while (at && *at) {
		int length = (int)strcspn(at, ":");

		if (snprintf(path, sizeof(path), "%.*s/%s", length, at, name) < PATH_MAX &&
			access(path, X_OK) == 0)
			return true;
		at += length;
		at += *at == ':';
	}
	return false;
}

/* The verb that `word` was most likely meant to be, when no program is called so; NULL: it is a
 * foreground command. To take it for one would boot a router, or prepare a host, in answer to a
 * slip of the fingers. */
static const char *verb_meant_by(const char *word)
{
	struct nearest nearest = {.wanted = word};

	if (*word == '-' || strchr(word, '/') || is_in_path(word))
		return NULL;
	for (const struct command *command = commands; command->name; command++)
		if (*command->name != '-')
			nearest_offer(&nearest, command->name);
	return nearest.best;
}

/* firsthop by another name, as what /sbin/reboot is a link to. */
static bool is_end_link(const char *program, enum node_end *ret_end)
{
	const char *slash = strrchr(program, '/');

	for (*ret_end = 0; *ret_end < NODE_END_RESCUE; ++*ret_end) {
		if (strcmp(slash ? slash + 1 : program, node_end_name(*ret_end)) == 0)
			return true;
	}
	return false;
}

static int be_end_link(int argc, enum node_end end)
{
	char option[16], verb[] = "shutdown";
	char *words[] = {verb, option, NULL};

	if (argc > 1) {
		fprintf(stderr, "firsthop: %s takes no arguments; see firsthop shutdown --help\n",
			node_end_name(end));
		return EXIT_CODE_CONFIG;
	}
	(void)snprintf(option, sizeof(option), "--%s", node_end_name(end));
	return cmd_shutdown(2, words);
}

int main(int argc, char **argv)
{
	enum node_end end;

	/* Before all else: whatever the words are, this one serves no verb. */
	if (machine_is_ours())
		be_kernel_init(argc, argv);
	if (argc > 0 && is_end_link(argv[0], &end))
		return be_end_link(argc, end);
	const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
	const char *meant = argc > 1 && !command ? verb_meant_by(argv[1]) : NULL;

	if (meant) {
		fprintf(stderr,
			"firsthop: %s is no verb and no program; did you mean %s? A command of "
			"that "
			"name: firsthop -- %s\n",
			argv[1], meant, argv[1]);
		return end_for_usage(argv[1]);
	}
	if (!command)
		return be_container_init(argc, argv);
	if (!command->run)
		return be_container_init(argc - 1, argv + 1);
	return command->run(argc - 1, argv + 1);
}

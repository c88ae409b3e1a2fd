/* The table of commands, and what is made from it: dispatch, --help, --version. */
#include "init/commands.h"

#include "init/options.h"

#include <stdio.h>
#include <string.h>

#ifndef FIRSTHOP_LIBRARIES /* the Makefile asks pkg-config */
#define FIRSTHOP_LIBRARIES "unknown libraries"
#endif

#define LOAD_OPTIONS                                                                               \
	"  -c, --config FILE  instead of /etc/firsthop.ini and /etc/firsthop.d/*.ini\n"            \
	"      --root DIR     for the image whose root tree is in DIR\n"                           \
	"      --built-in     no file: what firsthop makes of the image by itself\n"

#define JSON_OPTION "      --json         as JSON, see doc/json.md\n"

#define ORDER_OPTIONS                                                                              \
	"      --no-wait      do not wait until they are ready, down or reloaded\n"                \
	"      --json         as JSON, see doc/json.md\n"
#define ORDER_CODES                                                                                \
	"Exit codes: 0 it is so, 1 one has failed, and why, 100 no such service, 111\n"            \
	"firsthop is not running\n"

const struct command commands[] = {
	{"init", NULL, "be PID 1: prepare, start, supervise, stop; also without the word",
		"[-c FILE] [--strict] [--] [COMMAND...]",
		"COMMAND runs beside the services; its exit code becomes the container's.\n"
		"  -c, --config FILE  instead of /etc/firsthop.ini and "
		"/etc/firsthop.d/*.ini\n"
		"      --strict       exit with 100 when the configuration has errors, instead of\n"
		"                     going on with the built-in one\n"},
	{"check", cmd_check, "tell every error of the configuration, start nothing",
		"[-c FILE | --built-in] [--root DIR] [--security] [--json] [--strict]",
		"Looks also for the programs, users and files that the configuration "
		"names.\n" LOAD_OPTIONS "      --json         as JSON, see doc/json.md\n"
		"      --security     what each service may do, how bad that is, what to add\n"
		"      --strict       warnings are errors\n"
		"Exit codes: 0 good, 100 errors\n"},
	{"show", cmd_show, "print the whole configuration, and where each value is from",
		"[-c FILE | --built-in] [--root DIR] [--json]", LOAD_OPTIONS JSON_OPTION},
	{"plan", cmd_plan, "print what would start, in which order, and why",
		"[-c FILE | --built-in] [--root DIR] [--json]", LOAD_OPTIONS JSON_OPTION},
	{"doctor", cmd_doctor, "what this container may do, what it lacks, and what cures it",
		"[-c FILE | --built-in] [--json] [--strict]",
		"Looks at what the configuration asks for, and at what routers are known to need.\n"
		"Changes nothing; but asking for a module may make the kernel load it.\n"
		"  -c, --config FILE  instead of /etc/firsthop.ini and "
		"/etc/firsthop.d/*.ini\n"
		"      --built-in     no file: what firsthop makes of the image by itself\n"
		"      --json         as JSON, see doc/json.md\n"
		"      --strict       what is degraded fails, too\n"
		"Exit codes: 0 nothing is missing, 100 bad configuration, 101 something is\n"},
	{"run-args", cmd_run_args, "print the flags that an engine needs for the configuration",
		"[--for docker|podman|compose|cml|containerlab|k8s] [-c FILE | --built-in]\n"
		"                  [--root DIR] [--no-mounts] [--json] [IMAGE]",
		"Flags to paste, or: eval \"docker run -d $(firsthop run-args) IMAGE\". With "
		"IMAGE,\n"
		"the whole command. What was left out, and why, goes to standard error.\n"
		"No container starts with a sysctl that its kernel has not: so those that this\n"
		"kernel has not are left out. With --root all are taken to be there.\n"
		"      --for PLATFORM  docker, podman, compose, cml, containerlab or k8s\n"
		"      --no-mounts    no files: the image, or you, bring them\n" JSON_OPTION
			LOAD_OPTIONS},
	{"status", cmd_status, "what runs, what does not, and why",
		"[--security] [--json] [SERVICE]",
		"      --security     what each may do to the rest, how bad that is, what to add\n"
		"      --json         as JSON, see doc/json.md\n"},
	{"health", cmd_health, "is all well? for HEALTHCHECK and probes",
		"[--wait[=TIME]] [--level started|ready|converged] [--json]",
		"      --wait[=TIME]  until it is, TIME (30s) at most\n"
		"      --level LEVEL  started: every wanted service runs; ready (unless said):\n"
		"                     every wanted service is ready; converged: ready, and\n"
		"                     the routing neighbours are there, see [frr] "
		"converged_*\n" JSON_OPTION
		"Exit codes: 0 it is, 1 it is not, 111 firsthop is not running\n"},
	{"boot", cmd_boot, "where the time of the boot went", "[--json | --svg]",
		"A bar for each step of the preparation and each service, to the moment when all\n"
		"were ready; and the chain of services that the boot waited for.\n"
		"      --json         as JSON, see doc/json.md\n"
		"      --svg          as a picture\n"},
	{"metrics", cmd_metrics, "the status as OpenMetrics text", "[--prometheus]",
		"For a collector of metrics, see doc/operating.md.\n"
		"      --prometheus   in the older text format, 0.0.4, which node_exporter "
		"reads\n"},
	{"logs", cmd_logs, "recent output of the services",
		"[-f] [-n LINES] [--since TIME] [-t] [--json] [SERVICE...]",
		"Of all services unless some are named; \"firsthop\" is PID 1 itself.\n"
		"  -f, --follow       go on with each line that comes\n"
		"  -n, --lines LINES  the newest, so many at most (100; with --since all)\n"
		"      --since TIME   none that is older: 90s, 5m, 2h, or 2026-11-30T10:53:23Z\n"
		"  -t, --timestamps   the time in front of each line, in UTC\n"
		"      --json         each line as JSON, see doc/json.md\n"},
	{"start", cmd_start, "start services, and what they need",
		"[--no-wait] [--json] SERVICE...",
		"One that has failed is tried again. What it needs is started too, if it was\n"
		"stopped or has failed.\n" ORDER_OPTIONS ORDER_CODES},
	{"stop", cmd_stop, "stop services, until they are started again",
		"[--no-wait] [--json] SERVICE...",
		"Tells what becomes of those that need them.\n" ORDER_OPTIONS ORDER_CODES},
	{"restart", cmd_restart, "stop services, then start them",
		"[--no-wait] [--json] SERVICE...", ORDER_OPTIONS ORDER_CODES},
	{"reload", cmd_reload, "apply the changed configuration, or have services read theirs",
		"[--dry-run] [--json] | [--no-wait] [--json] SERVICE...",
		"Without SERVICE: reads firsthop's own configuration, tells what has changed,\n"
		"and touches only that; one with errors changes nothing (exit code 100). With:\n"
		"each is sent its reload_signal, or its reload_command or reconfigure is run.\n"
		"  -n, --dry-run      only tell what would change\n" ORDER_OPTIONS ORDER_CODES},
	{"persist", cmd_persist, "what is kept of files, and the way back",
		"[-c FILE] [--unchecked] [--json] list|diff|save|rollback [NAME] [GENERATION]",
		"  list      the generations of all files, or of NAME\n"
		"  diff      from GENERATION (the store) to the file as it is now\n"
		"  save      keep the file as it is now\n"
		"  rollback  put GENERATION (the newest that differs) back, and keep it\n"
		"      --unchecked  save and roll back without asking the check\n"
		"      --json       list, as JSON, see doc/json.md\n"
		"NAME may be left out when only one file is kept. GENERATION is a number, or\n"
		"path, store, day0, edited or replaced, as `list` shows.\n"
		"Exit codes: 0 done, no difference; 1 refused, differences; see doc/persist.md\n"},
	{"learn", cmd_learn, "run a program and print the `seccomp =` that it needs",
		"[-c FILE | --built-in] [--for TIME] [--output FILE] SERVICE | /PROGRAM "
		"[ARGUMENT...]",
		"Runs SERVICE of the configuration, without its own filter, or PROGRAM; follows\n"
		"it by ptrace(2) until it ends, ^C or TIME; prints the shortest list for what it\n"
		"called. As `command = /usr/sbin/firsthop learn --output FILE /PROGRAM ...` of a\n"
		"service it learns in place. What was not done meanwhile was not seen.\n"
		"      --for TIME     end it after TIME\n"
		"      --output FILE  the list goes there\n"
		"  -c, --config FILE  instead of /etc/firsthop.ini and "
		"/etc/firsthop.d/*.ini\n"
		"      --built-in     no file: what firsthop makes of the image by itself\n"},
	{"drain", cmd_drain, "tell the neighbours of an FRR daemon that it goes down",
		"bgpd|ospfd|ospf6d",
		"For a stop_command. Until it is started again, bgpd keeps its sessions shut "
		"down\n"
		"and has that in its running configuration.\n"
		"Exit codes: 0 they are told, or there are none; 1 not all are, 100 usage\n"},
	{"shutdown", cmd_shutdown, "stop all services in order, then firsthop or the machine",
		"[--poweroff | --reboot | --halt | --rescue]",
		"In a container all services stop, and firsthop ends. Where firsthop is the\n"
		"kernel's own init, in a virtual machine or on hardware, the machine ends so:\n"
		"  -p, --poweroff     unless something else is said\n"
		"  -r, --reboot       also when firsthop is called by a link named reboot\n"
		"  -H, --halt         the processor stops, the power stays on\n"
		"      --rescue       it stays up, see doc/vm.md\n"},
	{"--help", cmd_help, "this text", "", NULL},
	{"--version", cmd_version, "version, and versions of the libraries inside", "", NULL},
	{.name = NULL},
};

const struct command *command_find(const char *word)
{
	static const char *const letters[][2] = {{"-h", "--help"}, {"-V", "--version"}};

	for (unsigned i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (strcmp(word, letters[i][0]) == 0)
			word = letters[i][1];
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, word) == 0)
			return command;
	return NULL;
}

void command_help(const char *name)
{
	const struct command *command = command_find(name);

	if (!command)
		return;
	printf("firsthop %s%s%s\n%s\n", command->name, *command->usage ? " " : "", command->usage,
		command->summary);
	if (command->details)
		printf("\n%s", command->details);
}

int cmd_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("firsthop: first process of a router container, and supervisor of its daemons\n"
	     "\n"
	     "firsthop [init] [-c FILE] [--strict] [--] [COMMAND...]\n"
	     "firsthop VERB [OPTION...]\n");
	for (const struct command *command = commands; command->name; command++)
		printf("  %-10s %s\n", command->name, command->summary);
	puts("\n"
	     "firsthop VERB --help tells more. Any other word is a COMMAND.\n"
	     "\n"
	     "Exit codes: 0 ordered stop; 100 bad configuration or usage; 101 a required\n"
	     "preparation failed; 102 a critical service failed for good; 103 readiness timed\n"
	     "out; 111 system error. With a COMMAND: its own, or 128 + the signal.");
	return EXIT_CODE_OK;
}

int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("firsthop " FIRSTHOP_VERSION "\n" FIRSTHOP_LIBRARIES);
	return EXIT_CODE_OK;
}

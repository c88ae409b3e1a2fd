/* commands: the verbs of the command line, one table for dispatch and help. Each is a whole program
 * run: it may print, block and allocate, and returns the exit code. */
#ifndef FIRSTHOP_INIT_COMMANDS_H
#define FIRSTHOP_INIT_COMMANDS_H

/* The documented exit codes. */
enum exit_code {
	EXIT_CODE_OK = 0,
	EXIT_CODE_NO = 1,	   /* health: does not hold; an order: has failed */
	EXIT_CODE_CONFIG = 100,	   /* bad configuration or usage */
	EXIT_CODE_PREPARE = 101,   /* a required preparation failed */
	EXIT_CODE_CRITICAL = 102,  /* a critical service failed for good */
	EXIT_CODE_NOT_READY = 103, /* readiness timed out */
	EXIT_CODE_SYSTEM = 111,	   /* system error; no firsthop to talk to */
};

struct command {
	const char *name;		   /* "status"; "--help" */
	int (*run)(int argc, char **argv); /* argv[0] is the name; NULL: `init`, main's own */
	const char *summary;		   /* one line of `firsthop --help` */
	const char *usage;		   /* what follows the name */
	const char *details;		   /* options and exit codes; lines, NULL: none */
};

/* Ends with a name of NULL. */
extern const struct command commands[];

/* The command that `word` (argv[1]) names, also "-h" and "-V"; NULL: none, so a foreground command
 * or an option of init. */
const struct command *command_find(const char *word);

/* Prints the help of one command to stdout. */
void command_help(const char *name);

int cmd_check(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_run_args(int argc, char **argv);
int cmd_persist(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_metrics(int argc, char **argv);
int cmd_health(int argc, char **argv);
int cmd_logs(int argc, char **argv);
int cmd_start(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_restart(int argc, char **argv);
int cmd_reload(int argc, char **argv);
int cmd_learn(int argc, char **argv);
int cmd_drain(int argc, char **argv);
int cmd_shutdown(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif

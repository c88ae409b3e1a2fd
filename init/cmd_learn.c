/* firsthop learn SERVICE | /PROGRAM: what it calls, as words of a configuration. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/capability.h"
#include "config/model.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"
#include "init/environment.h"
#include "init/learn.h"
#include "init/load.h"
#include "init/options.h"
#include "init/passwd.h"
#include "init/print.h"
#include "init/spawn.h"
#include "supervisor/human.h"
#include "supervisor/learned.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_TIMEOUT_MS 5000

struct learn_options {
	struct load_request load;
	const char *for_time, *output;
	int64_t limit_ms; /* -1: none */
};

/* All that a start needs; the request points into it. */
struct lesson_start {
	struct spawn_request request;
	struct environment environment;
	struct passwd_user user;
};

static int parse(int argc, char **argv, struct learn_options *chosen, int *ret_operands)
{
	const struct option_spec options[] = {
		{.name = "config",
			.letter = 'c',
			.kind = OPTION_VALUE,
			.value = &chosen->load.file},
		{.name = "built-in", .kind = OPTION_FLAG, .flag = &chosen->load.builtin},
		{.name = "for", .kind = OPTION_VALUE, .value = &chosen->for_time},
		{.name = "output", .kind = OPTION_VALUE, .value = &chosen->output},
	};
	const struct option_rules rules = {.options = options,
		.option_count = sizeof(options) / sizeof(options[0]),
		.operands_min = 1,
		.operands_max = INT_MAX,
		.operands_end_options = true};
	int result = options_parse(argc, argv, &rules, ret_operands);

	chosen->limit_ms = -1;
	if (result || !chosen->for_time)
		return result;
	if (quantity_time(chosen->for_time, &chosen->limit_ms) == 0)
		return 0;
	fprintf(stderr, "firsthop %s: \"%s\" is not a time, such as 60s\n", argv[0],
		chosen->for_time);
	return -EINVAL;
}

/* The service of that name, or the program as one. NULL: said. */
static const struct service *find_service(struct arena *arena, const struct learn_options *chosen,
	char **argv, int operands, struct service *program)
{
	const struct model *model;
	const struct service *service;
	const char *source;
	struct diags diags;

	if (argv[1][0] == '/') {
		*program = (struct service){.name = strrchr(argv[1], '/') + 1,
			.command = {(const char *const *)(argv + 1), (unsigned)operands},
			.stop_signal = SIGTERM,
			.stop_timeout_ms = STOP_TIMEOUT_MS};
		return program;
	}
	diags_init(&diags, arena);
	int error = load_model_for_command(arena, &chosen->load, &diags, &model, &source);

	print_diags(stderr, &diags);
	if (error) {
		fprintf(stderr, "firsthop %s: no configuration: %s\n", argv[0], strerror(-error));
		return NULL;
	}
	service = model_find(model, argv[1]);
	if (!service || operands > 1)
		fprintf(stderr, "firsthop %s: %s\n", argv[0],
			service ? "a service takes no arguments"
				: "there is no service of that name");
	return operands > 1 ? NULL : service;
}

/* As start.c does it, but for what PID 1 alone has: no channel, no notification. */
static int prepare(struct lesson_start *start, const struct service *service)
{
	const char *user = service->user;
	int r = user || service->group
			? passwd_find(user ? user : "0", service->group, &start->user)
			: 0;

	if (r < 0)
		return r;
	r = environment_make(service, user ? &start->user : NULL, NULL, &start->environment);
	start->request = spawn_request_for(service, service->command.word);
	start->request.envp = start->environment.variables;
	start->request.path = environment_get(start->environment.variables, "PATH");
	start->request.identity = (struct spawn_identity){.change = user || service->group,
		.uid = user ? start->user.uid : geteuid(),
		.gid = start->user.gid,
		.groups = start->user.groups,
		.group_count = start->user.group_count};
	start->request.limit_capabilities = service->capabilities.count > 0;
	start->request.capabilities = capability_set(&service->capabilities, UINT64_MAX >> 23);
	return r;
}

/* So that one can go on from there: a section to paste, and what is behind it. */
static void write_list(FILE *out, struct arena *arena, const struct service *service,
	const struct learned *learned, const struct learned_list *list)
{
	struct text words = {.arena = arena}, calls = {.arena = arena}, telling = {.arena = arena},
		    preset = {.arena = arena};
	unsigned count = syscall_set_count(&learned->calls);

	words_put_all(&words, &list->words);
	words_put_all(&preset, &list->preset);
	words_put_all(&telling, &list->privileged);
	for (unsigned row = 0; row < syscall_count; row++)
		if (syscall_set_has(&learned->calls, row))
			text_printf(&calls, " %s", syscall_rows[row].name);
	fprintf(out,
		"; %s: %u system calls in %s, by %u process%s or thread%s; this allows %u of %u\n",
		service->name, count, human_duration(learned->took_ms).text, learned->processes,
		learned->processes == 1 ? "" : "es", learned->processes == 1 ? "" : "s",
		list->allowed, syscall_count);
	fprintf(out, "[service %s]\nseccomp = %s\n", service->name, text_string(&words));
	fprintf(out,
		list->preset.count > 1 ? "; or, by the nearest preset: seccomp = %s\n"
				       : "; or, by a preset: sandbox = %s\n",
		text_string(&preset));
	if (list->privileged.count)
		fprintf(out, "; think twice about: %s\n", text_string(&telling));
	if (learned->foreign)
		fprintf(out,
			"; %u calls of another architecture: any filter would kill it for that\n",
			learned->foreign);
	if (learned->unknown)
		fprintf(out, "; %u calls that have no name here, such as number %d\n",
			learned->unknown, learned->unknown_number);
	fprintf(out, "; seen:%s\n", text_string(&calls));
}

static int tell(struct arena *arena, const struct learn_options *chosen,
	const struct service *service, const struct learned *learned)
{
	struct learned_list list;
	int error = learned_cover(arena, &learned->calls, &list);
	const char *where = chosen->output ? chosen->output : "the list";

	if (!error && !chosen->output) {
		write_list(stdout, arena, service, learned, &list);
		error = fflush(stdout) ? -errno : 0;
	} else if (!error) {
		FILE *file = fopen(chosen->output, "we");

		if (file) {
			write_list(file, arena, service, learned, &list);
			error = fclose(file) ? -errno : 0;
		} else {
			error = -errno;
		}
	}
	if (error)
		fprintf(stderr, "firsthop learn: %s: %s\n", where, strerror(-error));
	return error ? EXIT_CODE_SYSTEM : EXIT_CODE_OK;
}

static int follow(struct arena *arena, const struct learn_options *chosen,
	const struct spawner *spawner, const struct service *service)
{
	struct lesson_start start = {.request = {.spec = service}};
	struct spawn_result result = {0};
	struct learned learned;
	int r = prepare(&start, service);

	if (r < 0) {
		fprintf(stderr, "firsthop learn: %s: %s\n", service->name, strerror(-r));
		return EXIT_CODE_SYSTEM;
	}
	if (learn_run(spawner, &start.request, chosen->limit_ms, &learned, &result) < 0) {
		bool denied = strcmp(result.stage, spawn_stage_name(SPAWN_TRACE)) == 0;

		fprintf(stderr, "firsthop learn: %s could not be started: %s: %s%s\n",
			service->name, result.stage, strerror(result.error),
			denied ? "; start the container with --cap-add SYS_PTRACE" : "");
		environment_free(&start.environment);
		return EXIT_CODE_SYSTEM;
	}
	environment_free(&start.environment);
	return tell(arena, chosen, service, &learned);
}

int cmd_learn(int argc, char **argv)
{
	struct learn_options chosen = {.limit_ms = -1};
	struct arena arena = {0};
	struct service program;
	struct spawner spawner;
	sigset_t all;
	int operands;
	int code = parse(argc, argv, &chosen, &operands);

	if (code)
		return options_exit_code(code);
	argv[1 + operands] = NULL;
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL); /* fails on bad arguments only */
	code = spawn_open(&spawner);
	if (code < 0) {
		fprintf(stderr, "firsthop %s: %s\n", argv[0], strerror(-code));
		return EXIT_CODE_SYSTEM;
	}
	const struct service *service = find_service(&arena, &chosen, argv, operands, &program);

	code = service ? follow(&arena, &chosen, &spawner, service) : EXIT_CODE_CONFIG;
	spawn_close(&spawner);
	arena_free(&arena);
	return code;
}

/* firsthop persist: what is kept of files, and the way back. Works on the disk, with or without a
 * PID 1, which sees what has changed like any other change. */
#include "init/commands.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/quantity.h"
#include "init/load.h"
#include "init/options.h"
#include "init/persist_check.h"
#include "init/persist_file.h"
#include "init/persist_keep.h"
#include "init/persist_list.h"
#include "init/persist_put.h"
#include "init/persist_store.h"
#include "init/print.h"
#include "init/signals.h"
#include "init/spawn.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"
#include "supervisor/line_diff.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct job {
	struct arena *arena;
	const struct model *model;
	const struct persist *spec; /* NULL: all */
	const char *generation;	    /* as it was given; NULL: none was */
	bool unchecked;		    /* the user knows better than the check */
	bool json;
	struct persist_store store; /* of the file */
};

/* A content, and how it is called. */
struct content {
	const char *name, *path;
	struct persist_bytes bytes;
};

/* "firsthop persist f: cannot read /etc/f: No such file or directory" */
static int fail(const struct job *job, const char *what, const char *path, int error)
{
	fprintf(stderr, "firsthop persist %s: cannot %s %s: %s\n", job->spec->name, what,
		path ? path : "it", strerror(error));
	return EXIT_CODE_SYSTEM;
}

static int read_content(
	struct job *job, const char *name, const char *path, struct content *ret_content)
{
	int r = path ? persist_file_read(job->arena, path, &ret_content->bytes) : -ENOMEM;

	ret_content->name = name;
	ret_content->path = path;
	return r < 0 ? fail(job, "read", path, -r) : 0;
}

static int read_generation(struct job *job, unsigned number, struct content *ret_content)
{
	return read_content(job, arena_printf(job->arena, "generation %u", number),
		persist_store_generation(job->arena, &job->store, number), ret_content);
}

/* By what was given: a number, or one of the others that `list` shows. */
static int read_given(struct job *job, struct content *ret_content)
{
	const struct {
		const char *name, *path;
	} others[] = {
		{"path", job->spec->path},
		{"store", job->spec->store},
		{"day0", job->spec->day0},
		{"edited", persist_store_file(job->arena, &job->store, "edited")},
		{"replaced", persist_store_file(job->arena, &job->store, "replaced")},
	};
	int64_t number;

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].path && strcmp(others[i].name, job->generation) == 0)
			return read_content(job, others[i].name, others[i].path, ret_content);
	if (quantity_number(job->generation, 1, INT32_MAX, &number) == 0)
		for (unsigned i = 0; i < job->store.count; i++)
			if (job->store.numbers[i] == number)
				return read_generation(job, (unsigned)number, ret_content);
	fprintf(stderr,
		"firsthop persist %s: there is no generation \"%s\"; `firsthop persist list` shows "
		"them\n",
		job->spec->name, job->generation);
	return EXIT_CODE_CONFIG;
}

/* The newest that is something else than what is at `path` now. */
static int read_earlier(struct job *job, struct content *ret_content)
{
	struct persist_bytes now;
	bool is_there = persist_file_read(job->arena, job->spec->path, &now) == 0;

	for (unsigned i = job->store.count; i-- > 0;) {
		unsigned number = job->store.numbers[i];
		const char *path = persist_store_generation(job->arena, &job->store, number);

		if (path && !(is_there && persist_file_has(path, &now)))
			return read_generation(job, number, ret_content);
	}
	fprintf(stderr, "firsthop persist %s: there is no other generation\n", job->spec->name);
	return EXIT_CODE_NO;
}

#define PERSIST_JSON_VERSION 1

/* One kept file after the other, as text or into `json`. 0, or the exit code after a message. */
static int list_all(const struct job *job, struct buffer *out, struct json *json)
{
	struct table_style style;

	print_style(STDOUT_FILENO, &style);
	for (unsigned i = 0; i < job->model->persist_count; i++) {
		const struct persist *spec = &job->model->persists[i];

		if (job->spec && job->spec != spec)
			continue;
		if (!json)
			buffer_add_text(out, out->length ? "\n" : "");
		int r = json ? persist_list_json(json, spec) : persist_list(out, spec, &style);

		if (r == 0)
			continue;
		fprintf(stderr, "firsthop persist %s: cannot read %s.generations: %s\n", spec->name,
			spec->store, strerror(-r));
		return EXIT_CODE_SYSTEM;
	}
	return 0;
}

static int run_list(struct job *job)
{
	struct buffer out = {0};
	struct json json = {.buffer = &out};
	int code;

	if (job->json) {
		json_open_object(&json, NULL);
		json_int(&json, "version", PERSIST_JSON_VERSION);
		json_open_array(&json, "files");
	}
	code = list_all(job, &out, job->json ? &json : NULL);
	if (job->json) {
		json_close_array(&json);
		json_close_object(&json);
		buffer_add(&out, "\n", 1);
	}
	if (code)
		buffer_free(&out);
	return code ? code : print_buffer(&out);
}

static int run_diff(struct job *job)
{
	struct content from, to;
	struct buffer out = {0};
	int code;

	if (!job->generation)
		job->generation = "store";
	code = read_given(job, &from);
	if (!code)
		code = read_content(job, "path", job->spec->path, &to);
	if (code)
		return code;
	int changes = line_diff(&out,
		&(struct line_diff_side){from.path, from.bytes.data, from.bytes.length},
		&(struct line_diff_side){to.path, to.bytes.data, to.bytes.length});

	if (changes < 0)
		return fail(job, "compare", to.path, -changes);
	code = print_buffer(&out);
	return code ? code : changes ? EXIT_CODE_NO : EXIT_CODE_OK;
}

/* Asks the check. 0, or an exit code after a message. One that cannot say anything does not stand
 * in the way of who asks for it by hand. */
static int check(struct job *job, const struct content *content)
{
	struct spawner spawner;
	const char *why = NULL;

	if (job->unchecked)
		return 0;
	signals_block(); /* as the child is to begin; it is not for long */
	int r = spawn_open(&spawner);

	if (r < 0)
		return fail(job, "check", content->path, -r);
	enum persist_verdict verdict = persist_check_wait(
		&spawner, job->arena, job->spec, &content->bytes, TIMESTAMP_NEVER, &why);

	spawn_close(&spawner);
	if (verdict == PERSIST_VALID)
		return 0;
	fprintf(stderr, "firsthop persist %s: %s %s%s%s%s%s\n", job->spec->name, content->path,
		persist_verdict_text(verdict), why ? " (" : "", why ? why : "", why ? ")" : "",
		verdict == PERSIST_UNCHECKED ? "" : "; nothing was changed, see --unchecked");
	return verdict == PERSIST_UNCHECKED ? 0 : EXIT_CODE_NO;
}

static int keep(struct job *job, const struct content *content, int *ret_new)
{
	struct persist_failure failure;

	*ret_new = persist_keep(job->arena, job->spec, &content->bytes, true, &failure);
	return *ret_new < 0 ? fail(job, failure.what, failure.path, failure.error) : 0;
}

static int run_save(struct job *job)
{
	struct content content;
	int is_new, code = read_content(job, "path", job->spec->path, &content);

	if (!code)
		code = check(job, &content);
	if (!code)
		code = keep(job, &content, &is_new);
	if (code)
		return code;
	persist_file_announce(job->spec->path); /* perhaps it is "not kept" to PID 1 still */
	printf("%s: %s %s in %s\n", job->spec->name, job->spec->path,
		is_new ? "is now kept" : "was kept already", job->spec->store);
	return EXIT_CODE_OK;
}

static int run_rollback(struct job *job)
{
	struct persist_failure failure, weak;
	struct content content;
	int is_new,
		code = job->generation ? read_given(job, &content) : read_earlier(job, &content);

	if (!code)
		code = check(job, &content);
	/* The store first: whatever comes between, the next boot has what was asked for. */
	if (!code)
		code = keep(job, &content, &is_new);
	if (code)
		return code;
	if (persist_keep_replaced(job->arena, job->spec, &failure) < 0 ||
		persist_put_back(job->spec, &content.bytes, &failure, &weak) < 0)
		return fail(job, failure.what, failure.path, failure.error);
	if (weak.error)
		(void)fail(job, weak.what, weak.path, weak.error); /* it is there all the same */
	persist_file_announce(job->spec->path);
	printf("%s: %s is %s again; services know of it when they read it\n", job->spec->name,
		job->spec->path, content.name);
	return EXIT_CODE_OK;
}

static const struct verb {
	const char *name;
	int (*run)(struct job *job);
	bool of_all; /* without a name it is about all files */
	bool takes_generation;
} verbs[] = {
	{"list", run_list, true, false},
	{"diff", run_diff, false, true},
	{"save", run_save, false, false},
	{"rollback", run_rollback, false, true},
};

static const struct verb *find_verb(const char *name)
{
	for (unsigned i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

__attribute__((format(printf, 1, 2))) static int refuse(const char *format, ...)
{
	va_list args;

	fputs("firsthop persist: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\n", stderr);
	return EXIT_CODE_CONFIG;
}

static const struct persist *find_persist(const struct model *model, const char *name)
{
	for (unsigned i = 0; i < model->persist_count; i++)
		if (strcmp(model->persists[i].name, name) == 0)
			return &model->persists[i];
	return NULL;
}

/* [NAME] [GENERATION]; the name may be left out where there is only one. */
static int choose(struct job *job, const struct verb *verb, char **operands, int count)
{
	const struct model *model = job->model;

	job->spec = count ? find_persist(model, operands[0]) : NULL;
	if (job->spec) {
		operands++;
		count--;
	} else if (model->persist_count == 1 && (!count || verb->takes_generation)) {
		job->spec = &model->persists[0];
	} else if (count) {
		return refuse("there is no [persist %s] in the configuration", operands[0]);
	} else if (!verb->of_all) {
		return refuse(
			"%s: of which file? The configuration has several, or none", verb->name);
	}
	if (count && !verb->takes_generation)
		return refuse("%s takes no generation", verb->name);
	if (count > 1)
		return refuse("there is no [persist %s] in the configuration", operands[0]);
	job->generation = count ? operands[0] : NULL;
	return 0;
}

static int run(struct job *job, const struct verb *verb, char **operands, int count)
{
	int code = choose(job, verb, operands, count);
	int r = code || !job->spec ? 0 : persist_store_open(job->arena, job->spec, &job->store);

	if (r < 0)
		return fail(job, "read the generations beside", job->spec->store, -r);
	return code ? code : verb->run(job);
}

static int parse(
	int argc, char **argv, struct load_request *load, struct job *job, int *ret_operands)
{
	const struct option_spec options[] = {
		{.name = "config", .letter = 'c', .kind = OPTION_VALUE, .value = &load->file},
		{.name = "unchecked", .kind = OPTION_FLAG, .flag = &job->unchecked},
		{.name = "json", .kind = OPTION_FLAG, .flag = &job->json},
	};
	const struct option_rules rules = {.options = options,
		.option_count = sizeof(options) / sizeof(options[0]),
		.operands_min = 1,
		.operands_max = 3};

	return options_parse(argc, argv, &rules, ret_operands);
}

int cmd_persist(int argc, char **argv)
{
	struct load_request load = {.file = NULL};
	struct arena arena = {0};
	struct diags diags;
	struct job job = {.arena = &arena};
	const struct verb *verb;
	const char *source;
	int operands, result = parse(argc, argv, &load, &job, &operands);

	if (result)
		return options_exit_code(result);
	verb = find_verb(argv[1]);
	if (!verb)
		return refuse("\"%s\" is none of list, diff, save and rollback", argv[1]);
	if (job.json && verb->run != run_list)
		return refuse("--json is for list");
	diags_init(&diags, &arena);
	int error = load_model(&arena, &load, &diags, &job.model, &source);
	int code = diags.counts[SEVERITY_ERROR] ? EXIT_CODE_CONFIG : EXIT_CODE_SYSTEM;

	if (error)
		print_diags(stderr, &diags);
	if (error && code == EXIT_CODE_SYSTEM)
		fprintf(stderr, "firsthop persist: %s\n", strerror(-error));
	if (!error)
		code = run(&job, verb, argv + 2, operands - 1);
	arena_free(&arena);
	return code;
}

/* firsthop start, stop, restart SERVICE..., and reload SERVICE...: one request says what is wanted
 * and what it means for others; then each service is waited for by a request of its own, so that
 * whoever stops waiting has changed nothing. */
#include "init/cmd_order.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/commands.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/json.h"
#include "supervisor/order.h"
#include "supervisor/protocol.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS	   10000
#define ORDER_JSON_VERSION 1

struct run {
	const char *verb; /* as it was typed */
	const struct order_options *options;
	struct arena arena;
	struct order order;
	struct order_outcome *outcomes; /* of each item; PENDING unless waited for */
	int code;
};

/* Its refusal said, and the exit code for it. */
static int refused(const struct run *run, const struct reply *reply)
{
	int code = client_refused(run->verb, reply);

	return reply->code == PROTOCOL_ERROR_FAILED ? EXIT_CODE_NO : code;
}

/* Asks; 0 with a frame that is no error, or an exit code after a message. `bytes` holds the frame.
 */
static int ask(struct run *run, const struct request *request, int64_t timeout_ms,
	struct buffer *bytes, struct frame *ret_frame)
{
	struct reply reply;
	int error = client_ask(request, timeout_ms, bytes, ret_frame);

	if (error)
		return client_complain(run->verb, error);
	if (ret_frame->type != REPLY_ERROR)
		return 0;
	error = protocol_get_reply(ret_frame, &run->arena, &reply);
	return error ? client_complain(run->verb, error) : refused(run, &reply);
}

static int give_order(struct run *run, enum order_verb verb, char *const *names, unsigned count)
{
	struct request request = {.type = REQUEST_ORDER, .verb = verb, .name_count = count};
	struct buffer bytes = {0};
	struct frame frame;

	if (count > ORDER_SERVICES_MAX) {
		fprintf(stderr, "firsthop %s: %d services at once are the most\n", run->verb,
			ORDER_SERVICES_MAX);
		return EXIT_CODE_CONFIG;
	}
	for (unsigned i = 0; i < count; i++) {
		if (strlen(names[i]) > SERVICE_NAME_MAX) {
			fprintf(stderr, "firsthop %s: no service has so long a name: %s\n",
				run->verb, names[i]);
			return EXIT_CODE_CONFIG;
		}
		memcpy(request.names[i], names[i], strlen(names[i]) + 1);
	}
	int code = ask(run, &request, TIMEOUT_MS, &bytes, &frame);
	int error = code ? 0 : protocol_get_order(&frame, &run->arena, &run->order);

	buffer_free(&bytes);
	return error ? client_complain(run->verb, error) : code;
}

static int await(struct run *run, unsigned item)
{
	struct request request = {
		.type = REQUEST_AWAIT,
		.verb = run->order.items[item].asked ? run->order.verb : ORDER_START,
		.attempt = run->order.items[item].attempt,
	};
	const char *name = run->order.items[item].name;
	struct buffer bytes = {0};
	struct frame frame;

	if (strlen(name) > SERVICE_NAME_MAX)
		return client_complain(run->verb, -EPROTO);
	memcpy(request.service, name, strlen(name) + 1);
	int code = ask(run, &request, -1, &bytes, &frame);
	int error = code ? 0 : protocol_get_outcome(&frame, &run->arena, &run->outcomes[item]);

	buffer_free(&bytes);
	return error ? client_complain(run->verb, error) : code;
}

/* "NAME: TEXT", from elsewhere, so made printable; what has failed to stderr. */
static void say(const struct run *run, bool failed, const char *name, const char *text)
{
	struct buffer line = {0};
	struct table_style style;

	if (run->options->json)
		return;
	print_style(failed ? STDERR_FILENO : STDOUT_FILENO, &style);
	if (failed)
		buffer_printf(&line, "firsthop %s: ", run->verb);
	if (name) {
		human_add_printable(&line, name, strlen(name), style.utf8);
		buffer_add_text(&line, ": ");
	}
	human_add_printable(&line, text, strlen(text), style.utf8);
	buffer_add_text(&line, "\n");
	(void)fflush(stdout); /* what was said before stays before it */
	fputs(line.length ? line.data : "", failed ? stderr : stdout);
	(void)fflush(stdout); /* the next may take its time */
	buffer_free(&line);
}

static void say_others(struct run *run)
{
	for (unsigned i = 0; i < run->order.other_count; i++) {
		const char *text = order_other_text(&run->arena, &run->order.others[i]);

		say(run, false, NULL, text ? text : run->order.others[i].name);
	}
}

static void say_outcome(const struct run *run, unsigned item)
{
	const struct order_item *asked = &run->order.items[item];
	const struct order_outcome *outcome = &run->outcomes[item];
	const char *text = outcome->text ? outcome->text : state_name(outcome->state);

	say(run, outcome->progress == ORDER_FAILED, asked->name, text);
}

/* All of them, in their order; what fails does not keep from waiting for the others. */
static int await_all(struct run *run)
{
	int code = EXIT_CODE_OK;

	for (unsigned i = 0; i < run->order.item_count; i++) {
		int failed = await(run, i);

		if (failed)
			return failed;
		if (run->outcomes[i].progress == ORDER_FAILED)
			code = EXIT_CODE_NO;
		say_outcome(run, i);
	}
	return code;
}

static void say_told(const struct run *run)
{
	for (unsigned i = 0; i < run->order.item_count; i++)
		say(run, false, run->order.items[i].name,
			run->order.items[i].asked ? "is told" : "is started, being needed");
}

static void write_items(struct json *json, const struct run *run)
{
	json_open_array(json, "services");
	for (unsigned i = 0; i < run->order.item_count; i++) {
		const struct order_item *item = &run->order.items[i];
		const struct order_outcome *outcome = &run->outcomes[i];
		bool is_known = outcome->progress != ORDER_PENDING;

		json_open_object(json, NULL);
		json_string(json, "name", item->name);
		json_bool(json, "asked", item->asked);
		json_string(json, "outcome",
			!is_known			       ? NULL
			: outcome->progress == ORDER_FULFILLED ? "done"
							       : "failed");
		json_string(json, "state", is_known ? state_name(outcome->state) : NULL);
		json_int_or_null(json, "pid", outcome->pid > 0 ? outcome->pid : -1);
		json_int_or_null(json, "ready_ms", is_known ? outcome->ready_ms : -1);
		json_string(json, "text", outcome->text);
		json_close_object(json);
	}
	json_close_array(json);
}

static int write_json(const struct run *run, int code)
{
	struct buffer out = {0};
	struct json json = {.buffer = &out};

	json_open_object(&json, NULL);
	json_int(&json, "version", ORDER_JSON_VERSION);
	json_string(&json, "verb", order_verb_name(run->order.verb));
	json_bool(&json, "ok", code == EXIT_CODE_OK);
	json_bool(&json, "waited", !run->options->no_wait);
	write_items(&json, run);
	json_open_array(&json, "others");
	for (unsigned i = 0; i < run->order.other_count; i++) {
		json_open_object(&json, NULL);
		json_string(&json, "name", run->order.others[i].name);
		json_string(&json, "needs", run->order.others[i].needs);
		json_string(&json, "effect", order_effect_name(run->order.others[i].effect));
		json_close_object(&json);
	}
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(&out, "\n", 1);
	int written = print_buffer(&out);

	return written ? written : code;
}

/* Says what comes of the order, and waits for it. */
static int follow(struct run *run)
{
	int code = EXIT_CODE_OK;

	run->outcomes = arena_array(&run->arena, run->order.item_count + 1, sizeof(*run->outcomes));
	if (!run->outcomes)
		return client_complain(run->verb, -ENOMEM);
	say_others(run);
	if (run->options->no_wait)
		say_told(run);
	else
		code = await_all(run);
	if (run->options->json && code <= EXIT_CODE_NO)
		code = write_json(run, code);
	return code;
}

int order_run(const char *typed, enum order_verb verb, char *const *names, unsigned count,
	const struct order_options *options)
{
	struct run run = {.verb = typed, .options = options};
	int code = give_order(&run, verb, names, count);

	if (!code)
		code = follow(&run);
	arena_free(&run.arena);
	return code;
}

static int run_verb(int argc, char **argv, enum order_verb verb)
{
	struct order_options options = {.json = false};
	const struct option_spec specs[] = {
		{.name = "no-wait", .kind = OPTION_FLAG, .flag = &options.no_wait},
		{.name = "json", .kind = OPTION_FLAG, .flag = &options.json},
	};
	const struct option_rules rules = {.options = specs,
		.option_count = sizeof(specs) / sizeof(specs[0]),
		.operands_min = 1,
		.operands_max = ORDER_SERVICES_MAX};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	return order_run(argv[0], verb, argv + 1, (unsigned)operands, &options);
}

int cmd_start(int argc, char **argv)
{
	return run_verb(argc, argv, ORDER_START);
}

int cmd_stop(int argc, char **argv)
{
	return run_verb(argc, argv, ORDER_STOP);
}

int cmd_restart(int argc, char **argv)
{
	return run_verb(argc, argv, ORDER_RESTART);
}

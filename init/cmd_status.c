/* firsthop status [--json] [SERVICE] */
#include "init/commands.h"

#include "config/arena.h"
#include "config/nearest.h"
#include "init/client.h"
#include "init/options.h"
#include "init/print.h"
#include "init/security.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/json.h"
#include "supervisor/status.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS	      10000
#define SECURITY_JSON_VERSION 1

/* What else is known of it; NULL: nothing, and that is no reason to show nothing at all. */
static const struct service_detail *ask_detail(struct arena *arena, const char *name)
{
	struct service_detail *detail = arena_alloc(arena, sizeof(*detail));
	struct request request = {.type = REQUEST_DETAIL};
	struct buffer bytes = {0};
	struct frame frame;
	int error = -ENOMEM;

	if (detail && strlen(name) < sizeof(request.service)) {
		memcpy(request.service, name, strlen(name) + 1);
		error = client_ask(&request, TIMEOUT_MS, &bytes, &frame);
	}
	if (!error)
		error = protocol_get_detail(&frame, arena, detail);
	buffer_free(&bytes);
	return error ? NULL : detail;
}

static int complain_unknown(
	const char *verb, struct arena *arena, const struct status *status, const char *name)
{
	struct nearest nearest = {.wanted = name};

	for (unsigned i = 0; i < status->service_count; i++)
		nearest_offer(&nearest, status->services[i].name);
	fprintf(stderr, "firsthop %s: there is no service \"%s\"%s\n", verb, name,
		nearest_hint(arena, &nearest));
	return EXIT_CODE_CONFIG;
}

static int print(const struct status *status, const struct status_service *only,
	const struct service_detail *detail, bool json)
{
	struct table_style style;
	struct buffer out = {0};

	print_style(STDOUT_FILENO, &style);
	if (json)
		status_write_json(&out, status, only, detail);
	else if (only)
		status_write_service(&out, only, detail, &style);
	else
		status_write_text(&out, status, &style);
	return print_buffer(&out);
}

/* Of the services alone: what they may do. */
static int print_security(const char *verb, struct arena *arena, const struct status *status,
	const char *only, bool json)
{
	struct buffer out = {0};
	struct json writer = {.buffer = &out};
	struct exposure *list;
	struct table_style style;
	unsigned count;
	int error = security_of_status(arena, status, &list, &count);

	if (error)
		return client_complain(verb, error);
	print_style(STDOUT_FILENO, &style);
	if (!json) {
		exposure_write_text(arena, &out, list, count, only, &style);
		return print_buffer(&out);
	}
	json_open_object(&writer, NULL);
	json_int(&writer, "version", SECURITY_JSON_VERSION);
	exposure_write_json(&writer, list, count, only);
	json_close_object(&writer);
	buffer_add(&out, "\n", 1);
	return print_buffer(&out);
}

int cmd_status(int argc, char **argv)
{
	bool json = false, security = false;
	const struct option_spec options[] = {
		{.name = "json", .kind = OPTION_FLAG, .flag = &json},
		{.name = "security", .kind = OPTION_FLAG, .flag = &security},
	};
	const struct option_rules rules = {
		.options = options, .option_count = 2, .operands_max = 1};
	const struct status_service *only = NULL;
	struct arena arena = {0};
	struct status status = {.hostname = NULL};
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	int code = client_ask_status(argv[0], &arena, &status);
	if (!code && operands > 0) {
		only = status_find(&status, argv[1]);
		if (!only)
			code = complain_unknown(argv[0], &arena, &status, argv[1]);
	}
	if (!code && security)
		code = print_security(argv[0], &arena, &status, only ? only->name : NULL, json);
	else if (!code)
		code = print(&status, only, only ? ask_detail(&arena, only->name) : NULL, json);
	arena_free(&arena);
	return code;
}

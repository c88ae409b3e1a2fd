/* The status as JSON; the fields are promised in doc/json.md. */
#include "supervisor/status.h"

#include "supervisor/buffer.h"
#include "supervisor/json.h"

#include <string.h>

#define STATUS_JSON_VERSION 1

static void write_service(struct json *json, const struct status_service *service)
{
	json_open_object(json, NULL);
	json_string(json, "name", service->name);
	json_string(json, "type", service_type_name(service->type));
	json_string(json, "state", state_name(service->state));
	json_bool(json, "wanted", service->wanted);
	json_int_or_null(json, "pid", service->pid > 0 ? service->pid : -1);
	json_int(json, "since_ms", service->since_ms);
	json_int_or_null(json, "uptime_ms", service->uptime_ms);
	json_int_or_null(json, "ready_ms", service->ready_ms);
	json_int(json, "restarts", service->restarts);
	json_string(json, "reason", service->reason);
	json_string(json, "last", service->last);
	json_int(json, "lines_dropped", (int64_t)(service->lines_dropped & INT64_MAX));
	json_string(json, "output", service->output);
	json_close_object(json);
}

static void write_node(struct json *json, const struct status *status)
{
	json_string(json, "firsthop", status->version);
	json_string(json, "hostname", status->hostname);
	json_string(json, "phase", phase_name(status->phase));
	json_bool(json, "ready", status->all_ready);
	json_bool(json, "was_ready", status->was_ready);
	json_int(json, "uptime_ms", status->uptime_ms);
	json_int_or_null(json, "ready_ms", status->ready_ms);
	json_int_or_null(json, "stop_left_ms", status->stop_left_ms);
	json_open_object(json, "config");
	json_string(json, "source", status->config_source);
	json_bool(json, "fallback", status->config_is_fallback);
	json_string(json, "problem", status->config_problem);
	json_close_object(json);
	json_open_object(json, "counts");
	json_int(json, "wanted", status->wanted);
	json_int(json, "ready", status->ready);
	json_int(json, "failed", status->failed);
	json_close_object(json);
	json_open_array(json, "problems");
	for (unsigned i = 0; i < status->problem_count; i++)
		json_string(json, NULL, status->problems[i]);
	json_close_array(json);
	json_open_array(json, "preparation");
	for (unsigned i = 0; i < status->finding_count; i++)
		finding_write_json(json, &status->findings[i]);
	json_close_array(json);
}

void status_write_json(struct buffer *buffer, const struct status *status, const char *only)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", STATUS_JSON_VERSION);
	write_node(&json, status);
	json_open_array(&json, "services");
	for (unsigned i = 0; i < status->service_count; i++)
		if (!only || strcmp(only, status->services[i].name) == 0)
			write_service(&json, &status->services[i]);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

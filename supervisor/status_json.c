/* The status as JSON; the fields are promised in doc/json.md. */
#include "supervisor/status.h"

#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/json.h"

#define STATUS_JSON_VERSION 1

static void write_detail(struct json *json, const struct service_detail *detail)
{
	json_open_object(json, "configuration");
	for (unsigned i = 0; i < detail->key_count; i++)
		json_string(json, detail->keys[i].key, detail->keys[i].value);
	json_close_object(json);
	json_open_array(json, "needed_by");
	for (unsigned i = 0; i < detail->needed_by_count; i++)
		json_string(json, NULL, detail->needed_by[i]);
	json_close_array(json);
	json_open_array(json, "ends");
	for (unsigned i = 0; i < detail->end_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "text", detail->ends[i].text);
		json_int(json, "ago_ms", detail->ends[i].ago_ms);
		json_close_object(json);
	}
	json_close_array(json);
}

static void write_service(struct json *json, const struct status_service *service,
	const struct service_detail *detail)
{
	static const char *const health[STATUS_HEALTH_COUNT] = {
		[STATUS_HEALTH_GOOD] = "good", [STATUS_HEALTH_FAILING] = "failing"};

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
	json_string(json, "health", health[service->health]);
	json_int_or_null(json, "memory_bytes", service->memory_bytes);
	json_int_or_null(json, "cpu_ms", service->cpu_ms);
	json_string(json, "crash", service->crash);
	json_int(json, "lines", (int64_t)(service->lines & INT64_MAX));
	json_int(json, "checks_failed", service->checks_failed);
	if (detail)
		write_detail(json, detail);
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

void status_write_json(struct buffer *buffer, const struct status *status,
	const struct status_service *only, const struct service_detail *detail)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", STATUS_JSON_VERSION);
	write_node(&json, status);
	json_open_array(&json, "services");
	for (unsigned i = 0; i < status->service_count; i++)
		if (!only || only == &status->services[i])
			write_service(&json, &status->services[i], only ? detail : NULL);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

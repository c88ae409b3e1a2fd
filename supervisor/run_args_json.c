/* What an engine must be told, as JSON; the fields are promised in doc/json.md. */
#include "supervisor/run_args.h"

#include "supervisor/buffer.h"
#include "supervisor/json.h"

#define RUN_ARGS_JSON_VERSION 1

static void write_lists(struct json *json, const struct run_args *args)
{
	json_words(json, "capabilities", args->capabilities.word, args->capabilities.count);
	json_open_array(json, "sysctls");
	for (unsigned i = 0; i < args->sysctl_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "key", args->sysctls[i].key);
		json_string(json, "value", args->sysctls[i].value);
		json_bool(json, "safe", args->sysctls[i].is_safe);
		json_close_object(json);
	}
	json_close_array(json);
	json_open_array(json, "mounts");
	for (unsigned i = 0; i < args->mount_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "source", args->mounts[i].source);
		json_string(json, "target", args->mounts[i].target);
		json_close_object(json);
	}
	json_close_array(json);
}

void run_args_write_json(
	struct buffer *buffer, const struct run_args *args, enum run_platform platform)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", RUN_ARGS_JSON_VERSION);
	json_string(&json, "platform", run_platform_name(platform));
	json_string(&json, "image", args->image);
	json_string(&json, "hostname", args->hostname);
	write_lists(&json, args);
	json_int_or_null(
		&json, "stop_timeout_s", args->stop_timeout_s ? (int64_t)args->stop_timeout_s : -1);
	json_bool(&json, "terminal", args->terminal);
	json_words(&json, "notes", args->notes.word, args->notes.count);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

/* A plan, and a whole configuration, as JSON; the fields are promised in doc/json.md. */
#include "supervisor/plan.h"
#include "supervisor/show_json.h"

#include "config/arena.h"
#include "config/changes.h"
#include "config/model.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"

#include <errno.h>

#define PLAN_JSON_VERSION 1
#define SHOW_JSON_VERSION 1

static void write_entry(struct json *json, const struct plan_entry *entry)
{
	const struct service *service = entry->service;

	json_open_object(json, NULL);
	json_string(json, "name", service->name);
	json_string(json, "type", service_type_name(service->type));
	json_bool(json, "started", entry->started);
	json_int_or_null(json, "wave", entry->started ? (int64_t)entry->wave + 1 : -1);
	json_bool(json, "critical", service->critical);
	json_string(json, "description", service->description);
	json_words(json, "command", service->command.word, service->command.count);
	json_words(json, "needs", service->needs.word, service->needs.count);
	json_words(json, "wants", service->wants.word, service->wants.count);
	json_words(json, "after", service->after.word, service->after.count);
	json_string(json, "ready", ready_kind_name(service->ready.kind));
	json_close_object(json);
}

void plan_write_json(struct buffer *buffer, const struct plan *plan)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", PLAN_JSON_VERSION);
	json_int(&json, "waves", plan->wave_count);
	json_open_array(&json, "services");
	for (unsigned i = 0; i < plan->count; i++)
		write_entry(&json, &plan->entries[i]);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

static void write_section(struct json *json, const struct changed_section *section)
{
	json_open_object(json, NULL);
	json_string(json, "section", section->section);
	json_string(json, "name", section->name);
	json_open_array(json, "keys");
	for (unsigned i = 0; i < section->key_count; i++) {
		const struct changed_key *key = &section->keys[i];

		json_open_object(json, NULL);
		json_string(json, "key", key->key);
		json_string(json, "value", key->to);
		json_string(json, "file", key->origin.file);
		json_int_or_null(json, "line", key->origin.line ? (int64_t)key->origin.line : -1);
		json_close_object(json);
	}
	json_close_array(json);
	json_close_object(json);
}

int show_write_json(
	struct buffer *buffer, struct arena *arena, const struct model *model, const char *source)
{
	struct json json = {.buffer = buffer};
	struct changes all;
	int error = config_changes(arena, NULL, model, &all);

	if (error)
		return error;
	json_open_object(&json, NULL);
	json_int(&json, "version", SHOW_JSON_VERSION);
	json_string(&json, "source", source);
	json_open_array(&json, "sections");
	for (unsigned i = 0; i < all.count; i++)
		write_section(&json, &all.sections[i]);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
	return 0;
}

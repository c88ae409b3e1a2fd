/* What a reload has changed, or would: for people, and as JSON. */
#include "supervisor/reload.h"

#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include <string.h>

#define RELOAD_JSON_VERSION 1

static const struct {
	const char *name;
	enum colour colour;
} effects[RELOAD_EFFECT_COUNT] = {
	[RELOAD_START] = {"start", COLOUR_GOOD},
	[RELOAD_STOP] = {"stop", COLOUR_BAD},
	[RELOAD_RESTART] = {"restart", COLOUR_WARN},
	[RELOAD_ADD] = {"add", COLOUR_NONE},
	[RELOAD_REMOVE] = {"remove", COLOUR_NONE},
	[RELOAD_CHANGE] = {"change", COLOUR_NONE},
};

const char *reload_effect_name(enum reload_effect effect)
{
	return effects[effect].name;
}

static void add_text(struct buffer *buffer, const char *text, const struct table_style *style)
{
	human_add_printable(buffer, text, strlen(text), style->utf8);
}

void reload_write_diags(
	struct buffer *buffer, const struct reload_report *report, const struct table_style *style)
{
	for (unsigned i = 0; i < report->diag_count; i++) {
		const struct reload_diag *diag = &report->diags[i];

		add_text(buffer, diag->file, style);
		if (diag->line > 0)
			buffer_printf(buffer, ":%u", diag->line);
		buffer_printf(buffer, ": %s: ", severity_name(diag->severity));
		add_text(buffer, diag->message, style);
		buffer_add_text(buffer, "\n");
	}
	if (report->diags_dropped > 0)
		buffer_printf(buffer, "%u more messages\n", report->diags_dropped);
}

/* What is taken out of the configuration is not undone in the kernel. */
static const char *what_stays(const char *section)
{
	static const char *const list[][2] = {
		{"module", "what is loaded stays"},
		{"vrf", "the vrf itself stays"},
		{"interface", "what it was given stays"},
		{"persist", "what was kept stays"},
	};

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (strcmp(list[i][0], section) == 0)
			return list[i][1];
	return NULL;
}

static void write_key(struct buffer *buffer, const struct reload_change *change,
	const struct changed_key *key, const struct table_style *style)
{
	bool is_sysctl =
		strncmp(key->key, "sysctl ", 7) == 0 || strcmp(change->section, "sysctl") == 0;

	buffer_add_text(buffer, "      ");
	add_text(buffer, key->key, style);
	buffer_add_text(buffer, ": ");
	if (key->from || !key->to) {
		add_text(buffer, key->from && *key->from ? key->from : "(none)", style);
		buffer_add_text(buffer, " -> ");
	}
	add_text(buffer,
		key->to && *key->to ? key->to
		: is_sysctl	    ? "(stays as it is)"
				    : "(none)",
		style);
	buffer_add_text(buffer, "\n");
}

static void write_change(
	struct buffer *buffer, const struct reload_change *change, const struct table_style *style)
{
	const char *stays = change->effect == RELOAD_REMOVE ? what_stays(change->section) : NULL;

	buffer_printf(buffer, "  %s%-7s%s [%s", table_colour(style, effects[change->effect].colour),
		effects[change->effect].name,
		table_colour_end(style, effects[change->effect].colour), "");
	add_text(buffer, change->section, style);
	if (change->name) {
		buffer_add_text(buffer, " ");
		add_text(buffer, change->name, style);
	}
	buffer_printf(buffer, "]%s%s%s\n", stays ? " (" : "", stays ? stays : "", stays ? ")" : "");
	for (unsigned i = 0; i < change->key_count; i++)
		write_key(buffer, change, &change->keys[i], style);
}

void reload_write_text(
	struct buffer *buffer, const struct reload_report *report, const struct table_style *style)
{
	const char *verb = report->applied ? "reloaded " : "";
	const char *what = !report->accepted	   ? "has errors, nothing was changed"
			   : !report->change_count ? "nothing in it has changed"
			   : report->applied	   ? "what has changed:"
						   : "what would change, were it reloaded:";

	buffer_add_text(buffer, verb);
	add_text(buffer, report->source ? report->source : "the configuration", style);
	buffer_printf(buffer, "%s %s\n", report->accepted ? ":" : "", what);
	for (unsigned i = 0; i < report->change_count; i++)
		write_change(buffer, &report->changes[i], style);
}

static void write_json_diags(struct json *json, const struct reload_report *report)
{
	json_open_array(json, "diagnostics");
	for (unsigned i = 0; i < report->diag_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "file", report->diags[i].file);
		json_int_or_null(
			json, "line", report->diags[i].line ? (int64_t)report->diags[i].line : -1);
		json_string(json, "severity", severity_name(report->diags[i].severity));
		json_string(json, "message", report->diags[i].message);
		json_close_object(json);
	}
	json_close_array(json);
}

static void write_json_change(struct json *json, const struct reload_change *change)
{
	json_open_object(json, NULL);
	json_string(json, "effect", reload_effect_name(change->effect));
	json_string(json, "section", change->section);
	json_string(json, "name", change->name);
	json_open_array(json, "keys");
	for (unsigned i = 0; i < change->key_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "key", change->keys[i].key);
		json_string(json, "from", change->keys[i].from);
		json_string(json, "to", change->keys[i].to);
		json_close_object(json);
	}
	json_close_array(json);
	json_close_object(json);
}

void reload_write_json(struct buffer *buffer, const struct reload_report *report)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", RELOAD_JSON_VERSION);
	json_bool(&json, "ok", report->accepted);
	json_bool(&json, "applied", report->applied);
	json_string(&json, "source", report->source);
	write_json_diags(&json, report);
	json_open_array(&json, "changes");
	for (unsigned i = 0; i < report->change_count; i++)
		write_json_change(&json, &report->changes[i]);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

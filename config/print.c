/* The canonical configuration. What was set is printed so that it reads back the same; what [frr]
 * makes, and what the defaults are, is printed as comments, because it comes back by itself. */
#include "config/arena.h"
#include "config/config.h"
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/print.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

#define SOURCE_COLUMN 48 /* where the source begins, if the line is not longer */

static const char file_head[] = "; as firsthop understands it: each value with its source\n";

/* Ends a line with where it comes from. */
static void put_source(struct text *out, size_t line_start, struct origin origin)
{
	size_t width = out->length - line_start;

	do
		text_put(out, " ");
	while (++width < SOURCE_COLUMN);
	text_put(out, "; ");
	if (text_check(origin.file, strlen(origin.file)) == strlen(origin.file))
		text_put(out, origin.file);
	else
		text_put(out, text_quote_string(out->arena, origin.file));
	if (origin.line)
		text_printf(out, ":%u", origin.line);
	text_put(out, "\n");
}

void print_line(struct text *out, const char *prefix, const char *key, const char *value,
	struct origin origin)
{
	size_t start = out->length;

	text_printf(out, "%s%s =%s%s", prefix, key, *value ? " " : "", value);
	put_source(out, start, origin);
}

void print_header(struct text *out, const char *prefix, const char *kind, const char *name,
	struct origin origin)
{
	size_t start;

	text_put(out, "\n");
	start = out->length;
	text_printf(out, "%s[%s%s%s]", prefix, kind, name ? " " : "", name ? name : "");
	if (origin.file)
		put_source(out, start, origin);
	else
		text_put(out, "\n");
}

/* A value must fit into a line of a file; quoted as it reads best, it may be too long for that. */
static bool fits(const struct key *key, const struct text *value)
{
	return strlen(key->name) + 1 + value->length <= INI_LINE_MAX;
}

static const char *value_of(struct text *out, const struct key *key, const void *base)
{
	struct text value = {.arena = out->arena}, dense = {.arena = out->arena, .dense = true};

	if (!key->kind->print)
		return "";
	key->kind->print(&value, key, base);
	if (fits(key, &value))
		return text_string(&value);
	key->kind->print(&dense, key, base);
	return text_string(&dense);
}

static const char *item_of(struct text *out, const struct key *key, const void *base, unsigned item)
{
	struct text value = {.arena = out->arena}, dense = {.arena = out->arena, .dense = true};

	key->kind->print_item(&value, key, base, item);
	if (fits(key, &value))
		return text_string(&value);
	key->kind->print_item(&dense, key, base, item);
	return text_string(&dense);
}

/* A list goes into one line if it fits there, otherwise each item has its own. */
static void put_list(struct text *out, const char *prefix, const struct key *key, const void *base,
	const struct setting *setting, bool clears)
{
	unsigned count = key->kind->count(key, base);
	const char *whole = value_of(out, key, base);

	if (clears || count == 0)
		print_line(out, prefix, key->name, "", setting->origin);
	if (*whole && strlen(whole) <= LIST_COLUMNS) {
		print_line(out, prefix, key->name, whole, setting->origin);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		print_line(out, prefix, key->name, item_of(out, key, base, i), setting->origin);
}

void print_settings(struct text *out, enum section_kind section, const void *base,
	const struct setting *settings, bool from_frr)
{
	for (unsigned i = 0; i < key_count; i++) {
		const struct key *key = &keys[i];
		const struct setting *setting =
			key->section == section ? setting_find(settings, key) : NULL;
		const char *prefix = setting && setting->generated ? "; " : "";

		if (!setting)
			continue;
		if (key->kind->clear)
			put_list(out, prefix, key, base, setting, from_frr && !setting->generated);
		else
			print_line(
				out, prefix, key->name, value_of(out, key, base), setting->origin);
	}
}

void print_defaults(struct text *out, enum section_kind section, const void *base,
	const struct setting *settings)
{
	for (unsigned i = 0; i < key_count; i++)
		if (keys[i].section == section && keys[i].defaults[0] &&
			!setting_find(settings, &keys[i]))
			print_line(out, "; ", keys[i].name, value_of(out, &keys[i], base),
				(struct origin){"default", 0});
}

/* Is the section of the service one that the user wrote? */
static bool is_written(const struct service *service)
{
	if (!service->from_frr)
		return service->type != SERVICE_FOREGROUND;
	for (const struct setting *s = service->settings; s; s = s->next)
		if (!s->generated)
			return true;
	return false;
}

static void put_service(struct text *out, const struct service *service)
{
	print_header(
		out, is_written(service) ? "" : "; ", "service", service->name, service->origin);
	print_settings(out, SECTION_SERVICE, service, service->settings, service->from_frr);
	if (service->type == SERVICE_FOREGROUND) {
		struct text command = {.arena = out->arena};

		words_put_all(&command, &service->command);
		print_line(out, "; ", "command", text_string(&command), service->origin);
	}
}

/* Once for each type that is there, not once for each service. */
static void put_type_defaults(struct text *out, const struct model *model, enum service_type type)
{
	unsigned i = 0;

	while (i < model->service_count && model->services[i].type != type)
		i++;
	if (i == model->service_count)
		return;
	text_printf(out, "\n; each %s, unless it says otherwise:\n", service_type_name(type));
	for (i = 0; i < key_count; i++)
		if (keys[i].section == SECTION_SERVICE && keys[i].types & 1u << type &&
			keys[i].defaults[type] && strcmp(keys[i].name, "type") != 0)
			print_line(out, "; ", keys[i].name, keys[i].defaults[type],
				(struct origin){"default", 0});
}

char *config_print(struct arena *arena, const struct model *model)
{
	struct text out = {.arena = arena};

	text_put(&out, file_head);
	print_header(&out, "", "node", NULL, (struct origin){NULL, 0});
	print_settings(&out, SECTION_NODE, &model->node, model->node.settings, false);
	print_defaults(&out, SECTION_NODE, &model->node, model->node.settings);
	print_network(&out, model);
	print_signals(&out, model);
	if (model->frr.enabled) {
		print_header(&out, "", "frr", NULL, model->frr.origin);
		print_settings(&out, SECTION_FRR, &model->frr, model->frr.settings, false);
		print_defaults(&out, SECTION_FRR, &model->frr, model->frr.settings);
	}
	for (unsigned i = 0; i < model->service_count; i++)
		put_service(&out, &model->services[i]);
	for (enum service_type type = SERVICE_DAEMON; type < SERVICE_FOREGROUND; type++)
		put_type_defaults(&out, model, type);
	return arena->failed ? NULL : out.data;
}

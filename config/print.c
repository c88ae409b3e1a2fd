/* The canonical configuration. What was set is printed so that it reads back the same; what [frr]
 * makes, and what the defaults are, is printed as comments, because it comes back by itself. */
#include "config/arena.h"
#include "config/config.h"
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

#define SOURCE_COLUMN 48 /* where the source begins, if the line is not longer */
#define LIST_COLUMNS  72 /* a longer list is printed item by item */

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

static void put_line(struct text *out, const char *prefix, const char *key, const char *value,
	struct origin origin)
{
	size_t start = out->length;

	text_printf(out, "%s%s =%s%s", prefix, key, *value ? " " : "", value);
	put_source(out, start, origin);
}

static void put_header(struct text *out, const char *prefix, const char *kind, const char *name,
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
		put_line(out, prefix, key->name, "", setting->origin);
	if (*whole && strlen(whole) <= LIST_COLUMNS) {
		put_line(out, prefix, key->name, whole, setting->origin);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		put_line(out, prefix, key->name, item_of(out, key, base, i), setting->origin);
}

/* All keys of a section that were set. A list that [frr] began and the user added to is printed
 * whole, so what [frr] will put there again has to be taken back first. */
static void put_settings(struct text *out, enum section_kind section, const void *base,
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
			put_line(out, prefix, key->name, value_of(out, key, base), setting->origin);
	}
}

/* What else holds, as comments. */
static void put_defaults(struct text *out, enum section_kind section, const void *base,
	const struct setting *settings)
{
	for (unsigned i = 0; i < key_count; i++)
		if (keys[i].section == section && keys[i].defaults[0] &&
			!setting_find(settings, &keys[i]))
			put_line(out, "; ", keys[i].name, value_of(out, &keys[i], base),
				(struct origin){"default", 0});
}

static void put_sysctls(struct text *out, const struct model *model)
{
	for (unsigned i = 0; i < model->sysctl_count; i++) {
		const struct sysctl *sysctl = &model->sysctls[i];
		/* A long value with quotes may not have room for longer ones. */
		struct text value = {
			.arena = out->arena, .dense = strlen(sysctl->value) > LIST_COLUMNS};

		if (i == 0)
			put_header(out, "", "sysctl", NULL, (struct origin){NULL, 0});
		words_put_text(&value, sysctl->value);
		put_line(out, sysctl->may_be_absent ? "?" : "", sysctl->key, text_string(&value),
			sysctl->origin);
	}
}

static const char *rule_text(struct text *out, const struct signal_rule *rule)
{
	static const char *const actions[SIGNAL_ACTION_COUNT] = {
		[SIGNAL_DEFAULT] = "",
		[SIGNAL_STOP] = "stop",
		[SIGNAL_RELOAD] = "reload",
		[SIGNAL_STATUS] = "status",
		[SIGNAL_IGNORE] = "ignore",
		[SIGNAL_SEND] = "",
	};
	struct text value = {.arena = out->arena};

	if (rule->action != SIGNAL_SEND)
		return actions[rule->action];
	text_put(&value, signal_short_name(rule->send));
	text_put(&value, rule->services.count ? " " : "");
	words_put_all(&value, &rule->services);
	return text_string(&value);
}

static void put_signals(struct text *out, const struct model *model)
{
	bool begun = false;

	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		const struct signal_rule *rule = &model->signals[signal];

		if (rule->action == SIGNAL_DEFAULT)
			continue;
		if (!begun)
			put_header(out, "", "signals", NULL, (struct origin){NULL, 0});
		begun = true;
		put_line(out, "", signal_short_name(signal), rule_text(out, rule), rule->origin);
	}
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
	put_header(out, is_written(service) ? "" : "; ", "service", service->name, service->origin);
	put_settings(out, SECTION_SERVICE, service, service->settings, service->from_frr);
	if (service->type == SERVICE_FOREGROUND) {
		struct text command = {.arena = out->arena};

		words_put_all(&command, &service->command);
		put_line(out, "; ", "command", text_string(&command), service->origin);
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
			put_line(out, "; ", keys[i].name, keys[i].defaults[type],
				(struct origin){"default", 0});
}

char *config_print(struct arena *arena, const struct model *model)
{
	struct text out = {.arena = arena};

	text_put(&out, file_head);
	put_header(&out, "", "node", NULL, (struct origin){NULL, 0});
	put_settings(&out, SECTION_NODE, &model->node, model->node.settings, false);
	put_defaults(&out, SECTION_NODE, &model->node, model->node.settings);
	put_sysctls(&out, model);
	put_signals(&out, model);
	if (model->frr.enabled) {
		put_header(&out, "", "frr", NULL, model->frr.origin);
		put_settings(&out, SECTION_FRR, &model->frr, model->frr.settings, false);
		put_defaults(&out, SECTION_FRR, &model->frr, model->frr.settings);
	}
	for (unsigned i = 0; i < model->service_count; i++)
		put_service(&out, &model->services[i]);
	for (enum service_type type = SERVICE_DAEMON; type < SERVICE_FOREGROUND; type++)
		put_type_defaults(&out, model, type);
	return arena->failed ? NULL : out.data;
}

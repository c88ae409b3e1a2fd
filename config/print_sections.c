/* The sections of the canonical configuration that are about the kernel: how it is set up, and what
 * its signals do. */
#include "config/ini_source.h"
#include "config/keys.h"
#include "config/print.h"
#include "config/text.h"
#include "config/words.h"

#include <string.h>

static const struct origin nowhere;

static void put_sysctl(struct text *out, const char *word, const struct sysctl *sysctl)
{
	const char *mark = sysctl->may_be_absent ? "?" : sysctl->required ? "!" : "";
	/* A long value with quotes may not have room for longer ones. */
	struct text value = {.arena = out->arena, .dense = strlen(sysctl->value) > LIST_COLUMNS};
	struct text prefix = {.arena = out->arena};

	text_put(&prefix, word);
	text_put(&prefix, mark);
	words_put_text(&value, sysctl->value);
	print_line(out, text_string(&prefix), sysctl->key, text_string(&value), sysctl->origin);
}

static void put_sysctls(struct text *out, const struct model *model)
{
	if (model->sysctl_count)
		print_header(out, "", "sysctl", NULL, nowhere);
	for (unsigned i = 0; i < model->sysctl_count; i++)
		put_sysctl(out, "", &model->sysctls[i]);
}

static void put_named(struct text *out, enum section_kind section, const char *name,
	struct origin origin, const void *base, const struct setting *settings)
{
	print_header(out, "", sections[section].name, name, origin);
	print_settings(out, section, base, settings, false);
	print_defaults(out, section, base, settings);
}

static void put_rule(struct text *out, const struct interface_rule *rule)
{
	put_named(out, SECTION_INTERFACE, rule->pattern, rule->origin, rule, rule->settings);
	for (unsigned i = 0; i < rule->sysctl_count; i++)
		put_sysctl(out, "sysctl ", &rule->sysctls[i]);
}

void print_network(struct text *out, const struct model *model)
{
	put_sysctls(out, model);
	for (unsigned i = 0; i < model->module_count; i++)
		put_named(out, SECTION_MODULE, model->modules[i].name, model->modules[i].origin,
			&model->modules[i], model->modules[i].settings);
	for (unsigned i = 0; i < model->vrf_count; i++)
		put_named(out, SECTION_VRF, model->vrfs[i].name, model->vrfs[i].origin,
			&model->vrfs[i], model->vrfs[i].settings);
	for (unsigned i = 0; i < model->interface_rule_count; i++)
		put_rule(out, &model->interface_rules[i]);
	for (unsigned i = 0; i < model->persist_count; i++)
		put_named(out, SECTION_PERSIST, model->persists[i].name, model->persists[i].origin,
			&model->persists[i], model->persists[i].settings);
}

const char *signal_rule_text(struct arena *arena, const struct signal_rule *rule)
{
	static const char *const actions[SIGNAL_ACTION_COUNT] = {
		[SIGNAL_DEFAULT] = "",
		[SIGNAL_STOP] = "stop",
		[SIGNAL_POWEROFF] = "poweroff",
		[SIGNAL_REBOOT] = "reboot",
		[SIGNAL_HALT] = "halt",
		[SIGNAL_RELOAD] = "reload",
		[SIGNAL_STATUS] = "status",
		[SIGNAL_IGNORE] = "ignore",
		[SIGNAL_SEND] = "",
	};
	struct text value = {.arena = arena};

	if (rule->action != SIGNAL_SEND)
		return actions[rule->action];
	text_put(&value, signal_short_name(rule->send));
	text_put(&value, rule->services.count ? " " : "");
	words_put_all(&value, &rule->services);
	return text_string(&value);
}

void print_signals(struct text *out, const struct model *model)
{
	bool begun = false;

	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		const struct signal_rule *rule = &model->signals[signal];

		if (rule->action == SIGNAL_DEFAULT)
			continue;
		if (!begun)
			print_header(out, "", "signals", NULL, (struct origin){NULL, 0});
		begun = true;
		print_line(out, "", signal_short_name(signal), signal_rule_text(out->arena, rule),
			rule->origin);
	}
}

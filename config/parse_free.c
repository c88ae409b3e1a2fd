/* [signals]: a section whose keys are not ours to name. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/nearest.h"
#include "config/text.h"
#include "config/values.h"
#include "config/words.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Signals that no rule can be for, because they never reach a handler or mean a fault of ours. */
static bool signal_is_ours(int signal)
{
	static const char *const refused[] = {
		"KILL", "STOP", "CHLD", "SEGV", "BUS", "FPE", "ILL", "TRAP", "SYS", "ABRT"};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (signal == signal_from_name(refused[i]))
			return true;
	return signal == 32 || signal == 33; /* the C library's own */
}

static const char *const action_names[] = {
	[SIGNAL_STOP] = "stop",
	[SIGNAL_POWEROFF] = "poweroff",
	[SIGNAL_REBOOT] = "reboot",
	[SIGNAL_HALT] = "halt",
	[SIGNAL_RELOAD] = "reload",
	[SIGNAL_STATUS] = "status",
	[SIGNAL_IGNORE] = "ignore",
};

/* `stop` …, or `SIGNAL [SERVICE…]`. False: it is neither. */
static bool read_rule(const struct words *words, struct signal_rule *rule)
{
	for (enum signal_action action = SIGNAL_STOP; action <= SIGNAL_IGNORE; action++) {
		if (words->count == 1 && strcmp(words->word[0], action_names[action]) == 0) {
			rule->action = action;
			return true;
		}
	}
	rule->action = SIGNAL_SEND;
	rule->send = words->count ? signal_from_name(words->word[0]) : -1;
	if (rule->send < 0)
		return false;
	rule->services = (struct words){words->word + 1, words->count - 1};
	for (unsigned i = 0; i < rule->services.count; i++)
		if (!service_name_is_valid(rule->services.word[i]))
			return false;
	return true;
}

static int parse_rule(struct build *build, const struct ini_entry *entry)
{
	int signal = signal_from_name(entry->key), r;
	struct signal_rule rule = {.origin = entry->origin}, *place;
	struct words words;

	if (signal < 0 || signal_is_ours(signal)) {
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s is no signal that a rule can be for, such as TERM, INT, HUP or RTMIN+3",
			text_quote_string(build->scratch, entry->key));
		return 0;
	}
	r = words_split(build->arena, entry->value, &words);
	if (r == -ENOMEM)
		return r;
	if (r < 0 || !read_rule(&words, &rule)) {
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s is not stop, poweroff, reboot, halt, reload, status, ignore, or SIGNAL "
			"[SERVICE...]",
			text_quote_string(build->scratch, entry->value));
		return 0;
	}
	place = &build->signals[signal];
	if (place->origin.file == entry->origin.file)
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s is set again; the first time in line %u", signal_short_name(signal),
			place->origin.line);
	*place = rule;
	return 0;
}

int parse_signals(struct build *build, const struct ini_section *section)
{
	int r = 0;

	for (const struct ini_entry *entry = section->first; entry && r == 0; entry = entry->next)
		r = parse_rule(build, entry);
	return r;
}

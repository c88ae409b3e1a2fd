/* [sysctl], and the lines of an [interface PATTERN] that begin with "sysctl": a mark, a key that is
 * not ours to name, and its value. What was said of a key is found again by the key's path, for
 * net.ipv4.ip_forward and net/ipv4/ip_forward are the same. */
#include "config/arena.h"
#include "config/build.h"
#include "config/ini_source.h"
#include "config/parse.h"
#include "config/sysctl_key.h"
#include "config/text.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

static bool refuse_key(struct build *build, const struct ini_entry *entry, bool of_interface)
{
	diag_add(build->diags, entry->origin, SEVERITY_ERROR,
		"%s is no key of a sysctl, such as %s: letters, digits and ._-/%s, no part empty; "
		"in front perhaps ? (may be absent) or ! (the boot needs it)",
		text_quote_string(build->scratch, entry->key),
		of_interface ? "sysctl net.ipv4.conf.%i.rp_filter" : "net.ipv4.ip_forward",
		of_interface ? " and %i" : "*?[]");
	return false;
}

/* ?KEY, !KEY or KEY. */
static bool read_key(struct build *build, const struct ini_entry *entry, const char *written,
	bool of_interface, struct sysctl *sysctl)
{
	sysctl->may_be_absent = *written == '?';
	sysctl->required = *written == '!';
	if (sysctl->may_be_absent || sysctl->required)
		written++;
	if (!sysctl_key_is_valid(written, !of_interface, of_interface)) {
		if (!of_interface && strstr(written, "%i")) {
			diag_add(build->diags, entry->origin, SEVERITY_ERROR,
				"%s: %%i stands for an interface only in [interface NAME], in a "
				"line sysctl KEY = VALUE",
				text_quote_string(build->scratch, entry->key));
			return false;
		}
		return refuse_key(build, entry, of_interface);
	}
	sysctl->is_pattern = sysctl_key_is_pattern(written);
	sysctl->key = arena_strdup(build->arena, written);
	return sysctl->key;
}

static bool read_sysctl_value(
	struct build *build, const struct ini_entry *entry, struct sysctl *sysctl)
{
	char *value;
	int r = words_unquote(build->arena, entry->value, &value);

	if (r == -EINVAL || (r == 0 && !*value))
		diag_add(build->diags, entry->origin, SEVERITY_ERROR, "%s has no proper value",
			sysctl->key);
	if (r < 0 || !*value)
		return false;
	sysctl->value = value;
	return true;
}

/* The number of the sysctl of that name, which is made if it is new; -1: no memory. */
static int find_place(struct build *build, const char *name)
{
	unsigned number = build->sysctl_count;
	int found = names_find(&build->sysctl_names, name);
	struct build_sysctl *grown;

	if (found >= 0)
		return found;
	grown = arena_grow(
		build->scratch, build->sysctls, number, &build->sysctl_capacity, sizeof(*grown));
	if (!grown || names_add(&build->sysctl_names, build->scratch, name, number) < 0)
		return -1;
	build->sysctls = grown;
	build->sysctl_count++;
	grown[number] = (struct build_sysctl){.rule = NO_RULE};
	return (int)number;
}

static void keep(struct build *build, unsigned rule, const struct sysctl *sysctl)
{
	char path[SYSCTL_PATH_MAX];
	struct build_sysctl *place;
	const char *name;
	int number;

	if (sysctl_key_path(sysctl->key, NULL, path) < 0)
		return; /* not with a valid key */
	name = arena_printf(build->scratch, "%u %s", rule, path);
	number = name ? find_place(build, name) : -1;
	if (number < 0)
		return;
	place = &build->sysctls[number];
	if (place->sysctl.key && place->sysctl.origin.file == sysctl->origin.file)
		diag_add(build->diags, sysctl->origin, SEVERITY_ERROR,
			"%s is set again; the first time in line %u", sysctl->key,
			place->sysctl.origin.line);
	*place = (struct build_sysctl){rule, *sysctl};
}

static void parse_sysctl(
	struct build *build, const struct ini_entry *entry, const char *key, unsigned rule)
{
	struct sysctl sysctl = {.origin = entry->origin};

	if (read_key(build, entry, key, rule != NO_RULE, &sysctl) &&
		read_sysctl_value(build, entry, &sysctl))
		keep(build, rule, &sysctl);
}

int parse_sysctls(struct build *build, const struct ini_section *section)
{
	for (const struct ini_entry *entry = section->first; entry; entry = entry->next)
		parse_sysctl(build, entry, entry->key, NO_RULE);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}

bool parse_interface_sysctl(
	struct build *build, const struct target *target, const struct ini_entry *entry)
{
	size_t word = strcspn(entry->key, " \t");
	const char *key = entry->key + word + strspn(entry->key + word, " \t");

	if (word == strlen("sysctl") && memcmp(entry->key, "sysctl", word) == 0)
		parse_sysctl(build, entry, key, target->number);
	else if (!*key && strchr(entry->key, '.'))
		diag_add(build->diags, entry->origin, SEVERITY_ERROR,
			"%s: begin the line of a sysctl with the word sysctl",
			text_quote_string(build->scratch, entry->key));
	else
		return false;
	return true;
}

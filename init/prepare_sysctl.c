/* [sysctl]: plain keys, each with its finding; and patterns, which set each key that they match but
 * those that have a line of their own, as in sysctl.d(5), or one in [interface]. Of the keys of a
 * pattern only those have a finding that are not as asked.
 *
 * Keys change each other: net.ipv4.conf.default.rp_filter also sets it for each interface for which
 * it was never written, and all.forwarding for all of them. So in the end the plain keys are looked
 * at again, and what was changed behind their backs is set once more. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/procsys.h"
#include "supervisor/finding.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

/* Returns whether it is as asked. */
static bool tell_key(struct preparation *preparation, const struct sysctl *sysctl,
	const struct sysctl_result *result, bool of_pattern)
{
	struct finding finding;
	struct arena arena = {0};
	bool ok;

	sysctl_describe(preparation, &arena, sysctl, result, &finding);
	finding.step = STEP_SYSCTL;
	ok = finding.state == FINDING_OK;
	if (of_pattern && ok)
		findings_remove(preparation->findings, STEP_SYSCTL, finding.subject);
	else
		prepare_found(preparation, &finding);
	arena_free(&arena);
	return ok;
}

static bool set_key(struct preparation *preparation, const struct sysctl *sysctl, bool of_pattern)
{
	struct sysctl_result result;

	sysctl_apply(preparation, sysctl, NULL, &result);
	return tell_key(preparation, sysctl, &result, of_pattern);
}

/* Does an [interface] that is for the key's interface set it? */
static bool is_of_rule(const struct model *model, const char *path)
{
	char name[INTERFACE_NAME_MAX + 1], own[SYSCTL_PATH_MAX];
	size_t length = 0;
	const char *at = sysctl_interface(path, &length);

	if (!at || length >= sizeof(name))
		return false;
	memcpy(name, at, length);
	name[length] = '\0';
	for (unsigned i = 0; i < model->interface_rule_count; i++) {
		const struct interface_rule *rule = &model->interface_rules[i];

		if (fnmatch(rule->pattern, name, 0) != 0)
			continue;
		for (unsigned j = 0; j < rule->sysctl_count; j++)
			if (sysctl_key_path(rule->sysctls[j].key, name, own) == 0 &&
				strcmp(own, path) == 0)
				return true;
	}
	return false;
}

/* Has the key a line of its own? */
static bool is_explicit(const struct model *model, const char *path)
{
	char own[SYSCTL_PATH_MAX];

	for (unsigned i = 0; i < model->sysctl_count; i++) {
		const struct sysctl *sysctl = &model->sysctls[i];

		if (!sysctl->is_pattern && sysctl_key_path(sysctl->key, NULL, own) == 0 &&
			strcmp(own, path) == 0)
			return true;
	}
	return false;
}

static void tell_pattern(struct preparation *preparation, const struct sysctl *pattern,
	const struct sysctl_matches *matches, unsigned failed)
{
	struct arena arena = {0};
	struct finding finding = {.step = STEP_SYSCTL,
		.required = pattern->required,
		.subject = pattern->key,
		.verdict = preparation->look_only ? "can be applied" : "applied"};

	if (failed) { /* they speak for it */
		findings_remove(preparation->findings, STEP_SYSCTL, pattern->key);
		return;
	}
	if (!matches->count && !pattern->may_be_absent) {
		finding.state = FINDING_MISSING;
		finding.cure =
			arena_printf(&arena, "write ?%s if there need not be any", pattern->key);
	}
	if (!matches->count) {
		finding.verdict = sysctl_verdict_name(SYSCTL_ABSENT);
		finding.reason = "no key matches";
	} else if (matches->more) {
		finding.state = FINDING_DEGRADED;
		finding.reason = arena_printf(
			&arena, "only the first %zu keys that match are set", matches->count);
	}
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

static void set_pattern(
	struct preparation *preparation, const struct sysctl *pattern, const char *interface)
{
	struct sysctl_matches matches;
	char path[SYSCTL_PATH_MAX], key[SYSCTL_PATH_MAX];
	struct sysctl sysctl = *pattern;
	struct arena arena = {0};
	unsigned failed = 0;

	sysctl.key = key;
	sysctl.is_pattern = false;
	if (sysctl_key_path(pattern->key, NULL, path) < 0)
		path[0] = '\0'; /* matches nothing */
	procsys_match(preparation, &arena, path, interface, &matches);
	for (size_t i = 0; i < matches.count; i++) {
		if (is_explicit(preparation->model, matches.paths[i]) ||
			is_of_rule(preparation->model, matches.paths[i]))
			continue;
		sysctl_key_from_path(matches.paths[i], key);
		failed += !set_key(preparation, &sysctl, true);
	}
	if (!interface || matches.count)
		tell_pattern(preparation, pattern, &matches, failed);
	arena_free(&arena);
}

static void set_again(struct preparation *preparation, const struct sysctl *sysctl)
{
	struct sysctl_result result;

	sysctl_apply(preparation, sysctl, NULL, &result);
	if (result.verdict != SYSCTL_ALREADY_SO && result.verdict != SYSCTL_ABSENT)
		(void)tell_key(preparation, sysctl, &result, false); /* the last time */
}

void prepare_sysctls(struct preparation *preparation)
{
	const struct model *model = preparation->model;
	struct arena arena = {0};
	bool *is_set = arena_array(&arena, model->sysctl_count, sizeof(*is_set)), ok;

	procsys_remount(preparation);
	for (unsigned i = 0; i < model->sysctl_count; i++) {
		if (model->sysctls[i].is_pattern) {
			set_pattern(preparation, &model->sysctls[i], NULL);
			continue;
		}
		ok = set_key(preparation, &model->sysctls[i], false);
		if (is_set)
			is_set[i] = ok;
	}
	for (unsigned i = 0; is_set && !preparation->look_only && i < model->sysctl_count; i++) {
		if (is_set[i])
			set_again(preparation, &model->sysctls[i]);
	}
	arena_free(&arena);
}

static bool is_known_to_be_so(const struct preparation *preparation, const char *path)
{
	char key[SYSCTL_PATH_MAX];

	sysctl_key_from_path(path, key);
	for (unsigned i = 0; i < findings_count(preparation->findings); i++) {
		const struct finding *finding = findings_get(preparation->findings, i);

		if (finding->step == STEP_SYSCTL && strcmp(finding->subject, key) == 0)
			return finding->state == FINDING_OK;
	}
	return false;
}

/* A plain key that names the interface. That it was set before it may have been told already. */
static void set_key_of(
	struct preparation *preparation, const struct sysctl *sysctl, const char *interface)
{
	struct sysctl_result result;
	char path[SYSCTL_PATH_MAX];
	size_t length;
	const char *name = sysctl_key_path(sysctl->key, NULL, path) < 0
				   ? NULL
				   : sysctl_interface(path, &length);

	if (!name || strlen(interface) != length || memcmp(name, interface, length) != 0)
		return;
	sysctl_apply(preparation, sysctl, NULL, &result);
	if (result.verdict != SYSCTL_ALREADY_SO || !is_known_to_be_so(preparation, result.path))
		(void)tell_key(preparation, sysctl, &result, false); /* nobody waits for it */
}

void prepare_sysctls_of_interface(struct preparation *preparation, const char *interface)
{
	const struct model *model = preparation->model;

	for (unsigned i = 0; i < model->sysctl_count; i++) {
		if (model->sysctls[i].is_pattern)
			set_pattern(preparation, &model->sysctls[i], interface);
		else
			set_key_of(preparation, &model->sysctls[i], interface);
	}
}

#include "supervisor/finding.h"

#include "config/arena.h"
#include "config/sysctl_key.h"
#include "supervisor/json.h"

#include <stdlib.h>
#include <string.h>

/* A finding and its texts in one piece of memory. */
struct kept {
	struct finding finding;
	size_t size; /* of `texts` */
	char texts[];
};

struct findings {
	struct kept **kept;
	unsigned count, capacity;
};

struct findings *findings_create(void)
{
	return calloc(1, sizeof(struct findings));
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	for (unsigned i = 0; i < findings->count; i++)
		free(findings->kept[i]);
	free(findings->kept);
	free(findings);
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

/* Appends a text to those of `kept`; where it is now. */
static const char *keep_text(struct kept *kept, const char *text)
{
	size_t size = size_of(text);
	char *place = kept->texts + kept->size;

	if (!text)
		return NULL;
	memcpy(place, text, size);
	kept->size += size;
	return place;
}

static struct kept *keep(const struct finding *finding)
{
	size_t size = size_of(finding->subject) + size_of(finding->verdict) +
		      size_of(finding->reason) + size_of(finding->cure);
	struct kept *kept = malloc(sizeof(*kept) + size);

	if (!kept)
		return NULL;
	kept->finding = *finding;
	kept->size = 0;
	kept->finding.subject = keep_text(kept, finding->subject);
	kept->finding.verdict = keep_text(kept, finding->verdict);
	kept->finding.reason = keep_text(kept, finding->reason);
	kept->finding.cure = keep_text(kept, finding->cure);
	return kept;
}

static bool is_about(const struct finding *finding, enum step step, const char *subject)
{
	return finding->step == step && strcmp(finding->subject, subject) == 0;
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same(const struct finding *a, const struct finding *b)
{
	return a->state == b->state && a->required == b->required &&
	       is_same_text(a->verdict, b->verdict) && is_same_text(a->reason, b->reason) &&
	       is_same_text(a->cure, b->cure);
}

static struct kept **find(const struct findings *findings, enum step step, const char *subject)
{
	for (unsigned i = 0; i < findings->count; i++)
		if (is_about(&findings->kept[i]->finding, step, subject))
			return &findings->kept[i];
	return NULL;
}

static bool make_room(struct findings *findings)
{
	unsigned capacity = findings->capacity ? 2 * findings->capacity : 32;
	struct kept **grown;

	if (findings->count < findings->capacity)
		return true;
	if (findings->count == FINDINGS_MAX)
		return false;
	grown = realloc(findings->kept, capacity * sizeof(struct kept *));
	if (!grown)
		return false;
	findings->kept = grown;
	findings->capacity = capacity;
	return true;
}

enum findings_change findings_put(struct findings *findings, const struct finding *finding)
{
	struct kept **place = find(findings, finding->step, finding->subject), *kept;

	if (place && is_same(&(*place)->finding, finding))
		return FINDINGS_SAME;
	kept = keep(finding);
	if (!kept || (!place && !make_room(findings))) {
		free(kept);
		return FINDINGS_DROPPED;
	}
	if (!place)
		place = &findings->kept[findings->count++];
	else
		free(*place);
	*place = kept;
	return FINDINGS_CHANGED;
}

void findings_remove(struct findings *findings, enum step step, const char *subject)
{
	struct kept **place = find(findings, step, subject), **end;

	if (!place)
		return;
	free(*place);
	end = findings->kept + --findings->count;
	memmove(place, place + 1, (size_t)(end - place) * sizeof(struct kept *));
}

unsigned findings_count(const struct findings *findings)
{
	return findings->count;
}

const struct finding *findings_get(const struct findings *findings, unsigned number)
{
	return &findings->kept[number]->finding;
}

/* A sysctl of one interface that is not there. */
static bool may_come_yet(const struct finding *finding)
{
	char path[SYSCTL_PATH_MAX];
	size_t length;

	return finding->step == STEP_SYSCTL && strcmp(finding->verdict, "absent") == 0 &&
	       sysctl_key_path(finding->subject, NULL, path) == 0 &&
	       sysctl_interface(path, &length);
}

const struct finding *findings_failed(const struct findings *findings, bool early)
{
	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->kept[i]->finding;

		if (finding->required && finding->state != FINDING_OK &&
			!(early && may_come_yet(finding)))
			return finding;
	}
	return NULL;
}

const char *finding_state_name(enum finding_state state)
{
	static const char *const names[FINDING_STATE_COUNT] = {
		[FINDING_OK] = "ok",
		[FINDING_DEGRADED] = "degraded",
		[FINDING_MISSING] = "missing",
	};

	return names[state];
}

const char *finding_title(struct arena *arena, const struct finding *finding)
{
	/* With a subject that does not speak for itself. */
	static const char *const words[STEP_COUNT] = {
		[STEP_LOOPBACK] = "interface",
		[STEP_MODULE] = "module",
		[STEP_VRF] = "vrf",
		[STEP_SYSCTL] = "sysctl",
		[STEP_PERSIST] = "persist",
		[STEP_PASSWORD] = "root password",
		[STEP_HOSTNAME] = "host name",
		[STEP_CAPABILITY] = "capability",
		[STEP_LIMIT] = "limit",
		[STEP_INTERFACE] = "interface",
		[STEP_INTERFACES] = "interfaces",
	};

	return arena_printf(arena, "%s%s%s", words[finding->step], *finding->subject ? " " : "",
		finding->subject);
}

const char *finding_line(struct arena *arena, const struct finding *finding)
{
	const char *title = finding_title(arena, finding);

	return arena_printf(arena, "%s: %s%s%s", title ? title : "?",
		finding->reason ? finding->reason : finding->verdict, finding->cure ? "; " : "",
		finding->cure ? finding->cure : "");
}

void finding_write_json(struct json *json, const struct finding *finding)
{
	json_open_object(json, NULL);
	json_string(json, "step", step_name(finding->step));
	json_string(json, "subject", finding->subject);
	json_string(json, "state", finding_state_name(finding->state));
	json_string(json, "verdict", finding->verdict);
	json_string(json, "reason", finding->reason);
	json_string(json, "cure", finding->cure);
	json_bool(json, "required", finding->required);
	json_close_object(json);
}

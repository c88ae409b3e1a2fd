#include "supervisor/doctor.h"

#include "config/arena.h"
#include "config/text.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include <string.h>

#define DOCTOR_JSON_VERSION 1

static const char *copy(struct arena *arena, const char *text)
{
	return text ? arena_strdup(arena, text) : NULL;
}

static void add(
	struct doctor *doctor, const char *title, bool of_step, const struct finding *finding)
{
	struct doctor_check *grown = arena_grow(
		doctor->arena, doctor->checks, doctor->count, &doctor->capacity, sizeof(*grown));
	struct finding copied = *finding;

	copied.subject = copy(doctor->arena, finding->subject);
	copied.verdict = copy(doctor->arena, finding->verdict);
	copied.reason = copy(doctor->arena, finding->reason);
	copied.cure = copy(doctor->arena, finding->cure);
	if (!grown || !title || !copied.subject || !copied.verdict)
		return;
	doctor->checks = grown;
	grown[doctor->count++] = (struct doctor_check){title, of_step, copied};
}

void doctor_add_look(struct doctor *doctor, const struct finding *finding)
{
	add(doctor, copy(doctor->arena, finding->subject), false, finding);
}

void doctor_add_findings(struct doctor *doctor, const struct findings *findings)
{
	for (unsigned step = 0; step < STEP_COUNT; step++)
		for (unsigned i = 0; i < findings_count(findings); i++) {
			const struct finding *finding = findings_get(findings, i);

			if (finding->step == step)
				add(doctor, finding_title(doctor->arena, finding), true, finding);
		}
}

unsigned doctor_count(const struct doctor *doctor, enum finding_state state)
{
	unsigned count = 0;

	for (size_t i = 0; i < doctor->count; i++)
		count += doctor->checks[i].finding.state == state;
	return count;
}

/* ---- for people ---------------------------------------------------------------------------- */

static const enum colour colours[FINDING_STATE_COUNT] = {
	[FINDING_OK] = COLOUR_GOOD,
	[FINDING_DEGRADED] = COLOUR_WARN,
	[FINDING_MISSING] = COLOUR_BAD,
};

static void add_row(struct table *table, const struct doctor_check *check)
{
	const struct finding *finding = &check->finding;

	table_begin_row(table);
	table_cell(table, COLOUR_NONE, "%s", check->title);
	table_cell(table, colours[finding->state], "%s", finding_state_name(finding->state));
	table_cell(table, COLOUR_NONE, "%s", finding->verdict);
}

static void write_checks(
	struct buffer *buffer, const struct doctor *doctor, const struct table_style *style)
{
	static const struct table_column columns[] = {
		{.title = "CHECK"}, {.title = "STATE"}, {.title = "DETAIL"}};
	struct table table = {.arena = doctor->arena, .columns = columns, .column_count = 3};

	for (unsigned state = FINDING_STATE_COUNT; state-- > 0;)
		for (size_t i = 0; i < doctor->count; i++)
			if (doctor->checks[i].finding.state == state)
				add_row(&table, &doctor->checks[i]);
	table_write(&table, buffer, style);
}

/* The flags of a cure that is nothing but flags for the engine; NULL: it is another one, or offers
 * another way, too. */
static const char *flags_of(const struct doctor_check *check)
{
	static const char before[] = "start the container with ";
	const char *cure = check->finding.cure;

	if (!cure || strncmp(cure, before, strlen(before)) != 0 || strstr(cure, ", "))
		return NULL;
	return cure + strlen(before);
}

/* Can both be told in one: the same is wrong with them, and flags cure them? */
static bool are_alike(const struct doctor_check *a, const struct doctor_check *b)
{
	return a->of_step && b->of_step && a->finding.step == b->finding.step &&
	       a->finding.state == b->finding.state && a->finding.required == b->finding.required &&
	       flags_of(a) && flags_of(b) && a->finding.reason && b->finding.reason &&
	       strcmp(a->finding.reason, b->finding.reason) == 0;
}

/* "capabilities", "sysctls" */
static const char *plural(struct arena *arena, enum step step)
{
	const char *name = step_name(step);
	int length = (int)strlen(name);

	if (name[length - 1] == 'y')
		return arena_printf(arena, "%.*sies", length - 1, name);
	return arena_printf(arena, "%s%s", name, name[length - 1] == 's' ? "" : "s");
}

/* Number `first` and all behind it that are like it, in one row; none if one before it is. */
static void add_cure(struct table *table, const struct doctor *doctor, size_t first)
{
	const struct doctor_check *check = &doctor->checks[first];
	const struct finding *finding = &check->finding;
	const char *title = check->title;
	struct text cure = {.arena = doctor->arena};
	unsigned count = 1;

	for (size_t i = 0; i < first; i++)
		if (are_alike(&doctor->checks[i], check))
			return;
	if (finding->cure)
		text_printf(&cure, "; %s", finding->cure);
	for (size_t i = first + 1; i < doctor->count; i++)
		if (are_alike(check, &doctor->checks[i])) {
			text_printf(&cure, " %s", flags_of(&doctor->checks[i]));
			count++;
		}
	if (count > 1)
		title = arena_printf(
			doctor->arena, "%u %s", count, plural(doctor->arena, finding->step));
	table_begin_row(table);
	table_cell(table, colours[finding->state], "-");
	table_cell(table, COLOUR_NONE, "%s: %s%s%s", title ? title : "",
		finding->reason ? finding->reason : finding->verdict, text_string(&cure),
		finding->required ? " (required)" : "");
}

/* Names of sysctls are so long that beside them is no room for a sentence: so below the table. */
static void write_cures(
	struct buffer *buffer, const struct doctor *doctor, const struct table_style *style)
{
	static const struct table_column columns[] = {
		{.title = ""}, {.title = "WHAT IS WRONG, AND WHAT CURES IT"}};
	struct table table = {.arena = doctor->arena, .columns = columns, .column_count = 2};

	for (unsigned state = FINDING_STATE_COUNT; state-- > FINDING_OK + 1;)
		for (size_t i = 0; i < doctor->count; i++)
			if (doctor->checks[i].finding.state == state)
				add_cure(&table, doctor, i);
	buffer_add_text(buffer, "\n");
	table_write(&table, buffer, style);
}

/* Is something wrong that may be the engine's to give? */
static bool engine_may_help(const struct doctor *doctor)
{
	static const unsigned steps =
		1U << STEP_SYSCTL | 1U << STEP_HOSTNAME | 1U << STEP_CAPABILITY | 1U << STEP_LIMIT;

	for (size_t i = 0; i < doctor->count; i++)
		if (doctor->checks[i].of_step && doctor->checks[i].finding.state != FINDING_OK &&
			steps >> doctor->checks[i].finding.step & 1)
			return true;
	return false;
}

void doctor_write_text(
	struct buffer *buffer, const struct doctor *doctor, const struct table_style *style)
{
	unsigned missing = doctor_count(doctor, FINDING_MISSING);
	unsigned degraded = doctor_count(doctor, FINDING_DEGRADED);

	buffer_add_text(buffer, "configuration: ");
	human_add_printable(buffer, doctor->source, strlen(doctor->source), style->utf8);
	buffer_add_text(buffer, "\n\n");
	write_checks(buffer, doctor, style);
	if (missing + degraded > 0)
		write_cures(buffer, doctor, style);
	if (engine_may_help(doctor))
		buffer_add_text(buffer,
			"\nfirsthop run-args prints what an engine must be told, in one piece.\n");
	buffer_printf(buffer, "\n%s%u missing%s, %s%u degraded%s, %u ok\n",
		table_colour(style, missing ? COLOUR_BAD : COLOUR_NONE), missing,
		table_colour_end(style, missing ? COLOUR_BAD : COLOUR_NONE),
		table_colour(style, degraded ? COLOUR_WARN : COLOUR_NONE), degraded,
		table_colour_end(style, degraded ? COLOUR_WARN : COLOUR_NONE),
		doctor_count(doctor, FINDING_OK));
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static void write_check(struct json *json, const struct doctor_check *check)
{
	const struct finding *finding = &check->finding;

	json_open_object(json, NULL);
	json_string(json, "check", check->title);
	json_string(json, "step", check->of_step ? step_name(finding->step) : NULL);
	json_string(json, "subject", finding->subject);
	json_string(json, "state", finding_state_name(finding->state));
	json_string(json, "verdict", finding->verdict);
	json_string(json, "reason", finding->reason);
	json_string(json, "cure", finding->cure);
	json_bool(json, "required", finding->required);
	json_close_object(json);
}

void doctor_write_json(struct buffer *buffer, const struct doctor *doctor, bool ok)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", DOCTOR_JSON_VERSION);
	json_bool(&json, "ok", ok);
	json_string(&json, "source", doctor->source);
	json_open_object(&json, "counts");
	for (unsigned state = FINDING_STATE_COUNT; state-- > 0;)
		json_int(&json, finding_state_name((enum finding_state)state),
			doctor_count(doctor, (enum finding_state)state));
	json_close_object(&json);
	json_open_array(&json, "checks");
	for (size_t i = 0; i < doctor->count; i++)
		write_check(&json, &doctor->checks[i]);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

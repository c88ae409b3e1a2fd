#include "supervisor/exposure.h"

#include "config/arena.h"
#include "config/capability.h"
#include "config/text.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include <stdlib.h>
#include <string.h>

enum { GOOD_BELOW = 40, FAIR_BELOW = 65, NAMES_MAX = 3 };

static enum colour word_colour(unsigned points)
{
	return points < GOOD_BELOW ? COLOUR_GOOD : points < FAIR_BELOW ? COLOUR_WARN : COLOUR_BAD;
}

static bool has_capability(const struct exposure *e, unsigned number)
{
	return e->capabilities >> number & 1;
}

/* The few by their names, else how many. */
static const char *capabilities_text(struct arena *arena, const struct exposure *e)
{
	struct text text = {.arena = arena};
	unsigned count = 0;

	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (has_capability(e, i))
			text_printf(&text, "%s%s", count++ ? " " : "", capability_name(i));
	if (count > NAMES_MAX)
		return arena_printf(arena, "%u", count);
	return count ? text_string(&text) : "none";
}

static const char *seccomp_text(struct arena *arena, const struct exposure *e)
{
	if (!e->filtered)
		return "none";
	return e->calls ? arena_printf(arena, "%u calls", e->calls) : "filter";
}

static bool is_needed(const struct exposure *e, const struct exposure_item *item)
{
	return (item->capabilities & e->capabilities & e->needed) != 0;
}

/* The one thing that would help most. */
static const char *advice(struct arena *arena, const struct exposure *e)
{
	const struct exposure_item *item, *best = NULL;
	unsigned at = 0;

	if (e->differs)
		return e->differs;
	if (e->preset)
		return arena_printf(arena, "sandbox = %s", e->preset);
	while ((item = exposure_next(e, &at)))
		if (!is_needed(e, item) && (!best || item->points > best->points))
			best = item;
	return best && exposure_points(e) >= GOOD_BELOW ? best->cure : "";
}

static int by_points(const void *a, const void *b)
{
	const struct exposure *left = a, *right = b;
	unsigned left_points = exposure_points(left), right_points = exposure_points(right);

	if (left_points != right_points)
		return left_points < right_points ? 1 : -1;
	return strcmp(left->service, right->service);
}

static void write_points(struct arena *arena, struct buffer *buffer, const struct exposure *e,
	const struct table_style *style)
{
	static const struct table_column columns[] = {
		{"POINTS", true}, {"IT", false}, {"INSTEAD", false}};
	struct table table = {.arena = arena, .columns = columns, .column_count = 3};
	const struct exposure_item *item;
	unsigned at = 0;

	while ((item = exposure_next(e, &at))) {
		table_begin_row(&table);
		table_cell(&table, COLOUR_NONE, "%u", item->points);
		table_cell(&table, COLOUR_NONE, "%s", item->what);
		table_cell(&table, COLOUR_NONE, "%s",
			is_needed(e, item) ? "nothing: its program needs it" : item->cure);
	}
	buffer_add_text(buffer, "\n");
	table_write(&table, buffer, style);
}

static void add_row(struct arena *arena, struct table *table, const struct exposure *e)
{
	unsigned points = exposure_points(e);

	table_begin_row(table);
	table_cell(table, COLOUR_NONE, "%s", e->service);
	table_cell(table, COLOUR_NONE, "%s", e->user);
	table_cell(table, COLOUR_NONE, "%s", capabilities_text(arena, e));
	table_cell(table, COLOUR_NONE, "%s", seccomp_text(arena, e));
	table_cell(table, COLOUR_NONE, "%s", e->no_new_privs ? "yes" : "no");
	table_cell(table, COLOUR_NONE, "%s", e->writable);
	table_cell(table, word_colour(points), "%u %s", points, exposure_word(points));
	table_cell(table, COLOUR_NONE, "%s", advice(arena, e));
}

void exposure_write_text(struct arena *arena, struct buffer *buffer, struct exposure *list,
	unsigned count, const char *only, const struct table_style *style)
{
	static const struct table_column columns[] = {{"SERVICE", false}, {"USER", false},
		{"CAPABILITIES", false}, {"SECCOMP", false}, {"NNP", false}, {"WRITES", false},
		{"EXPOSURE", false}, {"TO ADD", false}};
	struct table table = {.arena = arena, .columns = columns, .column_count = 8};
	const struct exposure *chosen = NULL;

	if (count > 1)
		qsort(list, count, sizeof(*list), by_points);
	for (unsigned i = 0; i < count; i++) {
		if (only && strcmp(list[i].service, only) != 0)
			continue;
		add_row(arena, &table, &list[i]);
		chosen = &list[i];
	}
	table_write(&table, buffer, style);
	if (only && chosen)
		write_points(arena, buffer, chosen, style);
}

static void write_service(struct json *json, const struct exposure *e)
{
	const struct exposure_item *item;
	unsigned at = 0;

	json_open_object(json, NULL);
	json_string(json, "name", e->service);
	json_bool(json, "running", e->live);
	json_string(json, "user", e->user);
	json_open_array(json, "capabilities");
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (has_capability(e, i))
			json_string(json, NULL, capability_name(i));
	json_close_array(json);
	json_bool(json, "seccomp", e->filtered);
	json_int_or_null(json, "calls", e->filtered && e->calls ? (int64_t)e->calls : -1);
	json_bool(json, "no_new_privs", e->no_new_privs);
	json_string(json, "writable", e->writable);
	json_bool(json, "private_tmp", e->private_tmp);
	json_int(json, "points", exposure_points(e));
	json_string(json, "exposure", exposure_word(exposure_points(e)));
	json_string(json, "preset", e->preset);
	json_string(json, "differs", e->differs);
	json_open_array(json, "because");
	while ((item = exposure_next(e, &at))) {
		json_open_object(json, NULL);
		json_int(json, "points", item->points);
		json_string(json, "has", item->what);
		json_string(json, "instead", item->cure);
		json_close_object(json);
	}
	json_close_array(json);
	json_close_object(json);
}

void exposure_write_json(
	struct json *json, const struct exposure *list, unsigned count, const char *only)
{
	json_open_array(json, "services");
	for (unsigned i = 0; i < count; i++)
		if (!only || strcmp(list[i].service, only) == 0)
			write_service(json, &list[i]);
	json_close_array(json);
}

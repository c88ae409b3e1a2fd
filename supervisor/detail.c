#include "supervisor/detail.h"

#include "config/arena.h"
#include "config/keys.h"
#include "config/model.h"
#include "supervisor/engine.h"
#include "supervisor/status.h"

#include <errno.h>
#include <string.h>

/* The names: what they hold may be secret, and this is shown to more than root. */
static const char *environment_names(struct arena *arena, const struct words *environment)
{
	const char *text = "";

	for (unsigned i = 0; text && i < environment->count; i++)
		text = arena_printf(arena, "%s%s%.*s=...", text, i ? " " : "",
			(int)strcspn(environment->word[i], "="), environment->word[i]);
	return text;
}

static void add_keys(struct arena *arena, const struct service *spec, struct service_detail *detail)
{
	struct detail_key *list = arena_array(arena, key_count, sizeof(*list));

	for (unsigned i = 0; list && i < key_count; i++) {
		if (keys[i].section != SECTION_SERVICE || !setting_find(spec->settings, &keys[i]))
			continue;
		bool is_secret = strcmp(keys[i].name, "environment") == 0;

		list[detail->key_count++] = (struct detail_key){
			.key = keys[i].name,
			.value = is_secret ? environment_names(arena, &spec->environment)
					   : key_text(arena, &keys[i], spec, ", "),
		};
	}
	detail->keys = list;
}

static bool needs(const struct service *spec, const char *name)
{
	for (unsigned i = 0; i < spec->needs.count; i++)
		if (strcmp(spec->needs.word[i], name) == 0)
			return true;
	return false;
}

static void add_needed_by(struct arena *arena, const struct engine *engine, const char *name,
	struct service_detail *detail)
{
	unsigned slots = engine_slot_count(engine);
	const char **list = arena_array(arena, slots, sizeof(*list));
	struct unit_view view;

	for (unsigned slot = 0; list && slot < slots; slot++) {
		engine_view(engine, slot, &view);
		if (view.in_use && !view.retiring && needs(view.spec, name))
			list[detail->needed_by_count++] = view.spec->name;
	}
	detail->needed_by = list;
}

static const char *end_text(
	struct arena *arena, const struct past_end *end, const struct service *spec)
{
	const struct failure failure = {
		.kind = end->kind,
		.status = end->value,
		.error = end->value,
		.checks = (unsigned)end->value,
	};

	return failure_text(arena, &failure, spec);
}

static void add_ends(struct arena *arena, const struct engine *engine, unsigned slot,
	const struct service *spec, struct timestamp now, struct service_detail *detail)
{
	struct detail_end *list = arena_array(arena, ENDS_MAX, sizeof(*list));
	struct past_end end;

	while (list && engine_past_end(engine, slot, detail->end_count, &end)) {
		const char *text = end_text(arena, &end, spec);

		list[detail->end_count++] = (struct detail_end){
			.text = text ? text : "ended",
			.ago_ms = timestamp_elapsed_ms(end.at, now),
		};
	}
	detail->ends = list;
}

int detail_from_engine(struct arena *arena, const struct engine *engine, const char *name,
	struct timestamp now, struct service_detail *ret_detail)
{
	struct service_detail detail = {.key_count = 0};
	int slot = engine_find(engine, name);
	struct unit_view view;

	if (slot < 0)
		return -ENOENT;
	engine_view(engine, (unsigned)slot, &view);
	add_keys(arena, view.spec, &detail);
	add_needed_by(arena, engine, name, &detail);
	add_ends(arena, engine, (unsigned)slot, view.spec, now, &detail);
	if (arena->failed)
		return -ENOMEM;
	*ret_detail = detail;
	return 0;
}

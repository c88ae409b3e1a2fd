#include "supervisor/reload.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/engine.h"

#include <errno.h>
#include <string.h>

int reload_note_diags(struct arena *arena, const struct diags *diags, struct reload_report *report)
{
	struct reload_diag *list;
	unsigned count = 0;

	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		count++;
	list = arena_array(arena, count, sizeof(*list));
	if (!list)
		return -ENOMEM;
	report->diags = list;
	report->diag_count = count;
	report->diags_dropped = diags->dropped;
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		*list++ = (struct reload_diag){
			.file = arena_strdup(arena, diag->origin.file),
			.line = diag->origin.line,
			.severity = diag->severity,
			.message = arena_strdup(arena, diag->message),
		};
	return arena->failed ? -ENOMEM : 0;
}

/* Does anything of it run, or is it on its way? */
static bool is_up(const struct engine *engine, const char *name)
{
	int slot = engine_find(engine, name);
	struct unit_view view;

	if (slot < 0)
		return false;
	engine_view(engine, (unsigned)slot, &view);
	return view.state != STATE_DOWN;
}

static enum reload_effect effect_of(
	const struct engine *engine, const struct model *to, const struct changed_section *section)
{
	bool is_service = strcmp(section->section, "service") == 0;
	const struct service *service = is_service ? model_find(to, section->name) : NULL;

	switch (section->change) {
	case CHANGE_ADDED:
		return service && service->start == START_AUTO ? RELOAD_START : RELOAD_ADD;
	case CHANGE_REMOVED:
		return is_service && is_up(engine, section->name) ? RELOAD_STOP : RELOAD_REMOVE;
	case CHANGE_RESTART:
		return is_up(engine, section->name) ? RELOAD_RESTART : RELOAD_CHANGE;
	case CHANGE_IN_PLACE:
	case CHANGE_NONE:
		break;
	}
	return RELOAD_CHANGE;
}

int reload_note_changes(struct arena *arena, const struct engine *engine, const struct model *to,
	const struct changes *changes, struct reload_report *report)
{
	struct reload_change *list = arena_array(arena, changes->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (unsigned i = 0; i < changes->count; i++)
		list[i] = (struct reload_change){
			.effect = effect_of(engine, to, &changes->sections[i]),
			.section = changes->sections[i].section,
			.name = changes->sections[i].name,
			.keys = changes->sections[i].keys,
			.key_count = changes->sections[i].key_count,
		};
	report->changes = list;
	report->change_count = changes->count;
	return 0;
}

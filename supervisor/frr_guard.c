#include "supervisor/frr_guard.h"

#include "config/arena.h"
#include "config/frr.h"
#include "config/model.h"
#include "supervisor/buffer.h"
#include "supervisor/engine.h"
#include "supervisor/status.h"

#include <string.h>

/* A daemon of FRR's, or what configures them all. A daemon that somebody stopped by hand counts,
 * too: its section is in the file. One that starts on request does so once it was asked for. */
static bool takes_part(const struct unit_view *view)
{
	if (!view->in_use || view->retiring || strcmp(view->spec->name, FRR_WRITER) == 0)
		return false;
	if (!view->spec->from_frr && view->spec->ready.kind != READY_FRR_VTY)
		return false;
	return view->spec->start == START_AUTO || view->wanted;
}

static bool is_settled(const struct unit_view *view)
{
	if (view->spec->type == SERVICE_ONESHOT)
		return view->state == STATE_DONE;
	return view->state == STATE_READY;
}

static void tell(struct buffer *why, const struct engine *engine, const struct unit_view *view,
	struct timestamp now)
{
	struct arena arena = {0};
	struct status_service service;

	status_from_view(&arena, engine, view, now, &service);
	buffer_printf(why, "%% %s: %s%s%s%s%s\n", view->spec->name, state_name(view->state),
		service.reason ? "; " : "", service.reason ? service.reason : "",
		service.last ? "; " : "", service.last ? service.last : "");
	arena_free(&arena);
}

bool frr_guard_allows(const struct engine *engine, struct timestamp now, struct buffer *why)
{
	struct unit_view view;
	bool allows = true;

	for (unsigned unit = 0; unit < engine_slot_count(engine); unit++) {
		engine_view(engine, unit, &view);
		if (!takes_part(&view) || is_settled(&view))
			continue;
		tell(why, engine, &view, now);
		allows = false;
	}
	return allows;
}

uint64_t frr_guard_starts(const struct engine *engine)
{
	struct unit_view view;
	uint64_t starts = 0;

	for (unsigned unit = 0; unit < engine_slot_count(engine); unit++) {
		engine_view(engine, unit, &view);
		if (takes_part(&view))
			starts += view.attempt;
	}
	return starts;
}

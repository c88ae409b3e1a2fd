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

/* One that is being given its configuration back holds a part of it, or none; one that does not
 * answer its health checks would keep vtysh waiting with the file empty. */
static bool is_settled(const struct unit_view *view)
{
	if (view->spec->type == SERVICE_ONESHOT)
		return view->state == STATE_DONE;
	return view->state == STATE_READY && !view->reconfiguring && !view->reconfigure_failed &&
	       !view->checks_failed;
}

/* Was it started again with nothing to give it its configuration back? So it is when there was no
 * file at boot, and somebody has saved one since: its section would be lost. */
static bool is_bare(const struct unit_view *view)
{
	return view->spec->type == SERVICE_DAEMON && view->attempt > 1 &&
	       !view->spec->reconfigure.count;
}

static void tell_bare(struct buffer *why, const struct unit_view *view)
{
	buffer_printf(why,
		"%% %s: was started again, and nothing gave it its configuration back; `firsthop "
		"reload` lets frr.conf be loaded\n",
		view->spec->name);
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

bool frr_guard_allows(
	const struct engine *engine, bool file_exists, struct timestamp now, struct buffer *why)
{
	struct unit_view view;
	bool allows = true;

	for (unsigned unit = 0; unit < engine_slot_count(engine); unit++) {
		engine_view(engine, unit, &view);
		if (!takes_part(&view))
			continue;
		if (!is_settled(&view))
			tell(why, engine, &view, now);
		else if (file_exists && is_bare(&view))
			tell_bare(why, &view);
		else
			continue;
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

#include "supervisor/health.h"

#include "config/model.h"
#include "supervisor/engine.h"
#include "supervisor/policy.h"
#include "supervisor/state.h"

#include <stdio.h>
#include <string.h>

static const char *const level_names[HEALTH_LEVEL_COUNT] = {
	[HEALTH_STARTED] = "started",
	[HEALTH_READY] = "ready",
};

/* In which states a wanted service fulfils the level. */
static const bool fulfilled[HEALTH_LEVEL_COUNT][STATE_COUNT] = {
	[HEALTH_STARTED] = {[STATE_STARTING] = true, [STATE_READY] = true, [STATE_DONE] = true},
	[HEALTH_READY] = {[STATE_READY] = true, [STATE_DONE] = true},
};

const char *health_level_name(enum health_level level)
{
	return level_names[level];
}

bool health_level_from_name(const char *name, enum health_level *ret_level)
{
	for (unsigned i = 0; i < HEALTH_LEVEL_COUNT; i++)
		if (strcmp(name, level_names[i]) == 0) {
			*ret_level = (enum health_level)i;
			return true;
		}
	return false;
}

/* As engine_summary counts. */
static bool counts(const struct unit_view *view)
{
	return view->in_use && view->wanted && policy_counts(view->spec);
}

bool health_check(
	const struct engine *engine, enum health_level level, char *reason, size_t reason_bytes)
{
	struct engine_summary summary;
	engine_summarize(engine, &summary);
	if (summary.phase != PHASE_RUNNING) {
		(void)snprintf(reason, reason_bytes, "firsthop is stopping");
		return false;
	}

	unsigned wanted = 0, lacking = 0;
	struct unit_view view, first;
	for (unsigned i = 0; i < engine_slot_count(engine); i++) {
		engine_view(engine, i, &view);
		if (!counts(&view))
			continue;
		wanted++;
		if (!fulfilled[level][view.state] && lacking++ == 0)
			first = view;
	}
	/* It fits: the numbers and a name have their limits, see HEALTH_REASON_BYTES. */
	if (lacking == 0)
		(void)snprintf(reason, reason_bytes, "%u of %u services %s", wanted, wanted,
			health_level_name(level));
	else
		(void)snprintf(reason, reason_bytes, "%u of %u services %s: %s is %s%s",
			wanted - lacking, wanted, health_level_name(level), first.spec->name,
			state_name(first.state), lacking > 1 ? " (and others)" : "");
	return lacking == 0;
}

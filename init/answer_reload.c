/* Another configuration, or the same one anew: by request, or by SIGHUP. */
#include "init/runtime.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/frr_save.h"
#include "init/interfaces.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/output.h"
#include "init/persist_watch.h"
#include "supervisor/reload.h"

#include <errno.h>
#include <string.h>

/* `log` may have changed; and log files are opened anew in any case, so that a rotation can be
 * ended by a reload. */
static void configure_channels(struct runtime *runtime)
{
	const struct model *model = runtime->configuration->model;

	for (unsigned i = 0; i < model->service_count; i++) {
		int unit = engine_find(runtime->engine, model->services[i].name);
		struct channel *channel = unit < 0 ? NULL : act_channel(runtime, (unsigned)unit);

		if (channel)
			channel_configure(channel, &model->services[i]);
	}
}

/* What it changes, against the newest configuration that was taken: of one whose service is still
 * being stopped for it, too. */
static void note_changes(const struct runtime *runtime, const struct configuration *configuration,
	struct arena *arena, struct reload_report *report)
{
	/* It is told to whoever reads the log, or asks. */
	const struct model from = model_without_secrets(runtime->configuration->asked);
	const struct model to = model_without_secrets(configuration->asked);
	struct changes changes;

	/* Without memory less is told, and all is done. */
	if (config_changes(arena, &from, &to, &changes) == 0)
		(void)reload_note_changes(
			arena, runtime->engine, configuration->model, &changes, report);
}

static void take_over(struct runtime *runtime, struct configuration *configuration)
{
	configuration->older = runtime->configuration;
	runtime->configuration = configuration;
	runtime->fed = true;
	message(runtime->messages, MESSAGE_NOTE, "reloaded %s", configuration->source);
	runtime->preparation.model = configuration->model;
	prepare_node(&runtime->preparation);
	persists_configure(runtime->persists, configuration->model);
	if (runtime->interfaces)
		interfaces_reload(runtime->interfaces);
	frr_save_configure(runtime);
	form_configure(&runtime->form, &configuration->model->node);
	answer_configure(runtime);
	configure_channels(runtime);
	supervise_offer_terminal(runtime);
	configuration_keep(runtime->messages, configuration, runtime->rundir);
}

static int reload(struct runtime *runtime, struct arena *arena, struct reload_report *report)
{
	struct configuration *configuration =
		configuration_load(runtime->messages, &runtime->request, arena, report);
	int r = 0;

	if (configuration) {
		note_changes(runtime, configuration, arena, report);
		r = engine_reload(runtime->engine, configuration->model, loop_clock());
	}
	report->applied = configuration && r == 0;
	if (report->applied) {
		take_over(runtime, configuration);
		return 0;
	}
	message(runtime->messages, MESSAGE_ERROR,
		"the configuration is as before: the new one was not taken");
	configuration_free(configuration);
	return r;
}

/* Nothing is said, and nothing remembered. */
static int look(struct runtime *runtime, struct arena *arena, struct reload_report *report)
{
	struct configuration *configuration =
		configuration_load(NULL, &runtime->request, arena, report);

	if (configuration)
		note_changes(runtime, configuration, arena, report);
	configuration_free(configuration);
	return 0;
}

int answer_reload(
	void *context, bool dry_run, struct arena *arena, struct reload_report *ret_report)
{
	struct runtime *runtime = context;

	*ret_report = (struct reload_report){.source = NULL};
	int r = dry_run ? look(runtime, arena, ret_report) : reload(runtime, arena, ret_report);

	/* Refused, and nothing is said against it: there was no memory to read it. */
	return r == 0 && !ret_report->accepted && !ret_report->diag_count ? -ENOMEM : r;
}

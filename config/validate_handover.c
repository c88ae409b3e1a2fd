/* What does not go together with another program as PID 1. */
#include "config/build.h"
#include "config/image.h"
#include "config/keys.h"
#include "config/text.h"

static struct origin origin_of(const struct build *build)
{
	const struct setting *setting = setting_find_name(build->node.settings, "handover");

	return setting ? setting->origin : (struct origin){NULL, 0};
}

static void check_program(struct build *build)
{
	const struct image *image = build->image;
	const char *program = build->node.handover.word[0];

	if (image && image->is_executable && !image->is_executable(image->context, program))
		diag_add_missing(build->diags, origin_of(build),
			"handover: %s is not there, or is no program that can be run",
			text_quote_string(build->scratch, program));
}

static void check_service(struct build *build, const struct service *service)
{
	if (service->type == SERVICE_CONSOLE)
		diag_add(build->diags, service->origin, SEVERITY_ERROR,
			"console %s: with handover the terminal belongs to %s", service->name,
			text_quote_string(build->scratch, build->node.handover.word[0]));
	if (service->on_give_up == GIVE_UP_STOP)
		diag_add(build->diags, service->origin, SEVERITY_WARNING,
			"%s: with handover, critical and on_give_up = stop end firsthop and its "
			"services, not the container",
			service->name);
}

void validate_handover(struct build *build)
{
	if (!build->node.handover.count)
		return;
	check_program(build);
	for (unsigned i = 0; i < build->service_count; i++)
		check_service(build, &build->services[i]);
}

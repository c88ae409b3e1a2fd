/* What the services need against what they will get. A process of root gets what is in the bounding
 * set, which is what the engine left of it; one of an ordinary user has what that user was given.
 */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/capability_needs.h"
#include "supervisor/finding.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/capability.h>
#include <unistd.h>

static bool is_permitted(cap_value_t number)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;
	bool is =
		caps && cap_get_flag(caps, number, CAP_PERMITTED, &value) == 0 && value == CAP_SET;

	(void)cap_free(caps);
	return is;
}

bool prepare_has_capability(unsigned number)
{
	cap_value_t value = (cap_value_t)number;

	return geteuid() == 0 ? cap_get_bound(value) > 0 : is_permitted(value);
}

static void tell(struct preparation *preparation, unsigned number, bool has)
{
	struct arena arena = {0};
	const char *name = capability_name(number);
	struct finding finding = {.step = STEP_CAPABILITY,
		.state = has ? FINDING_OK : FINDING_MISSING,
		.subject = name,
		.verdict = has ? "there" : "not there",
		.reason = capability_why(&arena, preparation->model, number)};

	if (!has)
		finding.cure = arena_printf(&arena, "start the container %swith --cap-add %s",
			geteuid() == 0 ? "" : "as root, ", name);
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

void prepare_capabilities(struct preparation *preparation)
{
	const struct model *model = preparation->model;
	uint64_t needs = 0;

	for (unsigned i = 0; i < model->service_count; i++)
		needs |= capability_needs(&model->services[i]);
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (needs >> i & 1)
			tell(preparation, i, prepare_has_capability(i));
}

/* The whole way from text to model, with an image made of a table. */
#include "tests/check.h"
#include "tests/unit/config_support.h"

static void loads_a_service(void)
{
	struct load load =
		load_text("[node]\nstop_budget = 3s\n[service a]\ncommand = /bin/a 'b c' d\n"
			  "[service b]\ncommand = /bin/b\nneeds = a\nrestart = never\n");

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct service *a = model_find(load.model, "a");
		const struct service *b = model_find(load.model, "b");

		CHECK_INT(load.model->service_count, 2);
		CHECK_INT(load.model->node.stop_budget_ms, 3000);
		CHECK(a && b && !model_find(load.model, "c"));
		CHECK_INT(a->command.count, 3);
		CHECK_STR(a->command.word[1], "b c");
		CHECK(!a->command.word[3]);
		CHECK_INT(a->restart, RESTART_ALWAYS);
		CHECK_INT(b->restart, RESTART_NEVER);
		CHECK_STR(b->needs.word[0], "a");
		CHECK_STR(a->directory, "/");
		CHECK_INT(a->stop_signal, 15);
		CHECK_INT(a->origin.line, 3);
	}
	load_free(&load);
}

int main(void)
{
	RUN(loads_a_service);
	return CHECK_EXIT_STATUS();
}

/* Orders to services, over the control socket. */
#include "init/runtime.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/loop.h"
#include "init/message.h"
#include "supervisor/buffer.h"
#include "supervisor/order.h"

#include <errno.h>

/* The console that is to be started and cannot be: tried again and again, it would fail for ever.
 * NULL: there is none. */
static const char *console_without_terminal(const struct runtime *runtime, enum order_verb verb,
	const char *const *names, unsigned count)
{
	bool starts = verb == ORDER_START || verb == ORDER_RESTART;

	for (unsigned i = 0; starts && runtime->terminal.fd < 0 && i < count; i++) {
		const struct service *service = model_find(runtime->configuration->model, names[i]);

		if (service && service->type == SERVICE_CONSOLE)
			return names[i];
	}
	return NULL;
}

int answer_order(void *context, struct arena *arena, enum order_verb verb, const char *const *names,
	unsigned count, struct order *ret_order, const char **ret_why)
{
	struct runtime *runtime = context;
	struct buffer list = {0};
	const char *console = console_without_terminal(runtime, verb, names, count);

	if (console) {
		*ret_why = arena_printf(arena,
			"%s is a console, and there is no terminal (docker run -it gives one)",
			console);
		return -EINVAL;
	}
	int r = order_make(arena, runtime->engine, verb, names, count, ret_order, ret_why);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < count; i++)
		buffer_printf(&list, " %s", names[i]);
	message(runtime->messages, MESSAGE_NOTE, "%s requested:%s", order_verb_name(verb),
		list.length ? list.data : "");
	buffer_free(&list);
	order_feed(runtime->engine, ret_order, loop_clock());
	runtime->fed = true;
	return 0;
}

bool answer_look(void *context, struct arena *arena, enum order_verb verb, const char *name,
	uint32_t attempt, struct order_outcome *ret_outcome)
{
	const struct runtime *runtime = context;

	/* What it was told is not decided yet; once it is, all who wait are looked at again. */
	if (runtime->fed)
		return false;
	order_look(arena, runtime->engine, verb, name, attempt, loop_clock(), ret_outcome);
	return ret_outcome->progress != ORDER_PENDING;
}

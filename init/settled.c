#include "init/settled.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/loop.h"
#include "init/vty_ask.h"
#include "supervisor/buffer.h"
#include "supervisor/converged.h"
#include "supervisor/status.h"

#include <errno.h>
#include <string.h>

static int ask_status(struct arena *arena, int64_t timeout_ms, struct status *ret_status)
{
	const struct request request = {.type = REQUEST_STATUS};
	struct buffer bytes = {0};
	struct frame frame;
	int error = client_ask(&request, timeout_ms, &bytes, &frame);

	if (!error)
		error = protocol_get_status(&frame, arena, ret_status);
	buffer_free(&bytes);
	return error;
}

static const char *describe(int error)
{
	switch (error) {
	case -ETIMEDOUT:
		return "did not answer in time";
	case -EPROTO:
		return "answered what is not understood";
	case -EMSGSIZE:
		return "answered more than can be read";
	default:
		return strerror(-error);
	}
}

static bool is_converged(const struct status *status, const char *daemon, enum routing routing,
	struct timestamp until, struct buffer *reason)
{
	struct arena arena = {0};
	struct buffer answer = {0};
	struct neighbours neighbours;
	bool converged = false;
	const char *path = arena_printf(&arena, "/var/run/frr/%s.vty", daemon);
	int error = path ? vty_ask(path, routing_command(routing), until, &answer) : -ENOMEM;

	if (!error)
		error = converged_read(&arena, routing, answer.data, answer.length, &neighbours);
	if (error)
		buffer_printf(reason, "%s: %s", daemon, describe(error));
	else
		converged = converged_judge(routing, &status->converged, &neighbours, reason);
	buffer_free(&answer);
	arena_free(&arena);
	return converged;
}

/* What lacks is said alone, the first of it; else what holds, one after the other. */
static bool look(const struct status *status, struct timestamp until, struct buffer *reason)
{
	for (unsigned i = 0; i < status->service_count; i++) {
		const struct status_service *service = &status->services[i];
		struct buffer part = {0};
		enum routing routing;

		/* That what is wanted is ready was asked before. */
		if (service->state != STATE_READY || !routing_of_service(service->name, &routing))
			continue;
		bool holds = is_converged(status, service->name, routing, until, &part);
		if (!holds)
			buffer_reset(reason);
		if (part.length)
			buffer_printf(reason, "%s%s", reason->length ? "; " : "", part.data);
		buffer_free(&part);
		if (!holds)
			return false;
	}
	return true;
}

int settled_look(int64_t timeout_ms, bool *ret_settled, struct buffer *reason)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), timeout_ms);
	struct arena arena = {0};
	struct status status;
	int error = ask_status(&arena, timeout_ms, &status);

	if (!error)
		*ret_settled = look(&status, until, reason);
	arena_free(&arena);
	return error;
}

#include "init/control_answer.h"

#include "config/arena.h"
#include "init/control.h"
#include "supervisor/boot.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/protocol.h"
#include "supervisor/reload.h"
#include "supervisor/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char no_service[] = "there is no service of that name";

static void put_error(struct buffer *out, enum protocol_error code, const char *text)
{
	struct reply reply = {.type = REPLY_ERROR, .code = code, .text = text};

	protocol_put_reply(out, &reply);
}

static void put_text(struct buffer *out, enum message type, bool ok, const char *text)
{
	struct reply reply = {.type = type, .ok = ok, .text = text};

	protocol_put_reply(out, &reply);
}

static bool answer_status(const struct control_operations *operations,
	const struct request *request, struct buffer *out)
{
	struct arena arena = {0};
	struct status status = {0};
	int error = operations->status(operations->context, &arena, request->minor >= 1, &status);

	if (error == 0)
		protocol_put_status(out, &status, request->minor);
	if (error == 0 && out->failed) {
		/* Too long for a frame, most likely for what the services have printed. */
		for (unsigned i = 0; i < status.service_count; i++)
			status.services[i].output = NULL;
		buffer_reset(out);
		protocol_put_status(out, &status, request->minor);
	}
	if (error)
		put_error(out, PROTOCOL_ERROR_FAILED, strerror(-error));
	arena_free(&arena);
	return true;
}

static bool answer_detail(const struct control_operations *operations,
	const struct request *request, struct buffer *out)
{
	struct arena arena = {0};
	struct service_detail detail;
	int error = operations->detail(operations->context, &arena, request->service, &detail);

	if (error == 0)
		protocol_put_detail(out, &detail);
	else if (error == -ENOENT)
		put_error(out, PROTOCOL_ERROR_NO_SERVICE, no_service);
	else
		put_error(out, PROTOCOL_ERROR_FAILED, strerror(-error));
	arena_free(&arena);
	return true;
}

static bool answer_health(const struct control_operations *operations,
	const struct request *request, struct buffer *out)
{
	char reason[HEALTH_REASON_BYTES];
	bool ok = operations->health(operations->context, request->level, reason, sizeof(reason));

	if (!ok && request->wait)
		return false;
	put_text(out, REPLY_HEALTH, ok, reason);
	return true;
}

static bool answer_shutdown(const struct control_operations *operations,
	const struct request *request, struct buffer *out)
{
	int error = operations->shutdown(operations->context, request->end);

	if (error)
		put_error(out, PROTOCOL_ERROR_FAILED,
			"this machine is not ours to end, only a container; firsthop shutdown, "
			"without an option, stops that");
	else
		put_text(out, REPLY_OK, true, "stopping");
	return true;
}

static bool answer_reload(const struct control_operations *operations,
	const struct request *request, struct buffer *out)
{
	struct arena arena = {0};
	struct reload_report report = {.accepted = false};
	int error = operations->reload(operations->context, false, &arena, &report);

	(void)request;
	if (error)
		put_error(out, PROTOCOL_ERROR_FAILED, strerror(-error));
	else if (!report.accepted)
		put_error(out, PROTOCOL_ERROR_FAILED,
			"the configuration has errors, nothing was changed; see `firsthop check`");
	else
		put_text(out, REPLY_OK, true, "reloaded");
	arena_free(&arena);
	return true;
}

/* The same, with all that was found. */
static bool answer_change(const struct control_operations *operations,
	const struct request *request, struct buffer *out)
{
	struct arena arena = {0};
	struct reload_report report = {.accepted = false};
	int error = operations->reload(operations->context, request->dry_run, &arena, &report);

	if (error)
		put_error(out, PROTOCOL_ERROR_FAILED, strerror(-error));
	else
		protocol_put_reload(out, &report);
	if (error == 0 && out->failed) {
		/* Too long for a frame: rather without the values than without an answer. */
		for (unsigned i = 0; i < report.change_count; i++)
			report.changes[i].key_count = 0;
		buffer_reset(out);
		protocol_put_reload(out, &report);
	}
	arena_free(&arena);
	return true;
}

static bool answer_logs(const struct control_operations *operations, const struct request *request,
	struct buffer *out)
{
	/* What a frame of text holds besides the text's own length. */
	struct buffer lines = {.limit = PROTOCOL_REPLY_MAX - 4};
	const char *service = request->service[0] ? request->service : NULL;
	int error = operations->logs(operations->context, service, request->lines, &lines);

	if (error == -ENOENT)
		put_error(out, PROTOCOL_ERROR_NO_SERVICE, no_service);
	else if (error)
		put_error(out, PROTOCOL_ERROR_FAILED, strerror(-error));
	else if (lines.failed)
		put_error(out, PROTOCOL_ERROR_FAILED,
			"more than fits into an answer; ask for fewer lines");
	else
		put_text(out, REPLY_TEXT, true, lines.length ? lines.data : "");
	buffer_free(&lines);
	return true;
}

static bool answer_order(const struct control_operations *operations, const struct request *request,
	struct buffer *out)
{
	const char *names[ORDER_SERVICES_MAX];
	const char *why = NULL;
	struct arena arena = {0};
	struct order order;

	for (unsigned i = 0; i < request->name_count; i++)
		names[i] = request->names[i];
	int error = operations->order(operations->context, &arena, request->verb, names,
		request->name_count, &order, &why);
	if (error == 0)
		protocol_put_order(out, &order);
	else
		put_error(out, error == -ENOENT ? PROTOCOL_ERROR_NO_SERVICE : PROTOCOL_ERROR_FAILED,
			why ? why : strerror(-error));
	arena_free(&arena);
	return true;
}

static bool answer_await(const struct control_operations *operations, const struct request *request,
	struct buffer *out)
{
	struct arena arena = {0};
	struct order_outcome outcome;
	bool is_known = operations->look(operations->context, &arena, request->verb,
		request->service, request->attempt, &outcome);

	if (is_known)
		protocol_put_outcome(out, &outcome);
	arena_free(&arena);
	return is_known;
}

static bool answer_boot(const struct control_operations *operations, const struct request *request,
	struct buffer *out)
{
	struct arena arena = {0};
	struct boot boot;
	int error = operations->boot(operations->context, &arena, &boot);

	(void)request;
	if (error == -ENODATA)
		put_error(out, PROTOCOL_ERROR_FAILED, "there was no memory to note the boot");
	else if (error)
		put_error(out, PROTOCOL_ERROR_FAILED, strerror(-error));
	else
		protocol_put_boot(out, &boot);
	arena_free(&arena);
	return true;
}

bool control_answer(const struct control_operations *operations, const struct request *request,
	struct buffer *out)
{
	static bool (*const answers[])(
		const struct control_operations *, const struct request *, struct buffer *) = {
		[REQUEST_STATUS] = answer_status,
		[REQUEST_HEALTH] = answer_health,
		[REQUEST_SHUTDOWN] = answer_shutdown,
		[REQUEST_RELOAD] = answer_reload,
		[REQUEST_LOGS] = answer_logs,
		[REQUEST_ORDER] = answer_order,
		[REQUEST_AWAIT] = answer_await,
		[REQUEST_CHANGE] = answer_change,
		[REQUEST_DETAIL] = answer_detail,
		[REQUEST_BOOT] = answer_boot,
	};
	_Static_assert(sizeof(answers) / sizeof(answers[0]) == REQUEST_BOOT + 1, "one each");
	return answers[request->type](operations, request, out);
}

void control_refuse(int error, struct buffer *out)
{
	char text[96];

	switch (error) {
	case -EPROTONOSUPPORT:
		(void)snprintf(text, sizeof(text), "firsthop %s speaks protocol %d.%d only",
			FIRSTHOP_VERSION, PROTOCOL_MAJOR, PROTOCOL_MINOR);
		put_error(out, PROTOCOL_ERROR_VERSION, text);
		return;
	case -ENOSYS:
		put_error(out, PROTOCOL_ERROR_UNKNOWN,
			"firsthop " FIRSTHOP_VERSION " does not know this request");
		return;
	case -EACCES:
		put_error(out, PROTOCOL_ERROR_DENIED,
			"only root, and to look the members of [node] control_group, may talk to "
			"firsthop");
		return;
	case -EPERM:
		put_error(out, PROTOCOL_ERROR_DENIED,
			"you may look, being in [node] control_group; only root may do that");
		return;
	default:
		put_error(out, PROTOCOL_ERROR_MALFORMED, "not a request of this protocol");
		return;
	}
}

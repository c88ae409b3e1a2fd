/* What others may ask of PID 1: over the control socket, or by a signal. */
#include "init/runtime.h"

#include "config/model.h"
#include "init/control.h"
#include "init/control_socket.h"
#include "init/follow.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/output.h"
#include "init/passwd.h"
#include "init/usage.h"
#include "supervisor/boot_record.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/human.h"
#include "supervisor/protocol_log.h"
#include "supervisor/status.h"
#include "supervisor/table.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

enum {
	OUTPUT_LINES_OF_FAILED = 5,
	USAGE_READS_MAX = 256, /* a bound to what one request can cost: some 3 ms */
};

/* What only we know of a service. */
static void add_output(
	const struct runtime *runtime, struct arena *arena, struct status_service *service)
{
	const struct channel *channel = act_channel(runtime, service->unit);
	struct buffer lines = {0};

	if (service->unit < runtime->effects_size && runtime->effects[service->unit] &&
		runtime->effects[service->unit]->crash)
		service->crash = arena_strdup(arena, runtime->effects[service->unit]->crash);
	if (!channel)
		return;
	service->lines = channel_lines(channel);
	service->lines_dropped = channel_dropped(channel);
	if (service->state != STATE_FAILED && service->state != STATE_BACKOFF)
		return;
	channel_read(channel, OUTPUT_LINES_OF_FAILED, false, &lines);
	if (lines.length && !lines.failed)
		service->output = arena_strndup(arena, lines.data, lines.length);
	buffer_free(&lines);
}

static void add_usage(struct status *status)
{
	unsigned reads = 0;

	for (unsigned i = 0; i < status->service_count && reads < USAGE_READS_MAX; i++) {
		struct status_service *service = &status->services[i];
		struct usage usage;

		if (service->pid <= 0)
			continue;
		reads++;
		if (!usage_read(service->pid, &usage))
			continue;
		service->memory_bytes = usage.memory_bytes;
		service->cpu_ms = usage.cpu_ms;
	}
}

static int fill_status(void *context, struct arena *arena, bool usage, struct status *ret_status)
{
	const struct runtime *runtime = context;
	struct timestamp now = loop_clock();
	struct utsname names;
	int r = status_from_engine(arena, runtime->engine, now, ret_status);

	if (r < 0)
		return r;
	if (uname(&names) == 0)
		ret_status->hostname = arena_strdup(arena, names.nodename);
	ret_status->version = FIRSTHOP_VERSION;
	ret_status->uptime_ms = timestamp_elapsed_ms(runtime->started, now);
	ret_status->ready_ms = timestamp_is_never(runtime->all_ready)
				       ? -1
				       : timestamp_elapsed_ms(runtime->started, runtime->all_ready);
	ret_status->config_source = runtime->configuration->source;
	ret_status->config_problem = runtime->configuration->problem;
	ret_status->config_is_fallback = runtime->configuration->problem != NULL;
	ret_status->converged = runtime->configuration->model->frr.converged;
	ret_status->problems = messages_problems(runtime->messages, &ret_status->problem_count);
	r = status_add_findings(arena, runtime->preparation.findings, ret_status);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < ret_status->service_count; i++)
		add_output(runtime, arena, &ret_status->services[i]);
	if (usage)
		add_usage(ret_status);
	return 0;
}

static int fill_detail(
	void *context, struct arena *arena, const char *name, struct service_detail *ret_detail)
{
	const struct runtime *runtime = context;

	return detail_from_engine(arena, runtime->engine, name, loop_clock(), ret_detail);
}

static bool ask_health(void *context, enum health_level level, char *reason, size_t reason_bytes)
{
	const struct runtime *runtime = context;

	return health_check(runtime->engine, level, reason, reason_bytes);
}

static int ask_shutdown(void *context, enum node_end end)
{
	struct runtime *runtime = context;
	const struct event event = {.kind = EVENT_SHUTDOWN};

	if (end != NODE_END_POWEROFF && !runtime->machine)
		return -ENOTSUP;
	runtime->end = end;
	message(runtime->messages, MESSAGE_NOTE, "shutdown requested: stopping all services");
	runtime_feed(runtime, &event);
	return 0;
}

static int read_logs(void *context, const char *service, unsigned lines, struct buffer *buffer)
{
	const struct runtime *runtime = context;
	int unit = service ? engine_find(runtime->engine, service) : -1;

	if (service && unit < 0)
		return -ENOENT;
	if (!service)
		messages_read(runtime->messages, lines, buffer);
	for (unsigned i = 0; i < engine_slot_count(runtime->engine); i++) {
		const struct channel *channel = act_channel(runtime, i);

		if (channel && (!service || (unsigned)unit == i))
			channel_read(channel, lines, !service, buffer);
	}
	return 0;
}

static int read_records(
	void *context, uint64_t client, const struct log_query *query, struct buffer *out)
{
	struct runtime *runtime = context;

	for (unsigned i = 0; i < query->name_count; i++)
		if (engine_find(runtime->engine, query->names[i]) < 0 &&
			strcmp(query->names[i], RECORD_OWN_NAME) != 0)
			return -ENOENT;
	return follow_answer(&runtime->journal, client, query, out);
}

static void forget_client(void *context, uint64_t client)
{
	struct runtime *runtime = context;

	follow_end(&runtime->journal, client);
}

static int read_boot(void *context, struct arena *arena, struct boot *ret_boot)
{
	const struct runtime *runtime = context;
	struct utsname names;
	int r = boot_record_read(runtime->boot, arena, loop_clock(), ret_boot);

	if (r < 0)
		return r;
	ret_boot->version = FIRSTHOP_VERSION;
	if (uname(&names) == 0)
		ret_boot->hostname = arena_strdup(arena, names.nodename);
	return 0;
}

void answer_open(struct runtime *runtime)
{
	runtime->control_operations = (struct control_operations){
		.context = runtime,
		.status = fill_status,
		.detail = fill_detail,
		.health = ask_health,
		.shutdown = ask_shutdown,
		.reload = answer_reload,
		.order = answer_order,
		.look = answer_look,
		.logs = read_logs,
		.boot = read_boot,
		.records = read_records,
		.gone = forget_client,
	};
	if (!runtime->rundir) {
		message(runtime->messages, MESSAGE_WARNING,
			"no run directory can be written: `firsthop status` will not work; mount a "
			"tmpfs on /run");
		return;
	}
	int r = control_open(
		runtime->loop, runtime->rundir, &runtime->control_operations, &runtime->control);

	if (r < 0)
		message(runtime->messages, MESSAGE_WARNING,
			"no control socket in %s: %s; `firsthop status` will not work",
			runtime->rundir, strerror(-r));
	else
		answer_configure(runtime);
}

void answer_configure(struct runtime *runtime)
{
	const char *name = runtime->configuration->model->node.control_group;
	gid_t group = CONTROL_NO_GROUP;
	int r;

	if (!runtime->control)
		return;
	r = name ? passwd_find_group(name, &group) : 0;
	if (r == 0)
		r = control_set_readers(runtime->control, group);
	if (r < 0)
		message(runtime->messages, MESSAGE_WARNING,
			"control_group %s: %s; only root may look", name ? name : "(none)",
			r == -ENOENT ? "there is no such group" : strerror(-r));
}

void answer_status(struct runtime *runtime)
{
	const struct table_style style = {.columns = 80};
	struct arena arena = {0};
	struct buffer text = {0};
	struct status status;

	if (fill_status(runtime, &arena, true, &status) == 0)
		status_write_text(&text, &status, &style);
	/* Also onto the console's terminal: somebody has asked for it. */
	if (text.length && !text.failed)
		(void)outgoing_add(runtime->outgoing,
			&(struct iovec){.iov_base = text.data, .iov_len = text.length}, 1, true);
	buffer_free(&text);
	arena_free(&arena);
}

void answer_frr_status(struct runtime *runtime, struct buffer *text)
{
	const struct table_style style = {.columns = 80};
	struct arena arena = {0};
	struct status status;
	unsigned count = 0;

	if (fill_status(runtime, &arena, true, &status) == 0) {
		for (unsigned i = 0; i < status.service_count; i++) {
			struct unit_view view;

			engine_view(runtime->engine, status.services[i].unit, &view);
			if (view.spec->from_frr)
				status.services[count++] = status.services[i];
		}
		status.service_count = count;
		status.problem_count = status.finding_count = 0; /* of the node, not of FRR */
		status_write_text(text, &status, &style);
	}
	arena_free(&arena);
}

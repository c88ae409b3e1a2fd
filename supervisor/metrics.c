/* What of a status is a metric: a family is a row of a table, with a function that gives the value
 * of the node, or of one service. */
#include "supervisor/metrics_text.h"

#include "supervisor/buffer.h"
#include "supervisor/status.h"

static const struct label no_label = {NULL, NULL};

static struct value count(uint64_t number)
{
	return (struct value){true, number, 0};
}

static struct value seconds(int64_t ms)
{
	if (ms < 0)
		return (struct value){.is_known = false};
	return (struct value){true, (uint64_t)ms / 1000, (unsigned)(ms % 1000)};
}

static struct value truth(bool known, bool yes)
{
	return (struct value){known, yes, 0};
}

/* ---- the node ---- */

static struct value uptime(const struct status *status)
{
	return seconds(status->uptime_ms);
}

static struct value ready(const struct status *status)
{
	return truth(true, status->all_ready);
}

static struct value boot_ready(const struct status *status)
{
	return seconds(status->ready_ms);
}

static struct value stop_left(const struct status *status)
{
	return seconds(status->stop_left_ms);
}

static struct value fallback(const struct status *status)
{
	return truth(true, status->config_is_fallback);
}

static struct value wanted(const struct status *status)
{
	return count(status->wanted);
}

static struct value services_ready(const struct status *status)
{
	return count(status->ready);
}

static struct value services_failed(const struct status *status)
{
	return count(status->failed);
}

static struct value problems(const struct status *status)
{
	return count(status->problem_count);
}

static const struct {
	struct family family;
	struct value (*value)(const struct status *status);
} of_node[] = {
	{{"uptime_seconds", TYPE_GAUGE, "seconds", "Since PID 1 started."}, uptime},
	{{"ready", TYPE_GAUGE, NULL, "Is every wanted service ready (1) or not (0)."}, ready},
	{{"boot_ready_seconds", TYPE_GAUGE, "seconds",
		 "From the start of PID 1 until every wanted service was ready first."},
		boot_ready},
	{{"stop_left_seconds", TYPE_GAUGE, "seconds",
		 "What is left of the stop budget, while the node stops."},
		stop_left},
	{{"config_fallback", TYPE_GAUGE, NULL,
		 "Is it another configuration than was asked for, because that one is bad."},
		fallback},
	{{"services_wanted", TYPE_GAUGE, NULL, "Services that should be there."}, wanted},
	{{"services_ready", TYPE_GAUGE, NULL, "Services that are."}, services_ready},
	{{"services_failed", TYPE_GAUGE, NULL, "Services that have failed for good."},
		services_failed},
	{{"boot_problems", TYPE_GAUGE, NULL, "Warnings and errors of the boot."}, problems},
};

static void write_node(const struct exposition *exposition)
{
	const struct status *status = exposition->status;
	static const struct family build = {"build", TYPE_INFO, NULL, "The firsthop that runs."};
	static const struct family phase = {
		"phase", TYPE_STATESET, NULL, "How far the node has come to its end."};
	static const struct family findings = {"preparation_findings", TYPE_GAUGE, NULL,
		"What the preparation of the node has found, by how it is."};

	metrics_begin(exposition, &build);
	metrics_sample(exposition, &build,
		(struct label){"version", status->version ? status->version : ""},
		(struct label){"hostname", status->hostname ? status->hostname : ""}, count(1));
	metrics_begin(exposition, &phase);
	for (unsigned i = 0; i < PHASE_COUNT; i++)
		metrics_sample(exposition, &phase,
			(struct label){"firsthop_phase", phase_name((enum phase)i)}, no_label,
			count(i == (unsigned)status->phase));
	for (unsigned i = 0; i < sizeof(of_node) / sizeof(of_node[0]); i++) {
		struct value value = of_node[i].value(status);

		if (!value.is_known)
			continue;
		metrics_begin(exposition, &of_node[i].family);
		metrics_sample(exposition, &of_node[i].family, no_label, no_label, value);
	}
	metrics_begin(exposition, &findings);
	for (unsigned i = 0; i < FINDING_STATE_COUNT; i++)
		metrics_sample(exposition, &findings,
			(struct label){"state", finding_state_name((enum finding_state)i)},
			no_label, count(status->finding_counts[i]));
}

/* ---- each service ---- */

static struct value service_up(const struct status_service *service)
{
	return truth(true, state_satisfies_need(service->state));
}

static struct value service_wanted(const struct status_service *service)
{
	return truth(true, service->wanted);
}

static struct value service_restarts(const struct status_service *service)
{
	return count(service->restarts);
}

static struct value service_uptime(const struct status_service *service)
{
	return seconds(service->uptime_ms);
}

static struct value service_ready(const struct status_service *service)
{
	return seconds(service->ready_ms);
}

static struct value service_memory(const struct status_service *service)
{
	if (service->memory_bytes < 0)
		return (struct value){.is_known = false};
	return count((uint64_t)service->memory_bytes);
}

static struct value service_cpu(const struct status_service *service)
{
	return seconds(service->cpu_ms);
}

static struct value service_lines(const struct status_service *service)
{
	return count(service->lines);
}

static struct value service_dropped(const struct status_service *service)
{
	return count(service->lines_dropped);
}

static struct value service_healthy(const struct status_service *service)
{
	return truth(service->health != STATUS_HEALTH_NONE, service->health == STATUS_HEALTH_GOOD);
}

static struct value service_checks_failed(const struct status_service *service)
{
	return count(service->checks_failed);
}

static const struct {
	struct family family;
	struct value (*value)(const struct status_service *service);
} of_services[] = {
	{{"service_up", TYPE_GAUGE, NULL, "Is it ready, or has it done its work (1)."}, service_up},
	{{"service_wanted", TYPE_GAUGE, NULL, "Should it be up (1)."}, service_wanted},
	{{"service_restarts", TYPE_COUNTER, NULL, "Starts after a failure, or by request."},
		service_restarts},
	{{"service_uptime_seconds", TYPE_GAUGE, "seconds", "Since its main process started."},
		service_uptime},
	{{"service_ready_seconds", TYPE_GAUGE, "seconds",
		 "From the start of its main process until it was ready."},
		service_ready},
	{{"service_memory_bytes", TYPE_GAUGE, "bytes", "Resident memory of its main process."},
		service_memory},
	{{"service_cpu_seconds", TYPE_COUNTER, "seconds",
		 "Processor time of its main process; begins anew with each."},
		service_cpu},
	{{"service_log_lines", TYPE_COUNTER, NULL, "Lines of its output, dropped ones included."},
		service_lines},
	{{"service_log_dropped_lines", TYPE_COUNTER, NULL,
		 "Lines of its output that were dropped, for they came too fast."},
		service_dropped},
	{{"service_healthy", TYPE_GAUGE, NULL, "Has it answered its last health check (1)."},
		service_healthy},
	{{"service_health_failures", TYPE_COUNTER, NULL,
		 "Health checks that it has not answered well."},
		service_checks_failed},
};

static void write_states(const struct exposition *exposition)
{
	const struct status *status = exposition->status;
	static const struct family state = {
		"service_state", TYPE_STATESET, NULL, "The state of each service."};

	metrics_begin(exposition, &state);
	for (unsigned i = 0; i < status->service_count; i++)
		for (unsigned s = 0; s < STATE_COUNT; s++)
			metrics_sample(exposition, &state,
				(struct label){"service", status->services[i].name},
				(struct label){"firsthop_service_state",
					state_name((enum service_state)s)},
				count(s == (unsigned)status->services[i].state));
}

static void write_family(const struct exposition *exposition, unsigned number)
{
	const struct family *family = &of_services[number].family;
	const struct status *status = exposition->status;
	bool begun = false;

	for (unsigned i = 0; i < status->service_count; i++) {
		struct value value = of_services[number].value(&status->services[i]);

		if (!value.is_known)
			continue;
		if (!begun)
			metrics_begin(exposition, family);
		begun = true;
		metrics_sample(exposition, family,
			(struct label){"service", status->services[i].name}, no_label, value);
	}
}

void metrics_write(struct buffer *buffer, const struct status *status, enum metrics_format format)
{
	const struct exposition exposition = {buffer, status, format};

	write_node(&exposition);
	if (status->service_count > 0)
		write_states(&exposition);
	for (unsigned f = 0; f < sizeof(of_services) / sizeof(of_services[0]); f++)
		write_family(&exposition, f);
	if (format == METRICS_OPENMETRICS)
		buffer_add_text(buffer, "# EOF\n");
}

/* A family is a row of a table: its name, type, unit and help; and a function that gives the value
 * of one service, or of the node. By the specification a unit ends the name, and a counter's sample
 * has _total behind that. */
#include "supervisor/metrics.h"

#include "config/text.h"
#include "supervisor/buffer.h"
#include "supervisor/status.h"

#include <inttypes.h>
#include <string.h>

enum family_type { TYPE_GAUGE, TYPE_COUNTER, TYPE_STATESET, TYPE_INFO };

static const struct {
	const char *name, *suffix;
} types[] = {
	[TYPE_GAUGE] = {"gauge", ""},
	[TYPE_COUNTER] = {"counter", "_total"},
	[TYPE_STATESET] = {"stateset", ""},
	[TYPE_INFO] = {"info", "_info"},
};

struct family {
	const char *name; /* behind "firsthop_" */
	enum family_type type;
	const char *unit; /* NULL: none */
	const char *help; /* without '\\' and newline */
};

struct exposition {
	struct buffer *buffer;
	const struct status *status;
	enum metrics_format format;
};

/* The older format has the sample's name where the newer has the family's. */
static void begin(const struct exposition *exposition, const struct family *family)
{
	struct buffer *buffer = exposition->buffer;
	bool older = exposition->format == METRICS_PROMETHEUS;
	const char *suffix = older ? types[family->type].suffix : "";
	const char *type = !older			  ? types[family->type].name
			   : family->type == TYPE_COUNTER ? "counter"
							  : "gauge";

	buffer_printf(buffer, "# TYPE firsthop_%s%s %s\n", family->name, suffix, type);
	if (family->unit && !older)
		buffer_printf(buffer, "# UNIT firsthop_%s %s\n", family->name, family->unit);
	buffer_printf(buffer, "# HELP firsthop_%s%s %s\n", family->name, suffix, family->help);
}

/* The value of a label: UTF-8, with three characters escaped. */
static void put_escaped(struct buffer *buffer, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t clean = text_check(text, left);

		for (size_t i = 0; i < clean; i++) {
			if (text[i] == '"' || text[i] == '\\')
				buffer_add(buffer, "\\", 1);
			buffer_add(buffer, &text[i], 1);
		}
		text += clean;
		left -= clean;
		if (left == 0)
			break;
		buffer_add_text(buffer, *text == '\n' ? "\\n" : "\xef\xbf\xbd");
		text++;
		left--;
	}
}

/* One sample's name and labels; a label without a name is left out. */
static void put_name(struct buffer *buffer, const struct family *family, const char *label,
	const char *value, const char *label2, const char *value2)
{
	buffer_printf(buffer, "firsthop_%s%s", family->name, types[family->type].suffix);
	if (label) {
		buffer_printf(buffer, "{%s=\"", label);
		put_escaped(buffer, value);
	}
	if (label2) {
		buffer_printf(buffer, "\",%s=\"", label2);
		put_escaped(buffer, value2);
	}
	buffer_add_text(buffer, label ? "\"} " : " ");
}

/* A number, in thousandths where it has any. */
struct value {
	bool is_known;
	uint64_t whole;
	unsigned thousandths;
};

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

static void put_value(struct buffer *buffer, struct value value)
{
	buffer_printf(buffer, "%" PRIu64, value.whole);
	if (value.thousandths)
		buffer_printf(buffer, ".%03u", value.thousandths);
	buffer_add(buffer, "\n", 1);
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
	struct buffer *buffer = exposition->buffer;
	static const struct family build = {"build", TYPE_INFO, NULL, "The firsthop that runs."};
	static const struct family phase = {
		"phase", TYPE_STATESET, NULL, "How far the node has come to its end."};
	static const struct family findings = {"preparation_findings", TYPE_GAUGE, NULL,
		"What the preparation of the node has found, by how it is."};

	begin(exposition, &build);
	put_name(buffer, &build, "version", status->version ? status->version : "", "hostname",
		status->hostname ? status->hostname : "");
	put_value(buffer, count(1));
	begin(exposition, &phase);
	for (unsigned i = 0; i < PHASE_COUNT; i++) {
		put_name(buffer, &phase, "firsthop_phase", phase_name((enum phase)i), NULL, NULL);
		put_value(buffer, count(i == (unsigned)status->phase));
	}
	for (unsigned i = 0; i < sizeof(of_node) / sizeof(of_node[0]); i++) {
		struct value value = of_node[i].value(status);

		if (!value.is_known)
			continue;
		begin(exposition, &of_node[i].family);
		put_name(buffer, &of_node[i].family, NULL, NULL, NULL, NULL);
		put_value(buffer, value);
	}
	begin(exposition, &findings);
	for (unsigned i = 0; i < FINDING_STATE_COUNT; i++) {
		put_name(buffer, &findings, "state", finding_state_name((enum finding_state)i),
			NULL, NULL);
		put_value(buffer, count(status->finding_counts[i]));
	}
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
	struct buffer *buffer = exposition->buffer;
	static const struct family state = {
		"service_state", TYPE_STATESET, NULL, "The state of each service."};

	begin(exposition, &state);
	for (unsigned i = 0; i < status->service_count; i++) {
		for (unsigned s = 0; s < STATE_COUNT; s++) {
			put_name(buffer, &state, "service", status->services[i].name,
				"firsthop_service_state", state_name((enum service_state)s));
			put_value(buffer, count(s == (unsigned)status->services[i].state));
		}
	}
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
			begin(exposition, family);
		begun = true;
		put_name(exposition->buffer, family, "service", status->services[i].name, NULL,
			NULL);
		put_value(exposition->buffer, value);
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

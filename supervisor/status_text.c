/* The status for people: what is wrong comes first. */
#include "supervisor/status.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/table.h"

#include <inttypes.h>
#include <string.h>

#define DURATION(ms)	 (human_duration(ms).text)
#define INDENT		 2 /* of a line that goes on */
#define SEVERITY_HIGHEST 4 /* of status_severity() */

enum colour status_colour(const struct status_service *service)
{
	static const enum colour by_severity[SEVERITY_HIGHEST + 1] = {
		COLOUR_NONE, COLOUR_WARN, COLOUR_WARN, COLOUR_BAD, COLOUR_BAD};
	if (service->state == STATE_READY)
		return COLOUR_GOOD;
	if (service->state == STATE_DOWN || service->state == STATE_DONE)
		return COLOUR_DIM;
	return by_severity[status_severity(service)];
}

static void add_text(struct buffer *buffer, const char *text, const struct table_style *style)
{
	human_add_printable(buffer, text, strlen(text), style->utf8);
}

/* "NAME: TEXT" on lines of its own. */
static void add_line(struct buffer *buffer, enum colour colour, const char *name, const char *text,
	const struct table_style *style)
{
	buffer_printf(buffer, "%s%s:%s ", table_colour(style, colour), name,
		table_colour_end(style, colour));
	table_wrap(buffer, style, text, human_columns(name) + 2, INDENT);
	buffer_add(buffer, "\n", 1);
}

/* "ready", "starting", "degraded", "stopping": the node in one word. */
static const char *node_word(const struct status *status, enum colour *ret_colour)
{
	*ret_colour = COLOUR_WARN;
	if (status->phase != PHASE_RUNNING)
		return phase_name(status->phase);
	if (status->all_ready) {
		*ret_colour = COLOUR_GOOD;
		return "ready";
	}
	if (!status->was_ready && status->failed == 0)
		return "starting";
	*ret_colour = COLOUR_BAD;
	return "degraded";
}

static void write_findings(
	struct buffer *buffer, const struct status *status, const struct table_style *style)
{
	struct arena arena = {0};

	for (unsigned i = 0; i < status->finding_count; i++) {
		const struct finding *finding = &status->findings[i];
		const char *line = finding_line(&arena, finding);

		if (line)
			add_line(buffer,
				finding->state == FINDING_MISSING ? COLOUR_BAD : COLOUR_WARN,
				finding_state_name(finding->state), line, style);
	}
	arena_free(&arena);
}

/* What follows the one word that says it all. */
static const char *node_text(struct arena *arena, const struct status *status)
{
	const char *text = arena_printf(arena, ", up %s", DURATION(status->uptime_ms));

	if (status->ready_ms >= 0)
		text = arena_printf(arena, "%s, ready after %s", text, DURATION(status->ready_ms));
	if (status->stop_left_ms >= 0)
		text = arena_printf(
			arena, "%s, %s left to stop", text, DURATION(status->stop_left_ms));
	text = arena_printf(
		arena, "%s; %u of %u services ready", text, status->ready, status->wanted);
	if (status->failed)
		text = arena_printf(arena, "%s, %u failed", text, status->failed);
	if (status->version)
		text = arena_printf(arena, "%s; firsthop %s", text, status->version);
	return text ? text : "";
}

static void write_node(
	struct buffer *buffer, const struct status *status, const struct table_style *style)
{
	const char *host = status->hostname ? status->hostname : "(no hostname)";
	struct arena arena = {0};
	enum colour colour;
	const char *word = node_word(status, &colour);

	add_text(buffer, host, style);
	buffer_printf(buffer, ": %s%s%s", table_colour(style, colour), word,
		table_colour_end(style, colour));
	table_wrap(buffer, style, node_text(&arena, status),
		human_columns(host) + 2 + human_columns(word), INDENT);
	buffer_add(buffer, "\n", 1);
	arena_free(&arena);
	if (status->config_source)
		add_line(buffer, status->config_is_fallback ? COLOUR_BAD : COLOUR_NONE,
			status->config_is_fallback ? "configuration (fallback)" : "configuration",
			status->config_source, style);
	if (status->config_problem)
		add_line(
			buffer, COLOUR_BAD, "configuration problem", status->config_problem, style);
	for (unsigned i = 0; i < status->problem_count; i++)
		add_line(buffer, COLOUR_WARN, "problem", status->problems[i], style);
	write_findings(buffer, status, style);
}

/* Why it is not up and how it ended last, in one phrase; NULL: nothing to say. */
static const char *detail_text(struct arena *arena, const struct status_service *service)
{
	/* How it ended long ago is no news about a service that is well. */
	const char *last = service->state == STATE_READY ? NULL : service->last;
	const char *text = last;

	if (service->reason)
		text = last ? arena_printf(arena, "%s; %s", service->reason, last)
			    : service->reason;
	if (service->lines_dropped > 0)
		text = arena_printf(arena, "%s%s%" PRIu64 " lines of output dropped",
			text ? text : "", text ? "; " : "", service->lines_dropped);
	return text;
}

static void add_service_row(struct table *table, const struct status_service *service)
{
	const char *detail = detail_text(table->arena, service);

	table_begin_row(table);
	table_cell(table, COLOUR_NONE, "%s", service->name);
	table_cell(table, status_colour(service), "%s", state_name(service->state));
	if (service->pid > 0)
		table_cell(table, COLOUR_NONE, "%d", (int)service->pid);
	else
		table_cell(table, COLOUR_DIM, "-");
	table_cell(table, COLOUR_NONE, "%s", DURATION(service->uptime_ms));
	table_cell(table, service->restarts ? COLOUR_WARN : COLOUR_NONE, "%u", service->restarts);
	table_cell(table, COLOUR_NONE, "%s", human_bytes(service->memory_bytes).text);
	table_cell(table, COLOUR_NONE, "%s", DURATION(service->cpu_ms));
	if (detail)
		table_cell(table, COLOUR_NONE, "%s", detail);
}

static void write_services(
	struct buffer *buffer, const struct status *status, const struct table_style *style)
{
	static const struct table_column columns[] = {
		{.title = "SERVICE"},
		{.title = "STATE"},
		{.title = "PID", .right = true},
		{.title = "UPTIME", .right = true},
		{.title = "RESTARTS", .right = true},
		{.title = "MEMORY", .right = true},
		{.title = "CPU", .right = true},
		{.title = "DETAIL"},
	};
	static const unsigned ranks[] = {0, 0, 0, 1, 2, 3, 4, 0};
	struct arena arena = {0};
	struct table table = {
		.arena = &arena,
		.columns = columns,
		.ranks = ranks,
		.column_count = sizeof(columns) / sizeof(columns[0]),
	};

	_Static_assert(sizeof(ranks) / sizeof(ranks[0]) == sizeof(columns) / sizeof(columns[0]),
		"a rank for each column");
	for (unsigned severity = SEVERITY_HIGHEST + 1; severity-- > 0;)
		for (unsigned i = 0; i < status->service_count; i++)
			if (status_severity(&status->services[i]) == severity)
				add_service_row(&table, &status->services[i]);
	table_write(&table, buffer, style);
	arena_free(&arena);
}

static void write_outputs(
	struct buffer *buffer, const struct status *status, const struct table_style *style)
{
	for (unsigned i = 0; i < status->service_count; i++) {
		const struct status_service *service = &status->services[i];

		if (status_severity(service) < 3 || (!service->output && !service->crash))
			continue;
		buffer_add(buffer, "\n", 1);
		add_text(buffer, service->name, style);
		if (service->output) {
			buffer_add_text(buffer, " said last:\n");
			human_add_lines(buffer, service->output, "    ", style->utf8);
		}
		if (service->crash)
			add_line(buffer, COLOUR_NONE,
				service->output ? "what is known of its end is in"
						: ", what is known of its end is in",
				service->crash, style);
	}
}

void status_write_text(
	struct buffer *buffer, const struct status *status, const struct table_style *style)
{
	write_node(buffer, status, style);
	if (status->service_count > 0)
		buffer_add(buffer, "\n", 1);
	write_services(buffer, status, style);
	write_outputs(buffer, status, style);
}

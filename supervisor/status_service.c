/* One service on a page of its own, for people. */
#include "supervisor/status.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/human.h"

#include <inttypes.h>
#include <string.h>

#define DURATION(ms) (human_duration(ms).text)

/* A line of the page: what, and how it is with that. Each part of it is a table of its own, so that
 * a long key does not push all others aside. */
static void add_row(struct table *table, const char *name, const char *text)
{
	table_begin_row(table);
	table_cell(table, COLOUR_DIM, "  %s", name);
	table_cell(table, COLOUR_NONE, "%s", text);
}

static const char *process_text(struct arena *arena, const struct status_service *service)
{
	const char *text = arena_printf(arena, "pid %d", (int)service->pid);

	if (service->uptime_ms >= 0)
		text = arena_printf(arena, "%s, up %s", text, DURATION(service->uptime_ms));
	if (service->ready_ms >= 0)
		text = arena_printf(arena, "%s, ready after %s", text, DURATION(service->ready_ms));
	return text;
}

static const char *usage_text(struct arena *arena, const struct status_service *service)
{
	return arena_printf(arena, "%s of memory (resident), %s of processor time",
		human_bytes(service->memory_bytes).text, DURATION(service->cpu_ms));
}

static void add_state(struct table *table, const struct status_service *service, bool with_last)
{
	static const char *const health[STATUS_HEALTH_COUNT] = {
		[STATUS_HEALTH_GOOD] = "answers", [STATUS_HEALTH_FAILING] = "does not answer"};
	struct arena *arena = table->arena;

	if (service->reason)
		add_row(table, "reason", service->reason);
	if (service->last && with_last)
		add_row(table, "last end", service->last);
	if (service->pid > 0)
		add_row(table, "process", process_text(arena, service));
	if (service->memory_bytes >= 0)
		add_row(table, "uses", usage_text(arena, service));
	if (health[service->health])
		add_row(table, "health", health[service->health]);
	add_row(table, "restarts", arena_printf(arena, "%u", service->restarts));
	if (service->lines_dropped > 0)
		add_row(table, "lines dropped",
			arena_printf(arena, "%" PRIu64 " of its output", service->lines_dropped));
	if (service->crash)
		add_row(table, "crash", service->crash);
}

static void add_past(struct table *table, const struct service_detail *detail)
{
	const char *names = "";

	for (unsigned i = 0; names && i < detail->needed_by_count; i++)
		names = arena_printf(
			table->arena, "%s%s%s", names, i ? " " : "", detail->needed_by[i]);
	if (detail->needed_by_count > 0)
		add_row(table, "needed by", names);
	for (unsigned i = 0; i < detail->end_count; i++)
		add_row(table, i ? "" : "ended",
			arena_printf(table->arena, "%s ago: %s", DURATION(detail->ends[i].ago_ms),
				detail->ends[i].text));
}

static void write_keys(struct arena *arena, struct buffer *buffer,
	const struct service_detail *detail, const struct table_style *style)
{
	static const struct table_column columns[] = {{.title = ""}, {.title = ""}};
	struct table table = {
		.arena = arena, .columns = columns, .column_count = 2, .untitled = true};

	if (detail->key_count > 0)
		buffer_add_text(buffer, "  configuration:\n");
	for (unsigned i = 0; i < detail->key_count; i++) {
		table_begin_row(&table);
		table_cell(&table, COLOUR_DIM, "    %s", detail->keys[i].key);
		table_cell(&table, COLOUR_NONE, "%s", detail->keys[i].value);
	}
	table_write(&table, buffer, style);
}

void status_write_service(struct buffer *buffer, const struct status_service *service,
	const struct service_detail *detail, const struct table_style *style)
{
	static const struct table_column columns[] = {{.title = ""}, {.title = ""}};
	enum colour colour = status_colour(service);
	struct arena arena = {0};
	struct table table = {
		.arena = &arena, .columns = columns, .column_count = 2, .untitled = true};

	human_add_printable(buffer, service->name, strlen(service->name), style->utf8);
	buffer_printf(buffer, ": %s, %s%s%s for %s\n", service_type_name(service->type),
		table_colour(style, colour), state_name(service->state),
		table_colour_end(style, colour), DURATION(service->since_ms));
	add_state(&table, service, !detail || detail->end_count == 0);
	if (detail)
		add_past(&table, detail);
	table_write(&table, buffer, style);
	if (service->output) {
		buffer_add_text(buffer, "  said last:\n");
		human_add_lines(buffer, service->output, "    ", style->utf8);
	}
	if (detail)
		write_keys(&arena, buffer, detail, style);
	arena_free(&arena);
}

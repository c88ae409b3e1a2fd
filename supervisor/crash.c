#include "supervisor/crash.h"

#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define CRASH_JSON_VERSION 1

enum { KEPT_IN_A_ROW = 3 };

bool crash_is_due(unsigned failures)
{
	return failures <= KEPT_IN_A_ROW || (failures & (failures - 1)) == 0;
}

void crash_name(char name[CRASH_NAME_BYTES], unsigned number, const char *service)
{
	if (number > CRASH_NUMBER_MAX)
		number = CRASH_NUMBER_MAX;
	(void)snprintf(name, CRASH_NAME_BYTES, "%06u.%.*s", number, SERVICE_NAME_MAX, service);
}

bool crash_name_parse(const char *name, unsigned *ret_number)
{
	size_t digits = strspn(name, "0123456789");

	if (digits < 6 || digits > 9 || name[digits] != '.' || !name[digits + 1] ||
		strlen(name) >= CRASH_NAME_BYTES)
		return false;
	*ret_number = (unsigned)strtoul(name, NULL, 10);
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct crash_entry *first = a, *second = b;

	return first->number < second->number ? -1 : first->number > second->number;
}

unsigned crash_surplus(struct crash_entry *entries, unsigned count, uint64_t bytes, unsigned keep,
	uint64_t bytes_max)
{
	uint64_t total = bytes;
	unsigned first = 0;

	qsort(entries, count, sizeof(*entries), compare);
	for (unsigned i = 0; i < count; i++)
		total += entries[i].bytes;
	while (first < count && (count - first >= keep || total > bytes_max))
		total -= entries[first++].bytes;
	return first;
}

static void write_status(struct json *json, const struct crash *crash)
{
	bool exited = crash->has_status && WIFEXITED(crash->status);
	bool killed = crash->has_status && WIFSIGNALED(crash->status);

	json_int_or_null(json, "exit_code", exited ? WEXITSTATUS(crash->status) : -1);
	json_int_or_null(json, "signal", killed ? WTERMSIG(crash->status) : -1);
	json_string(
		json, "signal_name", killed ? signal_short_name(WTERMSIG(crash->status)) : NULL);
	json_bool(json, "core_dumped", killed && WCOREDUMP(crash->status));
	json_string(json, "core_pattern", crash->core_pattern);
}

static void write_usage(struct json *json, const struct crash_usage *usage)
{
	const struct {
		const char *key;
		int64_t value;
	} rows[] = {
		{"user_us", usage->user_us},
		{"system_us", usage->system_us},
		{"memory_max_kib", usage->memory_max_kib},
		{"minor_faults", usage->minor_faults},
		{"major_faults", usage->major_faults},
		{"blocks_in", usage->blocks_in},
		{"blocks_out", usage->blocks_out},
		{"voluntary_switches", usage->switches},
		{"involuntary_switches", usage->preemptions},
	};

	json_open_object(json, "usage");
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		json_int(json, rows[i].key, rows[i].value);
	json_close_object(json);
}

static void write_limit(struct json *json, const char *key, uint64_t value)
{
	json_int_or_null(json, key, value > INT64_MAX ? -1 : (int64_t)value);
}

static void write_list(struct json *json, const char *key, const char *const *list)
{
	json_open_array(json, key);
	for (; list && *list; list++)
		json_string(json, NULL, *list);
	json_close_array(json);
}

void crash_write_json(struct buffer *buffer, const struct crash *crash)
{
	struct json json = {.buffer = buffer};

	json_open_object(&json, NULL);
	json_int(&json, "version", CRASH_JSON_VERSION);
	json_string(&json, "firsthop", crash->version);
	json_string(&json, "hostname", crash->hostname);
	json_string(&json, "service", crash->service);
	json_string(&json, "role", crash->role);
	json_string(&json, "text", crash->text);
	json_string(&json, "cure", crash->cure);
	json_string(&json, "time", crash->time);
	json_string(&json, "started", crash->started);
	json_int_or_null(&json, "ran_ms", crash->ran_ms);
	json_int_or_null(&json, "ready_ms", crash->ready_ms);
	json_int(&json, "attempt", crash->attempt);
	json_int(&json, "restarts", crash->restarts);
	json_int(&json, "failures", crash->failures);
	json_int_or_null(&json, "pid", crash->pid > 0 ? crash->pid : -1);
	write_status(&json, crash);
	if (crash->usage)
		write_usage(&json, crash->usage);
	else
		json_string(&json, "usage", NULL);
	json_open_object(&json, "limits");
	for (unsigned i = 0; i < crash->limit_count; i++) {
		json_open_object(&json, crash->limits[i].name);
		write_limit(&json, "soft", crash->limits[i].soft);
		write_limit(&json, "hard", crash->limits[i].hard);
		json_close_object(&json);
	}
	json_close_object(&json);
	json_string(&json, "user", crash->user);
	json_string(&json, "directory", crash->directory);
	write_list(&json, "command", crash->command);
	write_list(&json, "environment", crash->variables);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
}

static void add_row(struct buffer *buffer, const char *title, const char *text)
{
	if (!text)
		return;
	buffer_printf(buffer, "%-13s ", title);
	human_add_printable(buffer, text, strlen(text), true);
	buffer_add(buffer, "\n", 1);
}

static void add_words(struct buffer *buffer, const char *title, const char *const *words)
{
	struct buffer line = {0};

	for (unsigned i = 0; words && words[i]; i++)
		buffer_printf(&line, "%s%s", i ? " " : "", words[i]);
	if (line.length && !line.failed)
		add_row(buffer, title, line.data);
	buffer_free(&line);
}

static void add_limit(struct buffer *buffer, uint64_t value)
{
	if (value > INT64_MAX)
		buffer_add_text(buffer, "unlimited");
	else
		buffer_printf(buffer, "%" PRIu64, value);
}

static void add_limits(struct buffer *buffer, const struct crash *crash)
{
	for (unsigned i = 0; i < crash->limit_count; i++) {
		buffer_printf(buffer, "%s %-7s", i ? "             " : "limits       ",
			crash->limits[i].name);
		buffer_add(buffer, " ", 1);
		add_limit(buffer, crash->limits[i].soft);
		buffer_add_text(buffer, " of ");
		add_limit(buffer, crash->limits[i].hard);
		buffer_add(buffer, "\n", 1);
	}
}

static void add_usage(struct buffer *buffer, const struct crash_usage *usage)
{
	buffer_printf(buffer,
		"%-13s %" PRId64 ".%03d s user, %" PRId64 ".%03d s system\n"
		"%-13s %" PRId64 " KiB at most; %" PRId64 " page faults, %" PRId64 " from disk\n",
		"processor", usage->user_us / 1000000, (int)(usage->user_us / 1000 % 1000),
		usage->system_us / 1000000, (int)(usage->system_us / 1000 % 1000), "memory",
		usage->memory_max_kib, usage->minor_faults, usage->major_faults);
}

void crash_write_text(struct buffer *buffer, const struct crash *crash)
{
	bool core = crash->has_status && WIFSIGNALED(crash->status) && WCOREDUMP(crash->status);

	buffer_printf(buffer, "%s ", crash->service);
	if (crash->text)
		human_add_printable(buffer, crash->text, strlen(crash->text), true);
	buffer_add_text(buffer, "\n\n");
	add_row(buffer, "cure", crash->cure);
	add_row(buffer, "ended", crash->time);
	add_row(buffer, "started", crash->started);
	if (crash->ran_ms >= 0)
		add_row(buffer, "ran for", human_duration(crash->ran_ms).text);
	if (crash->ready_ms >= 0)
		add_row(buffer, "ready after", human_duration(crash->ready_ms).text);
	buffer_printf(buffer, "%-13s %u, and failure %u in a row\n", "attempt", crash->attempt,
		crash->failures);
	if (crash->pid > 0)
		buffer_printf(buffer, "%-13s %d (%s)\n", "pid", (int)crash->pid,
			crash->role ? crash->role : "?");
	if (crash->has_status)
		buffer_printf(buffer, "%-13s 0x%04x\n", "wait status", (unsigned)crash->status);
	buffer_printf(buffer, "%-13s %s; core_pattern is ", "core", core ? "dumped" : "not dumped");
	if (crash->core_pattern)
		human_add_printable(buffer, crash->core_pattern, strlen(crash->core_pattern), true);
	else
		buffer_add_text(buffer, "not known");
	buffer_add(buffer, "\n", 1);
	if (crash->usage)
		add_usage(buffer, crash->usage);
	add_row(buffer, "user", crash->user);
	add_row(buffer, "directory", crash->directory);
	add_words(buffer, "command", crash->command);
	add_words(buffer, "environment", crash->variables);
	add_limits(buffer, crash);
	add_row(buffer, "hostname", crash->hostname);
	add_row(buffer, "firsthop", crash->version);
}

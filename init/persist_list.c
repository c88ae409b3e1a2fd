#include "init/persist_list.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/persist_file.h"
#include "init/persist_store.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* What the generations are compared with. */
struct listing {
	const struct persist *spec;
	struct arena *arena;
	struct persist_store store;
	struct persist_bytes path, in_store; /* data NULL: it is not there */
	bool path_found, store_found;
	struct table *table; /* where it is written, or … */
	struct json *json;
};

static const char *time_text(struct arena *arena, time_t when)
{
	char text[32];
	struct tm parts;

	if (!gmtime_r(&when, &parts) ||
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts) == 0)
		return "-";
	return arena_strdup(arena, text);
}

/* A line for the file; nothing when there is none. */
static void add_file(struct listing *listing, const char *name, const char *path, const char *note)
{
	struct stat info;

	if (!path || stat(path, &info) < 0)
		return;
	if (listing->json) {
		json_open_object(listing->json, NULL);
		json_string(listing->json, "generation", name);
		json_int(listing->json, "written", info.st_mtime);
		json_int(listing->json, "bytes", info.st_size);
		json_string(listing->json, "is", note && *note ? note : NULL);
		json_close_object(listing->json);
		return;
	}
	const char *when = time_text(listing->arena, info.st_mtime);

	table_begin_row(listing->table);
	table_cell(listing->table, COLOUR_NONE, "%s", name);
	table_cell(listing->table, COLOUR_DIM, "%s", when ? when : "-");
	table_cell(listing->table, COLOUR_NONE, "%lld", (long long)info.st_size);
	table_cell(listing->table, COLOUR_NONE, "%s", note ? note : "");
}

static void add_generation(struct listing *listing, unsigned number)
{
	const char *path = persist_store_generation(listing->arena, &listing->store, number);
	const char *name = arena_printf(listing->arena, "%u", number);

	if (!path || !name)
		return;
	bool is_path = listing->path.data && persist_file_has(path, &listing->path);
	bool is_store = listing->in_store.data && persist_file_has(path, &listing->in_store);

	listing->path_found |= is_path;
	listing->store_found |= is_store;
	add_file(listing, name, path,
		is_path && is_store ? "path, store"
		: is_path	    ? "path"
		: is_store	    ? "store"
				    : "");
}

static void fill(struct listing *listing)
{
	const struct persist *spec = listing->spec;
	const struct persist_store *store = &listing->store;

	for (unsigned i = store->count; i-- > 0;)
		add_generation(listing, store->numbers[i]);
	if (listing->in_store.data && !listing->store_found)
		add_file(listing, "store", spec->store,
			"changed by hand, put back at the next boot");
	if (listing->path.data && !listing->path_found)
		add_file(listing, "path", spec->path, "not kept");
	if (spec->day0)
		add_file(listing, "day0", spec->day0, spec->day0);
	add_file(listing, "edited", persist_store_file(listing->arena, store, "edited"),
		"was in the store before a save");
	add_file(listing, "replaced", persist_store_file(listing->arena, store, "replaced"),
		"was at path before another was put back");
}

/* Opens what the listing compares with, and fills it in. 0 or -errno. */
static int look(struct listing *listing)
{
	int r = persist_store_open(listing->arena, listing->spec, &listing->store);

	if (r < 0)
		return r;
	/* What cannot be read is like nothing else. */
	(void)persist_file_read(listing->arena, listing->spec->path, &listing->path);
	(void)persist_file_read(listing->arena, listing->spec->store, &listing->in_store);
	fill(listing);
	return listing->arena->failed ? -ENOMEM : 0;
}

int persist_list(struct buffer *out, const struct persist *spec, const struct table_style *style)
{
	static const struct table_column columns[] = {
		{"GENERATION", false}, {"WRITTEN (UTC)", false}, {"BYTES", true}, {"IS", false}};
	struct arena arena = {0};
	struct table table = {.arena = &arena,
		.columns = columns,
		.column_count = sizeof(columns) / sizeof(columns[0])};
	struct listing listing = {.spec = spec, .arena = &arena, .table = &table};
	int r = look(&listing);

	if (r == 0) {
		buffer_printf(out, "%s: %s, kept in %s\n", spec->name, spec->path, spec->store);
		table_write(&table, out, style);
	}
	arena_free(&arena);
	return r;
}

int persist_list_json(struct json *json, const struct persist *spec)
{
	struct arena arena = {0};
	struct listing listing = {.spec = spec, .arena = &arena, .json = json};

	json_open_object(json, NULL);
	json_string(json, "name", spec->name);
	json_string(json, "path", spec->path);
	json_string(json, "store", spec->store);
	json_open_array(json, "generations");
	int r = look(&listing);

	json_close_array(json);
	json_close_object(json);
	arena_free(&arena);
	return r;
}

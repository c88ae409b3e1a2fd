/* show_json: a configuration as JSON: all that was set in it, and where. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_SHOW_JSON_H
#define FIRSTHOP_SUPERVISOR_SHOW_JSON_H

struct arena;
struct buffer;
struct model;

/* Version 1, see doc/json.md. `source`: where it was read. 0 or -ENOMEM. */
int show_write_json(
	struct buffer *buffer, struct arena *arena, const struct model *model, const char *source);

#endif

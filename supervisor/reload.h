/* reload: what another configuration changes, told to whoever has it read. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_RELOAD_H
#define FIRSTHOP_SUPERVISOR_RELOAD_H

#include "config/changes.h"
#include "config/diag.h"

#include <stdbool.h>

struct arena;
struct buffer;
struct engine;
struct model;
struct table_style;

enum reload_effect {
	RELOAD_START, /* a service that is new */
	RELOAD_STOP,
	RELOAD_RESTART,
	RELOAD_ADD, /* what is not a service, or not to be started */
	RELOAD_REMOVE,
	RELOAD_CHANGE, /* without a restart */
	RELOAD_EFFECT_COUNT
};

struct reload_change {
	enum reload_effect effect;
	const char *section, *name; /* as in struct changed_section */
	const struct changed_key *keys;
	unsigned key_count;
};

struct reload_diag {
	const char *file;
	unsigned line; /* 0: the file as a whole */
	enum severity severity;
	const char *message;
};

struct reload_report {
	bool accepted; /* there is no error in it */
	bool applied;  /* and it was taken over */
	const char *source;
	const struct reload_diag *diags;
	unsigned diag_count, diags_dropped;
	struct reload_change *changes;
	unsigned change_count;
};

/* Copies what was said about it, with all texts, into `arena`. 0 or -ENOMEM. */
int reload_note_diags(struct arena *arena, const struct diags *diags, struct reload_report *report);

/* From what differs between the running model and `to`: what becomes of each. The texts stay those
 * of `changes`. 0 or -ENOMEM. */
int reload_note_changes(struct arena *arena, const struct engine *engine, const struct model *to,
	const struct changes *changes, struct reload_report *report);

/* "start", "stop", "restart", "add", "remove", "change". */
const char *reload_effect_name(enum reload_effect effect);

/* "file:line: error: message" for each; what came from outside is made printable. */
void reload_write_diags(
	struct buffer *buffer, const struct reload_report *report, const struct table_style *style);
/* What has changed, or would, key by key. */
void reload_write_text(
	struct buffer *buffer, const struct reload_report *report, const struct table_style *style);
/* All of it as JSON, version 1, see doc/json.md. */
void reload_write_json(struct buffer *buffer, const struct reload_report *report);

#endif

/* keys: the one table of all that a configuration may say. The parser, the checker, the printer,
 * service_diff() and the manual page read it; a key is added here and nowhere else. */
#ifndef FIRSTHOP_CONFIG_KEYS_H
#define FIRSTHOP_CONFIG_KEYS_H

#include "config/model.h"

struct arena;
struct key;
struct text;

/* What a parser gets: one value, and where to say what is wrong with it. */
struct value {
	struct arena *arena; /* owns what is made of it */
	struct diags *diags;
	struct origin origin;
	const struct key *key;
	const char
		*text; /* not to be kept; without quotes unless the kind is raw; no blanks around */
};

/* A kind of value: how it is read into the structure at `base`, and how it is printed from there so
 * that it reads back the same. */
struct value_kind {
	const char *expects; /* for messages and the manual: "a time, such as 500ms, …" */
	/* False when the value is wrong, which was said, or memory lacks; `base` is as before. */
	bool (*parse)(const struct value *value, void *base);
	void (*print)(struct text *out, const struct key *key, const void *base);
	bool raw; /* made of words: parse gets the value with its quotes */
	/* The key may stand several times, each adds; an empty value takes back what was there.
	 * Such a kind is printed item by item when one line does not hold them all, or when it
	 * has no `print`. */
	unsigned (*count)(const struct key *key, const void *base);
	void (*print_item)(
		struct text *out, const struct key *key, const void *base, unsigned item);
	void (*clear)(const struct key *key, void *base);
};

enum section_kind {
	SECTION_NODE,
	SECTION_SYSCTL,
	SECTION_MODULE,
	SECTION_VRF,
	SECTION_INTERFACE,
	SECTION_PERSIST,
	SECTION_SIGNALS,
	SECTION_FRR,
	SECTION_SERVICE,
	SECTION_KIND_COUNT
};

enum { /* bits of key.types */
	FOR_DAEMON = 1 << SERVICE_DAEMON,
	FOR_ONESHOT = 1 << SERVICE_ONESHOT,
	FOR_CONSOLE = 1 << SERVICE_CONSOLE,
	FOR_ALL = FOR_DAEMON | FOR_ONESHOT | FOR_CONSOLE,
};

/* What a change of the key means for a service that runs; see service_diff(). */
enum key_change { CHANGES_POLICY, CHANGES_PROCESS };

struct key {
	enum section_kind section;
	const char *name;
	const struct value_kind *kind;
	size_t offset;	    /* of the field in the section's structure in config/model.h */
	size_t also;	    /* of a second field that belongs to it, see the kind */
	const void *detail; /* further data of the kind */
	/* As it would be written, by service type ([0] for other sections); NULL: stays zero. */
	const char *defaults[SERVICE_TYPE_COUNT];
	unsigned types; /* FOR_…, 0 outside [service] */
	enum key_change change;
	const char *doc; /* one line for the manual */
};

extern const struct key keys[];
extern const unsigned key_count;

/* What names there may be in [KIND NAME]. */
struct section_names {
	bool (*is_valid)(const char *name);
	const char *what;    /* "no name for ...": "a service" */
	const char *expects; /* "letters and digits" */
	const char *example;
};

struct section {
	const char *name;
	const struct section_names *names; /* NULL: [KIND] stands alone */
	const char *doc;
};

extern const struct section sections[SECTION_KIND_COUNT];

/* A key that was set, newest first. */
struct setting {
	const struct setting *next;
	const struct key *key;
	struct origin origin;
	bool generated; /* by [frr], not by the user */
};

/* The value of the key in the structure at `base` as it would be printed; its items, if it is
 * printed item by item, with `separator` between them. In the arena; never NULL. */
const char *key_text(
	struct arena *arena, const struct key *key, const void *base, const char *separator);
/* The number of the section [name], or -1. */
int section_find(const char *name);
/* The key of that name in the section, or NULL. */
const struct key *key_find(enum section_kind section, const char *name);
/* The newest setting of that key, or NULL. */
const struct setting *setting_find(const struct setting *settings, const struct key *key);
const struct setting *setting_find_name(const struct setting *settings, const char *name);

#endif

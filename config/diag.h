/* diag: what is wrong with a configuration, all of it, with file and line. Pure: collects, never
 * prints. Order is the order of discovery; diag_sort() brings them into file and line order. */
#ifndef FIRSTHOP_CONFIG_DIAG_H
#define FIRSTHOP_CONFIG_DIAG_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Where a piece of the configuration came from; line 0: the file as a whole. */
struct origin {
	const char *file; /* owned by the arena; "built-in" for the built-in configuration */
	unsigned line;
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_COUNT };

struct diag {
	struct diag *next;
	struct origin origin;
	enum severity severity;
	bool missing;	     /* added by diag_add_missing() */
	const char *message; /* what is wrong, what was expected, what to do; no final newline */
};

struct diags {
	struct arena *arena; /* owns the messages */
	struct diag *first, **last;
	unsigned counts[SEVERITY_COUNT];
	unsigned dropped; /* over DIAG_MAX */
};

#define DIAG_MAX 1000

void diags_init(struct diags *diags, struct arena *arena);

/* Adds one message; over DIAG_MAX, or without memory, it is only counted. Never fails. */
void diag_add(struct diags *diags, struct origin origin, enum severity severity, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/* The same for something that the image lacks: a warning, for PID 1 goes on without it. */
void diag_add_missing(struct diags *diags, struct origin origin, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Makes errors of all that the image lacks: `firsthop check` refuses such an image. */
void diags_refuse_missing(struct diags *diags);

/* Sorts by file (order of first appearance), then line, stable. */
void diags_sort(struct diags *diags);

/* "error", "warning", "note". */
const char *severity_name(enum severity severity);

#endif

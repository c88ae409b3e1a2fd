/* json_scan: reads JSON that others wrote, token by token, see RFC 8259. Pure, without memory of
 * its own: tokens point into the text, escapes are left as they are. The text is taken for hostile:
 * what is not JSON, or nests deeper than JSON_SCAN_DEPTH, ends the scan. */
#ifndef FIRSTHOP_SUPERVISOR_JSON_SCAN_H
#define FIRSTHOP_SUPERVISOR_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#define JSON_SCAN_DEPTH 16

struct slice {
	const char *at; /* NULL: absent */
	size_t length;
};

/* Does the slice hold exactly `text`; an absent one never does. */
bool slice_is(struct slice slice, const char *text);
bool slice_equal(struct slice a, struct slice b);

enum json_kind {
	JSON_END, /* of the outermost value; what follows it is at scan->at */
	JSON_INVALID,
	JSON_OBJECT, /* begins */
	JSON_ARRAY,  /* begins */
	JSON_CLOSE,  /* the innermost object or array ends */
	JSON_STRING,
	JSON_OTHER, /* a number, true, false, null */
};

struct json_token {
	enum json_kind kind;
	unsigned depth;	   /* of the object or array that it is, or is in; 1: the outermost */
	struct slice key;  /* of a member of an object, else absent */
	struct slice text; /* JSON_STRING: without the quotes; JSON_OTHER */
};

struct json_scan {
	const char *at, *end;
	unsigned depth;
	bool is_object[JSON_SCAN_DEPTH + 1];
	bool is_first, is_done, failed;
};

void json_scan_begin(struct json_scan *scan, const char *text, size_t length);

/* The next token. After JSON_END and JSON_INVALID always the same again. */
struct json_token json_scan_next(struct json_scan *scan);

#endif

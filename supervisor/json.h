/* json: writes JSON (RFC 8259) into a buffer, with commas, quotes and escapes right by
 * construction. Text that is not UTF-8 gets U+FFFD for each byte that is wrong. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_JSON_H
#define FIRSTHOP_SUPERVISOR_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

struct json {
	struct buffer *buffer;
	bool has_element; /* in what is open now: the next one needs a comma */
};

/* `key` is NULL inside an array and at the top. */
void json_open_object(struct json *json, const char *key);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *key);
void json_close_array(struct json *json);
/* `text` NULL: null. */
void json_string(struct json *json, const char *key, const char *text);
/* The same of `length` bytes, which may be any. */
void json_text(struct json *json, const char *key, const char *text, size_t length);
/* An array of strings. */
void json_words(struct json *json, const char *key, const char *const *words, unsigned count);
void json_bool(struct json *json, const char *key, bool value);
void json_int(struct json *json, const char *key, int64_t value);
/* Negative: null. For times and ids that may be absent. */
void json_int_or_null(struct json *json, const char *key, int64_t value);

#endif

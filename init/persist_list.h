/* persist_list: tells what there is of a kept file: a line for each content, and where else it is.
 * For commands only. */
#ifndef FIRSTHOP_INIT_PERSIST_LIST_H
#define FIRSTHOP_INIT_PERSIST_LIST_H

struct buffer;
struct json;
struct persist;
struct table_style;

/* Appends the list. 0 or -errno of reading the directory of generations. */
int persist_list(struct buffer *out, const struct persist *spec, const struct table_style *style);
/* The same as an element of an array of JSON, see doc/json.md. */
int persist_list_json(struct json *json, const struct persist *spec);

#endif

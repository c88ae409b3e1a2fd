/* signed_list: a list of names in which -NAME takes NAME away. When the first word takes away, it
 * is from what there would be without the list; else names are added to nothing. The words hold one
 * after the other, so all of them are kept. `none` stands alone. Pure. */
#ifndef FIRSTHOP_CONFIG_SIGNED_LIST_H
#define FIRSTHOP_CONFIG_SIGNED_LIST_H

#include <stdbool.h>

struct value;
struct words;

#define SIGNED_LIST_NONE "none"

/* Does it begin with what there would be without it? True of an empty list. */
bool signed_list_takes_away(const struct words *list);
/* Is it `none`? */
bool signed_list_is_none(const struct words *list);
/* The word without its sign. */
const char *signed_list_name(const char *word);

/* For kinds of values: adds the words of the value to the list in the key's field. `find` returns
 * the canonical form of a name (without its sign), or NULL after it has said what is wrong. */
bool signed_list_parse(const struct value *value, void *base,
	const char *(*find)(const struct value *value, const char *name));

#endif

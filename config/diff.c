#include "config/arena.h"
#include "config/config.h"
#include "config/keys.h"
#include "config/text.h"

#include <string.h>

/* The value of a key as it would be printed: two values that print the same are the same, and no
 * kind of value needs a comparison of its own that could forget a field. */
static const char *value_text(struct arena *arena, const struct key *key, const void *base)
{
	struct text text = {.arena = arena};

	if (key->kind->print) {
		key->kind->print(&text, key, base);
		return text_string(&text);
	}
	for (unsigned i = 0; i < key->kind->count(key, base); i++) {
		key->kind->print_item(&text, key, base, i);
		text_put(&text, "\n");
	}
	return text_string(&text);
}

enum change service_diff(const struct service *from, const struct service *to)
{
	enum change change = CHANGE_NONE;
	struct arena arena = {0};

	if (!from || !to)
		return from ? CHANGE_REMOVED : to ? CHANGE_ADDED : CHANGE_NONE;
	for (unsigned i = 0; i < key_count && change != CHANGE_RESTART; i++) {
		if (keys[i].section != SECTION_SERVICE ||
			strcmp(value_text(&arena, &keys[i], from),
				value_text(&arena, &keys[i], to)) == 0)
			continue;
		change = keys[i].change == CHANGES_PROCESS ? CHANGE_RESTART : CHANGE_IN_PLACE;
	}
	if (arena.failed)
		change = CHANGE_RESTART; /* not known to be the same */
	arena_free(&arena);
	return change;
}

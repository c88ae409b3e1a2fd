#include "config/arena.h"
#include "config/config.h"
#include "config/keys.h"
#include "config/text.h"

#include <string.h>

const char *key_text(
	struct arena *arena, const struct key *key, const void *base, const char *separator)
{
	struct text text = {.arena = arena};

	if (key->kind->print) {
		key->kind->print(&text, key, base);
		return text_string(&text);
	}
	for (unsigned i = 0; i < key->kind->count(key, base); i++) {
		text_put(&text, i ? separator : "");
		key->kind->print_item(&text, key, base, i);
	}
	return text_string(&text);
}

/* Two values that print the same are the same, and no kind of value needs a comparison of its own
 * that could forget a field. */
static bool is_same(struct arena *arena, const struct key *key, const void *from, const void *to)
{
	if (!key->kind->print && key->kind->count(key, from) != key->kind->count(key, to))
		return false;
	return strcmp(key_text(arena, key, from, "\n"), key_text(arena, key, to, "\n")) == 0;
}

enum change service_diff(const struct service *from, const struct service *to)
{
	enum change change = CHANGE_NONE;
	struct arena arena = {0};

	if (!from || !to)
		return from ? CHANGE_REMOVED : to ? CHANGE_ADDED : CHANGE_NONE;
	for (unsigned i = 0; i < key_count && change != CHANGE_RESTART; i++) {
		if (keys[i].section != SECTION_SERVICE || is_same(&arena, &keys[i], from, to))
			continue;
		change = keys[i].change == CHANGES_PROCESS ? CHANGE_RESTART : CHANGE_IN_PLACE;
	}
	if (arena.failed)
		change = CHANGE_RESTART; /* not known to be the same */
	arena_free(&arena);
	return change;
}

/* hosts: the text of a hosts(5) file that follows a change of the host's name. Pure. */
#ifndef FIRSTHOP_CONFIG_HOSTS_H
#define FIRSTHOP_CONFIG_HOSTS_H

#include <stddef.h>

struct arena;

/* The file with the host's old name replaced by the new one wherever it stands as a whole name
 * behind an address, without regard to case; never in a comment, never as a part of another name.
 * When the new name is nowhere after that, a line "127.0.1.1<TAB>NAME" is added, so that the name
 * resolves. An old name that is not the container's own is not replaced: "" (none is known),
 * "(none)", localhost and what lies below it.
 *
 * `text` may hold anything, is not changed and need not end in a NUL; both names are valid ones of
 * hostname.h, but for the old one as above. Returns 1 with the new text in the arena (with a NUL
 * behind `ret_length` bytes); 0 when nothing is to be changed, or -ENOMEM, *ret_… untouched. */
int hosts_rename(struct arena *arena, const char *text, size_t length, const char *old_name,
	const char *new_name, const char **ret_text, size_t *ret_length);

#endif

/* shadow: the text of a shadow(5) file with another password of root. Pure. */
#ifndef FIRSTHOP_CONFIG_SHADOW_H
#define FIRSTHOP_CONFIG_SHADOW_H

#include <stddef.h>

struct arena;
struct root_password;

/* Changes the second field of the first entry of root, and no other byte. A password that is locked
 * already, by whatever field that no password matches ("*", "!", "!hash"), stays so; locked by us
 * it is "*": a "!" would also refuse keys where sshd runs without PAM.
 *
 * `text` may hold anything and is not changed. 1 with the new text in the arena (*ret_length
 * bytes); 0: it is so already (or it is to be kept); -ENOENT: there is no entry of root; -ENOMEM.
 */
int shadow_set_root(struct arena *arena, const char *text, size_t length,
	const struct root_password *password, const char **ret_text, size_t *ret_length);

#endif

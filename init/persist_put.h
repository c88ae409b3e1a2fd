/* persist_put: a kept content back to where the services read it. */
#ifndef FIRSTHOP_INIT_PERSIST_PUT_H
#define FIRSTHOP_INIT_PERSIST_PUT_H

struct persist;
struct persist_bytes;
struct persist_failure;

/* Puts `bytes` to where the services read them, with owner and mode: replaces the file, or, where a
 * mount does not let it be replaced, writes it in place: only for what lies safely elsewhere. 1:
 * done; 0: it was so already; -errno with *ret_failure. *ret_weak: what could not be done about
 * owner or mode of a file that was written all the same. */
int persist_put_back(const struct persist *spec, const struct persist_bytes *bytes,
	struct persist_failure *ret_failure, struct persist_failure *ret_weak);

#endif

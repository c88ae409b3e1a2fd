/* frr_copy: FRR's configuration file, held in memory while vtysh writes it anew. vtysh empties the
 * file before it asks the daemons for what belongs into it, so a save that fails leaves half a
 * file or less; then this puts back what there was. Blocks as long as the disk does. */
#ifndef FIRSTHOP_INIT_FRR_COPY_H
#define FIRSTHOP_INIT_FRR_COPY_H

#include "config/arena.h"
#include "init/persist_file.h"

struct frr_copy {
	const char *path;
	int error; /* 0: held; -ENOENT: there is none; else it could not be read */
	struct arena arena;
	struct persist_bytes bytes;
	struct persist_attributes attributes;
};

/* `path` must outlive the copy. */
void frr_copy_take(struct frr_copy *copy, const char *path);
/* Makes the file what it was, unless it is. 0 or -errno: it is not what it was. */
int frr_copy_put_back(const struct frr_copy *copy);
void frr_copy_free(struct frr_copy *copy); /* twice is fine */

#endif

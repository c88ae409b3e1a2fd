/* load: from the disk to a model. Reads /etc/firsthop.ini and /etc/firsthop.d/NAME.ini (or -c FILE)
 * below a root tree, and lets config/ make the model of them. Nothing is started or changed. */
#ifndef FIRSTHOP_INIT_LOAD_H
#define FIRSTHOP_INIT_LOAD_H

#include "config/diag.h"

struct arena;
struct image;
struct model;

struct load_request {
	const char *file; /* -c FILE, read as it is; NULL: the standard places below `root` */
	const char *root; /* NULL: "/" */
	bool builtin;	  /* no file at all: the built-in configuration */
};

/* As config_load; also -ENOENT when `file` names none (said in diags). Messages name files without
 * the root in front. */
int load_model(struct arena *arena, const struct load_request *request, struct diags *diags,
	const struct model **ret_model);

/* The image below `root` ("/" or a directory; symbolic links stay inside, see openat2(2)). `fd`
 * holds the root open: close it when done. 0 or -errno. */
struct image_root {
	int fd;
};
int image_open(struct image_root *root, const char *path, struct image *ret_image);
void image_close(struct image_root *root);

#endif

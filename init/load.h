/* load: from the disk to a model. Reads /etc/firsthop.ini and /etc/firsthop.d/NAME.ini (or -c FILE)
 * below a root tree, and lets config/ make the model of them. Nothing is started or changed. */
#ifndef FIRSTHOP_INIT_LOAD_H
#define FIRSTHOP_INIT_LOAD_H

#include "config/diag.h"

struct arena;
struct image;
struct model;
struct spawner;

struct load_request {
	const char *file; /* -c FILE, read as it is; NULL: the standard places below `root` */
	const char *root; /* NULL: "/" */
	bool builtin;	  /* no file at all: the built-in configuration */
	/* To let bash evaluate what [frr] daemons_shell is about; never with another `root` than
	 * "/", whose scripts are not ours to run. NULL: not at all. */
	const struct spawner *spawner;
};

/* As config_load; also -ENOENT when `file` names none (said in diags), and -errno when `root`
 * cannot be opened (said too). Messages name files without the root in front. *ret_source, set in
 * any case: what was read, for people: "/etc/firsthop.ini and 2 more", "built-in"; may live in
 * arena. */
int load_model(struct arena *arena, const struct load_request *request, struct diags *diags,
	const struct model **ret_model, const char **ret_source);

/* The same for a command, which lacks a spawner, but is to see what PID 1 sees. Call it before
 * other descriptors are opened: see spawn_open(). */
int load_model_for_command(struct arena *arena, const struct load_request *request,
	struct diags *diags, const struct model **ret_model, const char **ret_source);

/* The image below `root` ("/" or a directory; symbolic links stay inside, see openat2(2)). `fd`
 * holds the root open: close it when done. `root` must stay where it is as long as the image is
 * used. 0 or -errno. */
struct image_root {
	int fd;
	const struct spawner *spawner; /* of image->evaluate, which the caller may set */
};
int image_open(struct image_root *root, const char *path, struct image *ret_image);
void image_close(struct image_root *root);

/* A descriptor for `path` below the directory `root`, or -errno; `flags` as in open(2), O_CLOEXEC
 * is added. The second is for kernels without openat2(2), and for tests. */
int image_open_file(int root, const char *path, int flags);
int image_open_by_walk(int root, const char *path, int flags);

/* The whole of an open file, as image->read. -EINVAL: neither a regular file nor a character
 * device. */
int image_read_fd(int fd, struct arena *arena, char **ret_text, size_t *ret_length);

#endif

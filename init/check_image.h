/* check_image: does the image hold what a configuration refers to? Looks, changes nothing. */
#ifndef FIRSTHOP_INIT_CHECK_IMAGE_H
#define FIRSTHOP_INIT_CHECK_IMAGE_H

struct diags;
struct image;
struct model;

/* Adds an error for each program, user and group that is not in the image, with the place where the
 * service was defined; a warning for directories and environment files, which may be mounted or
 * made later. */
void check_image(const struct model *model, const struct image *image, struct diags *diags);

#endif

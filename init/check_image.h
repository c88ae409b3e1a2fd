/* check_image: does the image hold what a configuration refers to? Looks, changes nothing. */
#ifndef FIRSTHOP_INIT_CHECK_IMAGE_H
#define FIRSTHOP_INIT_CHECK_IMAGE_H

struct diags;
struct image;
struct model;

/* Adds to `diags`, with the place where the service was defined, each user and group that the image
 * has not (diag_add_missing), and a warning for directories and environment files that may still be
 * mounted or made. Programs are config_load's own business. */
void check_image(const struct model *model, const struct image *image, struct diags *diags);

#endif

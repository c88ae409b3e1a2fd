/* builtin: the configuration of a router without one. */
#ifndef FIRSTHOP_CONFIG_BUILTIN_H
#define FIRSTHOP_CONFIG_BUILTIN_H

struct arena;
struct image;

/* The text of an INI file for what `image` holds; NULL: no memory. */
const char *builtin_text(struct arena *arena, const struct image *image);

#endif

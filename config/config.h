/* config: text to model. Parses all files, then the FRR files that they name, validates the whole,
 * and tells every error at once. Pure: reads only through `image`, writes nothing, knows no time.
 */
#ifndef FIRSTHOP_CONFIG_CONFIG_H
#define FIRSTHOP_CONFIG_CONFIG_H

#include "config/diag.h"

struct arena;
struct image;
struct model;
struct service;

struct config_file {
	const char *path; /* as messages name it */
	const char *text; /* need not be NUL-terminated; may hold anything */
	size_t length;
};

/* Parses `count` files in order: a scalar set again by a later file replaces the earlier one, the
 * same key twice in one file is an error, [service X] in a later file changes X of the earlier one.
 * count 0: the built-in configuration for what `image` holds (FRR, sshd, snmpd, vtysh).
 * The model and the messages live in `arena`. Returns 0 with *ret_model, also when there were only
 * warnings; -EINVAL when `diags` holds an error (*ret_model untouched); -ENOMEM. */
int config_load(struct arena *arena, const struct config_file *files, unsigned count,
	const struct image *image, struct diags *diags, const struct model **ret_model);

/* The same model plus a foreground service "command" that runs `argv` (NULL-terminated, copied)
 * in `directory` (copied; NULL: "/").
 * Console services are left out: the command has the terminal. A service of that name already
 * there: the command's is called "command-2", and so on. NULL: no memory. */
const struct model *config_add_command(struct arena *arena, const struct model *model,
	const char *const *argv, const char *directory);

/* The canonical configuration: parses again to an equal model; each value that was set carries its
 * source as a comment. Text in the arena; NULL: no memory. */
char *config_print(struct arena *arena, const struct model *model);

enum change { CHANGE_NONE, CHANGE_ADDED, CHANGE_REMOVED, CHANGE_RESTART, CHANGE_IN_PLACE };

/* How a service of the same name differs: CHANGE_RESTART when what runs would be another (command,
 * user, limits …), CHANGE_IN_PLACE when only policy differs (restart, timeouts, dependencies, log).
 * `from` NULL: added; `to` NULL: removed. */
enum change service_diff(const struct service *from, const struct service *to);

#endif

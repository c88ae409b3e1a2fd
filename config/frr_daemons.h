/* frr_daemons: reads /etc/frr/daemons, which FRR sources as a shell script, without a shell.
 *
 * Understood: NAME=WORD and NAME+=WORD, several in a line, `export`, comments, '…' and "…" also
 * over several lines, backslash, $NAME, ${NAME} and ${NAME:-WORD}. All else (conditions, commands,
 * arrays) is left out with a warning that names the line. What a shell makes of such a file can be
 * taken in place of it, see frr_variables_from_shell(). */
#ifndef FIRSTHOP_CONFIG_FRR_DAEMONS_H
#define FIRSTHOP_CONFIG_FRR_DAEMONS_H

#include "config/diag.h"

struct arena;
struct frr_variable;
struct image;

struct frr_variables {
	struct frr_variable *newest;
	const struct image *image; /* its environment has what the file does not set; may be NULL */
	bool shell; /* for messages: a shell might have read what is not understood */
};

/* Reads `text`, which may hold anything, into `variables`. 0 or -ENOMEM. `path` and what the
 * variables hold live in the arena. */
int frr_daemons_parse(struct arena *arena, const char *path, const char *text, size_t length,
	struct diags *diags, struct frr_variables *variables);

/* Takes all variables of a shell that has sourced `path`: "NAME=value" each, ended by a NUL, and a
 * NUL behind the last, which says that it came to its end. What `parsed` has with the same value
 * keeps its line; others are of the file as a whole. 0, -ENOMEM, or -EBADMSG: the end is missing,
 * or a name is none. */
int frr_variables_from_shell(struct arena *arena, const char *path, const char *pairs,
	size_t length, const struct frr_variables *parsed, struct frr_variables *ret_variables);

/* The value of a variable, from the file or else from the environment; NULL: not set. *ret_origin
 * says where it was set; it is untouched when the file did not. */
const char *frr_variable_get(
	const struct frr_variables *variables, const char *name, struct origin *ret_origin);

/* The variables that the file set, newest first; *variable NULL before the first call. */
bool frr_variable_next(const struct frr_variables *variables, const struct frr_variable **variable,
	const char **ret_name, const char **ret_value, struct origin *ret_origin);

#endif

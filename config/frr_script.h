/* frr_script: a cursor in a shell script, and words read from there. For frr_daemons.c only. */
#ifndef FIRSTHOP_CONFIG_FRR_SCRIPT_H
#define FIRSTHOP_CONFIG_FRR_SCRIPT_H

#include "config/diag.h"

struct arena;
struct frr_variables;
struct text;

struct script {
	struct arena *arena;
	struct diags *diags;
	struct frr_variables *variables;
	const char *at, *end;
	struct origin origin; /* of `at` */
};

static inline bool script_is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

/* The byte at the cursor; NUL at the end, which no text of a script holds. */
static inline char script_peek(const struct script *script)
{
	return script->at < script->end ? *script->at : '\0';
}

static inline void script_step(struct script *script)
{
	if (script_peek(script) == '\n')
		script->origin.line++;
	script->at++;
}

static inline bool script_ends_word(char byte)
{
	return byte == '\0' || byte == '\n' || byte == ';' || script_is_blank(byte);
}

/* The name of a variable at the cursor; NULL when there is none, or no memory. */
const char *script_read_name(struct script *script);

/* One word with its quotes taken away and variables replaced; false when that needs a shell, or a
 * quote is not closed. The cursor is anywhere then. */
bool script_read_word(struct script *script, struct text *word);

#endif

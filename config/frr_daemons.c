#include "config/frr_daemons.h"

#include "config/arena.h"
#include "config/frr_script.h"
#include "config/image.h"
#include "config/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct frr_variable {
	struct frr_variable *older;
	const char *name, *value;
	struct origin origin;
};

const char *frr_variable_get(
	const struct frr_variables *variables, const char *name, struct origin *ret_origin)
{
	const struct image *image = variables->image;

	for (const struct frr_variable *v = variables->newest; v; v = v->older) {
		if (strcmp(v->name, name) == 0) {
			*ret_origin = v->origin;
			return v->value;
		}
	}
	return image && image->environment ? image->environment(image->context, name) : NULL;
}

bool frr_variable_next(const struct frr_variables *variables, const struct frr_variable **variable,
	const char **ret_name, const char **ret_value, struct origin *ret_origin)
{
	*variable = *variable ? (*variable)->older : variables->newest;
	if (!*variable)
		return false;
	*ret_name = (*variable)->name;
	*ret_value = (*variable)->value;
	*ret_origin = (*variable)->origin;
	return true;
}

static void skip_blanks(struct script *script)
{
	while (script_is_blank(script_peek(script)))
		script_step(script);
}

static void skip_line(struct script *script)
{
	while (script->at < script->end && script_peek(script) != '\n')
		script_step(script);
}

static bool at_statement_end(const struct script *script)
{
	char byte = script_peek(script);

	return script->at >= script->end || byte == '\n' || byte == ';' || byte == '#';
}

/* NAME=WORD or NAME+=WORD; after `export`, also NAME alone. */
static bool read_assignment(struct script *script, bool exported)
{
	struct frr_variable variable = {.older = script->variables->newest,
				    .origin = script->origin},
			    *place;
	struct text word = {.arena = script->arena};
	struct origin origin;

	variable.name = script_read_name(script);
	if (!variable.name)
		return false;
	if (exported && (script_ends_word(script_peek(script)) || script_peek(script) == '#'))
		return true;
	if (script_peek(script) == '+') {
		script_step(script);
		variable.value = frr_variable_get(script->variables, variable.name, &origin);
		text_put(&word, variable.value ? variable.value : "");
	}
	if (script_peek(script) != '=')
		return false;
	script_step(script);
	if (!script_read_word(script, &word))
		return false;
	variable.value = text_string(&word);
	place = arena_alloc(script->arena, sizeof(*place));
	if (!place)
		return false;
	*place = variable;
	script->variables->newest = place;
	return true;
}

/* Assignments up to the end of the line or a semicolon. With a command behind them they would hold
 * for that command alone: then none is made. */
static bool read_statement(struct script *script)
{
	struct frr_variable *before = script->variables->newest;
	bool exported = script->end - script->at > 7 && memcmp(script->at, "export", 6) == 0 &&
			script_is_blank(script->at[6]);

	if (exported)
		script->at += 7;
	skip_blanks(script);
	while (!at_statement_end(script)) {
		if (!read_assignment(script, exported)) {
			script->variables->newest = before;
			return false;
		}
		skip_blanks(script);
	}
	return true;
}

/* +1 for a word that begins what another one must end, -1 for that one. */
static int nesting(const char *word, size_t length)
{
	static const char *const begin[] = {"if", "for", "while", "until", "select", "case", "{"};
	static const char *const end[] = {"fi", "done", "esac", "}"};

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (strlen(begin[i]) == length && memcmp(begin[i], word, length) == 0)
			return 1;
	for (size_t i = 0; i < sizeof(end) / sizeof(end[0]); i++)
		if (strlen(end[i]) == length && memcmp(end[i], word, length) == 0)
			return -1;
	return 0;
}

/* Goes behind the line at the cursor, and on to the end of what the line begins: an assignment
 * inside of a condition must not be taken for one that always holds. */
static void skip_command(struct script *script)
{
	int depth = 0;

	do {
		while (script->at < script->end && script_peek(script) != '\n') {
			const char *word;

			while (script_is_blank(script_peek(script)) || script_peek(script) == ';')
				script_step(script);
			word = script->at;
			if (script_peek(script) == '#')
				skip_line(script);
			while (script->at < script->end && !script_ends_word(script_peek(script)))
				script_step(script);
			if (script->at < script->end && script_peek(script) == '\0')
				script_step(script);
			depth += nesting(word, (size_t)(script->at - word));
		}
		if (script->at < script->end)
			script_step(script);
	} while (depth > 0 && script->at < script->end);
}

/* NAME=(WORDS) at the cursor? Then goes behind it. FRR's only array, watchfrr_options, is for a
 * program that does not run here. */
static bool skip_array(struct script *script)
{
	struct script start = *script;

	if (script_read_name(script) && script_peek(script) == '=') {
		script_step(script);
		if (script_peek(script) == '(') {
			while (script->at < script->end && script_peek(script) != ')')
				script_step(script);
			skip_line(script);
			return true;
		}
	}
	*script = start;
	return false;
}

static void tell_refused(struct script *script, const struct script *start, unsigned last)
{
	const char *newline = memchr(start->at, '\n', (size_t)(start->end - start->at));
	const char *end = newline ? newline : start->end;
	const char *text = text_quote(script->arena, start->at, (size_t)(end - start->at));
	bool shell = script->variables->shell;

	if (last > start->origin.line)
		diag_add(script->diags, start->origin, SEVERITY_WARNING,
			"%s is not understood%s, lines %u to %u are ignored%s", text,
			shell ? " without a shell" : "", start->origin.line, last,
			shell ? "" : "; no shell reads this file, see daemons_shell");
	else
		diag_add(script->diags, start->origin, SEVERITY_WARNING,
			"%s is not understood%s, the line is ignored%s", text,
			shell ? " without a shell" : "",
			shell ? ""
			      : "; write NAME=value, no shell reads this file, see daemons_shell");
}

static void refuse(struct script *script, const struct script *start)
{
	unsigned last;

	*script = *start;
	if (skip_array(script) && strncmp(start->at, "watchfrr_", strlen("watchfrr_")) == 0)
		return;
	if (script->at == start->at)
		skip_command(script);
	last = script->origin.line - (script->at > start->at && script->at[-1] == '\n');
	tell_refused(script, start, last);
}

/* Where the file set it to that; else the file as a whole. */
static struct origin find_origin(const struct frr_variables *parsed, const struct frr_variable *of)
{
	for (const struct frr_variable *v = parsed->newest; v; v = v->older)
		if (strcmp(v->name, of->name) == 0 && strcmp(v->value, of->value) == 0)
			return v->origin;
	return of->origin;
}

/* One pair that ends in a NUL; false: it is none, or memory lacks. */
static bool take_pair(struct arena *arena, const char *path, const char *pair,
	const struct frr_variables *parsed, struct frr_variables *variables)
{
	struct script script = {.arena = arena, .at = pair, .end = pair + strlen(pair)};
	struct frr_variable *place = arena_alloc(arena, sizeof(*place));
	const char *name = script_read_name(&script);

	if (!place || !name || script_peek(&script) != '=')
		return false;
	*place = (struct frr_variable){variables->newest, name, script.at + 1, {path, 0}};
	place->origin = find_origin(parsed, place);
	variables->newest = place;
	return true;
}

int frr_variables_from_shell(struct arena *arena, const char *path, const char *pairs,
	size_t length, const struct frr_variables *parsed, struct frr_variables *ret_variables)
{
	struct frr_variables variables = *ret_variables;
	const char *end = pairs + length;

	while (pairs < end && *pairs) {
		if (!memchr(pairs, '\0', (size_t)(end - pairs)))
			return -EBADMSG;
		if (!take_pair(arena, path, pairs, parsed, &variables))
			return arena->failed ? -ENOMEM : -EBADMSG;
		pairs += strlen(pairs) + 1;
	}
	if (pairs == end)
		return -EBADMSG;
	*ret_variables = variables;
	return 0;
}

int frr_daemons_parse(struct arena *arena, const char *path, const char *text, size_t length,
	struct diags *diags, struct frr_variables *variables)
{
	struct script script = {arena, diags, variables, text, text + length, {path, 1}};

	while (script.at < script.end && !arena->failed) {
		struct script start;

		skip_blanks(&script);
		start = script;
		if (script_peek(&script) == '#')
			skip_line(&script);
		else if (script_peek(&script) == '\n' || script_peek(&script) == ';')
			script_step(&script);
		else if (script.at < script.end && !read_statement(&script))
			refuse(&script, &start);
	}
	return arena->failed ? -ENOMEM : 0;
}

#include "config/frr_script.h"

#include "config/arena.h"
#include "config/frr_daemons.h"
#include "config/text.h"

#include <ctype.h>
#include <string.h>

/* What a shell would treat as more than text, outside of quotes. */
#define OPERATORS "&|<>()`"

const char *script_read_name(struct script *script)
{
	const char *start = script->at;

	if (isdigit((unsigned char)script_peek(script)))
		return NULL;
	while (isalnum((unsigned char)script_peek(script)) || script_peek(script) == '_')
		script_step(script);
	if (script->at == start)
		return NULL;
	return arena_strndup(script->arena, start, (size_t)(script->at - start));
}

/* $NAME, ${NAME} or ${NAME:-WORD}; the cursor is behind the $. */
static bool read_expansion(struct script *script, struct text *word)
{
	bool braced = script_peek(script) == '{';
	const char *name, *value, *instead;
	struct origin origin;

	if (braced)
		script_step(script);
	name = script_read_name(script);
	if (!name)
		return false;
	value = frr_variable_get(script->variables, name, &origin);
	if (braced && script->end - script->at > 2 && memcmp(script->at, ":-", 2) == 0) {
		script->at += 2;
		instead = script->at;
		while (isalnum((unsigned char)script_peek(script)) ||
			strchr("._/:@%+,-", script_peek(script))) {
			if (script_peek(script) == '\0')
				return false;
			script_step(script);
		}
		if (!value || !*value)
			value = arena_strndup(
				script->arena, instead, (size_t)(script->at - instead));
	}
	if (braced && script_peek(script) != '}')
		return false;
	if (braced)
		script_step(script);
	text_put(word, value ? value : "");
	return true;
}

/* The byte behind a backslash, outside of quotes or inside "…". */
static void read_escape(struct script *script, char quote, struct text *word)
{
	char byte = script_peek(script);

	if (quote && !strchr("$`\"\\\n", byte))
		text_put(word, "\\");
	if (byte != '\n') /* a line that goes on */
		text_put_bytes(word, &byte, 1);
	script_step(script);
}

bool script_read_word(struct script *script, struct text *word)
{
	char quote = 0;

	while (script->at < script->end && (quote || !script_ends_word(script_peek(script)))) {
		char byte = script_peek(script);

		if (byte == '\0' || byte == 0x7f || (byte == '`' && quote != '\'') ||
			(!quote && strchr(OPERATORS, byte)))
			return false;
		script_step(script);
		if (byte == '\\' && quote != '\'') {
			if (script->at == script->end || script_peek(script) == '\0')
				return false;
			read_escape(script, quote, word);
		} else if (byte == '$' && quote != '\'') {
			if (!read_expansion(script, word))
				return false;
		} else if (quote == byte) {
			quote = 0;
		} else if (!quote && (byte == '\'' || byte == '"')) {
			quote = byte;
		} else {
			text_put_bytes(word, &byte, 1);
		}
	}
	return !quote;
}

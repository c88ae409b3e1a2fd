#include "config/ini_source.h"

#include "config/arena.h"
#include "config/config.h"
#include "config/text.h"
#include "config/words.h"

#include <errno.h>
#include <ini.h>
#include <stdint.h>
#include <string.h>

/* How it works with inih, whatever its options are:
 *
 * - inih asks source_line() for each line, parses it, calls on_entry(), then asks for the next: so
 *   source->line is the line of the entry, and no line number has to pass through inih.
 * - A line that is wrong, blank or a comment never reaches inih.
 * - What could mean something to inih inside a value (`;` and `#`, blanks in quotes) or a header
 *   (brackets) is replaced by a control byte before and put back after. Control bytes cannot be in
 *   the text itself.
 * - Handlers are not called for a section without keys, so each header is followed by a made-up
 *   entry, BEGIN, that announces the section. */
#define BEGIN "\001"

static const char hidden[] = ";# \t[]";
#define HIDDEN_FIRST '\002' /* stands for hidden[0] */

struct source {
	struct arena *arena;
	struct diags *diags;
	struct ini_sections *sections;
	struct ini_section *section; /* that entries go to; NULL: none yet */
	struct origin origin;	     /* of the line that inih parses */
	const char *at, *end;
	bool announce; /* the next line for inih is BEGIN */
	bool skip;     /* the header was wrong: what follows belongs nowhere */
	bool no_memory;
};

struct line {
	const char *at;
	size_t length;
};

#define REFUSE(source, ...)                                                                        \
	(diag_add((source)->diags, (source)->origin, SEVERITY_ERROR, __VA_ARGS__), false)

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct line trim(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	return (struct line){at, (size_t)(end - at)};
}

/* The next line of the text without its end; false: none left. */
static bool next_line(struct source *source, struct line *ret_line)
{
	const char *start = source->at, *newline;

	if (start == source->end)
		return false;
	newline = memchr(start, '\n', (size_t)(source->end - start));
	source->at = newline ? newline + 1 : source->end;
	if (!newline)
		newline = source->end;
	if (newline > start && newline[-1] == '\r')
		newline--;
	source->origin.line++;
	if (source->origin.line == 1 && newline - start >= 3 &&
		memcmp(start, "\xef\xbb\xbf", 3) == 0)
		start += 3;
	*ret_line = (struct line){start, (size_t)(newline - start)};
	return true;
}

/* Copies `length` bytes for inih, if they fit. */
static bool give(struct source *source, char *buffer, size_t size, const char *text, size_t length)
{
	size_t limit = size < INI_LINE_MAX + 3 ? size - 3 : INI_LINE_MAX;

	if (length > limit)
		return REFUSE(source,
			"the line has %zu bytes, of which %zu are allowed; shorten it, spread a "
			"list over several lines, or put a long command into a script",
			length, limit);
	memcpy(buffer, text, length);
	memcpy(buffer + length, "\n", 2);
	return true;
}

/* The bracket that closes the header: a pattern in it may have brackets of its own. */
static const char *find_close(struct line line)
{
	unsigned open = 0;

	for (size_t i = 0; i < line.length; i++) {
		open += line.at[i] == '[';
		if (line.at[i] == ']' && --open == 0)
			return line.at + i;
	}
	return NULL;
}

/* [KIND NAME], and perhaps a comment. */
static bool take_header(struct source *source, struct line line, char *buffer, size_t size)
{
	const char *end = line.at + line.length;
	const char *close = find_close(line);
	struct line name, rest;
	char header[INI_SECTION_MAX + 2];

	source->skip = true;
	if (!close)
		return REFUSE(source, "the section header has no closing ]");
	name = trim(line.at + 1, close);
	rest = trim(close + 1, end);
	if (rest.length && !strchr(";#", *rest.at))
		return REFUSE(source, "%s stands behind the section header; begin a new line",
			text_quote(source->arena, rest.at, rest.length));
	if (name.length == 0)
		return REFUSE(source, "the section header is empty");
	if (name.length > INI_SECTION_MAX)
		return REFUSE(source, "the section header has %zu bytes, of which %d are allowed",
			name.length, INI_SECTION_MAX);
	header[0] = '[';
	for (size_t i = 0; i < name.length; i++) {
		const char *place = strchr(hidden, name.at[i]);

		if (strchr(";#\"'\\", name.at[i]))
			return REFUSE(source, "%c cannot be in a section header", name.at[i]);
		header[i + 1] = name.at[i];
		if (place && !is_blank(name.at[i]))
			header[i + 1] = (char)(HIDDEN_FIRST + (place - hidden));
	}
	header[name.length + 1] = ']';
	source->skip = !give(source, buffer, size, header, name.length + 2);
	source->announce = !source->skip;
	return source->announce;
}

static bool check_key(struct source *source, struct line key)
{
	if (key.length == 0)
		return REFUSE(source, "no key before the =");
	for (size_t i = 0; i < key.length; i++) {
		if (key.at[i] == ':')
			return REFUSE(source, "%s: a key cannot hold a colon; write KEY = VALUE",
				text_quote(source->arena, key.at, key.length));
		if ((unsigned char)key.at[i] >= 0x7f || strchr(";#\"'\\", key.at[i]))
			return REFUSE(source, "%s is no key: letters, digits and ._-/?!*[]%% are",
				text_quote(source->arena, key.at, key.length));
	}
	return true;
}

/* Copies the value without its comment to `out`, what must not reach inih replaced. */
static bool hide_value(struct source *source, struct line value, char *out, size_t *ret_length)
{
	struct quoting quoting = {0};
	bool after_blank = true;
	size_t kept = 0; /* without blanks at the end */

	for (size_t i = 0; i < value.length; i++) {
		char byte = value.at[i];
		bool quoted = quoting_step(&quoting, byte);
		const char *place = strchr(hidden, byte);

		if (after_blank && !quoted && byte == ';')
			break;
		if (after_blank && !quoted && byte == '#')
			return REFUSE(source, "a comment behind a value begins with a semicolon; "
					      "if the # is meant, quote it");
		after_blank = is_blank(byte) && !quoted;
		out[i] = byte;
		if (place && (quoted || !is_blank(byte)))
			out[i] = (char)(HIDDEN_FIRST + (place - hidden));
		if (!after_blank)
			kept = i + 1;
	}
	if (quoting.quote)
		return REFUSE(source, "the quote %c is not closed; if it is meant, write \\%c",
			quoting.quote, quoting.quote);
	if (quoting.escaped)
		return REFUSE(source, "the line ends in a backslash; lines cannot be joined");
	*ret_length = kept;
	return true;
}

static bool take_entry(struct source *source, struct line line, char *buffer, size_t size)
{
	const char *end = line.at + line.length;
	const char *equals = memchr(line.at, '=', line.length);
	struct line key, value;
	size_t length;
	char *text;

	if (!equals)
		return REFUSE(source, "%s: no = in the line; write KEY = VALUE",
			text_quote(source->arena, line.at, line.length));
	key = trim(line.at, equals);
	value = trim(equals + 1, end);
	if (!check_key(source, key))
		return false;
	text = arena_alloc(source->arena, key.length + 1 + value.length);
	if (!text)
		return false;
	memcpy(text, key.at, key.length);
	text[key.length] = '=';
	if (!hide_value(source, value, text + key.length + 1, &length))
		return false;
	return !source->skip && give(source, buffer, size, text, key.length + 1 + length);
}

/* Makes of one line of the text one line for inih; false: there is nothing for inih in it. */
static bool take_line(struct source *source, struct line line, char *buffer, size_t size)
{
	const char *nul = memchr(line.at, '\0', line.length);
	struct line text = trim(line.at, line.at + line.length);
	size_t valid;

	if (nul)
		return REFUSE(source, "a NUL byte at column %td", nul - line.at + 1);
	if (text.length == 0 || strchr(";#", *text.at))
		return false;
	if (text.at != line.at)
		return REFUSE(source, "the line begins with a blank; begin it in the first "
				      "column (a value cannot go on in a second line)");
	valid = text_check(text.at, text.length);
	if (valid < text.length)
		return REFUSE(source,
			"byte 0x%02x at column %zu is a control character, or no UTF-8",
			(unsigned char)text.at[valid], valid + 1);
	if (*text.at == '[')
		return take_header(source, text, buffer, size);
	return take_entry(source, text, buffer, size);
}

/* The ini_reader: gives inih the next line, or NULL at the end. */
static char *source_line(char *buffer, int size, void *stream)
{
	struct source *source = stream;
	struct line line;

	if (source->announce) {
		source->announce = false;
		memcpy(buffer, BEGIN "=\n", sizeof(BEGIN "=\n"));
		return buffer;
	}
	while (next_line(source, &line))
		if (take_line(source, line, buffer, (size_t)size))
			return buffer;
	return NULL;
}

static char *reveal(struct arena *arena, const char *value)
{
	char *text = arena_strdup(arena, value);

	for (char *at = text; at && *at; at++)
		if (*at >= HIDDEN_FIRST && *at < HIDDEN_FIRST + (int)sizeof(hidden) - 1)
			*at = hidden[*at - HIDDEN_FIRST];
	return text;
}

static void begin_section(struct source *source, const char *announced)
{
	const char *header = reveal(source->arena, announced), *kind, *name;
	size_t kind_length;

	source->section = NULL;
	if (!header)
		return;
	kind_length = strcspn(header, " \t");
	name = header + kind_length + strspn(header + kind_length, " \t");
	kind = arena_strndup(source->arena, header, kind_length);
	if (kind)
		source->section = ini_section_add(
			source->arena, source->sections, source->origin, kind, *name ? name : NULL);
}

#if INI_HANDLER_LINENO
static int on_entry(void *user, const char *header, const char *key, const char *value, int line)
#else
static int on_entry(void *user, const char *header, const char *key, const char *value)
#endif
{
	struct source *source = user;
	const char *own_key, *own_value;

#if INI_HANDLER_LINENO
	(void)line; /* inih counts the lines that we give it, not those of the file */
#endif
	if (!key || !value)
		return 1; /* an inih that announces sections by itself */
	if (strcmp(key, BEGIN) == 0) {
		begin_section(source, header);
		return 1;
	}
	if (!source->section) {
		(void)REFUSE(source, "%s stands before the first section, such as [node]",
			text_quote_string(source->arena, key));
		return 1;
	}
	own_key = arena_strdup(source->arena, key);
	own_value = reveal(source->arena, value);
	if (own_key && own_value)
		ini_entry_add(source->arena, source->section, source->origin, own_key, own_value);
	return 1;
}

int ini_source_parse(struct arena *arena, const struct config_file *file, struct diags *diags,
	struct ini_sections *sections)
{
	struct source source = {
		.arena = arena,
		.diags = diags,
		.sections = sections,
		.origin = {file->path, 0},
		.at = file->text,
		.end = file->text + file->length,
	};
	int r = ini_parse_stream(source_line, &source, on_entry, &source);

	if (r == -2 || arena->failed)
		return -ENOMEM;
	if (r != 0)
		diag_add(diags, source.origin, SEVERITY_ERROR,
			"inih refuses line %d of those it was given", r);
	return 0;
}

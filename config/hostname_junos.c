/* Junos keeps its configuration as statements: words, then a semicolon, or more statements in
 * braces. Comments begin with # or stand between slashes and asterisks, and a text with blanks is
 * quoted. Nothing needs to be known of all the statements but how they nest.
 *
 * What is searched may as well be a file of FRR or IOS, in which a quote or a comment may stay
 * open: so a quoted text ends with its line at the latest, and a comment that has no end begins
 * none. */
#include "config/hostname_junos.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define STATEMENT_WORDS 3 /* that are looked at: one more than the longest that matters */

struct word {
	const char *at;
	size_t length;
};

struct scan {
	const char *at, *end;
	int line;
	size_t depth;
	bool in_system; /* the outermost braces are those of `system` */
	struct word words[STATEMENT_WORDS];
	size_t count; /* words of the statement so far; more than STATEMENT_WORDS are not kept */
	bool inactive;
	bool no_comments; /* none that has an end begins from here on */
	struct hostname_found found;
};

static bool is_word(const struct word *word, const char *text)
{
	return word->length == strlen(text) && memcmp(word->at, text, word->length) == 0;
}

static bool ends_word(char byte)
{
	return isspace((unsigned char)byte) || byte == '{' || byte == '}' || byte == ';';
}

/* The end of the quoted text that begins at scan->at. */
static const char *end_of_quoted(const struct scan *scan)
{
	const char *at = scan->at + 1;

	while (at < scan->end && *at != '"' && *at != '\n')
		at += *at == '\\' && at + 1 < scan->end && at[1] != '\n' ? 2 : 1;
	return at < scan->end && *at == '"' ? at + 1 : at;
}

static void take_word(struct scan *scan)
{
	struct word word = {scan->at, 0};

	if (*scan->at == '"') {
		scan->at = end_of_quoted(scan);
	} else {
		while (scan->at < scan->end && !ends_word(*scan->at))
			scan->at++;
	}
	word.length = (size_t)(scan->at - word.at);
	/* Marks stand before a statement: `inactive:` takes it out, others leave it as it is. */
	if (scan->count == 0 && word.length && word.at[word.length - 1] == ':')
		scan->inactive = scan->inactive || is_word(&word, "inactive:");
	else if (scan->count++ < STATEMENT_WORDS)
		scan->words[scan->count - 1] = word;
}

static void end_statement(struct scan *scan)
{
	if (scan->in_system && scan->depth == 1 && !scan->inactive && scan->count == 2 &&
		is_word(&scan->words[0], "host-name"))
		scan->found = (struct hostname_found){
			scan->words[1].at, scan->words[1].length, scan->line};
	scan->count = 0;
	scan->inactive = false;
}

static void open_brace(struct scan *scan)
{
	if (scan->depth++ == 0)
		scan->in_system =
			scan->count == 1 && is_word(&scan->words[0], "system") && !scan->inactive;
	scan->count = 0;
	scan->inactive = false;
}

static void close_brace(struct scan *scan)
{
	end_statement(scan); /* its semicolon may be left out there */
	if (scan->depth > 0)
		scan->depth--;
}

/* The end of the comment that begins at scan->at; NULL: it has none. */
static const char *end_of_comment(const struct scan *scan)
{
	for (const char *at = scan->at + 2; scan->end - at >= 2; at++)
		if (at[0] == '*' && at[1] == '/')
			return at + 2;
	return NULL;
}

static bool skip_comment(struct scan *scan)
{
	const char *end;

	if (*scan->at == '#') {
		end = memchr(scan->at, '\n', (size_t)(scan->end - scan->at));
		scan->at = end ? end : scan->end;
		return true;
	}
	if (scan->no_comments || scan->end - scan->at < 2 || memcmp(scan->at, "/*", 2) != 0)
		return false;
	end = end_of_comment(scan);
	if (!end) {
		scan->no_comments = true; /* or each of many would be followed to the end */
		return false;
	}
	for (; scan->at < end; scan->at++)
		scan->line += *scan->at == '\n' && scan->line < INT_MAX;
	return true;
}

static void take_mark(struct scan *scan)
{
	switch (*scan->at++) {
	case ';':
		end_statement(scan);
		break;
	case '{':
		open_brace(scan);
		break;
	case '}':
		close_brace(scan);
		break;
	case '\n':
		scan->line += scan->line < INT_MAX;
		break;
	default: /* a blank */
		break;
	}
}

struct hostname_found hostname_find_junos(const char *text, size_t length)
{
	struct scan scan = {.at = text, .end = text + length, .line = 1};

	while (scan.at < scan.end) {
		if (skip_comment(&scan))
			continue;
		if (ends_word(*scan.at))
			take_mark(&scan);
		else
			take_word(&scan);
	}
	return scan.found;
}

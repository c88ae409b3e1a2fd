#include "doc/man/mdoc.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void mdoc_put_bytes(const char *text, size_t length)
{
	for (size_t i = 0; i < length && text[i]; i++) {
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else if (text[i] == '-')
			fputs("\\-", stdout);
		else if (text[i] == '\'')
			fputs("\\(aq", stdout);
		else
			putchar(text[i]);
	}
}

void mdoc_put(const char *text)
{
	mdoc_put_bytes(text, strlen(text));
}

/* Each sentence begins a line, as mdoc wants it: the formatter puts the blanks. \& is nothing, and
 * keeps a leading dot from being a request. */
static void put_sentences(const char *text, size_t length)
{
	while (length > 0) {
		const char *stop = memmem(text, length, ". ", 2);
		size_t count = stop ? (size_t)(stop + 1 - text) : length;

		if (text[0] == '.')
			fputs("\\&", stdout);
		mdoc_put_bytes(text, count);
		putchar('\n');
		text += count;
		length -= count;
		while (length > 0 && *text == ' ')
			text++, length--;
	}
}

void mdoc_line(const char *text)
{
	put_sentences(text, strlen(text));
}

void mdoc_item(const char *term, size_t length)
{
	fputs(".It Sy \"\\&", stdout);
	for (size_t i = 0; i < length; i++) {
		if (term[i] == '"')
			fputs("\\(dq", stdout);
		else
			mdoc_put_bytes(term + i, 1);
	}
	fputs("\"\n", stdout);
}

/* A line of help, taken apart. */
struct help_line {
	size_t indent;
	const char *term; /* NULL: running text */
	size_t term_length;
	const char *text;
	size_t length; /* of the text */
};

/* A term ends where two blanks are; "  list      what it does". */
static struct help_line take_apart(const char *line, size_t length)
{
	struct help_line help = {.text = line, .length = length};

	while (help.indent < length && line[help.indent] == ' ')
		help.indent++;
	help.text += help.indent;
	help.length -= help.indent;
	for (size_t i = 0; help.indent >= 2 && i + 1 < help.length; i++) {
		if (help.text[i] != ' ' || help.text[i + 1] != ' ')
			continue;
		help.term = help.text;
		help.term_length = i;
		while (i < help.length && help.text[i] == ' ')
			i++;
		help.text += i;
		help.length -= i;
		break;
	}
	return help;
}

void mdoc_details(const char *details)
{
	bool in_list = false;

	for (const char *line = details, *end; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		struct help_line help = take_apart(line, (size_t)(end - line));

		if (help.term && !in_list)
			puts(".Bl -tag -width Ds");
		if (help.term)
			mdoc_item(help.term, help.term_length);
		/* What is not indented follows the list; a sentence follows the verb's line. */
		if (!help.term && in_list && help.indent == 0)
			puts(".El");
		if (!help.term && help.indent == 0 && (in_list || line == details))
			puts(".Pp");
		in_list = help.term || (in_list && help.indent > 0);
		put_sentences(help.text, help.length);
	}
	if (in_list)
		puts(".El");
}

#include "config/hostname.h"

#include "config/hostname_junos.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#define LABEL_MAX 63

bool hostname_is_valid(const char *name)
{
	size_t length = strlen(name), label = 0;

	if (length == 0 || length > HOSTNAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i <= length; i++) {
		if (name[i] == '.' || name[i] == '\0') {
			if (label == 0 || label > LABEL_MAX || name[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!isalnum((unsigned char)name[i]) && (name[i] != '-' || label == 0))
			return false;
		label++;
	}
	return true;
}

/* The next word, up to a blank; *at is moved behind it. Returns its length, 0: none is left. */
static size_t next_word(const char **at, const char *end, const char **ret_word)
{
	while (*at < end && isspace((unsigned char)**at))
		++*at;
	*ret_word = *at;
	while (*at < end && !isspace((unsigned char)**at))
		++*at;
	return (size_t)(*at - *ret_word);
}

/* The words before the name in the forms that take a line. */
static const char *const forms[][3] = {
	{"hostname"},
	{"set", "system", "host-name"},
};

static bool read_form(
	const char *const words[3], const char *at, const char *end, struct hostname_found *found)
{
	for (unsigned i = 0; i < 3 && words[i]; i++) {
		const char *word;
		size_t length = next_word(&at, end, &word);

		if (length != strlen(words[i]) || memcmp(word, words[i], length) != 0)
			return false;
	}
	found->length = next_word(&at, end, &found->name);
	return found->length > 0;
}

static struct hostname_found find_line(const char *text, size_t length)
{
	struct hostname_found found = {0};
	const char *end = text + length;

	for (int line = 1; text < end && line < INT_MAX; line++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
			if (read_form(forms[i], text, newline ? newline : end, &found))
				found.line = line;
		text = newline ? newline + 1 : end;
	}
	return found;
}

/* Copies what was found, less its quotes and as much as fits, and judges it. */
static int take(struct hostname_found found, char ret_name[HOSTNAME_MAX_BYTES + 1])
{
	bool fits;

	if (!found.line)
		return 0;
	if (found.length > 2 && found.name[0] == '"' && found.name[found.length - 1] == '"') {
		found.name++;
		found.length -= 2;
	}
	fits = found.length <= HOSTNAME_MAX_BYTES && !memchr(found.name, '\0', found.length);
	if (found.length > HOSTNAME_MAX_BYTES)
		found.length = HOSTNAME_MAX_BYTES;
	memcpy(ret_name, found.name, found.length);
	ret_name[found.length] = '\0';
	return fits && hostname_is_valid(ret_name) ? found.line : -EINVAL;
}

int hostname_find(const char *text, size_t length, char ret_name[HOSTNAME_MAX_BYTES + 1])
{
	struct hostname_found found = hostname_find_junos(text, length);

	return take(found.line ? found : find_line(text, length), ret_name);
}

int hostname_from_plain(const char *text, size_t length, char ret_name[HOSTNAME_MAX_BYTES + 1])
{
	struct hostname_found found = {0};
	const char *end = text + length;

	for (int line = 1; text < end && line < INT_MAX; line++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text)), *word;
		const char *stop = newline ? newline : end;
		size_t word_length = next_word(&text, stop, &word);
		const char *second;

		if (word_length && *word != '#') {
			if (found.line || next_word(&text, stop, &second) > 0)
				return 0;
			found = (struct hostname_found){word, word_length, line};
		}
		text = newline ? newline + 1 : end;
	}
	return take(found, ret_name);
}

#include "config/hostname.h"

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

/* The next word of a line, up to a blank; *at is moved behind it. Returns its length. */
static size_t next_word(const char **at, const char *end, const char **ret_word)
{
	while (*at < end && isspace((unsigned char)**at))
		++*at;
	*ret_word = *at;
	while (*at < end && !isspace((unsigned char)**at))
		++*at;
	return (size_t)(*at - *ret_word);
}

/* Is the line `hostname NAME`? Names that the FRR shell took in quotes lose them. */
static bool read_line(const char *at, const char *end, const char **ret_name, size_t *ret_length)
{
	const char *word;

	if (next_word(&at, end, &word) != strlen("hostname") ||
		memcmp(word, "hostname", strlen("hostname")) != 0)
		return false;
	*ret_length = next_word(&at, end, ret_name);
	if (*ret_length >= 2 && **ret_name == '"' && (*ret_name)[*ret_length - 1] == '"') {
		++*ret_name;
		*ret_length -= 2;
	}
	return *ret_length > 0;
}

int hostname_find(const char *text, size_t length, char ret_name[HOSTNAME_MAX_BYTES + 1])
{
	const char *end = text + length;
	int line = 0, found = 0;
	bool valid = true;

	while (text < end && line < INT_MAX) {
		const char *newline = memchr(text, '\n', (size_t)(end - text)), *name;
		const char *stop = newline ? newline : end;
		size_t name_length;

		line++;
		if (read_line(text, stop, &name, &name_length)) {
			valid = name_length <= HOSTNAME_MAX_BYTES &&
				!memchr(name, '\0', name_length);
			if (name_length > HOSTNAME_MAX_BYTES)
				name_length = HOSTNAME_MAX_BYTES;
			memcpy(ret_name, name, name_length);
			ret_name[name_length] = '\0';
			valid = valid && hostname_is_valid(ret_name);
			found = line;
		}
		text = newline ? newline + 1 : end;
	}
	return valid ? found : -EINVAL;
}

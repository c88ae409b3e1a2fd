/* generate: fills a template of a manual page or of the completion from the program's own tables,
 * so that they cannot say anything else than the program does. stdin to stdout; a line that is
 * @NAME@ alone is replaced. Fails on a name that it does not know. */
#include "doc/man/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	void (*put)(void);
} parts[] = {
	{"@VERBS@", pages_verbs},
	{"@SECTIONS@", pages_sections},
	{"@COMPLETIONS@", pages_completions},
};

static int put_part(const char *name)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(name, parts[i].name) == 0) {
			parts[i].put();
			return 0;
		}
	}
	fprintf(stderr, "generate: there is nothing called %s\n", name);
	return -1;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int r = 0;

	while (r == 0 && (length = getline(&line, &size, stdin)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		if (length > 2 && line[0] == '@' && line[length - 1] == '@')
			r = put_part(line);
		else
			puts(line);
	}
	free(line);
	return r < 0 || ferror(stdin) || fflush(stdout) != 0 || ferror(stdout) ? EXIT_FAILURE
									       : EXIT_SUCCESS;
}

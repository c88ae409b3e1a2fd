#include "init/environment.h"

#include "config/model.h"
#include "init/load.h"
#include "init/passwd.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	VARIABLES_MAX = 4096,
	LINE_MAX_BYTES = 32 * 1024,
};

/* Variables while they are gathered. */
struct gathered {
	struct arena *arena;
	const char **variables;
	unsigned count, size;
};

const char *environment_get(char *const *variables, const char *name)
{
	size_t length = strlen(name);

	for (; *variables; variables++) {
		if (strncmp(*variables, name, length) == 0 && (*variables)[length] == '=')
			return *variables + length + 1;
	}
	return NULL;
}

/* Room for `more` and the final NULL. */
static int reserve(struct gathered *gathered, unsigned more)
{
	unsigned size = gathered->count + more + 1;

	if (size <= gathered->size)
		return 0;
	size += 32;
	if (size > VARIABLES_MAX)
		return -E2BIG;
	const char **variables = arena_array(gathered->arena, size, sizeof(*variables));

	if (!variables)
		return -ENOMEM;
	if (gathered->count)
		memcpy(variables, gathered->variables, gathered->count * sizeof(*variables));
	gathered->variables = variables;
	gathered->size = size;
	return 0;
}

/* `variable` is NAME=value and must live as long as the arena. */
static int set(struct gathered *gathered, const char *variable)
{
	size_t length = strcspn(variable, "=") + 1;
	int r;

	for (unsigned i = 0; i < gathered->count; i++) {
		if (strncmp(gathered->variables[i], variable, length) == 0) {
			gathered->variables[i] = variable;
			return 0;
		}
	}
	r = reserve(gathered, 1);
	if (r == 0)
		gathered->variables[gathered->count++] = variable;
	return r;
}

static int set_pair(struct gathered *gathered, const char *name, const char *value)
{
	const char *variable;

	if (!value || !*value)
		return 0;
	variable = arena_printf(gathered->arena, "%s=%s", name, value);
	return variable ? set(gathered, variable) : -ENOMEM;
}

/* Strips blanks at both ends and one pair of quotes around the value, in place. NULL: a line that
 * sets nothing. */
static char *tidy_line(char *line)
{
	char *equals, *value;
	size_t length;

	while (isspace((unsigned char)*line))
		line++;
	length = strlen(line);
	while (length && isspace((unsigned char)line[length - 1]))
		line[--length] = '\0';
	equals = strchr(line, '=');
	if (*line == '#' || *line == ';' || !equals || equals == line)
		return NULL;
	value = equals + 1;
	length = strlen(value);
	if (length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
		memmove(value, value + 1, length - 2);
		value[length - 2] = '\0';
	}
	return line;
}

/* By the reader of configurations: what could block, such as a FIFO, or has no end is refused. */
static int read_text(
	struct gathered *gathered, const char *path, char **ret_text, size_t *ret_length)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int r = image_read_fd(fd, gathered->arena, ret_text, ret_length);

	(void)close(fd); /* was only read */
	return r;
}

static int read_file(struct gathered *gathered, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	int r = read_text(gathered, path, &text, &length);

	while (r == 0 && length) {
		char *newline = memchr(text, '\n', length);
		size_t line = newline ? (size_t)(newline - text) : length;

		if (line >= LINE_MAX_BYTES)
			return -E2BIG;
		text[line] = '\0'; /* the newline, or what ends the whole */
		const char *variable = tidy_line(text);

		if (variable)
			r = set(gathered, variable);
		line += newline != NULL;
		text += line;
		length -= line;
	}
	return r;
}

static int set_user(struct gathered *gathered, const struct passwd_user *user)
{
	const struct {
		const char *name, *value;
	} pairs[] = {
		{"HOME", user->home},
		{"SHELL", user->shell},
		{"USER", user->name},
		{"LOGNAME", user->name},
	};
	int r = 0;

	for (unsigned i = 0; r == 0 && i < sizeof(pairs) / sizeof(pairs[0]); i++)
		r = set_pair(gathered, pairs[i].name, pairs[i].value);
	return r;
}

static int gather(struct gathered *gathered, const struct service *spec,
	const struct passwd_user *user, const char *notify_socket, const char **ret_failed_file)
{
	unsigned count = 0;
	int r;

	while (environ[count])
		count++;
	r = reserve(gathered, count);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < count; i++)
		gathered->variables[gathered->count++] = environ[i];
	r = user ? set_user(gathered, user) : 0;
	for (unsigned i = 0; r == 0 && i < spec->environment_files.count; i++) {
		r = read_file(gathered, spec->environment_files.word[i]);
		if (r < 0)
			*ret_failed_file = spec->environment_files.word[i];
	}
	for (unsigned i = 0; r == 0 && i < spec->environment.count; i++)
		r = set(gathered, spec->environment.word[i]);
	if (r == 0)
		r = set_pair(gathered, "NOTIFY_SOCKET", notify_socket);
	return r;
}

int environment_make(const struct service *spec, const struct passwd_user *user,
	const char *notify_socket, struct environment *ret_environment)
{
	struct gathered gathered = {.arena = &ret_environment->arena};
	int r;

	*ret_environment = (struct environment){.variables = environ};
	if (!user && !notify_socket && !spec->environment.count && !spec->environment_files.count)
		return 0;
	r = gather(&gathered, spec, user, notify_socket, &ret_environment->failed_file);
	if (r < 0) {
		arena_free(&ret_environment->arena);
		return r;
	}
	gathered.variables[gathered.count] = NULL;
	/* execve(2) wants its own idea of const; nothing is written through it. */
	ret_environment->variables = (char *const *)(uintptr_t)gathered.variables;
	return 0;
}

void environment_free(struct environment *environment)
{
	arena_free(&environment->arena);
	environment->variables = NULL;
}

#include "init/caught.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	char state;
	const char *meaning;
} meanings[] = {
	{'R', "running"},
	{'S', "sleeps"},
	{'D', "waits and cannot be interrupted"},
	{'T', "stopped"},
	{'t', "stopped by a debugger"},
	{'Z', "dead already"},
	{'I', "idle"},
};

/* The beginning of a file of the process, as text; false: it cannot be read. */
static bool read_file(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	int fd, length = snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);

	if (length < 0 || (size_t)length >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, text, size - 1);

	(void)close(fd); /* was only read */
	if (got < 0)
		return false;
	text[got] = '\0';
	return true;
}

/* The kernel function that it waits in; "" when there is none, or we may not know. */
static void read_place(pid_t pid, char *place, size_t size)
{
	size_t length = 0;

	if (!read_file(pid, "wchan", place, size))
		place[0] = '\0';
	while (isalnum((unsigned char)place[length]) || place[length] == '_' ||
		place[length] == '.')
		length++;
	place[length] = '\0';
	if (strcmp(place, "0") == 0)
		place[0] = '\0';
}

struct caught caught_look(pid_t pid)
{
	struct caught caught = {.text = "state unknown"};
	char stat[256], place[64];
	const char *after_name = NULL, *meaning = "?";

	if (read_file(pid, "stat", stat, sizeof(stat)))
		after_name = strrchr(stat, ')'); /* the name may hold anything, also ')' */
	if (!after_name || after_name[1] != ' ' || !isalpha((unsigned char)after_name[2]))
		return caught;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].state == after_name[2])
			meaning = meanings[i].meaning;
	read_place(pid, place, sizeof(place));
	(void)snprintf(caught.text, sizeof(caught.text), "state %c (%s%s%s)", after_name[2],
		meaning, place[0] ? ", in " : "", place);
	return caught;
}

#include "init/print.h"

#include "config/diag.h"
#include "init/commands.h"
#include "supervisor/buffer.h"
#include "supervisor/table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MAX 1000

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* The first of them that is set decides, see locale(7). */
static bool locale_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = variable(names[i]);

		if (*value)
			return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
	}
	return false;
}

static unsigned terminal_columns(int fd)
{
	struct winsize size;
	long columns = strtol(variable("COLUMNS"), NULL, 10);

	if (columns > 0 && columns <= COLUMNS_MAX)
		return (unsigned)columns;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void print_style(int fd, struct table_style *ret_style)
{
	*ret_style = (struct table_style){0};
	if (!isatty(fd))
		return;
	ret_style->columns = terminal_columns(fd);
	ret_style->utf8 = locale_is_utf8();
	ret_style->colour = !*variable("NO_COLOR") && strcmp(variable("TERM"), "dumb") != 0;
}

int print_buffer(struct buffer *buffer)
{
	int error = buffer->failed ? ENOMEM : 0;

	for (size_t sent = 0; !error && sent < buffer->length;) {
		ssize_t count = write(STDOUT_FILENO, buffer->data + sent, buffer->length - sent);

		if (count >= 0)
			sent += (size_t)count;
		else if (errno != EINTR)
			error = errno;
	}
	buffer_free(buffer);
	if (!error)
		return EXIT_CODE_OK;
	fprintf(stderr, "firsthop: standard output: %s\n", strerror(error));
	return EXIT_CODE_SYSTEM;
}

void print_diags(FILE *file, struct diags *diags)
{
	diags_sort(diags);
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		if (diag->origin.line > 0)
			fprintf(file, "%s:%u: %s: %s\n", diag->origin.file, diag->origin.line,
				severity_name(diag->severity), diag->message);
		else
			fprintf(file, "%s: %s: %s\n", diag->origin.file,
				severity_name(diag->severity), diag->message);
	}
	if (diags->dropped > 0)
		fprintf(file, "%u more messages\n", diags->dropped);
}

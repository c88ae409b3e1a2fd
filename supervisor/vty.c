#include "supervisor/vty.h"

#include "supervisor/buffer.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define WORDS_IN_COMMAND 3
#define BLANKS		 " \t\r\n"

/* `write memory` in vtysh arrives as "do write integrated"; all others as they were typed, in full
 * or not, once vtysh has found that they are not ambiguous. */
static const struct {
	const char *word[WORDS_IN_COMMAND];
	bool takes_more; /* words of any kind */
	enum vty_command command;
} commands[] = {
	{.word = {"do", "write", "integrated"}, .command = VTY_WRITE},
	{.word = {"write", "integrated"}, .command = VTY_WRITE},
	/* "| include X" comes as well: then all is shown. */
	{.word = {"show", "watchfrr"}, .takes_more = true, .command = VTY_SHOW},
	{.word = {"watchfrr", "ignore"}, .takes_more = true, .command = VTY_IGNORE},
};

/* Takes the next word off the line; 0: none is left. */
static size_t next_word(const char **line)
{
	*line += strspn(*line, BLANKS);
	return strcspn(*line, BLANKS);
}

static bool matches(const char *line, const char *const *word, bool takes_more)
{
	for (unsigned i = 0; i < WORDS_IN_COMMAND && word[i]; i++) {
		size_t length = next_word(&line);

		if (length == 0 || strncmp(line, word[i], length) != 0)
			return false;
		line += length;
	}
	return takes_more || next_word(&line) == 0;
}

static enum vty_command find_command(const char *line)
{
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (matches(line, commands[i].word, commands[i].takes_more))
			return commands[i].command;
	return VTY_OTHER;
}

int vty_get_request(const char *bytes, size_t length, struct vty_request *ret_request)
{
	size_t limit = length < VTY_REQUEST_MAX ? length : VTY_REQUEST_MAX;
	const char *end = limit ? memchr(bytes, '\0', limit) : NULL;

	if (!end)
		return length < VTY_REQUEST_MAX ? 0 : -EMSGSIZE;
	*ret_request = (struct vty_request){
		.command = find_command(bytes), .bytes = (size_t)(end - bytes) + 1};
	return 1;
}

void vty_put_reply(struct buffer *buffer, const char *text, size_t length, enum vty_status status)
{
	const char end[] = {0, 0, 0, (char)status};

	for (size_t at = 0; at < length;) {
		const char *nul = memchr(text + at, '\0', length - at);
		size_t piece = (nul ? (size_t)(nul - text) : length) - at;

		buffer_add(buffer, text + at, piece);
		at += piece + 1;
	}
	buffer_add(buffer, end, sizeof(end));
}

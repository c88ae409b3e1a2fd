#include "init/message.h"

#include "init/outgoing.h"
#include "init/ring.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBLEMS_MAX = 32 };

struct messages {
	struct outgoing *outgoing;
	struct ring ring;
	char *problems[PROBLEMS_MAX + 1];
	unsigned problem_count;
	const char *first_error; /* one of them */
	bool held, booted;
};

static enum message_level message_level = MESSAGE_NOTE;

static const char *const prefixes[] = {
	[MESSAGE_ERROR] = "firsthop: error: ",
	[MESSAGE_WARNING] = "firsthop: warning: ",
	[MESSAGE_NOTE] = "firsthop: ",
	[MESSAGE_DEBUG] = "firsthop: debug: ",
};

struct messages *messages_create(struct outgoing *outgoing)
{
	struct messages *messages = calloc(1, sizeof(*messages));

	if (messages)
		messages->outgoing = outgoing;
	return messages;
}

void messages_free(struct messages *messages)
{
	if (!messages)
		return;
	for (unsigned i = 0; i < messages->problem_count; i++)
		free(messages->problems[i]);
	ring_free(&messages->ring);
	free(messages);
}

void message_set_level(enum message_level level)
{
	message_level = level;
}

bool message_would_say(enum message_level level)
{
	return level <= message_level;
}

static void keep_problem(struct messages *messages, enum message_level level, const char *text)
{
	if (messages->problem_count == PROBLEMS_MAX)
		return;
	char *copy = strdup(text);

	if (!copy)
		return;
	messages->problems[messages->problem_count++] = copy;
	if (level == MESSAGE_ERROR && !messages->first_error)
		messages->first_error = copy;
}

/* A name or a path may hold anything; a terminal must not obey it. */
static void make_visible(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}

/* With its prefix; false: it is not to be said, or cannot be. */
static bool __attribute__((format(printf, 3, 0)))
make_text(char text[MESSAGE_MAX_BYTES], enum message_level level, const char *format, va_list args)
{
	size_t length = strlen(prefixes[level]);
	int r;

	if (!message_would_say(level))
		return false;
	memcpy(text, prefixes[level], length);
	r = vsnprintf(text + length, MESSAGE_MAX_BYTES - length, format, args);
	if (r < 0)
		return false;
	if ((size_t)r >= MESSAGE_MAX_BYTES - length)
		memcpy(text + MESSAGE_MAX_BYTES - 4, "...", 4);
	make_visible(text);
	return true;
}

static void say(struct messages *messages, char *text)
{
	size_t length = strlen(text);

	ring_add(&messages->ring, text, length);
	if (messages->held)
		return;
	struct iovec parts[] = {
		{.iov_base = text, .iov_len = length},
		{.iov_base = (char[]){'\n'}, .iov_len = 1},
	};

	/* When even the reserve is full, the ring has it. */
	(void)outgoing_add(messages->outgoing, parts, 2, true);
}

void message(struct messages *messages, enum message_level level, const char *format, ...)
{
	char text[MESSAGE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	if (make_text(text, level, format, args)) {
		if (level <= MESSAGE_WARNING && !messages->booted)
			keep_problem(messages, level, text + strlen(prefixes[level]));
		say(messages, text);
	}
	va_end(args);
}

void message_passing(struct messages *messages, enum message_level level, const char *format, ...)
{
	char text[MESSAGE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	if (make_text(text, level, format, args))
		say(messages, text);
	va_end(args);
}

void messages_hold(struct messages *messages, bool hold)
{
	messages->held = hold;
}

void messages_end_boot(struct messages *messages)
{
	messages->booted = true;
}

const char *const *messages_problems(const struct messages *messages, unsigned *ret_count)
{
	*ret_count = messages->problem_count;
	return (const char *const *)messages->problems;
}

const char *messages_first_error(const struct messages *messages)
{
	return messages->first_error;
}

void messages_read(const struct messages *messages, unsigned lines, struct buffer *buffer)
{
	ring_read(&messages->ring, lines, "", buffer);
}

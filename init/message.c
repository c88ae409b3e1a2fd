#include "init/message.h"

#include "init/form.h"
#include "init/journal.h"
#include "init/loop.h"
#include "init/outgoing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROBLEMS_MAX = 32 };

struct messages {
	struct outgoing *outgoing;
	struct form *form;
	struct journal_source lines;
	uint32_t pid;
	char *problems[PROBLEMS_MAX + 1];
	unsigned problem_count;
	const char *first_error; /* one of them */
	bool held, booted;
};

static enum message_level message_level = MESSAGE_NOTE;

static const enum record_level levels[] = {
	[MESSAGE_ERROR] = RECORD_ERROR,
	[MESSAGE_WARNING] = RECORD_WARNING,
	[MESSAGE_NOTE] = RECORD_NOTE,
	[MESSAGE_DEBUG] = RECORD_DEBUG,
};

struct messages *messages_create(
	struct outgoing *outgoing, struct journal *journal, struct form *form)
{
	struct messages *messages = calloc(1, sizeof(*messages));

	if (!messages)
		return NULL;
	messages->outgoing = outgoing;
	messages->form = form;
	messages->pid = (uint32_t)getpid();
	journal_open(journal, &messages->lines, RECORD_OWN_NAME);
	return messages;
}

void messages_free(struct messages *messages)
{
	if (!messages)
		return;
	for (unsigned i = 0; i < messages->problem_count; i++)
		free(messages->problems[i]);
	journal_close(&messages->lines);
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

/* false: it is not to be said, or cannot be. */
static bool __attribute__((format(printf, 3, 0)))
make_text(char text[MESSAGE_MAX_BYTES], enum message_level level, const char *format, va_list args)
{
	int r;

	if (!message_would_say(level))
		return false;
	r = vsnprintf(text, MESSAGE_MAX_BYTES, format, args);
	if (r < 0)
		return false;
	if (r >= MESSAGE_MAX_BYTES)
		memcpy(text + MESSAGE_MAX_BYTES - 4, "...", 4);
	make_visible(text);
	return true;
}

static void say(struct messages *messages, enum message_level level, const char *text)
{
	const struct record record = {
		.time_us = loop_wall_us(),
		.pid = messages->pid,
		.level = levels[level],
		.service = RECORD_OWN_NAME,
		.text = text,
		.length = strlen(text),
	};
	struct iovec parts[FORM_PARTS];

	journal_add(&messages->lines, &record);
	if (messages->held)
		return;
	form_line(messages->form, &record, true, parts);
	/* When even the reserve is full, the journal has it. */
	(void)outgoing_add(messages->outgoing, parts, FORM_PARTS, true);
}

void message(struct messages *messages, enum message_level level, const char *format, ...)
{
	char text[MESSAGE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	if (make_text(text, level, format, args)) {
		if (level <= MESSAGE_WARNING && !messages->booted)
			keep_problem(messages, level, text);
		say(messages, level, text);
	}
	va_end(args);
}

void message_passing(struct messages *messages, enum message_level level, const char *format, ...)
{
	char text[MESSAGE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	if (make_text(text, level, format, args))
		say(messages, level, text);
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
	journal_read(&messages->lines, lines, true, buffer);
}

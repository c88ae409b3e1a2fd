#include "init/output.h"

#include "config/model.h"
#include "init/lines.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
	READ_BYTES = 16 * 1024,
	READS_PER_CALL = 4, /* so 64 KiB: no service starves the others */
	LOG_FILE_MODE = 0640,
};

struct output {
	struct loop *loop;
	struct outgoing *outgoing;
	struct messages *messages;
	struct channel *first_untold; /* channels with drops that were not told yet */
	bool held;
	uint64_t withheld; /* lines that were kept only, since the console has the terminal */
	char read_buffer[READ_BYTES];
};

struct channel {
	struct output *output;
	uint64_t source;
	int read_fd, write_fd;
	int file_fd; /* -1: none */
	enum log_kind log;
	struct ring ring;
	struct lines lines;
	uint64_t taken, dropped, untold;
	struct channel *next_untold;
	char name[SERVICE_NAME_MAX + 1];
};

struct output *output_create(
	struct loop *loop, struct outgoing *outgoing, struct messages *messages)
{
	struct output *output = malloc(sizeof(*output));

	if (!output)
		return NULL;
	output->loop = loop;
	output->outgoing = outgoing;
	output->messages = messages;
	output->first_untold = NULL;
	output->held = false;
	output->withheld = 0;
	return output;
}

void output_free(struct output *output)
{
	free(output);
}

void output_hold(struct output *output, bool hold)
{
	output->held = hold;
	if (hold || !output->withheld)
		return;
	message(output->messages, MESSAGE_NOTE,
		"%" PRIu64 " lines of services came while the console had the terminal; see "
		"`firsthop logs`",
		output->withheld);
	output->withheld = 0;
}

static void count_drop(struct channel *channel)
{
	struct output *output = channel->output;

	if (channel->untold++ == 0) {
		channel->next_untold = output->first_untold;
		output->first_untold = channel;
	}
	channel->dropped++;
}

void output_tell_drops(struct output *output)
{
	if (!output->first_untold || !outgoing_is_calm(output->outgoing))
		return;
	while (output->first_untold) {
		struct channel *channel = output->first_untold;

		message(output->messages, MESSAGE_WARNING,
			"%s: %" PRIu64 " lines dropped: they came faster than they were taken",
			channel->name, channel->untold);
		channel->untold = 0;
		output->first_untold = channel->next_untold;
	}
}

/* A line that only in part fits on the disk is as it is: the ring has it whole. */
static void write_file(struct channel *channel, const char *line, size_t length)
{
	const struct iovec parts[] = {
		{.iov_base = (char *)(uintptr_t)line, .iov_len = length},
		{.iov_base = (char[]){'\n'}, .iov_len = 1},
	};

	if (channel->file_fd >= 0 && writev(channel->file_fd, parts, 2) < 0)
		count_drop(channel); /* the disk is full, or nobody reads a FIFO */
}

static void send_line(struct channel *channel, const char *line, size_t length)
{
	struct output *output = channel->output;
	const bool named = channel->log == LOG_PREFIX;
	const struct iovec parts[] = {
		{.iov_base = channel->name, .iov_len = named ? strlen(channel->name) : 0},
		{.iov_base = (char[]){':', ' '}, .iov_len = named ? 2 : 0},
		{.iov_base = (char *)(uintptr_t)line, .iov_len = length},
		{.iov_base = (char[]){'\n'}, .iov_len = 1},
	};

	if (output->held)
		output->withheld++;
	else if (!outgoing_add(output->outgoing, parts, 4, false))
		count_drop(channel);
}

static void take_line(void *context, const char *line, size_t length)
{
	struct channel *channel = context;

	channel->taken++;
	ring_add(&channel->ring, line, length);
	switch (channel->log) {
	case LOG_PREFIX:
	case LOG_RAW:
		send_line(channel, line, length);
		return;
	case LOG_FILE:
		write_file(channel, line, length);
		return;
	case LOG_NONE:
	case LOG_KIND_COUNT:
		return;
	}
}

/* Up to `reads` buffers full. */
static void read_pipe(struct channel *channel, unsigned reads)
{
	char *buffer = channel->output->read_buffer;

	while (reads--) {
		ssize_t length = read(channel->read_fd, buffer, READ_BYTES);

		if (length <= 0) /* EAGAIN; never the end, since we hold the other one too */
			return;
		if (!lines_take(&channel->lines, buffer, (size_t)length, take_line, channel))
			count_drop(channel);
		if ((size_t)length < READ_BYTES)
			return;
	}
}

static void on_readable(void *context, int fd, uint32_t events)
{
	(void)fd;
	(void)events; /* an error shows in the read */
	read_pipe(context, READS_PER_CALL);
}

int channel_open(struct output *output, const struct service *spec, struct channel **ret_channel)
{
	struct channel *channel = calloc(1, sizeof(*channel));
	int fds[2], r;

	if (!channel)
		return -ENOMEM;
	if (pipe2(fds, O_CLOEXEC) < 0) {
		r = -errno;
		free(channel);
		return r;
	}
	channel->output = output;
	channel->read_fd = fds[0];
	channel->write_fd = fds[1];
	channel->file_fd = -1;
	/* Only our end: a service that finds its stdout non-blocking would lose lines by itself. */
	r = fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
	if (r == 0)
		r = loop_add(output->loop, fds[0], EPOLLIN, RANK_OUTPUT, on_readable, channel,
			&channel->source);
	if (r < 0) {
		channel_close(channel);
		return r;
	}
	channel_configure(channel, spec);
	*ret_channel = channel;
	return 0;
}

void channel_configure(struct channel *channel, const struct service *spec)
{
	(void)snprintf(channel->name, sizeof(channel->name), "%s", spec->name); /* fits */
	channel->log = spec->log;
	if (channel->file_fd >= 0)
		(void)close(channel->file_fd); /* each write has told its own errors */
	channel->file_fd = -1;
	if (spec->log != LOG_FILE)
		return;
	/* Non-blocking for the case that it names a FIFO. */
	channel->file_fd = open(spec->log_path,
		O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, LOG_FILE_MODE);
	if (channel->file_fd < 0)
		message(channel->output->messages, MESSAGE_WARNING,
			"%s: log file %s: %s; its lines are kept in memory only", spec->name,
			spec->log_path, strerror(errno));
}

void channel_close(struct channel *channel)
{
	if (!channel)
		return;
	for (struct channel **at = &channel->output->first_untold; *at; at = &(*at)->next_untold) {
		if (*at == channel) {
			*at = channel->next_untold;
			break;
		}
	}
	loop_remove(channel->output->loop, channel->source);
	(void)close(channel->read_fd);
	(void)close(channel->write_fd);
	if (channel->file_fd >= 0)
		(void)close(channel->file_fd); /* each write has told its own errors */
	lines_free(&channel->lines);
	ring_free(&channel->ring);
	free(channel);
}

int channel_fd(const struct channel *channel)
{
	return channel->write_fd;
}

void channel_settle(struct channel *channel)
{
	/* Twice what a pipe holds: more can only come from a process that is still writing. */
	read_pipe(channel, 2 * READS_PER_CALL);
	lines_end(&channel->lines, take_line, channel);
}

uint64_t channel_lines(const struct channel *channel)
{
	return channel->taken;
}

uint64_t channel_dropped(const struct channel *channel)
{
	return channel->dropped;
}

void channel_read(const struct channel *channel, unsigned lines, bool named, struct buffer *buffer)
{
	char prefix[SERVICE_NAME_MAX + 3] = "";

	if (named)
		(void)snprintf(prefix, sizeof(prefix), "%s: ", channel->name); /* fits */
	ring_read(&channel->ring, lines, prefix, buffer);
}

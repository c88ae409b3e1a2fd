#include "init/output.h"

#include "config/model.h"
#include "init/form.h"
#include "init/journal.h"
#include "init/lines.h"
#include "init/logfile.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/syslogger.h"
#include "supervisor/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
	READ_BYTES = 64 * 1024, /* what a pipe holds */
	TELL_DROPS_MS = 10000,	/* of a burst that does not end */
	READS_PER_CALL = 1,	/* no service starves the others */
};

struct output {
	struct loop *loop;
	struct outgoing *outgoing;
	struct messages *messages;
	struct journal *journal;
	struct form *form;
	struct buffer batch; /* of log files */
	struct syslogger *syslogs;
	int64_t now_us;		       /* of the lines that are read now */
	struct channel *first_untold;  /* channels with drops that were not told yet */
	struct timestamp untold_since; /* if there are any */
	bool held;
	uint64_t withheld;    /* lines that were kept only, since the console has the terminal */
	const char *read_end; /* of what is in read_buffer now */
	char read_buffer[READ_BYTES];
};

struct channel {
	struct output *output;
	uint64_t source;
	int read_fd, write_fd;
	enum log_kind log;
	struct logfile *file;	  /* NULL: none */
	struct syslogger *syslog; /* NULL: none */
	uint32_t pid;
	struct journal_source lines_kept;
	struct lines lines;
	uint64_t taken, dropped, untold;
	struct channel *next_untold;
	char name[]; /* of the service */
};

struct output *output_create(struct loop *loop, struct outgoing *outgoing,
	struct messages *messages, struct journal *journal, struct form *form)
{
	struct output *output = malloc(sizeof(*output));

	if (!output)
		return NULL;
	output->loop = loop;
	output->outgoing = outgoing;
	output->messages = messages;
	output->journal = journal;
	output->form = form;
	output->batch = (struct buffer){0};
	output->syslogs = NULL;
	output->read_end = NULL;
	output->first_untold = NULL;
	output->held = false;
	output->withheld = 0;
	return output;
}

void output_free(struct output *output)
{
	if (output)
		buffer_free(&output->batch);
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

	if (!output->first_untold)
		output->untold_since = loop_now(output->loop);
	if (channel->untold++ == 0) {
		channel->next_untold = output->first_untold;
		output->first_untold = channel;
	}
	channel->dropped++;
}

bool output_tell_drops(struct output *output)
{
	sysloggers_retry(output->syslogs);
	if (!output->first_untold)
		return false;
	if (!outgoing_is_empty(output->outgoing) &&
		timestamp_before(loop_now(output->loop),
			timestamp_add_ms(output->untold_since, TELL_DROPS_MS)))
		return false;
	while (output->first_untold) {
		struct channel *channel = output->first_untold;

		message(output->messages, MESSAGE_WARNING,
			"%s: %" PRIu64 " lines dropped: they came faster than they were taken",
			channel->name, channel->untold);
		channel->untold = 0;
		output->first_untold = channel->next_untold;
	}
	return true;
}

static void send_line(struct channel *channel, const struct record *record)
{
	struct output *output = channel->output;
	const struct iovec raw[] = {
		{.iov_base = (char *)(uintptr_t)record->text, .iov_len = record->length},
		{.iov_base = (char[]){'\n'}, .iov_len = 1},
	};
	struct iovec parts[FORM_PARTS];
	bool taken = true;

	if (output->held) {
		output->withheld++;
	} else if (channel->log == LOG_RAW) {
		taken = outgoing_add(output->outgoing, raw, 2, false);
	} else {
		form_line(output->form, record, true, parts);
		taken = outgoing_add(output->outgoing, parts, FORM_PARTS, false);
	}
	if (!taken)
		count_drop(channel);
}

static void write_file(struct channel *channel, const struct record *record)
{
	struct iovec parts[FORM_PARTS];

	form_line(channel->output->form, record, false, parts);
	channel->dropped += logfile_add(channel->file, parts, FORM_PARTS);
}

/* In a burst most lines would be kept only until the next ones of the same read push them out. What
 * is left of a read may end with a part of a line, which is not kept yet. */
static bool is_soon_pushed_out(const struct output *output, const char *line, size_t length)
{
	return line >= output->read_buffer && line + length < output->read_end &&
	       (size_t)(output->read_end - line) > length + JOURNAL_KEPT_BYTES + LINES_MAX_BYTES;
}

static void take_line(void *context, const char *line, size_t length)
{
	struct channel *channel = context;
	const struct record record = {
		.time_us = channel->output->now_us,
		.pid = channel->pid,
		.level = RECORD_LINE,
		.service = channel->name,
		.text = line,
		.length = length,
	};

	channel->taken++;
	if (is_soon_pushed_out(channel->output, line, length))
		journal_pass(&channel->lines_kept, &record);
	else
		journal_add(&channel->lines_kept, &record);
	switch (channel->log) {
	case LOG_PREFIX:
	case LOG_RAW:
		send_line(channel, &record);
		return;
	case LOG_FILE:
		if (channel->file)
			write_file(channel, &record);
		return;
	case LOG_SYSLOG:
		if (channel->syslog)
			syslogger_add(channel->syslog, &record);
		return;
	case LOG_NONE:
	case LOG_KIND_COUNT:
		return;
	}
}

/* All lines of one call came at the same time, as far as anybody can tell. */
static void begin_lines(struct channel *channel)
{
	channel->output->now_us = loop_wall_us();
}

static void end_lines(struct channel *channel)
{
	if (channel->file)
		channel->dropped += logfile_flush(channel->file);
	if (channel->syslog)
		syslogger_flush(channel->syslog);
}

/* Up to `reads` buffers full. */
static void read_pipe(struct channel *channel, unsigned reads)
{
	char *buffer = channel->output->read_buffer;

	while (reads--) {
		ssize_t length = read(channel->read_fd, buffer, READ_BYTES);

		if (length <= 0) /* EAGAIN; never the end, since we hold the other one too */
			return;
		channel->output->read_end = buffer + length;
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
	begin_lines(context);
	read_pipe(context, READS_PER_CALL);
	end_lines(context);
}

int channel_open(struct output *output, const struct service *spec, struct channel **ret_channel)
{
	size_t name_bytes = strlen(spec->name) + 1;
	struct channel *channel = calloc(1, sizeof(*channel) + name_bytes);
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
	memcpy(channel->name, spec->name, name_bytes);
	journal_open(output->journal, &channel->lines_kept, channel->name);
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

static void close_destination(struct channel *channel)
{
	channel->dropped = channel_dropped(channel);
	logfile_close(channel->file);
	channel->file = NULL;
	syslogger_close(channel->syslog, &channel->output->syslogs);
	channel->syslog = NULL;
}

void channel_configure(struct channel *channel, const struct service *spec)
{
	struct output *output = channel->output;

	channel->log = spec->log;
	close_destination(channel);
	if (spec->log == LOG_FILE)
		channel->file = logfile_open(spec, output->messages, &output->batch);
	else if (spec->log == LOG_SYSLOG)
		channel->syslog =
			syslogger_open(output->loop, output->messages, spec, &output->syslogs);
	else
		return;
	if (!channel->file && !channel->syslog)
		message(output->messages, MESSAGE_WARNING,
			"%s: log to %s: %s; its lines are kept in memory only", spec->name,
			spec->log_path, strerror(ENOMEM));
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
	close_destination(channel);
	lines_free(&channel->lines);
	journal_close(&channel->lines_kept);
	form_forget(channel->output->form);
	free(channel);
}

int channel_fd(const struct channel *channel)
{
	return channel->write_fd;
}

void channel_settle(struct channel *channel)
{
	/* Twice what a pipe holds: more can only come from a process that is still writing. */
	begin_lines(channel);
	read_pipe(channel, 2 * READS_PER_CALL);
	lines_end(&channel->lines, take_line, channel);
	end_lines(channel);
}

uint64_t channel_lines(const struct channel *channel)
{
	return channel->taken;
}

uint64_t channel_dropped(const struct channel *channel)
{
	return channel->dropped + (channel->syslog ? syslogger_lost(channel->syslog) : 0);
}

void channel_process(struct channel *channel, pid_t pid)
{
	channel->pid = pid > 0 ? (uint32_t)pid : 0;
}

void channel_read(const struct channel *channel, unsigned lines, bool named, struct buffer *buffer)
{
	journal_read(&channel->lines_kept, lines, named, buffer);
}

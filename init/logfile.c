#include "init/logfile.h"

#include "config/model.h"
#include "init/logfile_rotate.h"
#include "init/loop.h"
#include "init/message.h"
#include "supervisor/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_MODE = 0640,
	BATCH_BYTES = 64 * 1024, /* so much is written at once */
	BATCH_KEEP_BYTES = 8 * 1024,
	RETRY_MS = 1000, /* a file that cannot be opened is not tried again for so long */
};

struct logfile {
	struct messages *messages;
	struct buffer *batch;
	const char *service, *path; /* the model's, which is older and stays */
	uint64_t max_bytes;
	unsigned keep;
	int fd; /* -1: could not be opened */
	bool is_regular;
	bool torn;	       /* it ends with a part of a line */
	bool told_of_rotation; /* that it is not as it should be */
	uint64_t size;
	int problem;   /* errno that was told; 0: none */
	uint64_t lost; /* lines since then */
	struct timestamp retry_at;
};

static void complain(struct logfile *file, int error, const char *doing)
{
	if (!file->problem)
		message(file->messages, MESSAGE_WARNING,
			"%s: log file %s cannot be %s: %s; its lines are kept in memory only, and "
			"the file is tried again",
			file->service, file->path, doing, strerror(error));
	file->problem = error;
}

static void tell_recovered(struct logfile *file)
{
	if (!file->problem)
		return;
	message(file->messages, MESSAGE_NOTE,
		"%s: log file %s is written to again; %" PRIu64 " lines are not in it",
		file->service, file->path, file->lost);
	file->problem = 0;
	file->lost = 0;
}

static void open_file(struct logfile *file)
{
	struct stat st;

	file->retry_at = timestamp_add_ms(loop_clock(), RETRY_MS);
	/* Non-blocking for the case that it names a FIFO. */
	file->fd = open(file->path,
		O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, FILE_MODE);
	if (file->fd < 0) {
		complain(file, errno, "opened");
		return;
	}
	file->is_regular = fstat(file->fd, &st) == 0 && S_ISREG(st.st_mode);
	file->size = file->is_regular ? (uint64_t)st.st_size : 0;
	file->torn = false;
}

struct logfile *logfile_open(
	const struct service *service, struct messages *messages, struct buffer *batch)
{
	struct logfile *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->messages = messages;
	file->batch = batch;
	file->service = service->name;
	file->path = service->log_path;
	file->max_bytes = service->log_max_bytes;
	file->keep = service->log_keep;
	open_file(file);
	return file;
}

void logfile_close(struct logfile *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		(void)close(file->fd); /* each write has told its own errors */
	free(file);
}

/* PATH is full. */
static void rotate(struct logfile *file)
{
	enum rotated how = logfile_rotate(file->fd, file->path, file->keep);

	if (how > ROTATED_EMPTIED && !file->told_of_rotation) {
		file->told_of_rotation = true;
		message(file->messages, MESSAGE_WARNING, "%s: log file %s %s", file->service,
			file->path, rotated_text(how));
	}
	if (how == ROTATED) {
		(void)close(file->fd); /* each write has told its own errors */
		open_file(file);
	} else if (how != ROTATED_FAILED) {
		file->size = 0;
	} else {
		file->max_bytes = UINT64_MAX; /* goes on growing, until a reload */
	}
}

static unsigned count_lines(const char *bytes, size_t length)
{
	unsigned lines = 0;
	const char *end;

	for (; length && (end = memchr(bytes, '\n', length)); lines++) {
		length -= (size_t)(end + 1 - bytes);
		bytes = end + 1;
	}
	return lines;
}

/* How much of `length` bytes of whole lines fits into the file as it is; 0: not even a line. */
static size_t fitting(const struct logfile *file, const char *bytes, size_t length)
{
	uint64_t room = file->size < file->max_bytes ? file->max_bytes - file->size : 0;
	const char *end;

	if (!file->is_regular || length <= room)
		return length;
	end = memrchr(bytes, '\n', (size_t)room);
	if (end)
		return (size_t)(end + 1 - bytes);
	if (file->size)
		return 0;
	end = memchr(bytes, '\n', length); /* a line that is longer than any file may be */
	return end ? (size_t)(end + 1 - bytes) : length;
}

/* Whole lines. Returns how many of them are lost. */
static unsigned write_lines(struct logfile *file, const char *bytes, size_t length)
{
	size_t written = 0;
	ssize_t r = 0;

	if (file->torn && write(file->fd, "\n", 1) == 1)
		file->torn = false;
	while (written < length) {
		r = write(file->fd, bytes + written, length - written);
		if (r <= 0)
			break;
		written += (size_t)r;
	}
	file->size += written;
	if (written == length) {
		tell_recovered(file);
		return 0;
	}
	/* The disk is full, or nobody reads a FIFO. */
	complain(file, r < 0 ? errno : EIO, "written to");
	file->torn = written && bytes[written - 1] != '\n';
	return count_lines(bytes + written, length - written);
}

unsigned logfile_flush(struct logfile *file)
{
	const char *bytes = file->batch->data;
	size_t left = file->batch->length;
	unsigned lost = 0;

	if (file->fd < 0 && !timestamp_before(loop_clock(), file->retry_at))
		open_file(file);
	while (left && file->fd >= 0) {
		size_t length = fitting(file, bytes, left);

		if (!length) {
			rotate(file);
			continue;
		}
		lost += write_lines(file, bytes, length);
		bytes += length;
		left -= length;
	}
	lost += left ? count_lines(bytes, left) : 0;
	if (file->batch->capacity > BATCH_KEEP_BYTES)
		buffer_free(file->batch);
	else
		buffer_reset(file->batch);
	file->lost += lost;
	return lost;
}

unsigned logfile_add(struct logfile *file, const struct iovec *parts, unsigned count)
{
	struct buffer *batch = file->batch;
	size_t before = batch->length;
	unsigned lost = 0;

	for (unsigned i = 0; i < count; i++)
		buffer_add(batch, parts[i].iov_base, parts[i].iov_len);
	if (batch->failed) { /* no memory */
		batch->failed = false;
		batch->length = before;
		file->lost++;
		lost++;
	}
	return batch->length < BATCH_BYTES ? lost : lost + logfile_flush(file);
}

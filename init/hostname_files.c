/* Engines mount both files into the container, each by itself, so neither can be replaced by
 * another: rename(2) onto a mount point gives EBUSY. They are written in place, the new text over
 * the old one and only then cut to its length, so that no reader finds an empty file; and when the
 * disk is full half-way, the old text is put back. */
#include "init/hostname_files.h"

#include "config/arena.h"
#include "config/hosts.h"
#include "init/load.h"
#include "init/preparation.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct text_of {
	const char *text;
	size_t length;
};

/* 1 with what the file should be; 0: it is so; -ENOMEM. */
typedef int make_text_fn(struct arena *arena, const struct text_of *old, const char *old_name,
	const char *new_name, struct text_of *ret_new);

static int make_hostname(struct arena *arena, const struct text_of *old, const char *old_name,
	const char *new_name, struct text_of *ret_new)
{
	char *text = arena_printf(arena, "%s\n", new_name);

	(void)old_name; /* whatever the file said */
	if (!text)
		return -ENOMEM;
	*ret_new = (struct text_of){text, strlen(text)};
	return old->length != ret_new->length || memcmp(old->text, text, old->length) != 0;
}

static int make_hosts(struct arena *arena, const struct text_of *old, const char *old_name,
	const char *new_name, struct text_of *ret_new)
{
	return hosts_rename(arena, old->text, old->length, old_name, new_name, &ret_new->text,
		&ret_new->length);
}

static int write_at_start(int fd, const struct text_of *text)
{
	size_t done = 0;

	while (done < text->length) {
		ssize_t part = pwrite(fd, text->text + done, text->length - done, (off_t)done);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return -errno;
		done += (size_t)part;
	}
	return ftruncate(fd, (off_t)text->length) < 0 ? -errno : 0;
}

static int overwrite(const char *path, const struct text_of *old, const struct text_of *new)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), r;

	if (fd < 0)
		return -errno;
	r = write_at_start(fd, new);
	if (r < 0)
		(void)write_at_start(fd, old); /* as well as it goes; `r` is told */
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

/* 0: it is as it should be, or there is none. -errno. */
static int follow(struct arena *arena, const char *path, make_text_fn *make, const char *old_name,
	const char *new_name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), r;
	struct text_of old, new;
	char *text;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = image_read_fd(fd, arena, &text, &old.length);
	(void)close(fd); /* was only read */
	if (r < 0)
		return r;
	old.text = text;
	r = make(arena, &old, old_name, new_name, &new);
	return r > 0 ? overwrite(path, &old, &new) : r;
}

void hostname_files_follow(
	struct preparation *preparation, const char *old_name, const char *new_name)
{
	static const struct {
		const char *path;
		make_text_fn *make;
	} files[] = {{"/etc/hostname", make_hostname}, {"/etc/hosts", make_hosts}};

	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct arena arena = {0};
		int r = follow(&arena, files[i].path, files[i].make, old_name, new_name);
		struct finding finding = {.step = STEP_HOSTNAME,
			.state = r < 0 ? FINDING_DEGRADED : FINDING_OK,
			.subject = files[i].path,
			.verdict = r < 0 ? "not in step" : "in step"};

		if (r < 0) {
			finding.reason = arena_printf(
				&arena, "it does not say %s: %s", new_name, strerror(-r));
			finding.cure = arena_printf(
				&arena, "start the container with --hostname %s", new_name);
		}
		prepare_found(preparation, &finding);
		arena_free(&arena);
	}
}

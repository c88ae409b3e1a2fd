/* The name is set before any daemon starts: vtysh saves the kernel's name over the one that is
 * configured, and a daemon logs under the name that it found when it started. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/hostname.h"
#include "config/model.h"
#include "config/text.h"
#include "init/hostname_files.h"
#include "init/load.h"
#include "init/persist_file.h"
#include "init/procsys.h"
#include "supervisor/finding.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_BYTES (HOSTNAME_MAX_BYTES + 1)

/* What a source gave; a name that is refused is told, cut to fit. */
enum source { SOURCE_HAS_NONE, SOURCE_FOUND, SOURCE_REFUSED };

/* A file of whatever kind: a router's configuration, or one that holds the name and nothing else.
 */
static enum source search_text(const char *text, size_t length, char name[NAME_BYTES])
{
	int line = hostname_find(text, length, name);

	if (line == 0) {
		line = hostname_from_plain(text, length, name);
		/* A configuration of nothing but a "!" is no name that went wrong. */
		if (line < 0 && !isalnum((unsigned char)name[0]))
			line = 0;
	}
	if (line == 0)
		return SOURCE_HAS_NONE;
	return line > 0 ? SOURCE_FOUND : SOURCE_REFUSED;
}

/* A router's configuration may be larger than what else is read. 0 or -errno. */
static int read_source(const char *path, struct arena *arena, struct persist_bytes *ret_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text;
	size_t length;

	if (fd < 0)
		return -errno;
	int r = image_read_fd(fd, arena, &text, &length);

	(void)close(fd); /* was only read */
	if (r == 0)
		*ret_bytes = (struct persist_bytes){text, length};
	return r == -EFBIG ? persist_file_read(arena, path, ret_bytes) : r;
}

static enum source search_file(const char *path, char name[NAME_BYTES], int *ret_error)
{
	enum source found = SOURCE_HAS_NONE;
	struct arena arena = {0};
	struct persist_bytes bytes = {NULL, 0};
	int r = read_source(path, &arena, &bytes);

	if (r == 0)
		found = search_text(bytes.data, bytes.length, name);
	/* The day-0 configuration need not be there. */
	*ret_error = r == -ENOENT || r == -ENOTDIR ? 0 : -r;
	arena_free(&arena);
	return found;
}

/* The name itself, or the value of a variable. */
static enum source take_word(const char *word, char name[NAME_BYTES])
{
	size_t length = word ? strnlen(word, HOSTNAME_MAX_BYTES) : 0;

	if (length == 0)
		return SOURCE_HAS_NONE;
	memcpy(name, word, length);
	name[length] = '\0';
	return hostname_is_valid(word) ? SOURCE_FOUND : SOURCE_REFUSED;
}

static enum source search(const char *source, char name[NAME_BYTES], int *ret_error)
{
	*ret_error = 0;
	name[0] = '\0';
	if (source[0] == '/')
		return search_file(source, name, ret_error);
	return take_word(source[0] == '$' ? getenv(source + 1) : source, name);
}

static void tell_refused(
	struct preparation *preparation, const char *source, const char *name, int error)
{
	struct arena arena = {0};
	struct finding finding = {.step = STEP_HOSTNAME,
		.state = FINDING_DEGRADED,
		.subject = source,
		.verdict = error ? "unreadable" : "refused"};

	if (error) {
		finding.reason = arena_printf(&arena, "cannot read it: %s", strerror(error));
	} else {
		finding.reason = arena_printf(&arena, "%s is no host name, so it is not taken",
			text_quote_string(&arena, name));
		finding.cure = "write letters, digits and hyphens within, at most 63 between dots "
			       "and 64 in all";
	}
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

/* The first source that has a valid name. true: `name` has it. */
static bool choose(struct preparation *preparation, char name[NAME_BYTES], bool *ret_refused)
{
	const struct words *from = &preparation->model->node.hostname_from;
	int error;

	*ret_refused = false;
	for (unsigned i = 0; i < from->count; i++) {
		enum source found = search(from->word[i], name, &error);

		if (found == SOURCE_FOUND)
			return true;
		if (found == SOURCE_HAS_NONE && !error)
			continue;
		tell_refused(preparation, from->word[i], name, error);
		*ret_refused = true;
	}
	return false;
}

/* Without CAP_SYS_ADMIN /proc may still be writable (systempaths=unconfined). A name of NULL is not
 * set: could it be? 0 or an errno. */
static int set_by_proc(struct preparation *preparation, const char *name)
{
	int fd = procsys_open(preparation, "kernel/hostname", O_WRONLY), error = 0;

	if (fd < 0)
		return -fd;
	if (name && write(fd, name, strlen(name)) < 0)
		error = errno;
	(void)close(fd); /* the write has told */
	return error;
}

/* Sets it; with look_only, to what it is, which takes the same right. 0 or an errno; what counts is
 * what it is then. */
static int set_name(struct preparation *preparation, const char *have, const char *name)
{
	char now[NAME_BYTES] = "";
	int error;

	if (preparation->look_only) {
		if (sethostname(have, strlen(have)) == 0)
			return 0;
		error = errno;
		return set_by_proc(preparation, NULL) == 0 ? 0 : error;
	}
	if (sethostname(name, strlen(name)) == 0)
		return 0;
	error = errno;
	(void)set_by_proc(preparation, name); /* the first error says it all */
	return gethostname(now, sizeof(now)) == 0 && strcmp(now, name) == 0 ? 0 : error;
}

static void tell_kept(struct preparation *preparation, const char *have, bool refused)
{
	struct arena arena = {0};
	bool wanted = refused || preparation->model->node.required >> STEP_HOSTNAME & 1;
	struct finding finding = {.step = STEP_HOSTNAME,
		.state = wanted ? FINDING_MISSING : FINDING_OK,
		.subject = "",
		.verdict = "kept"};

	finding.reason = arena_printf(
		&arena, "no source has a name, it stays %s", text_quote_string(&arena, have));
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

static void take_name(struct preparation *preparation, const char *have, const char *name)
{
	struct arena arena = {0};
	struct finding finding = {.step = STEP_HOSTNAME, .verdict = "already so"};
	int error = 0;

	if (strcmp(have, name) != 0) {
		error = set_name(preparation, have, name);
		finding.verdict = preparation->look_only ? "can be set" : "set";
	}
	if (error) {
		finding.state = FINDING_MISSING;
		finding.verdict = "denied";
		finding.reason = arena_printf(&arena, "%s; it stays %s", strerror(error),
			text_quote_string(&arena, have));
		finding.cure = arena_printf(&arena, "start the container with --hostname %s", name);
	}
	finding.subject = text_quote_string(&arena, name);
	prepare_found(preparation, &finding);
	arena_free(&arena);
	if (!error && !preparation->look_only)
		hostname_files_follow(preparation, have, name);
}

void prepare_hostname(struct preparation *preparation)
{
	char have[NAME_BYTES] = "", name[NAME_BYTES];
	bool refused;

	if (preparation->model->node.hostname_from.count == 0)
		return;
	if (gethostname(have, sizeof(have)) < 0)
		have[0] = '\0'; /* then it is set in any case */
	if (choose(preparation, name, &refused))
		take_name(preparation, have, name);
	else
		tell_kept(preparation, have, refused);
}

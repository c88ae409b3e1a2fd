#include "init/persist_watch.h"

#include "config/model.h"
#include "init/loop.h"
#include "init/preparation.h"
#include "init/rundir.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <limits.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
	EVENT_BYTES = 4096, /* a share of a wake-up */
	NO_WATCH = -1,
	DIRECTORY_MODE = 0755,
	LAST_CHECKS_MS = 500, /* `vtysh -C` takes a tenth of a second */
	AGAIN_MS = 10000,     /* until a directory is looked for that could not be watched */
};

struct watched {
	struct keeper keeper;
	int directory, file; /* watch descriptors, NO_WATCH: none */
};

struct persists {
	struct loop *loop;
	struct preparation *preparation;
	const struct spawner *spawner;
	int inotify; /* -1: nothing to watch, or it cannot be */
	uint64_t source;
	struct timestamp again; /* when those without a watch are tried; NEVER: there are none */
	struct watched *watched;
	unsigned count;
};

struct persists *persists_create(
	struct loop *loop, struct preparation *preparation, const struct spawner *spawner)
{
	struct persists *persists = calloc(1, sizeof(*persists));

	if (persists)
		*persists = (struct persists){.loop = loop,
			.preparation = preparation,
			.spawner = spawner,
			.inotify = -1,
			.again = TIMESTAMP_NEVER};
	return persists;
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1; /* paths are absolute */
}

/* The file may be another one by now. */
static void watch_file(const struct persists *persists, struct watched *watched)
{
	int before = watched->file;

	watched->file =
		inotify_add_watch(persists->inotify, watched->keeper.spec->path, IN_CLOSE_WRITE);
	if (before != NO_WATCH && before != watched->file)
		(void)inotify_rm_watch(persists->inotify, before); /* gone with its file, mostly */
}

/* One that is not there is made if it is to be. 0 or -errno. */
static int watch(const struct persists *persists, struct watched *watched, bool make)
{
	const uint32_t mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR;
	const char *path = watched->keeper.spec->path;
	char directory[PATH_MAX];
	int length = (int)(base_name(path) - path);

	if (snprintf(directory, sizeof(directory), "%.*s", length, path) >= (int)sizeof(directory))
		return -ENAMETOOLONG;
	if (make)
		(void)rundir_make_directories(directory, DIRECTORY_MODE); /* the watch tells */
	watched->directory = inotify_add_watch(persists->inotify, directory, mask);
	if (watched->directory < 0)
		return -errno;
	watch_file(persists, watched);
	return 0;
}

static void find(struct persists *persists, const struct persist *spec, struct finding *finding)
{
	finding->step = STEP_PERSIST;
	finding->subject = spec->name;
	prepare_found(persists->preparation, finding);
}

static void tell_blind(struct persists *persists, const struct persist *spec, int error)
{
	struct arena arena = {0};

	find(persists, spec,
		&(struct finding){
			.state = FINDING_DEGRADED,
			.verdict = "not watched",
			.reason = arena_printf(&arena, "changes of %s are not seen: %s", spec->path,
				strerror(error)),
			.cure = arena_printf(&arena, "`firsthop persist save %s` keeps them%s",
				spec->name,
				error == EMFILE ? "; on the host, raise "
						  "fs.inotify.max_user_instances"
						: ""),
		});
	arena_free(&arena);
}

/* Says so when it cannot be, and tries again later: the directory may come, or come back. */
static void begin_watch(struct persists *persists, struct watched *watched, bool make)
{
	int r = watch(persists, watched, make);

	if (r == 0)
		return;
	tell_blind(persists, watched->keeper.spec, -r);
	persists->again =
		timestamp_earliest(persists->again, timestamp_add_ms(loop_clock(), AGAIN_MS));
}

/* Nobody knows what has happened since the watch was lost. */
static void watch_again(struct persists *persists, struct watched *watched)
{
	watched->directory = NO_WATCH;
	begin_watch(persists, watched, false);
	if (watched->directory < 0)
		return;
	find(persists, watched->keeper.spec, &(struct finding){.verdict = "watched"});
	keeper_touch(&watched->keeper);
}

static void try_again(struct persists *persists)
{
	persists->again = TIMESTAMP_NEVER;
	for (unsigned i = 0; persists->inotify >= 0 && i < persists->count; i++)
		if (persists->watched[i].directory < 0)
			watch_again(persists, &persists->watched[i]);
}

/* The directory was removed, or is called otherwise now: the watch is of no use any more. */
static void hear_loss(struct persists *persists, const struct inotify_event *event)
{
	if (event->mask & IN_MOVE_SELF)
		(void)inotify_rm_watch(persists->inotify, event->wd); /* which says IN_IGNORED */
	for (unsigned i = 0; event->mask & IN_IGNORED && i < persists->count; i++)
		if (event->wd == persists->watched[i].directory)
			watch_again(persists, &persists->watched[i]);
}

static void hear(struct persists *persists, const struct inotify_event *event)
{
	for (unsigned i = 0; i < persists->count; i++) {
		struct watched *watched = &persists->watched[i];
		const char *name = base_name(watched->keeper.spec->path);
		bool named = event->wd == watched->directory && event->len &&
			     strcmp(event->name, name) == 0;

		/* After an overflow, anything may have happened. */
		if (!named && event->wd != watched->file && !(event->mask & IN_Q_OVERFLOW))
			continue;
		watch_file(persists, watched);
		keeper_touch(&watched->keeper);
	}
}

static void on_event(void *context, int fd, uint32_t events)
{
	alignas(struct inotify_event) char bytes[EVENT_BYTES];
	struct inotify_event event;
	ssize_t length = read(fd, bytes, sizeof(bytes));

	(void)events; /* an error shows in the read */
	for (ssize_t at = 0; at < length; at += (ssize_t)(sizeof(event) + event.len)) {
		memcpy(&event, bytes + at, sizeof(event));
		if (event.mask & (IN_IGNORED | IN_MOVE_SELF))
			hear_loss(context, &event);
		else
			hear(context, (const struct inotify_event *)(const void *)(bytes + at));
	}
}

/* Opens what the files are watched with. 0 or -errno. */
static int open_inotify(struct persists *persists)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	int r;

	if (fd < 0)
		return -errno;
	r = loop_add(
		persists->loop, fd, EPOLLIN, RANK_OUTPUT, on_event, persists, &persists->source);
	if (r < 0)
		(void)close(fd); /* nothing is watched */
	else
		persists->inotify = fd;
	return r;
}

static void close_all(struct watched *watched, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		keeper_close(&watched[i].keeper);
	free(watched);
}

static struct watched *find_watched(
	struct watched *watched, unsigned count, const struct persist *spec)
{
	for (unsigned i = 0; i < count; i++) {
		const struct persist *other = watched[i].keeper.spec;

		if (strcmp(other->name, spec->name) == 0 && strcmp(other->path, spec->path) == 0)
			return &watched[i];
	}
	return NULL;
}

static void close_inotify(struct persists *persists)
{
	if (persists->inotify < 0)
		return;
	loop_remove(persists->loop, persists->source);
	(void)close(persists->inotify); /* its watches go with it */
	persists->inotify = -1;
}

void persists_configure(struct persists *persists, const struct model *model)
{
	unsigned count = model->persist_count, older_count = persists ? persists->count : 0;
	struct watched *older = persists ? persists->watched : NULL;
	struct watched *made = persists && count ? calloc(count, sizeof(*made)) : NULL;
	int r;

	if (!persists)
		return;
	close_inotify(persists);
	persists->again = TIMESTAMP_NEVER;
	r = count ? open_inotify(persists) : 0;
	persists->watched = made;
	persists->count = made ? count : 0;
	for (unsigned i = 0; i < persists->count; i++) {
		const struct persist *spec = &model->persists[i];
		struct watched *before = find_watched(older, older_count, spec);

		made[i].directory = made[i].file = NO_WATCH;
		keeper_init(&made[i].keeper, spec, persists->preparation, persists->spawner);
		if (r < 0)
			tell_blind(persists, spec, -r);
		else
			begin_watch(persists, &made[i], true);
		if (before)
			keeper_inherit(&made[i].keeper, &before->keeper);
	}
	close_all(older, older_count);
}

static struct keeper *find_keeper(const struct persists *persists, const char *path)
{
	for (unsigned i = 0; persists && i < persists->count; i++)
		if (strcmp(persists->watched[i].keeper.spec->path, path) == 0)
			return &persists->watched[i].keeper;
	return NULL;
}

bool persists_hurry(struct persists *persists, const char *path)
{
	struct keeper *keeper = find_keeper(persists, path);

	if (keeper)
		keeper_hurry(keeper);
	return keeper != NULL;
}

enum keeper_answer persists_answer(const struct persists *persists, const char *path)
{
	const struct keeper *keeper = find_keeper(persists, path);

	return keeper ? keeper->answer : KEEPER_KEPT;
}

bool persists_exited(struct persists *persists, pid_t pid, int status)
{
	for (unsigned i = 0; persists && i < persists->count; i++)
		if (keeper_exited(&persists->watched[i].keeper, pid, status))
			return true;
	return false;
}

struct timestamp persists_advance(struct persists *persists, struct timestamp now)
{
	if (!persists)
		return TIMESTAMP_NEVER;
	if (timestamp_is_due(persists->again, now))
		try_again(persists);
	struct timestamp next = persists->again;

	for (unsigned i = 0; i < persists->count; i++)
		next = timestamp_earliest(next, keeper_advance(&persists->watched[i].keeper, now));
	return next;
}

void persists_finish(struct persists *persists, struct timestamp stop_by)
{
	struct timestamp least = timestamp_add_ms(loop_clock(), LAST_CHECKS_MS);
	struct timestamp by = timestamp_latest(stop_by, least);

	for (unsigned i = 0; persists && i < persists->count; i++)
		keeper_finish(&persists->watched[i].keeper, by);
}

void persists_free(struct persists *persists)
{
	if (!persists)
		return;
	close_inotify(persists);
	close_all(persists->watched, persists->count);
	free(persists);
}

#include "init/persist_keep.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/persist_file.h"
#include "init/persist_store.h"
#include "init/rundir.h"
#include "supervisor/persist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

enum { DIRECTORY_MODE = 0700, SECRET_MODE = 0600 };

static int fail(struct persist_failure *failure, const char *what, const char *path, int r)
{
	*failure = (struct persist_failure){what, path ? path : "", -r};
	return r;
}

/* One call of persist_keep(). */
struct keeping {
	struct arena *arena;
	struct persist_store store;
	const struct persist_bytes *bytes;
	struct persist_attributes attributes;
	struct persist_failure *failure;
	unsigned newest; /* number of the generation with these bytes; 0: none yet */
};

/* The directory, locked: a descriptor, or -errno. */
static int lock(const char *path, bool wait)
{
	int r = rundir_make_directories(path, DIRECTORY_MODE);
	int fd = r < 0 ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (r < 0)
		return r;
	if (fd < 0)
		return -errno;
	while ((r = flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB))) < 0 && errno == EINTR)
		;
	if (r == 0)
		return fd;
	r = -errno;
	(void)close(fd); /* nothing was written */
	return r;
}

static int write_generation(struct keeping *keeping, unsigned number)
{
	const char *path = persist_store_generation(keeping->arena, &keeping->store, number);
	int weak;
	int r = path ? persist_file_replace(path, keeping->bytes, &keeping->attributes, &weak)
		     : -ENOMEM;

	if (r < 0)
		return fail(keeping->failure, "write", path, r);
	keeping->newest = number;
	return 0;
}

static unsigned next_number(const struct keeping *keeping)
{
	const struct persist_store *store = &keeping->store;

	return store->count ? store->numbers[store->count - 1] + 1 : 1;
}

static int rename_generation(struct keeping *keeping, unsigned number, bool unfinished)
{
	struct persist_store *store = &keeping->store;
	const char *from = persist_store_generation(keeping->arena, store, number);
	unsigned before = store->unfinished;
	int r = -ENOMEM;

	store->unfinished = unfinished ? number : 0;
	const char *to = persist_store_generation(keeping->arena, store, number);

	if (from && to)
		r = rename(from, to) < 0 ? -errno : persist_file_sync_directory(to);
	if (r < 0) {
		store->unfinished = before;
		return fail(keeping->failure, "rename", from, r);
	}
	return 0;
}

/* The directory of the generations may be as new as what is in it. */
static int sync_parent(struct keeping *keeping)
{
	const char *directory = keeping->store.directory;
	int r = persist_file_sync_directory(directory);

	return r < 0 ? fail(keeping->failure, "sync", directory, r) : 0;
}

/* Where no rename can replace STORE: a complete generation that says so, then STORE, then the
 * generation is one like the others. */
static int write_store_in_place(struct keeping *keeping)
{
	struct persist_store *store = &keeping->store;
	unsigned older = store->unfinished;
	int weak, r = 0;

	if (keeping->newest && keeping->newest != older) {
		r = rename_generation(keeping, keeping->newest, true);
	} else if (!keeping->newest) {
		store->unfinished = next_number(keeping);
		r = write_generation(keeping, store->unfinished);
		if (r < 0)
			store->unfinished = older;
	}
	if (r == 0)
		r = sync_parent(keeping);
	if (r < 0)
		return r;
	r = persist_file_overwrite(store->spec->store, keeping->bytes, &keeping->attributes, &weak);
	if (r < 0)
		return fail(keeping->failure, "write", store->spec->store, r);
	r = rename_generation(keeping, store->unfinished, false);
	if (r == 0 && older && older != keeping->newest) {
		store->unfinished = older; /* of an attempt that failed */
		r = rename_generation(keeping, older, false);
	}
	return r;
}

static int write_store(struct keeping *keeping)
{
	struct persist_store *store = &keeping->store;
	int weak, r = -EBUSY;

	if (!store->unfinished)
		r = persist_file_replace(
			store->spec->store, keeping->bytes, &keeping->attributes, &weak);
	if (persist_file_is_fixed(r))
		return write_store_in_place(keeping);
	return r < 0 ? fail(keeping->failure, "write", store->spec->store, r) : 0;
}

/* Is there a generation with these bytes? The newest is it nearly always. */
static bool has_generation(
	struct arena *arena, const struct persist_store *store, const struct persist_bytes *bytes)
{
	for (unsigned i = store->count; i-- > 0;) {
		const char *path = persist_store_generation(arena, store, store->numbers[i]);

		if (path && persist_file_has(path, bytes))
			return true;
	}
	return false;
}

/* Somebody may have edited STORE for the next boot: that is in no generation yet, and as nobody has
 * checked it, it must not become one. */
static int put_edited_aside(struct keeping *keeping)
{
	struct persist_store *store = &keeping->store;
	struct persist_bytes there;

	/* What cannot be read, or was not written to its end, is of no use to anybody. */
	if (store->unfinished ||
		persist_file_read(keeping->arena, store->spec->store, &there) < 0 ||
		persist_look(store->spec, there.data, there.length) == PERSIST_EMPTY ||
		has_generation(keeping->arena, store, &there))
		return 0;
	return persist_keep_note(keeping->arena, store->spec, "edited", &there, keeping->failure);
}

/* What is left over is dropped the next time. */
static void drop_surplus(struct keeping *keeping)
{
	struct persist_store *store = &keeping->store;
	unsigned surplus;

	if (persist_store_open(keeping->arena, store->spec, store) < 0)
		return;
	surplus = persist_surplus(store->count, store->spec->keep);
	for (unsigned i = 0; store->numbers && i < surplus; i++) {
		const char *path =
			persist_store_generation(keeping->arena, store, store->numbers[i]);

		if (path)
			(void)unlink(path);
	}
}

static int keep(struct keeping *keeping)
{
	struct persist_store *store = &keeping->store;
	bool in_store = persist_store_has(store, keeping->bytes);
	int r = 0;

	if (persist_store_has_newest(keeping->arena, store, keeping->bytes))
		keeping->newest = store->numbers[store->count - 1];
	if (in_store && keeping->newest)
		return 0;
	/* STORE first: should we end between the two, the next boot makes a generation of it. */
	if (!in_store)
		r = put_edited_aside(keeping);
	if (r >= 0 && !in_store)
		r = write_store(keeping);
	if (r == 0 && !keeping->newest)
		r = write_generation(keeping, next_number(keeping));
	if (r < 0)
		return r;
	drop_surplus(keeping);
	return 1;
}

static struct persist_attributes attributes_of_store(const struct persist *spec)
{
	return (struct persist_attributes){
		.keep_owner = true,
		.mode = spec->has_mode ? (mode_t)spec->mode : SECRET_MODE,
	};
}

int persist_keep(struct arena *arena, const struct persist *spec, const struct persist_bytes *bytes,
	bool wait, struct persist_failure *ret_failure)
{
	struct keeping keeping = {
		.arena = arena,
		.bytes = bytes,
		.attributes = attributes_of_store(spec),
		.failure = ret_failure,
	};
	const char *directory = arena_printf(arena, "%s.generations", spec->store);
	int fd = directory ? lock(directory, wait) : -ENOMEM;

	if (fd < 0)
		return fail(ret_failure, "write in", directory, fd);
	int r = persist_store_open(arena, spec, &keeping.store);

	if (r < 0)
		r = fail(ret_failure, "read", directory, r);
	else
		r = keep(&keeping);
	(void)close(fd); /* the lock goes with it */
	return r;
}

int persist_keep_note(struct arena *arena, const struct persist *spec, const char *name,
	const struct persist_bytes *bytes, struct persist_failure *ret_failure)
{
	const struct persist_attributes attributes = attributes_of_store(spec);
	const char *directory = arena_printf(arena, "%s.generations", spec->store);
	const char *path = directory ? arena_printf(arena, "%s/%s", directory, name) : NULL;
	int weak, r = path ? 0 : -ENOMEM;

	if (path && persist_file_has(path, bytes))
		return 0;
	if (r == 0)
		r = rundir_make_directories(directory, DIRECTORY_MODE);
	if (r == 0)
		r = persist_file_replace(path, bytes, &attributes, &weak);
	return r < 0 ? fail(ret_failure, "write", path, r) : 1;
}

int persist_keep_replaced(
	struct arena *arena, const struct persist *spec, struct persist_failure *ret_failure)
{
	struct persist_bytes there;
	struct persist_store store;

	if (persist_file_read(arena, spec->path, &there) < 0 ||
		persist_look(spec, there.data, there.length) == PERSIST_EMPTY ||
		persist_file_has(spec->store, &there) ||
		(spec->day0 && persist_file_has(spec->day0, &there)))
		return 0;
	if (persist_store_open(arena, spec, &store) == 0 && has_generation(arena, &store, &there))
		return 0;
	return persist_keep_note(arena, spec, "replaced", &there, ret_failure);
}

/* Kept files on a real disk: what the scenarios of tests/ns do not come to. */
#include "init/persist_store.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/persist_file.h"
#include "init/persist_keep.h"
#include "init/persist_put.h"
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory of its own, with a file to keep. */
struct place {
	char directory[64], path[96], store[96], generations[128];
	struct persist spec;
	struct arena arena;
	struct persist_failure failure;
};

static void begin(struct place *place)
{
	const char *tmp = getenv("TMPDIR");

	memset(place, 0, sizeof(*place));
	snprintf(place->directory, sizeof(place->directory), "%.40s/persist.XXXXXX",
		tmp ? tmp : "/tmp");
	CHECK(mkdtemp(place->directory));
	snprintf(place->path, sizeof(place->path), "%s/etc", place->directory);
	snprintf(place->store, sizeof(place->store), "%s/store", place->directory);
	snprintf(place->generations, sizeof(place->generations), "%s.generations", place->store);
	place->spec = (struct persist){
		.name = "f", .path = place->path, .store = place->store, .keep = 3};
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *at)
{
	(void)info;
	(void)type;
	(void)at;
	return remove(path);
}

static void end(struct place *place)
{
	arena_free(&place->arena);
	nftw(place->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static struct persist_bytes bytes_of(const char *text)
{
	return (struct persist_bytes){text, strlen(text)};
}

static int keep(struct place *place, const char *text)
{
	const struct persist_bytes bytes = bytes_of(text);

	return persist_keep(&place->arena, &place->spec, &bytes, false, &place->failure);
}

static void put(const char *directory, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	CHECK(file);
	if (file) {
		fputs(text, file);
		fclose(file);
	}
}

static bool has(struct place *place, const char *name, const char *text)
{
	const struct persist_bytes bytes = bytes_of(text);
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", place->directory, name);
	return persist_file_has(path, &bytes);
}

/* How many generations there are, and which is the newest. */
static struct persist_store look(struct place *place)
{
	struct persist_store store = {.count = 0};

	CHECK_INT(persist_store_open(&place->arena, &place->spec, &store), 0);
	return store;
}

static void the_same_is_kept_once(void)
{
	struct place place;

	begin(&place);
	CHECK_INT(keep(&place, "one"), 1);
	CHECK_INT(keep(&place, "one"), 0);
	CHECK_INT(look(&place).count, 1);
	/* Back to an older content: that is a save, too. */
	CHECK_INT(keep(&place, "two"), 1);
	CHECK_INT(keep(&place, "one"), 1);
	CHECK_INT(look(&place).count, 3);
	CHECK(has(&place, "store", "one"));
	/* One of the two is missing: only that is made. */
	put(place.directory, "store", "edited");
	CHECK_INT(keep(&place, "one"), 1);
	CHECK_INT(look(&place).count, 3);
	CHECK(has(&place, "store", "one"));
	end(&place);
}

/* Somebody has edited the store for the next boot, and a save comes before it. */
static void an_edited_store_is_put_aside(void)
{
	struct place place;

	begin(&place);
	CHECK_INT(keep(&place, "one"), 1);
	CHECK_INT(keep(&place, "two"), 1);
	CHECK(!has(&place, "store.generations/edited", "one"));
	put(place.directory, "store", "by hand");
	CHECK_INT(keep(&place, "three"), 1);
	CHECK(has(&place, "store", "three"));
	CHECK(has(&place, "store.generations/edited", "by hand"));
	/* What a generation holds, and nothing, are not. */
	put(place.directory, "store", "one");
	CHECK_INT(keep(&place, "three"), 1);
	put(place.directory, "store", " \n");
	CHECK_INT(keep(&place, "three"), 1);
	CHECK(has(&place, "store.generations/edited", "by hand"));
	/* Without a place for it the store stays. */
	char edited[256];

	snprintf(edited, sizeof(edited), "%s/edited", place.generations);
	CHECK_INT(unlink(edited), 0);
	CHECK_INT(mkdir(edited, 0700), 0);
	put(place.directory, "store", "by hand");
	CHECK_INT(keep(&place, "four"), -EISDIR);
	CHECK_STR(place.failure.what, "write");
	CHECK(has(&place, "store", "by hand"));
	end(&place);
}

static void other_files_are_no_generations(void)
{
	static const char *const names[] = {"day0", "7x", "-1", "0", "99999999999", "7.to-stor",
		"8.to-store.firsthop", ".000009.firsthop", "7", "0000007", "7.to-store", "000000",
		"000007.to-store.bak"};
	struct place place;

	begin(&place);
	CHECK_INT(keep(&place, "one"), 1);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(place.generations, names[i], "x");
	CHECK_INT(look(&place).count, 1);
	CHECK_INT(keep(&place, "two"), 1);
	CHECK_INT(look(&place).numbers[1], 2);
	end(&place);
}

/* Two attempts to write the store in place have ended half way. */
static void attempts_that_failed_are_tidied_up(void)
{
	struct place place;
	struct persist_store store;

	begin(&place);
	CHECK_INT(keep(&place, "one"), 1);
	put(place.generations, "000002.to-store", "two");
	put(place.generations, "000003.to-store", "three");
	put(place.directory, "store", "thr");
	CHECK_INT(look(&place).unfinished, 3);
	CHECK_INT(keep(&place, "three"), 1);
	CHECK(has(&place, "store", "three"));
	CHECK(has(&place, "store.generations/000003", "three"));
	CHECK_INT(keep(&place, "four"), 1);
	CHECK_INT(keep(&place, "five"), 1);
	store = look(&place);
	CHECK_INT(store.unfinished, 0);
	CHECK_INT(store.count, 3);
	CHECK_INT(store.numbers[2], 5);
	CHECK(has(&place, "store", "five"));
	end(&place);
}

static void only_one_writes_at_a_time(void)
{
	struct place place;

	begin(&place);
	CHECK_INT(keep(&place, "one"), 1);
	int fd = open(place.generations, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CHECK_INT(flock(fd, LOCK_EX), 0);
	CHECK_INT(keep(&place, "two"), -EWOULDBLOCK);
	CHECK(has(&place, "store", "one"));
	close(fd);
	CHECK_INT(keep(&place, "two"), 1);
	end(&place);
}

static void what_cannot_be_written_is_named(void)
{
	struct place place;

	begin(&place);
	put(place.directory, "store.generations", "a file, where a directory was expected");
	CHECK_INT(keep(&place, "one"), -EEXIST);
	CHECK_STR(place.failure.path, place.generations);
	CHECK_STR(place.failure.what, "write in");
	CHECK_INT(place.failure.error, EEXIST);
	CHECK(!has(&place, "store", "one"));
	end(&place);
}

/* Neither may hold up PID 1. */
static void only_regular_files_are_read(void)
{
	struct place place;
	struct persist_bytes bytes;

	begin(&place);
	CHECK_INT(mkfifo(place.path, 0600), 0);
	CHECK_INT(persist_file_read(&place.arena, place.path, &bytes), -EINVAL);
	CHECK_INT(persist_file_read(&place.arena, place.directory, &bytes), -EISDIR);
	CHECK_INT(persist_file_read(&place.arena, place.store, &bytes), -ENOENT);
	put(place.directory, "store", "");
	CHECK_INT(truncate(place.store, (off_t)PERSIST_FILE_MAX_BYTES + 1), 0);
	CHECK_INT(persist_file_read(&place.arena, place.store, &bytes), -EFBIG);
	end(&place);
}

/* Whoever may write in the directory must not steer where root writes. */
static void a_planted_link_is_not_followed(void)
{
	const struct persist_bytes bytes = bytes_of("new");
	struct persist_failure failure, weak;
	struct place place;
	char link[128];

	begin(&place);
	put(place.directory, "victim", "precious");
	snprintf(link, sizeof(link), "%s/.etc.firsthop", place.directory);
	CHECK_INT(symlink("victim", link), 0);
	CHECK_INT(persist_put_back(&place.spec, &bytes, &failure, &weak), 1);
	CHECK(has(&place, "victim", "precious"));
	CHECK(has(&place, "etc", "new"));
	/* A link in its place is replaced, and not what it leads to. */
	CHECK_INT(unlink(place.path), 0);
	CHECK_INT(symlink("victim", place.path), 0);
	CHECK_INT(persist_put_back(&place.spec, &bytes, &failure, &weak), 1);
	CHECK(has(&place, "victim", "precious"));
	CHECK(has(&place, "etc", "new"));
	/* Unless that is the same: then somebody keeps it in that way. */
	CHECK_INT(unlink(place.path), 0);
	put(place.directory, "victim", "new");
	CHECK_INT(symlink("victim", place.path), 0);
	CHECK_INT(persist_put_back(&place.spec, &bytes, &failure, &weak), 0);
	CHECK_INT(weak.error, 0);
	end(&place);
}

/* Nor what root reads: a daemon would get another's file by keeping it as its own. */
static void a_link_leads_to_its_owners_files_only(void)
{
	static const struct {
		uid_t link, file;
		int want;
	} cases[] = {{0, 0, 0}, {0, 7, 0}, {7, 7, 0}, {7, 0, -EPERM}, {7, 8, -EPERM}};
	struct persist_bytes bytes;
	struct place place;
	char victim[128];

	if (geteuid() != 0) /* who may not give files away */
		return;
	begin(&place);
	put(place.directory, "victim", "precious");
	snprintf(victim, sizeof(victim), "%s/victim", place.directory);
	CHECK_INT(symlink("victim", place.path), 0);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(lchown(place.path, cases[i].link, 0), 0);
		CHECK_INT(chown(victim, cases[i].file, 0), 0);
		CHECK_INT(persist_file_read(&place.arena, place.path, &bytes), cases[i].want);
	}
	end(&place);
}

static void owner_and_mode_are_given(void)
{
	const struct persist_bytes bytes = bytes_of("new");
	struct persist_failure failure, weak;
	struct place place;
	struct stat info;
	char deep[128];

	begin(&place);
	snprintf(deep, sizeof(deep), "%s/a/b/etc", place.directory);
	place.spec.path = deep; /* directories are made */
	CHECK_INT(persist_put_back(&place.spec, &bytes, &failure, &weak), 1);
	CHECK_INT(weak.error, 0);
	CHECK_INT(stat(deep, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0600);
	/* What the file has, it keeps; what is asked for, it gets, with the same content, too. */
	CHECK_INT(chmod(deep, 0644), 0);
	const struct persist_bytes other = bytes_of("other");

	CHECK_INT(persist_put_back(&place.spec, &other, &failure, &weak), 1);
	CHECK_INT(stat(deep, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0644);
	place.spec.has_mode = true;
	place.spec.mode = 0640;
	CHECK_INT(persist_put_back(&place.spec, &other, &failure, &weak), 0);
	CHECK_INT(stat(deep, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0640);
	place.spec.user = "nobody-of-this-name";
	CHECK_INT(persist_put_back(&place.spec, &bytes, &failure, &weak), 1);
	CHECK_INT(weak.error, ENOENT);
	CHECK_STR(weak.what, "find the owner of");
	end(&place);
}

int main(void)
{
	RUN(the_same_is_kept_once);
	RUN(an_edited_store_is_put_aside);
	RUN(other_files_are_no_generations);
	RUN(attempts_that_failed_are_tidied_up);
	RUN(only_one_writes_at_a_time);
	RUN(what_cannot_be_written_is_named);
	RUN(only_regular_files_are_read);
	RUN(a_planted_link_is_not_followed);
	RUN(a_link_leads_to_its_owners_files_only);
	RUN(owner_and_mode_are_given);
	return CHECK_EXIT_STATUS();
}

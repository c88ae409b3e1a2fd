/* What a save that failed did to the file is undone. */
#include "init/frr_copy.h"

#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWNER 12345

static char directory[] = "/tmp/firsthop-frr-copy.XXXXXX";
static char path[64];

static void put(const char *text, mode_t mode, uid_t owner)
{
	(void)unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	CHECK_INT(write(fd, text, strlen(text)), strlen(text));
	CHECK_INT(fchmod(fd, mode), 0);
	if (geteuid() == 0)
		CHECK_INT(fchown(fd, owner, owner), 0);
	close(fd);
}

static void check_file(const char *text, mode_t mode, uid_t owner)
{
	char got[256] = "";
	struct stat info = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	CHECK(read(fd, got, sizeof(got) - 1) >= 0);
	CHECK_STR(got, text);
	CHECK_INT(fstat(fd, &info), 0);
	CHECK_INT(info.st_mode & 07777, mode);
	if (geteuid() == 0)
		CHECK_INT(info.st_uid, owner);
	close(fd);
}

static void puts_back_what_there_was(void)
{
	static const char *const after[] = {"", "half", "another that is longer than before", NULL};
	struct frr_copy copy;

	for (unsigned i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
		put("hostname r1\n", 0640, OWNER);
		frr_copy_take(&copy, path);
		(void)unlink(path);
		if (after[i])
			put(after[i], 0600, 0);
		CHECK_INT(frr_copy_put_back(&copy), 0);
		check_file("hostname r1\n", 0640, OWNER);
		frr_copy_free(&copy);
		frr_copy_free(&copy);
	}
}

static void leaves_alone_what_is_as_it_was(void)
{
	struct stat before = {0}, after = {0};
	struct frr_copy copy;

	put("hostname r1\n", 0640, OWNER);
	CHECK_INT(stat(path, &before), 0);
	frr_copy_take(&copy, path);
	CHECK_INT(frr_copy_put_back(&copy), 0);
	CHECK_INT(stat(path, &after), 0);
	CHECK_INT(after.st_ino, before.st_ino);
	frr_copy_free(&copy);
}

static void takes_away_what_was_not_there(void)
{
	struct frr_copy copy;

	(void)unlink(path);
	frr_copy_take(&copy, path);
	CHECK_INT(copy.error, -ENOENT);
	CHECK_INT(frr_copy_put_back(&copy), 0);
	put("half", 0600, 0);
	CHECK_INT(frr_copy_put_back(&copy), 0);
	CHECK_INT(access(path, F_OK), -1);
	frr_copy_free(&copy);
}

/* What could not be read cannot be put back, and that is said. */
static void admits_what_it_has_not(void)
{
	struct frr_copy copy;

	(void)unlink(path);
	CHECK_INT(mkdir(path, 0700), 0);
	frr_copy_take(&copy, path);
	CHECK(frr_copy_put_back(&copy) < 0);
	frr_copy_free(&copy);
	CHECK_INT(rmdir(path), 0);
	CHECK(frr_copy_put_back(&copy) < 0);
}

int main(void)
{
	if (!mkdtemp(directory)) {
		perror(directory);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/frr.conf", directory);
	RUN(puts_back_what_there_was);
	RUN(leaves_alone_what_is_as_it_was);
	RUN(takes_away_what_was_not_there);
	RUN(admits_what_it_has_not);
	(void)unlink(path);
	(void)rmdir(directory);
	return CHECK_EXIT_STATUS();
}

/* Crash bundles: when one is due, how many are kept, what is in them, and the directory that they
 * lie in. */
#include "supervisor/crash.h"

#include "init/crash_store.h"
#include "supervisor/buffer.h"
#include "tests/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void comes_less_often_in_a_loop(void)
{
	unsigned kept = 0;

	for (unsigned failures = 1; failures <= 1000000; failures++)
		kept += crash_is_due(failures);
	CHECK_INT(kept, 1 + 1 + 1 + 18); /* 1 2 3, 4 8 … 2^19 */
	CHECK(crash_is_due(0) && crash_is_due(3) && !crash_is_due(5) && crash_is_due(8));
}

static void names_are_read_back(void)
{
	static const char *const bad[] = {"", "000007", "000007.", "7.a", ".a", "00007.a",
		"0000000007.a", "unfinished", "-00007.a",
		"000007.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	static const unsigned numbers[] = {1, 7, 999999, 1000000, CRASH_NUMBER_MAX};
	char name[CRASH_NAME_BYTES];
	unsigned number;

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		crash_name(name, numbers[i], "bgpd");
		CHECK(crash_name_parse(name, &number));
		CHECK_INT(number, numbers[i]);
	}
	crash_name(name, 7, "bgpd");
	CHECK_STR(name, "000007.bgpd");
	crash_name(name, CRASH_NUMBER_MAX, "a234567890123456789012345678901234567890123456789");
	CHECK(crash_name_parse(name, &number));
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!crash_name_parse(bad[i], &number));
}

static void the_oldest_go_first(void)
{
	static const struct {
		unsigned count, keep;
		uint64_t each, bytes, bytes_max;
		unsigned surplus;
	} cases[] = {
		{0, 1, 0, 10, 100, 0}, /* nothing there */
		{3, 4, 10, 10, 100, 0},
		{3, 3, 10, 10, 100, 1}, /* one too many */
		{9, 3, 10, 10, 1000, 7},
		{3, 9, 30, 10, 100, 0}, /* just fits */
		{3, 9, 30, 11, 100, 1},
		{3, 9, 30, 71, 100, 3},
		{3, 1, 0, 0, 100, 3},
		{3, 9, UINT64_MAX / 4, 1, UINT64_MAX, 0},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crash_entry entries[16] = {{0}};

		for (unsigned e = 0; e < cases[i].count; e++) {
			entries[e].number = 100 - e; /* the newest first */
			entries[e].bytes = cases[i].each;
		}
		CHECK_INT(crash_surplus(entries, cases[i].count, cases[i].bytes, cases[i].keep,
				  cases[i].bytes_max),
			cases[i].surplus);
		for (unsigned e = 1; e < cases[i].count; e++)
			CHECK(entries[e - 1].number < entries[e].number);
	}
}

static const struct crash_usage usage = {1500000, 20000, 4096, 7, 1, 2, 3, 4, 5};
static const struct crash_limit limits[] = {{"core", 0, LIMIT_INFINITE}, {"nofile", 1024, 4096}};
static const struct crash segv = {
	.version = "0.1.0",
	.hostname = "r1",
	.service = "bgpd",
	.role = "main",
	.text = "killed by signal 11 (SEGV), core dumped",
	.time = "2026-11-30T10:53:22Z",
	.started = "2026-11-30T10:53:20Z",
	.ran_ms = 2000,
	.ready_ms = 80,
	.attempt = 3,
	.restarts = 2,
	.failures = 1,
	.pid = 42,
	.has_status = true,
	.status = 139,
	.core_pattern = "core",
	.usage = &usage,
	.limits = limits,
	.limit_count = 2,
	.directory = "/",
	.command = (const char *const[]){"/usr/lib/frr/bgpd", "-A", "127.0.0.1\n", NULL},
	.variables = (const char *const[]){"HOME", "PATH", NULL},
};

static void tells_all_as_json(void)
{
	struct buffer json = {0};

	crash_write_json(&json, &segv);
	CHECK_STR(json.data,
		"{\"version\":1,\"firsthop\":\"0.1.0\",\"hostname\":\"r1\",\"service\":\"bgpd\","
		"\"role\":\"main\",\"text\":\"killed by signal 11 (SEGV), core dumped\","
		"\"cure\":null,\"time\":\"2026-11-30T10:53:22Z\","
		"\"started\":\"2026-11-30T10:53:20Z\",\"ran_ms\":2000,\"ready_ms\":80,"
		"\"attempt\":3,\"restarts\":2,\"failures\":1,\"pid\":42,\"exit_code\":null,"
		"\"signal\":11,\"signal_name\":\"SEGV\",\"core_dumped\":true,"
		"\"core_pattern\":\"core\",\"usage\":{\"user_us\":1500000,\"system_us\":20000,"
		"\"memory_max_kib\":4096,\"minor_faults\":7,\"major_faults\":1,\"blocks_in\":2,"
		"\"blocks_out\":3,\"voluntary_switches\":4,\"involuntary_switches\":5},"
		"\"limits\":{\"core\":{\"soft\":0,\"hard\":null},"
		"\"nofile\":{\"soft\":1024,\"hard\":4096}},\"user\":null,\"directory\":\"/\","
		"\"command\":[\"/usr/lib/frr/bgpd\",\"-A\",\"127.0.0.1\\u000a\"],"
		"\"environment\":[\"HOME\",\"PATH\"]}\n");
	buffer_free(&json);
}

static void tells_all_to_people(void)
{
	struct buffer text = {0};

	crash_write_text(&text, &segv);
	CHECK_STR(text.data, "bgpd killed by signal 11 (SEGV), core dumped\n"
			     "\n"
			     "ended         2026-11-30T10:53:22Z\n"
			     "started       2026-11-30T10:53:20Z\n"
			     "ran for       2 s\n"
			     "ready after   80 ms\n"
			     "attempt       3, and failure 1 in a row\n"
			     "pid           42 (main)\n"
			     "wait status   0x008b\n"
			     "core          dumped; core_pattern is core\n"
			     "processor     1.500 s user, 0.020 s system\n"
			     "memory        4096 KiB at most; 7 page faults, 1 from disk\n"
			     "directory     /\n"
			     "command       /usr/lib/frr/bgpd -A 127.0.0.1?\n"
			     "environment   HOME PATH\n"
			     "limits        core    0 of unlimited\n"
			     "              nofile  1024 of 4096\n"
			     "hostname      r1\n"
			     "firsthop      0.1.0\n");
	buffer_free(&text);
}

/* One that never ran: nothing is made up. */
static void tells_what_little_there_is(void)
{
	const struct crash none = {
		.service = "x", .text = "could not be started", .ran_ms = -1, .ready_ms = -1};
	struct buffer json = {0}, text = {0};

	crash_write_json(&json, &none);
	crash_write_text(&text, &none);
	CHECK(strstr(json.data, "\"pid\":null,\"exit_code\":null,\"signal\":null") != NULL);
	CHECK(strstr(json.data, "\"usage\":null,\"limits\":{},") != NULL);
	CHECK(strstr(text.data, "wait status") == NULL && strstr(text.data, "pid") == NULL);
	buffer_free(&json);
	buffer_free(&text);
}

/* ---- the directory ---- */

struct place {
	char root[64], crashes[80];
};

static void place_open(struct place *place)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(place->root, sizeof(place->root), "%s/crash.XXXXXX",
		base && strlen(base) < 40 ? base : "/tmp");
	if (!mkdtemp(place->root))
		exit(1);
	(void)snprintf(place->crashes, sizeof(place->crashes), "%s/a/crashes", place->root);
}

static int remove_entry(const char *name, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(name);
}

static void place_close(const struct place *place)
{
	CHECK_INT(nftw(place->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static int count_names(const char *path)
{
	DIR *list = opendir(path);
	int count = 0;

	while (list && readdir(list))
		count++;
	if (list)
		closedir(list);
	return count - 2;
}

static int add(const struct place *place, unsigned keep, uint64_t bytes_max, size_t bytes,
	char path[PATH_MAX])
{
	const struct crash_quota quota = {keep, bytes_max};
	struct buffer text = {0}, empty = {0};
	const struct crash_file files[] = {{"crash.txt", &text}, {"output.log", &empty}};
	int r;

	while (text.length < bytes)
		buffer_add(&text, "x", 1);
	r = crash_store_add(place->crashes, &quota, "bgpd", files, 2, path);
	buffer_free(&text);
	return r;
}

static void makes_its_directory(void)
{
	struct place place;
	char path[PATH_MAX], file[PATH_MAX + 16];
	struct stat st;

	place_open(&place);
	CHECK_INT(add(&place, 5, 1000, 10, path), 0);
	CHECK(strstr(path, "/a/crashes/000001.bgpd") != NULL);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0700);
	(void)snprintf(file, sizeof(file), "%s/crash.txt", path);
	CHECK(stat(file, &st) == 0 && (st.st_mode & 07777) == 0600 && st.st_size == 10);
	CHECK_INT(count_names(path), 1); /* no empty file */
	place_close(&place);
}

static void keeps_within_its_quota(void)
{
	struct place place;
	char path[PATH_MAX];

	place_open(&place);
	for (int i = 0; i < 12; i++)
		CHECK_INT(add(&place, 5, 1000, 10, path), 0);
	CHECK_INT(count_names(place.crashes), 5);
	CHECK(strstr(path, "/000012.bgpd") != NULL);
	CHECK_INT(add(&place, 5, 1000, 970, path), 0); /* three of 10 bytes have room beside it */
	CHECK_INT(count_names(place.crashes), 4);
	CHECK_INT(add(&place, 5, 1000, 1001, path), -EDQUOT);
	CHECK_INT(count_names(place.crashes), 4);
	place_close(&place);
}

/* What it has not made, it neither counts nor removes; but what an end of PID 1 has left half
 * made. */
static void leaves_others_alone(void)
{
	struct place place;
	char path[PATH_MAX], name[160];

	place_open(&place);
	CHECK_INT(add(&place, 1, 1000, 10, path), 0);
	(void)snprintf(name, sizeof(name), "%s/notes", place.crashes);
	CHECK_INT(mkdir(name, 0700), 0);
	(void)snprintf(name, sizeof(name), "%s/000000.link", place.crashes);
	CHECK_INT(symlink(place.root, name), 0);
	(void)snprintf(name, sizeof(name), "%s/unfinished", place.crashes);
	CHECK_INT(mkdir(name, 0700), 0);
	(void)snprintf(name, sizeof(name), "%s/unfinished/crash.txt", place.crashes);
	CHECK_INT(close(open(name, O_CREAT | O_WRONLY, 0600)), 0);
	CHECK_INT(add(&place, 1, 1000, 10, path), 0);
	CHECK_INT(count_names(place.crashes), 3); /* notes, the link, the newest */
	CHECK(access(place.root, F_OK) == 0);
	place_close(&place);
}

static void says_why_it_cannot(void)
{
	struct place place;
	char path[PATH_MAX];
	int fd;

	place_open(&place);
	(void)snprintf(path, sizeof(path), "%s/a", place.root);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	CHECK_INT(close(fd), 0);
	CHECK_INT(add(&place, 5, 1000, 10, path), -ENOTDIR);
	place_close(&place);
}

int main(void)
{
	RUN(comes_less_often_in_a_loop);
	RUN(names_are_read_back);
	RUN(the_oldest_go_first);
	RUN(tells_all_as_json);
	RUN(tells_all_to_people);
	RUN(tells_what_little_there_is);
	RUN(makes_its_directory);
	RUN(keeps_within_its_quota);
	RUN(leaves_others_alone);
	RUN(says_why_it_cannot);
	return CHECK_EXIT_STATUS();
}

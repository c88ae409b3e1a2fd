/* Lines of /proc/PID/stat, from the kernel and from nobody. */
#include "supervisor/proc_stat.h"

#include "init/usage.h"
#include "tests/check.h"

#include <unistd.h>

/* All up to and with field 24. */
#define AFTER(state, utime, stime, rss)                                                            \
	" " state " 1 7 7 0 -1 4194560 100 0 0 0 " utime " " stime " 5 6 20 0 1 0 99 8192000 " rss

static void lines_are_read(void)
{
	static const struct {
		const char *text;
		bool good;
		char state;
		uint64_t ticks, pages;
	} cases[] = {
		{"7 (sshd)" AFTER("S", "12", "30", "450") " 1 2", true, 'S', 42, 450},
		{"7 (a) S 1 (\n)" AFTER("Z", "0", "0", "0"), true, 'Z', 0, 0},
		{"7 ()" AFTER("R", "1", "1", "1"), true, 'R', 2, 1},
		{"", false, 0, 0, 0},
		{"7 (sshd", false, 0, 0, 0},
		{"7 (sshd)", false, 0, 0, 0},
		{"7 (sshd) S", false, 0, 0, 0},
		{"7 (sshd) S 1 7 7 0 -1 4194560 100", false, 0, 0, 0},
		{"7 (sshd)" AFTER("S", "12", "x", "450"), false, 0, 0, 0},
		{"7 (sshd)" AFTER("S", "12", "", "450"), false, 0, 0, 0},
		{"7 (sshd)" AFTER("S", "18446744073709551616", "0", "1"), false, 0, 0, 0},
		{"7 (sshd)" AFTER("S", "18446744073709551615", "1", "1"), false, 0, 0, 0},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct proc_stat stat = {0};
		bool good = proc_stat_read(cases[i].text, strlen(cases[i].text), &stat);

		if (good != cases[i].good)
			fprintf(stderr, "case %u\n", i);
		CHECK_INT(good, cases[i].good);
		CHECK_INT(stat.state, cases[i].state);
		CHECK_INT(stat.cpu_ticks, cases[i].ticks);
		CHECK_INT(stat.resident_pages, cases[i].pages);
	}
}

/* Linux counts pages by the processor, and tells less than there are by up to 64 of each. */
static volatile char touched[16 << 20];

/* This process: it is there, has pages, and uses the processor until that is seen. */
static void ours_is_read(void)
{
	struct usage usage = {0};

	for (size_t i = 0; i < sizeof(touched); i += 4096)
		touched[i] = 1;
	for (unsigned i = 0; i < 1000000 && usage.cpu_ms < 10; i++)
		CHECK(usage_read(getpid(), &usage));
	CHECK(usage.cpu_ms >= 10);
	CHECK(usage.memory_bytes >= 4096 && usage.memory_bytes < INT64_C(1) << 40);
	CHECK(!usage_read(0, &usage)); /* there is no such process */
}

int main(void)
{
	RUN(lines_are_read);
	RUN(ours_is_read);
	return CHECK_EXIT_STATUS();
}

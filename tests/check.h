/* check: the few macros that unit tests need. A test program prints a line a test, "ok NAME",
 * "not ok NAME" or "skip NAME: reason", which tests/run counts; details go to stderr. */
#ifndef FIRSTHOP_TESTS_CHECK_H
#define FIRSTHOP_TESTS_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failed_total;
static bool check_failed_now;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			check_failed_now = true;                                                   \
		}                                                                                  \
	} while (0)

#define CHECK_INT(got, want)                                                                       \
	do {                                                                                       \
		long long check_got = (long long)(got), check_want = (long long)(want);            \
		if (check_got != check_want) {                                                     \
			fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__,  \
				#got, check_got, check_want);                                      \
			check_failed_now = true;                                                   \
		}                                                                                  \
	} while (0)

#define CHECK_STR(got, want)                                                                       \
	do {                                                                                       \
		const char *check_got = (got), *check_want = (want);                               \
		if (!check_got || strcmp(check_got, check_want) != 0) {                            \
			fprintf(stderr, "%s:%d: %s is\n  \"%s\", expected\n  \"%s\"\n", __FILE__,  \
				__LINE__, #got, check_got ? check_got : "(null)", check_want);     \
			check_failed_now = true;                                                   \
		}                                                                                  \
	} while (0)

/* Is that test among the words of $LEAVE_OUT, what cannot be run where we are? */
static inline bool check_left_out(const char *name)
{
	const char *at = getenv("LEAVE_OUT"), *space;
	size_t length = strlen(name);

	for (; at && *at; at = space ? space + 1 : NULL) {
		space = strchr(at, ' ');
		if (strncmp(at, name, length) == 0 && (at[length] == '\0' || at[length] == ' ')) {
			return true;
		}
	}
	return false;
}

/* Runs one test function and prints its line. */
#define RUN(function)                                                                              \
	do {                                                                                       \
		if (check_left_out(#function)) {                                                   \
			break;                                                                     \
		}                                                                                  \
		check_failed_now = false;                                                          \
		function();                                                                        \
		printf("%s %s\n", check_failed_now ? "not ok" : "ok", #function);                  \
		fflush(stdout);                                                                    \
		check_failed_total += check_failed_now;                                            \
	} while (0)

#define CHECK_EXIT_STATUS() (check_failed_total ? 1 : 0)

#endif

/* What the kernel's init makes of its arguments, and that no test is one. */
#include "init/machine.h"
#include "tests/check.h"

#include <string.h>

enum { WORDS_MAX_HERE = 10 };

struct words_case {
	const char *given[WORDS_MAX_HERE], *kept[WORDS_MAX_HERE];
};

static const struct words_case cases[] = {
	{{NULL}, {NULL}},
	{{"splash", "single", "5"}, {NULL}},
	{{"status"}, {NULL}},
	{{"shutdown", "--reboot"}, {NULL}},
	{{"--help"}, {NULL}},
	{{"init"}, {NULL}},
	{{"init", "--strict"}, {"--strict"}},
	{{"-c", "/a.ini", "quiet"}, {"-c", "/a.ini"}},
	{{"quiet", "-c/a.ini"}, {"-c/a.ini"}},
	{{"--config=/a.ini", "-v", "--verbose"}, {"--config=/a.ini", "-v", "--verbose"}},
	{{"--config", "/a.ini", "--builtin"}, {"--config", "/a.ini", "--builtin"}},
	{{"--configure", "--strictly", "-x"}, {NULL}},
	{{"-c"}, {NULL}},
	{{"--config"}, {NULL}},
	{{"-v", "-c"}, {"-v"}},
	/* No word of the kernel's: all of it stays. */
	{{"x", "--", "sh", "-c", "--", "y"}, {"--", "sh", "-c", "--", "y"}},
	{{"--strict", "--"}, {"--strict", "--"}},
};

static void words_of_the_kernel_are_no_command(void)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char texts[WORDS_MAX_HERE + 1][24] = {"firsthop"};
		char *argv[WORDS_MAX_HERE + 2] = {texts[0]};
		int argc = 1, kept = 1;

		for (; cases[i].given[argc - 1]; argc++) {
			memcpy(texts[argc], cases[i].given[argc - 1],
				strlen(cases[i].given[argc - 1]) + 1);
			argv[argc] = texts[argc];
		}
		argc = machine_arguments(argc, argv);
		for (; cases[i].kept[kept - 1] && argv[kept]; kept++)
			CHECK_STR(argv[kept], cases[i].kept[kept - 1]);
		CHECK_INT(kept, argc);
		CHECK(!cases[i].kept[kept - 1]);
		CHECK(!argv[argc]);
	}
}

static void a_test_is_not_the_kernels_init(void)
{
	CHECK(!machine_is_ours());
}

int main(void)
{
	RUN(words_of_the_kernel_are_no_command);
	RUN(a_test_is_not_the_kernels_init);
	return CHECK_EXIT_STATUS();
}

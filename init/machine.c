#include "init/machine.h"

#include "init/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { OPEN_FILES = 524288 };

/* The kernel's name of its first PID namespace, see PROC_PID_INIT_INO in linux/proc_ns.h. */
static const char first_namespace[] = "pid:[4026531836]";

/* Without /proc this cannot be known: true then. */
static bool may_be_first_namespace(void)
{
	char name[64];
	ssize_t length = readlink("/proc/self/ns/pid", name, sizeof(name) - 1);

	if (length < 0)
		return true;
	name[length] = '\0';
	return strcmp(name, first_namespace) == 0;
}

bool machine_is_ours(void)
{
	/* In any other PID namespace, and without CAP_SYS_BOOT, reboot(2) refuses this command,
	 * which changes nothing there. */
	return getpid() == 1 && may_be_first_namespace() && reboot(RB_DISABLE_CAD) == 0;
}

static bool is_console(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(5, 1);
}

/* The kernel has opened /dev/console for its init, if it was there before /dev was mounted; no
 * program finds out its name then. Not the device that it stands for: that one is hung up for all
 * who have it open whenever a shell on it ends. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	for (int standard = STDIN_FILENO; standard <= STDERR_FILENO && fd >= 0; standard++) {
		if (fd != standard && (fcntl(standard, F_GETFD) < 0 || is_console(standard)))
			(void)dup2(fd, standard); /* else with the one that it has */
	}
	if (fd > STDERR_FILENO)
		(void)close(fd); /* has its copies */
}

/* The kernel's 4096 is less than what daemons of a router ask for; engines and distributions give
 * more, too. */
static void raise_open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max >= OPEN_FILES)
		return;
	limit.rlim_max = OPEN_FILES;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* else with as many as there are */
}

void machine_begin(void)
{
	(void)setsid(); /* the kernel gives its init none; fails for one that has another's */
	raise_open_files();
	signals_block();
	machine_mount();
	open_console();
	machine_guard();
}

struct option_word {
	const char *word;
	bool takes_value;
};

static const struct option_word options[] = {
	{"-c", true},
	{"--config", true},
	{"--strict", false},
	{"--builtin", false},
	{"-v", false},
	{"--verbose", false},
};

/* How many words from argv[0] on are an option of init: 0, 1, or 2 with its value. */
static int option_words(char **argv)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const struct option_word *option = &options[i];
		size_t length = strlen(option->word);

		if (strcmp(argv[0], option->word) == 0)
			return !option->takes_value ? 1 : argv[1] ? 2 : 0;
		if (option->takes_value && strncmp(argv[0], option->word, length) == 0 &&
			(option->word[1] != '-' || argv[0][length] == '='))
			return 1;
	}
	return 0;
}

int machine_arguments(int argc, char **argv)
{
	int kept = 1, at = 1;

	while (at < argc && strcmp(argv[at], "--") != 0) {
		int words = option_words(&argv[at]);

		if (words == 0 && strcmp(argv[at], "init") != 0)
			(void)dprintf(STDERR_FILENO,
				"firsthop: \"%s\" of the kernel's command line is not for "
				"firsthop: ignored\n",
				argv[at]); /* nobody hears it: then as well */
		for (int i = 0; i < words; i++)
			argv[kept++] = argv[at + i];
		at += words ? words : 1;
	}
	while (at < argc)
		argv[kept++] = argv[at++];
	argv[kept] = NULL;
	return kept;
}

/* What bash makes of a file, with the bash of this machine. */
#include "init/shell_file.h"

#include "config/arena.h"
#include "config/frr_daemons.h"
#include "init/signals.h"
#include "init/spawn.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct spawner spawner;
static char path[96];

/* A run on a file with that text. */
struct run {
	struct arena arena;
	int r;
	const char *why;
	struct frr_variables variables;
};

static void evaluate(struct run *run, const char *text)
{
	FILE *file = fopen(path, "w");
	const struct frr_variables parsed = {.newest = NULL};
	const char *pairs;
	size_t length;

	*run = (struct run){.why = ""};
	CHECK(file != NULL);
	if (!file)
		return;
	fputs(text, file);
	fclose(file);
	run->r = shell_file_evaluate(&spawner, path, &run->arena, &pairs, &length, &run->why);
	if (run->r == 0)
		run->r = frr_variables_from_shell(
			&run->arena, path, pairs, length, &parsed, &run->variables);
}

static const char *value_of(const struct run *run, const char *name)
{
	struct origin origin;

	return frr_variable_get(&run->variables, name, &origin);
}

/* Nothing is left to wait for. */
static bool has_no_child(void)
{
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

static void tells_what_is_set(void)
{
	static const struct {
		const char *text, *value; /* of bgpd_options */
	} samples[] = {
		{"bgpd_options=a", "a"},
		{"for i in 1 2; do bgpd_options+=$i; done", "12"},
		{"if [ $SHELL_FILE_TEST = 7 ]; then bgpd_options=$SHELL_FILE_TEST; fi", "7"},
		{"bgpd_options='a\n b=\"c\"'", "a\n b=\"c\""},
		{"bgpd_options=(one two)", "one"},
		{"bgpd_options=$(echo x; echo y >&2)", "x"},
		/* What would disturb a less careful script. */
		{"bgpd_options=a; IFS=_=o; set -euf", "a"},
		{"bgpd_options=a; false", "a"},
		{"bgpd_options=a; printf() { :; }; read() { :; }; exit() { :; }", "a"},
		{"bgpd_options=a; trap 'echo trap' DEBUG EXIT", "a"},
		{"bgpd_options=a; echo 'x=y' >&3", "a"},
		{"echo noise; echo noise >&2; bgpd_options=a", "a"},
		{"bgpd_options=a; sleep 1000 &", "a"},
	};

	CHECK_INT(setenv("SHELL_FILE_TEST", "7", 1), 0);
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct run run;

		evaluate(&run, samples[i].text);
		if (run.r != 0)
			fprintf(stderr, "%s: %s\n", samples[i].text, run.why);
		CHECK_INT(run.r, 0);
		CHECK_STR(run.r == 0 ? value_of(&run, "bgpd_options") : NULL, samples[i].value);
		arena_free(&run.arena);
	}
	CHECK(has_no_child());
}

static void says_why_not(void)
{
	static const struct {
		const char *text;
		int r;
		const char *why; /* a part of it */
	} samples[] = {
		{"exit 3", -EBADMSG, "it ended with code 3 before its last line"},
		{"echo no >&2; exit 3", -EBADMSG, "it ended with code 3, after it had said \"no\""},
		{"kill -KILL $$", -EBADMSG, "it ended by signal KILL"},
		{"a=1\nif x; then\nfi fi", -EBADMSG, "line 3: syntax error"},
		{"a=$(head -c 65536 /dev/zero | tr '\\0' a)", -EFBIG, "it sets more than 64 KiB"},
		{"sleep 1000 & sleep 1000", -ETIMEDOUT, "it had not ended after 3 s"},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct run run;

		evaluate(&run, samples[i].text);
		CHECK_INT(run.r, samples[i].r);
		CHECK(strstr(run.why, samples[i].why) != NULL);
		if (!strstr(run.why, samples[i].why))
			fprintf(stderr, "%s: %s\n", samples[i].text, run.why);
		arena_free(&run.arena);
	}
	CHECK(has_no_child());
}

static void bash_may_be_absent(void)
{
	const char *path_before = getenv("PATH");
	char *before = strdup(path_before ? path_before : "/bin");
	struct run run;

	CHECK_INT(setenv("PATH", "/nonexistent", 1), 0);
	evaluate(&run, "bgpd=yes");
	CHECK_INT(run.r, -ENOENT);
	CHECK_STR(run.why, "there is no bash");
	arena_free(&run.arena);
	CHECK_INT(setenv("PATH", before, 1), 0);
	free(before);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	signals_block();
	CHECK_INT(spawn_open(&spawner), 0);
	snprintf(path, sizeof(path), "%.60s/shell-file.XXXXXX", tmp ? tmp : "/tmp");
	int fd = mkstemp(path);

	CHECK(fd >= 0);
	close(fd);
	RUN(tells_what_is_set);
	RUN(says_why_not);
	RUN(bash_may_be_absent);
	CHECK_INT(unlink(path), 0);
	spawn_close(&spawner);
	return CHECK_EXIT_STATUS();
}

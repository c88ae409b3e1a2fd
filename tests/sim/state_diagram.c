/* Prints the state table as a page of documentation: doc/states.md is this program's output.
 *   state_diagram --print     prints the page
 *   state_diagram [FILE]      a test: FILE (doc/states.md unless said) is that page */
#include "supervisor/state.h"

#include "tests/check.h"

#include <stdlib.h>

static const char *file = "doc/states.md";

static const char *const meaning[STATE_COUNT] = {
	[STATE_DOWN] = "Does not run, and is not wanted.",
	[STATE_WAITING] = "Wanted; something that it depends on is not there yet.",
	[STATE_PREPARING] = "`prepare` runs.",
	[STATE_STARTING] = "Runs, and is not ready yet. A oneshot: does its work.",
	[STATE_READY] = "Runs and is ready.",
	[STATE_DONE] = "Has ended well and is not to be restarted.",
	[STATE_STOPPING] = "Told to stop: `stop_command` runs, or `stop_signal` was sent.",
	[STATE_KILLING] = "KILL was sent.",
	[STATE_BACKOFF] = "Has failed; waits for its restart delay.",
	[STATE_FAILED] = "Has failed for good.",
};

static const char *const cause[TRANSITION_COUNT] = {
	[ON_WANTED] = "It should be up and is not on its way.",
	[ON_UNWANTED] = "It should be down, and nothing that is still stopping depends on it.",
	[ON_RELEASED] = "All that it waits for is there; it has no `prepare`.",
	[ON_RELEASED_PREPARE] = "All that it waits for is there; it has a `prepare`.",
	[ON_PREPARED] = "`prepare` has succeeded.",
	[ON_READY] = "Its readiness has been shown.",
	[ON_DONE] = "It ended, well, and is not to be restarted.",
	[ON_RETRY] = "It ended or could not be started; policy starts it again.",
	[ON_FATAL] = "It ended or could not be started; policy gives up.",
	[ON_GONE] = "Nothing of it runs any more, and that was asked for.",
	[ON_ABORT] = "It took too long to become ready: it is stopped, which is a failure.",
	[ON_HUNG] = "It does not answer its health checks: it is killed, which is a failure.",
	[ON_HUNG_SIGNAL] = "The same, with a `health_signal` other than KILL.",
	[ON_FORCE] = "No time is left: it is killed.",
	[ON_DELAY_OVER] = "The restart delay is over.",
};

static const struct {
	enum effect effect;
	const char *text;
} effects[] = {
	{EFFECT_PREPARE, "run `prepare`"},
	{EFFECT_START, "run `command`"},
	{EFFECT_STOP, "run `stop_command` or send `stop_signal`"},
	{EFFECT_KILL, "send KILL"},
	{EFFECT_ARM_START, "arm `start_timeout`"},
	{EFFECT_ARM_STOP, "arm `stop_timeout`"},
	{EFFECT_ARM_DELAY, "arm the restart delay"},
	{EFFECT_HEALTH_SIGNAL, "send `health_signal`"},
	{EFFECT_ARM_CORE, "arm 1 s for a core"},
};
#define EFFECT_LINES (sizeof(effects) / sizeof(effects[0]))

static void print_diagram(FILE *out)
{
	fprintf(out, "```mermaid\nstateDiagram-v2\n\t[*] --> %s\n", state_name(STATE_DOWN));
	for (unsigned s = 0; s < STATE_COUNT; s++)
		for (unsigned t = 0; t < TRANSITION_COUNT; t++)
			if (state_table[s][t].legal)
				fprintf(out, "\t%s --> %s: %s\n", state_name((enum service_state)s),
					state_name(state_table[s][t].next),
					transition_name((enum transition)t));
	fprintf(out, "```\n");
}

static void print_states(FILE *out)
{
	fprintf(out, "| state | meaning | owns processes | is there for what needs it |\n");
	fprintf(out, "|---|---|---|---|\n");
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		enum service_state state = (enum service_state)s;
		fprintf(out, "| `%s` | %s | %s | %s |\n", state_name(state), meaning[s],
			state_is_active(state) ? "yes" : "",
			state_satisfies_need(state) ? "yes" : "");
	}
}

static void print_causes(FILE *out)
{
	fprintf(out, "| transition | cause |\n|---|---|\n");
	for (unsigned t = 0; t < TRANSITION_COUNT; t++)
		fprintf(out, "| `%s` | %s |\n", transition_name((enum transition)t), cause[t]);
}

static void print_effects(FILE *out, unsigned bits)
{
	const char *separator = "";

	for (unsigned i = 0; i < EFFECT_LINES; i++) {
		if (!(bits & effects[i].effect))
			continue;
		fprintf(out, "%s%s", separator, effects[i].text);
		separator = "; ";
	}
}

static void print_cells(FILE *out)
{
	fprintf(out, "| in | on | becomes | what that makes happen |\n|---|---|---|---|\n");
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		for (unsigned t = 0; t < TRANSITION_COUNT; t++) {
			const struct cell *cell = &state_table[s][t];
			if (!cell->legal)
				continue;
			fprintf(out, "| `%s` | `%s` | `%s` | ", state_name((enum service_state)s),
				transition_name((enum transition)t), state_name(cell->next));
			print_effects(out, cell->effects);
			fprintf(out, " |\n");
		}
	}
}

static void print_page(FILE *out)
{
	fprintf(out, "# The states of a service\n\n");
	fprintf(out, "Made from the table in `supervisor/state.c` by "
		     "`tests/sim/state_diagram.c --print`; a test\ncompares. "
		     "A cell that is not listed is illegal.\n\n");
	print_diagram(out);
	fprintf(out, "\n## States\n\n");
	print_states(out);
	fprintf(out,
		"\n## Transitions\n\n"
		"What happens (an exit, a timer, a request) is turned into one of these first, "
		"by the service's\npolicy; so the table has no conditions.\n\n");
	print_causes(out);
	fprintf(out, "\n## The table\n\n");
	print_cells(out);
}

/* The page in memory, for free(3); NULL: no memory. */
static char *make_page(void)
{
	char *page = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&page, &length);

	if (!out)
		return NULL;
	print_page(out);
	return fclose(out) == 0 ? page : NULL;
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!in)
		return NULL;
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = NULL;
	}
	fclose(in);
	return text;
}

static void the_page_is_up_to_date(void)
{
	char *page = make_page(), *text = read_file(file);

	if (!text)
		fprintf(stderr, "%s cannot be read; run from the top of the tree\n", file);
	CHECK(page && text && strcmp(page, text) == 0);
	free(page);
	free(text);
}

static void each_part_of_the_table_has_words(void)
{
	unsigned known = 0, used = 0;

	for (unsigned i = 0; i < EFFECT_LINES; i++)
		known |= effects[i].effect;
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		CHECK(meaning[s] != NULL);
		for (unsigned t = 0; t < TRANSITION_COUNT; t++)
			used |= state_table[s][t].effects;
	}
	for (unsigned t = 0; t < TRANSITION_COUNT; t++)
		CHECK(cause[t] != NULL);
	CHECK_INT(used & ~known, 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--print") == 0) {
		print_page(stdout);
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (argc > 1)
		file = argv[1];
	RUN(each_part_of_the_table_has_words);
	RUN(the_page_is_up_to_date);
	return CHECK_EXIT_STATUS();
}

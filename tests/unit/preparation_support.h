/* preparation_support: a preparation whose findings a test can look at. */
#ifndef FIRSTHOP_TESTS_UNIT_PREPARATION_SUPPORT_H
#define FIRSTHOP_TESTS_UNIT_PREPARATION_SUPPORT_H

#include "config/arena.h"
#include "init/preparation.h"
#include "supervisor/finding.h"
#include "tests/check.h"

static inline void preparation_begin(struct preparation *preparation, const struct model *model)
{
	*preparation = (struct preparation){.model = model, .findings = findings_create()};
	CHECK(preparation->findings != NULL);
	preparation_open(preparation);
	CHECK(preparation->netlink != NULL);
}

static inline void preparation_end(struct preparation *preparation)
{
	preparation_close(preparation);
	findings_free(preparation->findings);
}

static inline const struct finding *preparation_find(
	const struct preparation *preparation, enum step step, const char *subject)
{
	for (unsigned i = 0; i < findings_count(preparation->findings); i++) {
		const struct finding *finding = findings_get(preparation->findings, i);

		if (finding->step == step && strcmp(finding->subject, subject) == 0)
			return finding;
	}
	return NULL;
}

/* "ok made", "missing denied": its state and verdict; "" when there is none. The text is good until
 * the next call. */
static inline const char *preparation_word(
	const struct preparation *preparation, enum step step, const char *subject)
{
	static char word[256];
	const struct finding *finding = preparation_find(preparation, step, subject);

	word[0] = '\0';
	if (finding)
		(void)snprintf(word, sizeof(word), "%s%s %s", finding->required ? "required " : "",
			finding_state_name(finding->state), finding->verdict);
	return word;
}

/* The line that is said of it. */
static inline const char *preparation_line(
	const struct preparation *preparation, enum step step, const char *subject)
{
	static char line[1024];
	const struct finding *finding = preparation_find(preparation, step, subject);
	struct arena arena = {0};

	line[0] = '\0';
	if (finding)
		(void)snprintf(line, sizeof(line), "%s", finding_line(&arena, finding));
	arena_free(&arena);
	return line;
}

#endif

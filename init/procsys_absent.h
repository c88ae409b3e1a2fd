/* procsys_absent: why a key is not there, and what was probably meant; used by procsys_words.c
 * only. */
#ifndef FIRSTHOP_INIT_PROCSYS_ABSENT_H
#define FIRSTHOP_INIT_PROCSYS_ABSENT_H

struct arena;
struct finding;
struct preparation;

/* Fills reason and cure (texts in the arena). `path` is below /proc/sys, `key` is as one
 * writes it, `assignment` KEY=VALUE as a shell takes it. Reads directories. */
void procsys_explain_absence(struct preparation *preparation, struct arena *arena, const char *path,
	const char *key, const char *assignment, struct finding *finding);

#endif

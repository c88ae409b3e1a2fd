/* doctor: what `firsthop doctor` has found out, and how it is shown: the findings of the steps of
 * the preparation, and beside them looks at the container that no configuration asks for. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_DOCTOR_H
#define FIRSTHOP_SUPERVISOR_DOCTOR_H

#include "supervisor/finding.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buffer;
struct table_style;

struct doctor_check {
	const char *title;	/* "sysctl net.ipv4.ip_forward", "/run" */
	bool of_step;		/* else a look at the container: finding.step says nothing */
	struct finding finding; /* its subject is unique among its like */
};

struct doctor {
	struct arena *arena; /* owns all of the following; its `failed` is looked at in the end */
	const char *source;  /* of the configuration: "/etc/firsthop.ini", "built-in" */
	struct doctor_check *checks;
	size_t count, capacity;
};

/* A look at the container, titled by its subject. Copies the texts. */
void doctor_add_look(struct doctor *doctor, const struct finding *finding);
/* All findings of steps, in their order. Copies the texts. */
void doctor_add_findings(struct doctor *doctor, const struct findings *findings);

unsigned doctor_count(const struct doctor *doctor, enum finding_state state);

/* For people: a table, what is wrong first; then why, and what cures it; then how many there are of
 * each state. */
void doctor_write_text(
	struct buffer *buffer, const struct doctor *doctor, const struct table_style *style);
/* See doc/json.md. `ok`: what the exit code says. */
void doctor_write_json(struct buffer *buffer, const struct doctor *doctor, bool ok);

#endif

#include "config/diag.h"

#include "config/arena.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void diags_init(struct diags *diags, struct arena *arena)
{
	*diags = (struct diags){.arena = arena, .last = &diags->first};
}

/* A new message at the end of the list, or NULL. */
__attribute__((format(printf, 4, 0))) static struct diag *add(struct diags *diags,
	struct origin origin, enum severity severity, const char *format, va_list args)
{
	unsigned stored = diags->counts[SEVERITY_ERROR] + diags->counts[SEVERITY_WARNING] +
			  diags->counts[SEVERITY_NOTE] - diags->dropped;
	struct diag *diag;

	diags->counts[severity]++;
	diag = stored < DIAG_MAX ? arena_alloc(diags->arena, sizeof(*diag)) : NULL;
	if (!diag) {
		diags->dropped++;
		return NULL;
	}
	diag->message = arena_vprintf(diags->arena, format, args);
	if (!diag->message)
		diag->message = "no memory for the message";
	diag->origin = origin;
	diag->severity = severity;
	*diags->last = diag;
	diags->last = &diag->next;
	return diag;
}

void diag_add(
	struct diags *diags, struct origin origin, enum severity severity, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)add(diags, origin, severity, format, args); /* without it, it is counted */
	va_end(args);
}

void diag_add_missing(struct diags *diags, struct origin origin, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = add(diags, origin, SEVERITY_WARNING, format, args);
	va_end(args);
	if (diag)
		diag->missing = true;
}

void diags_refuse_missing(struct diags *diags)
{
	for (struct diag *diag = diags->first; diag; diag = diag->next) {
		if (!diag->missing || diag->severity != SEVERITY_WARNING)
			continue;
		diag->severity = SEVERITY_ERROR;
		diags->counts[SEVERITY_WARNING]--;
		diags->counts[SEVERITY_ERROR]++;
	}
}

/* What qsort(3) needs to sort stably by file and line. */
struct place {
	struct diag *diag;
	unsigned file, nth;
};

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->diag->origin.line != b->diag->origin.line)
		return a->diag->origin.line < b->diag->origin.line ? -1 : 1;
	return a->nth < b->nth ? -1 : 1;
}

/* Numbers files in the order of their first message. Quadratic, over DIAG_MAX messages at most. */
static unsigned file_number(const struct place *places, unsigned count, const char *file)
{
	unsigned next = 0;

	for (unsigned i = 0; i < count; i++) {
		if (strcmp(places[i].diag->origin.file, file) == 0)
			return places[i].file;
		if (places[i].file >= next)
			next = places[i].file + 1;
	}
	return next;
}

void diags_sort(struct diags *diags)
{
	unsigned count = 0;
	struct place *places;

	for (struct diag *diag = diags->first; diag; diag = diag->next)
		count++;
	places = arena_array(diags->arena, count + 1, sizeof(*places));
	if (!places)
		return; /* the order of discovery is good enough when memory lacks */
	count = 0;
	for (struct diag *diag = diags->first; diag; diag = diag->next) {
		unsigned file = file_number(places, count, diag->origin.file);

		places[count] = (struct place){diag, file, count};
		count++;
	}
	qsort(places, count, sizeof(*places), compare_places);
	diags->last = &diags->first;
	for (unsigned i = 0; i < count; i++) {
		*diags->last = places[i].diag;
		diags->last = &places[i].diag->next;
	}
	*diags->last = NULL;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITY_COUNT] = {
		[SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_NOTE] = "note",
	};

	return names[severity];
}

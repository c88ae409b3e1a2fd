/* metrics_text: families, labels and values in the OpenMetrics format, and in Prometheus' older
 * one. For metrics.c only. */
#ifndef FIRSTHOP_SUPERVISOR_METRICS_TEXT_H
#define FIRSTHOP_SUPERVISOR_METRICS_TEXT_H

#include "supervisor/metrics.h"

#include <stdbool.h>
#include <stdint.h>

enum family_type { TYPE_GAUGE, TYPE_COUNTER, TYPE_STATESET, TYPE_INFO };

struct family {
	const char *name; /* behind "firsthop_" */
	enum family_type type;
	const char *unit; /* NULL: none. By the specification it ends the name. */
	const char *help; /* without '\\' and newline */
};

struct exposition {
	struct buffer *buffer;
	const struct status *status;
	enum metrics_format format;
};

/* A number, in thousandths where it has any. */
struct value {
	bool is_known;
	uint64_t whole;
	unsigned thousandths;
};

/* What stands before the samples of a family. */
void metrics_begin(const struct exposition *exposition, const struct family *family);

/* One sample, with up to two labels; one without a name is left out. */
struct label {
	const char *name, *value;
};
void metrics_sample(const struct exposition *exposition, const struct family *family,
	struct label first, struct label second, struct value value);

#endif

/* metrics: the status as OpenMetrics text, for who counts and draws: see doc/operating.md. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_METRICS_H
#define FIRSTHOP_SUPERVISOR_METRICS_H

struct buffer;
struct status;

enum metrics_format {
	METRICS_OPENMETRICS, /* with "# EOF" */
	METRICS_PROMETHEUS,  /* the older text format, 0.0.4, which knows fewer types */
};

/* The whole exposition. What is not known has no sample. */
void metrics_write(struct buffer *buffer, const struct status *status, enum metrics_format format);

#endif

/* The status as OpenMetrics text: labels that need escapes, values that are not known. What a
 * parser makes of it is seen in tests/ns/metrics.sh. */
#include "supervisor/metrics.h"

#include "supervisor/buffer.h"
#include "supervisor/status.h"
#include "tests/check.h"

static struct status_service services[] = {
	{.name = "zebra",
		.state = STATE_READY,
		.wanted = true,
		.pid = 7,
		.uptime_ms = 61002,
		.ready_ms = 82,
		.restarts = 2,
		.lines = 10,
		.lines_dropped = 3,
		.health = STATUS_HEALTH_FAILING,
		.memory_bytes = 4096,
		.cpu_ms = 1500,
		.checks_failed = 5},
	{.name = "a\"b\\c\nd\xff",
		.state = STATE_FAILED,
		.uptime_ms = -1,
		.ready_ms = -1,
		.memory_bytes = -1,
		.cpu_ms = -1},
};
static const struct status node = {
	.version = "0.1.0",
	.hostname = "r1",
	.phase = PHASE_RUNNING,
	.uptime_ms = 62000,
	.ready_ms = -1,
	.stop_left_ms = -1,
	.wanted = 2,
	.ready = 1,
	.failed = 1,
	.services = services,
	.service_count = 2,
	.finding_counts = {4, 1, 0},
};

static bool has(const struct buffer *out, const char *text)
{
	if (strstr(out->data, text))
		return true;
	fprintf(stderr, "missing: %s\n", text);
	return false;
}

static void writes_what_is_known(void)
{
	struct buffer out = {0};

	metrics_write(&out, &node, METRICS_OPENMETRICS);
	CHECK(!out.failed);
	CHECK(has(&out, "# TYPE firsthop_build info\n"
			"# HELP firsthop_build The firsthop that runs.\n"
			"firsthop_build_info{version=\"0.1.0\",hostname=\"r1\"} 1\n"));
	CHECK(has(&out, "firsthop_phase{firsthop_phase=\"running\"} 1\n"
			"firsthop_phase{firsthop_phase=\"stopping\"} 0\n"));
	CHECK(has(&out, "# TYPE firsthop_uptime_seconds gauge\n"
			"# UNIT firsthop_uptime_seconds seconds\n"));
	CHECK(has(&out, "\nfirsthop_uptime_seconds 62\n"));
	CHECK(has(&out, "\nfirsthop_preparation_findings{state=\"degraded\"} 1\n"));
	CHECK(has(&out, "\nfirsthop_service_uptime_seconds{service=\"zebra\"} 61.002\n"));
	CHECK(has(&out, "\nfirsthop_service_ready_seconds{service=\"zebra\"} 0.082\n"));
	CHECK(has(&out, "\nfirsthop_service_restarts_total{service=\"zebra\"} 2\n"));
	CHECK(has(&out, "\nfirsthop_service_memory_bytes{service=\"zebra\"} 4096\n"));
	CHECK(has(&out, "\nfirsthop_service_cpu_seconds_total{service=\"zebra\"} 1.500\n"));
	CHECK(has(&out, "\nfirsthop_service_log_dropped_lines_total{service=\"zebra\"} 3\n"));
	CHECK(has(&out, "\nfirsthop_service_healthy{service=\"zebra\"} 0\n"));
	CHECK(has(&out, "\nfirsthop_service_health_failures_total{service=\"zebra\"} 5\n"));
	CHECK(has(&out,
		"{service=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\",firsthop_service_state=\"failed\"} 1\n"));
	CHECK_STR(out.data + out.length - 6, "# EOF\n");
	buffer_free(&out);
}

/* And only that: no sample stands for "not known". */
static void leaves_out_the_rest(void)
{
	struct buffer out = {0};
	unsigned count = 0;

	metrics_write(&out, &node, METRICS_OPENMETRICS);
	CHECK(strstr(out.data, "boot_ready_seconds") == NULL);
	CHECK(strstr(out.data, "stop_left_seconds") == NULL);
	for (const char *at = out.data; (at = strstr(at, "\nfirsthop_service_uptime_seconds{"));
		at++)
		count++;
	CHECK_INT(count, 1);
	buffer_free(&out);
}

static void a_node_without_services_is_one(void)
{
	const struct status none = {.ready_ms = 250, .stop_left_ms = 0, .phase = PHASE_STOPPING};
	struct buffer out = {0};

	metrics_write(&out, &none, METRICS_OPENMETRICS);
	CHECK(has(&out, "\nfirsthop_boot_ready_seconds 0.250\n"));
	CHECK(has(&out, "\nfirsthop_stop_left_seconds 0\n"));
	CHECK(strstr(out.data, "service_state") == NULL);
	buffer_free(&out);
}

static void speaks_the_older_format(void)
{
	struct buffer out = {0};

	metrics_write(&out, &node, METRICS_PROMETHEUS);
	CHECK(has(&out, "# TYPE firsthop_build_info gauge\n"));
	CHECK(has(&out, "# TYPE firsthop_service_restarts_total counter\n"));
	CHECK(has(&out, "# TYPE firsthop_service_state gauge\n"));
	CHECK(strstr(out.data, "# UNIT") == NULL && strstr(out.data, "# EOF") == NULL);
	buffer_free(&out);
}

int main(void)
{
	RUN(writes_what_is_known);
	RUN(leaves_out_the_rest);
	RUN(a_node_without_services_is_one);
	RUN(speaks_the_older_format);
	return CHECK_EXIT_STATUS();
}

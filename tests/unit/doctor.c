/* What the doctor shows: the worst first, cures below, and the same as JSON. */
#include "supervisor/doctor.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/table.h"
#include "tests/check.h"

static const struct finding forwarding = {.step = STEP_SYSCTL,
	.state = FINDING_MISSING,
	.required = true,
	.subject = "net.ipv6.conf.all.forwarding",
	.verdict = "read-only",
	.reason = "it is 0, and /proc/sys is read-only",
	.cure = "start the container with --sysctl net.ipv6.conf.all.forwarding=1"};
static const struct finding linkdown = {.step = STEP_SYSCTL,
	.subject = "net.ipv4.conf.default.ignore_routes_with_linkdown",
	.verdict = "already so"};
static const struct finding vrf = {
	.step = STEP_MODULE, .state = FINDING_DEGRADED, .subject = "vrf", .verdict = "absent"};
static const struct finding run = {.subject = "/run", .verdict = "writable"};

struct lab {
	struct arena arena;
	struct findings *findings;
	struct doctor doctor;
	struct buffer out;
};

static void lab_open(struct lab *lab, bool with_wrong)
{
	*lab = (struct lab){.findings = findings_create()};
	lab->doctor = (struct doctor){.arena = &lab->arena, .source = "built-in"};
	if (with_wrong)
		findings_put(lab->findings, &forwarding);
	findings_put(lab->findings, &linkdown);
	if (with_wrong)
		findings_put(lab->findings, &vrf);
	doctor_add_look(&lab->doctor, &run);
	doctor_add_findings(&lab->doctor, lab->findings);
	/* All was copied. */
	findings_free(lab->findings);
	CHECK(!lab->arena.failed);
}

static void lab_close(struct lab *lab)
{
	buffer_free(&lab->out);
	arena_free(&lab->arena);
}

static void shows_the_worst_first(void)
{
	const struct table_style style = {.columns = 80};
	struct lab lab;

	lab_open(&lab, true);
	doctor_write_text(&lab.out, &lab.doctor, &style);
	CHECK_STR(lab.out.data,
		"configuration: built-in\n"
		"\n"
		"CHECK                                                     STATE     DETAIL\n"
		"sysctl net.ipv6.conf.all.forwarding                       missing   read-only\n"
		"module vrf                                                degraded  absent\n"
		"/run                                                      ok        writable\n"
		"sysctl net.ipv4.conf.default.ignore_routes_with_linkdown  ok        already so\n"
		"\n"
		"   WHAT IS WRONG, AND WHAT CURES IT\n"
		"-  sysctl net.ipv6.conf.all.forwarding: it is 0, and /proc/sys is read-only;\n"
		"   start the container with --sysctl net.ipv6.conf.all.forwarding=1 (required)\n"
		"-  module vrf: absent\n"
		"\n"
		"firsthop run-args prints what an engine must be told, in one piece.\n"
		"\n"
		"1 missing, 1 degraded, 2 ok\n");
	lab_close(&lab);
}

/* Twenty sysctls that want a flag each are one thing that is wrong. */
static void tells_alike_ones_together(void)
{
	static const struct finding alike[] = {
		{.step = STEP_SYSCTL,
			.state = FINDING_DEGRADED,
			.subject = "a",
			.verdict = "read-only",
			.reason = "it is so",
			.cure = "start the container with --sysctl a=1"},
		{.step = STEP_SYSCTL,
			.state = FINDING_DEGRADED,
			.subject = "b",
			.verdict = "absent",
			.reason = "it is so",
			.cure = "set it on the host"},
		{.step = STEP_SYSCTL,
			.state = FINDING_DEGRADED,
			.subject = "c",
			.verdict = "read-only",
			.reason = "it is so",
			.cure = "start the container with --sysctl c=1"},
		{.step = STEP_SYSCTL,
			.state = FINDING_MISSING,
			.subject = "d",
			.verdict = "read-only",
			.reason = "it is so",
			.cure = "start the container with --sysctl d=1"},
	};
	const struct table_style style = {.columns = 0};
	struct lab lab = {.findings = findings_create()};

	lab.doctor = (struct doctor){.arena = &lab.arena, .source = "built-in"};
	for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++)
		findings_put(lab.findings, &alike[i]);
	doctor_add_findings(&lab.doctor, lab.findings);
	findings_free(lab.findings);
	doctor_write_text(&lab.out, &lab.doctor, &style);
	CHECK(lab.out.data &&
		strstr(lab.out.data,
			"-  sysctl d: it is so; start the container with --sysctl d=1\n"
			"-  2 sysctls: it is so; start the container with --sysctl a=1 "
			"--sysctl c=1\n"
			"-  sysctl b: it is so; set it on the host\n"
			"\n"));
	lab_close(&lab);
}

static void shows_that_all_is_well(void)
{
	const struct table_style style = {.colour = true};
	struct lab lab;

	lab_open(&lab, false);
	doctor_write_text(&lab.out, &lab.doctor, &style);
	CHECK(lab.out.data && strstr(lab.out.data, "\033[32mok\033[0m"));
	CHECK(lab.out.data && !strstr(lab.out.data, "CURES") && !strstr(lab.out.data, "run-args"));
	CHECK(lab.out.data && strstr(lab.out.data, "\n0 missing, 0 degraded, 2 ok\n"));
	lab_close(&lab);
}

static void counts_by_state(void)
{
	struct lab lab;

	lab_open(&lab, true);
	CHECK_INT(doctor_count(&lab.doctor, FINDING_MISSING), 1);
	CHECK_INT(doctor_count(&lab.doctor, FINDING_DEGRADED), 1);
	CHECK_INT(doctor_count(&lab.doctor, FINDING_OK), 2);
	lab_close(&lab);
}

static void writes_json(void)
{
	struct lab lab;

	lab_open(&lab, true);
	doctor_write_json(&lab.out, &lab.doctor, false);
	CHECK_STR(lab.out.data,
		"{\"version\":1,\"ok\":false,\"source\":\"built-in\","
		"\"counts\":{\"missing\":1,\"degraded\":1,\"ok\":2},\"checks\":["
		"{\"check\":\"/run\",\"step\":null,\"subject\":\"/run\",\"state\":\"ok\","
		"\"verdict\":\"writable\",\"reason\":null,\"cure\":null,\"required\":false},"
		"{\"check\":\"module vrf\",\"step\":\"module\",\"subject\":\"vrf\","
		"\"state\":\"degraded\",\"verdict\":\"absent\",\"reason\":null,\"cure\":null,"
		"\"required\":false},"
		"{\"check\":\"sysctl net.ipv6.conf.all.forwarding\",\"step\":\"sysctl\","
		"\"subject\":\"net.ipv6.conf.all.forwarding\",\"state\":\"missing\","
		"\"verdict\":\"read-only\",\"reason\":\"it is 0, and /proc/sys is read-only\","
		"\"cure\":\"start the container with --sysctl net.ipv6.conf.all.forwarding=1\","
		"\"required\":true},"
		"{\"check\":\"sysctl net.ipv4.conf.default.ignore_routes_with_linkdown\","
		"\"step\":\"sysctl\","
		"\"subject\":\"net.ipv4.conf.default.ignore_routes_with_linkdown\","
		"\"state\":\"ok\",\"verdict\":\"already so\",\"reason\":null,\"cure\":null,"
		"\"required\":false}]}\n");
	lab_close(&lab);
}

int main(void)
{
	RUN(shows_the_worst_first);
	RUN(tells_alike_ones_together);
	RUN(shows_that_all_is_well);
	RUN(counts_by_state);
	RUN(writes_json);
	return CHECK_EXIT_STATUS();
}

/* The plan: who starts at all, in which wave, and how it is told. */
#include "supervisor/plan.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/buffer.h"
#include "tests/check.h"

#define WORDS(...)                                                                                 \
	{                                                                                          \
		(const char *const[]){__VA_ARGS__, NULL},                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)          \
	}

/* In the order of a file, which is not the order of starting. */
static const struct service router[] = {
	{.name = "config",
		.type = SERVICE_ONESHOT,
		.needs = WORDS("zebra"),
		.wants = WORDS("bgpd"),
		.command = WORDS("/usr/bin/vtysh", "-b")},
	{.name = "bgpd",
		.needs = WORDS("zebra"),
		.after = WORDS("mgmtd", "spare"),
		.command = WORDS("/usr/lib/frr/bgpd", "-A", "127.0.0.1"),
		.ready = {.kind = READY_FRR_VTY, .text = "bgpd"}},
	{.name = "zebra",
		.critical = true,
		.description = "routes",
		.command = WORDS("/usr/lib/frr/zebra", "-s", "90 000"),
		.prepare = WORDS("/bin/true"),
		.wants = WORDS("mgmtd")},
	{.name = "mgmtd",
		.start = START_MANUAL,
		.command = WORDS("/usr/lib/frr/mgmtd"),
		.ready = {.kind = READY_TCP, .text = "::1", .number = 2623}},
	{.name = "sshd", .command = WORDS("/usr/sbin/sshd")},
	{.name = "spare",
		.start = START_MANUAL,
		.after = WORDS("sshd"),
		.command = WORDS("/bin/spare")},
};
static const struct model model = {
	.services = router, .service_count = sizeof(router) / sizeof(router[0])};

static void orders_by_waves(void)
{
	static const struct {
		const char *name;
		bool started;
		unsigned wave;
	} expected[] = {
		{"mgmtd", true, 0}, /* manual, but zebra wants it */
		{"sshd", true, 0},
		{"zebra", true, 1},
		{"bgpd", true, 2}, /* spare is not started, so it is not waited for */
		{"config", true, 3},
		{"spare", false, 0},
	};
	struct arena arena = {0};
	struct plan plan = {.count = 0};

	CHECK_INT(plan_make(&arena, &model, &plan), 0);
	CHECK_INT(plan.count, 6);
	CHECK_INT(plan.wave_count, 4);
	for (unsigned i = 0; i < plan.count; i++) {
		CHECK_STR(plan.entries[i].service->name, expected[i].name);
		CHECK_INT(plan.entries[i].started, expected[i].started);
		CHECK_INT(plan.entries[i].wave, expected[i].wave);
	}
	arena_free(&arena);
}

static void tells_what_waits_for_what(void)
{
	struct arena arena = {0};
	struct plan plan = {.count = 0};
	struct buffer out = {0};

	CHECK_INT(plan_make(&arena, &model, &plan), 0);
	plan_write_text(&out, &plan);
	CHECK(!out.failed);
	CHECK_STR(out.data,
		"wave 1, at once\n"
		"  mgmtd\n"
		"    command      /usr/lib/frr/mgmtd\n"
		"    ready when   tcp ::1 port 2623\n"
		"  sshd\n"
		"    command      /usr/sbin/sshd\n"
		"\n"
		"wave 2, each as soon as what it waits for is there\n"
		"  zebra (critical): routes\n"
		"    waits for    mgmtd ready or failed once (wants)\n"
		"    prepare      /bin/true\n"
		"    command      /usr/lib/frr/zebra -s '90 000'\n"
		"\n"
		"wave 3, each as soon as what it waits for is there\n"
		"  bgpd\n"
		"    waits for    zebra ready (needs), mgmtd ready or failed once (after)\n"
		"    command      /usr/lib/frr/bgpd -A 127.0.0.1\n"
		"    ready when   frr-vty bgpd\n"
		"\n"
		"wave 4, each as soon as what it waits for is there\n"
		"  config (oneshot)\n"
		"    waits for    zebra ready (needs), bgpd ready or failed once (wants)\n"
		"    command      /usr/bin/vtysh -b\n"
		"\n"
		"not started, only on request\n"
		"  spare\n"
		"    waits for    sshd ready or failed once (after)\n"
		"    command      /bin/spare\n");
	buffer_free(&out);
	arena_free(&arena);
}

static void plans_nothing(void)
{
	static const struct model empty = {.service_count = 0};
	struct arena arena = {0};
	struct plan plan = {.count = 9};
	struct buffer out = {0};

	CHECK_INT(plan_make(&arena, &empty, &plan), 0);
	CHECK_INT(plan.count, 0);
	plan_write_text(&out, &plan);
	CHECK_STR(out.data, "nothing to start: the configuration has no service\n");
	buffer_free(&out);
	arena_free(&arena);
}

int main(void)
{
	RUN(orders_by_waves);
	RUN(tells_what_waits_for_what);
	RUN(plans_nothing);
	return CHECK_EXIT_STATUS();
}

/* The chart of the boot: what PID 1 notes, from an engine in virtual time; the chain; and the
 * drawings, from records made by hand. */
#include "supervisor/boot.h"

#include "config/arena.h"
#include "supervisor/boot_record.h"
#include "supervisor/boot_scale.h"
#include "supervisor/buffer.h"
#include "supervisor/protocol.h"
#include "supervisor/table.h"
#include "tests/check.h"
#include "tests/unit/engine_scenario.h"

struct noted {
	struct lab lab;
	struct boot_record *record;
	struct arena arena;
};

static void note_all(struct noted *noted)
{
	struct trace_entry entry;
	struct unit_view view;
	struct engine_summary summary;

	lab_settle(&noted->lab);
	while (engine_read_trace(noted->lab.engine, &entry)) {
		engine_view(noted->lab.engine, entry.unit, &view);
		boot_record_note(noted->record, &entry, &view);
	}
	engine_summarize(noted->lab.engine, &summary);
	if (summary.was_ready)
		boot_record_close(noted->record, noted->lab.now);
}

static void noted_open(struct noted *noted, const struct service *services)
{
	*noted = (struct noted){0};
	lab_open(&noted->lab, services);
	noted->record = boot_record_create(noted->lab.now);
	boot_record_services(noted->record, noted->lab.engine);
	note_all(noted);
}

static void go(struct noted *noted, int64_t at_ms, const char *facts)
{
	noted->lab.now = timestamp_add_ms((struct timestamp){0}, at_ms);
	lab_feed(&noted->lab, facts);
	note_all(noted);
}

static struct boot noted_read(struct noted *noted)
{
	struct boot boot = {0};

	CHECK_INT(boot_record_read(noted->record, &noted->arena, noted->lab.now, &boot), 0);
	return boot;
}

static void noted_close(struct noted *noted)
{
	arena_free(&noted->arena);
	boot_record_free(noted->record);
	lab_close(&noted->lab);
}

#define SAYS_SO                                                                                    \
	{                                                                                          \
		.kind = READY_NOTIFY_FD                                                            \
	}

static void notes_the_way_of_each(void)
{
	struct noted noted;
	unsigned chain[8];

	noted_open(
		&noted, SERVICES({.name = "bgpd", .needs = WORDS("zebra"), .ready = SAYS_SO},
				{.name = "zebra", .ready = SAYS_SO},
				{.name = "sshd", .prepare = WORDS("/bin/keys"), .ready = SAYS_SO},
				{.name = "manual", .start = START_MANUAL}));
	go(&noted, 40, "exit sshd.prepare 0");
	go(&noted, 60, "ready sshd");
	go(&noted, 100, "ready zebra");
	go(&noted, 180, "ready bgpd");
	go(&noted, 900, "exit bgpd 1"); /* after the boot: not noted */

	struct boot boot = noted_read(&noted);
	CHECK_INT(boot.ready, 180000);
	CHECK_INT(boot.until, 180000);
	CHECK_INT(boot.service_count, 3);
	CHECK_STR(boot.services[0].name, "zebra");
	CHECK_INT(boot.services[0].there, 100000);
	CHECK_INT(boot.services[0].waited_for, BOOT_NOBODY);
	CHECK_STR(boot.services[1].name, "sshd");
	CHECK_INT(boot.services[1].released, 0);
	CHECK_INT(boot.services[1].started, 40000);
	CHECK_INT(boot.services[1].there, 60000);
	CHECK_STR(boot.services[2].name, "bgpd");
	CHECK_INT(boot.services[2].wanted, 0);
	CHECK_INT(boot.services[2].released, 100000);
	CHECK_INT(boot.services[2].started, 100000);
	CHECK_INT(boot.services[2].there, 180000);
	CHECK_INT(boot.services[2].outcome, BOOT_READY);
	CHECK_INT(boot.services[2].waited_for, 0);
	CHECK_INT(boot.services[2].failures, 0);
	CHECK_INT(boot_chain(&boot, chain), 2);
	CHECK_STR(boot.services[chain[0]].name, "bgpd");
	CHECK_STR(boot.services[chain[1]].name, "zebra");
	CHECK_STR(boot_wait_reason(&noted.arena, &boot, &boot.services[2]), "for zebra");
	CHECK(boot_wait_reason(&noted.arena, &boot, &boot.services[0]) == NULL);
	noted_close(&noted);
}

/* Of several that it waits for, the one that was there last is the reason. */
static void names_the_last_that_was_waited_for(void)
{
	static const char *const orders[] = {"abc", "acb", "bac", "bca", "cab", "cba"};

	for (unsigned i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct noted noted;

		noted_open(&noted,
			SERVICES({.name = "x", .needs = WORDS("a", "b"), .wants = WORDS("c")},
				{.name = "a", .ready = SAYS_SO}, {.name = "b", .ready = SAYS_SO},
				{.name = "c", .ready = SAYS_SO}));
		for (int k = 0; k < 3; k++) {
			char facts[16];

			(void)snprintf(facts, sizeof(facts), "ready %c", orders[i][k]);
			go(&noted, (int64_t)10 * (k + 1), facts);
		}
		struct boot boot = noted_read(&noted);
		const struct boot_service *x = &boot.services[boot.service_count - 1];

		CHECK_STR(x->name, "x");
		CHECK(x->waited_for < boot.service_count &&
			boot.services[x->waited_for].name[0] == orders[i][2]);
		noted_close(&noted);
	}
}

static void notes_failures_and_ends(void)
{
	struct noted noted;

	noted_open(&noted, SERVICES({.name = "again", .ready = SAYS_SO, .restart_delay_min_ms = 10},
				   {.name = "never", .restart = RESTART_NEVER, .ready = SAYS_SO},
				   {.name = "work", .type = SERVICE_ONESHOT}));
	go(&noted, 20, "exit again 1, exit never 2, exit work 0");
	go(&noted, 40, "");
	go(&noted, 70, "ready again");
	struct boot boot = noted_read(&noted);
	CHECK_INT(boot.ready, BOOT_NEVER);
	CHECK_INT(boot.until, 70000);
	CHECK_INT(boot.services[0].outcome, BOOT_READY);
	CHECK_INT(boot.services[0].failures, 1);
	CHECK_INT(boot.services[0].there, 70000);
	CHECK_INT(boot.services[1].outcome, BOOT_FAILED);
	CHECK_INT(boot.services[1].there, 20000);
	CHECK_INT(boot.services[2].outcome, BOOT_DONE);
	CHECK_STR(boot_words(&boot.services[0]).text, "ready in 70 ms, 1 failure");
	CHECK_STR(boot_words(&boot.services[1]).text, "failed in 20 ms, 1 failure");
	noted_close(&noted);
}

static void closes_when_it_is_too_late(void)
{
	struct noted noted;

	noted_open(&noted,
		SERVICES({.name = "slow", .ready = SAYS_SO, .start_timeout_ms = TIME_INFINITE_MS}));
	go(&noted, 700000, "ready slow");
	struct boot boot = noted_read(&noted);
	CHECK_INT(boot.ready, BOOT_NEVER);
	CHECK_INT(boot.until, BOOT_END_US);
	CHECK_INT(boot.services[0].there, BOOT_NEVER);
	noted_close(&noted);
}

static void does_without_memory(void)
{
	struct arena arena = {0};
	struct boot boot;

	boot_record_begin(NULL, 0, (struct timestamp){0});
	boot_record_end(NULL, 0, (struct timestamp){0});
	boot_record_note(NULL, &(struct trace_entry){0}, &(struct unit_view){0});
	boot_record_close(NULL, (struct timestamp){0});
	CHECK_INT(boot_record_read(NULL, &arena, (struct timestamp){0}, &boot), -ENODATA);
	arena_free(&arena);
}

static const struct boot_step steps[] = {
	{"configuration", 0, 500}, {"sysctl", 500, 900}, {"interfaces", 1000, 20000}};
static const struct boot_service services[] = {
	{"zebra", BOOT_READY, 20000, 20000, 20000, 100000, BOOT_NOBODY, 0},
	{"sshd", BOOT_READY, 1000, 20000, 60000, 70000, BOOT_NOBODY, 0},
	{"a<b", BOOT_FAILED, 1000, 20000, 20000, 50000, BOOT_NOBODY, 3},
	{"bgpd", BOOT_READY, 20000, 100000, 100000, 180000, 0, 1},
	{"config", BOOT_DONE, 20000, 180000, 180000, 200000, 3, 0},
};
static const struct boot router = {
	.version = "0.1.0",
	.hostname = "r1",
	.ready = 200000,
	.until = 200000,
	.steps = steps,
	.step_count = 3,
	.services = services,
	.service_count = 5,
};

static void check_text(const struct boot *boot, const struct table_style *style, const char *want)
{
	struct buffer out = {0};

	boot_write_text(&out, boot, style);
	CHECK(!out.failed);
	CHECK_STR(out.data ? out.data : "", want);
	buffer_free(&out);
}

static void draws_for_a_terminal(void)
{
	const struct table_style ascii = {.columns = 80}, utf8 = {.columns = 70, .utf8 = true};

	check_text(&router, &ascii,
		"r1: all ready in 200 ms\n"
		"\n"
		"               |0                |100 ms\n"
		"  preparation  #                                     0.9 ms\n"
		"* interfaces   ###                                   19 ms\n"
		"* zebra           ###############------------------  ready in 80 ms\n"
		"  sshd         ...=======##------------------------  ready in 50 ms\n"
		"  a<b          ...######x                            failed in 30 ms, 3 failures\n"
		"* bgpd            ...............##############----  ready in 80 ms, 1 failure\n"
		"* config          .............................####  done in 20 ms\n"
		"\n"
		"  * what the boot waited for\n"
		"  . waits  = prepares  # starts  - is ready  x has failed\n"
		"\n"
		"What the boot waited for, the last first; @ is when it was started:\n"
		"\n"
		"all ready @200 ms\n"
		"`-config @180 ms: done in 20 ms, waited 160 ms for bgpd\n"
		"  `-bgpd @100 ms: ready in 80 ms, 1 failure, waited 80 ms for zebra\n"
		"    `-zebra @20 ms: ready in 80 ms\n"
		"      `-interfaces @1.0 ms: 19 ms\n");
	check_text(&router, &utf8,
		"r1: all ready in 200 ms\n"
		"\n"
		"               |0           |100 ms\n"
		"  preparation  █                           0.9 ms\n"
		"* interfaces   ██                          19 ms\n"
		"* zebra          ███████████─────────────  ready in 80 ms\n"
		"  sshd         ··▒▒▒▒▒██─────────────────  ready in 50 ms\n"
		"  a<b          ··████x                     failed in 30 ms, 3 failures\n"
		"* bgpd           ···········██████████───  ready in 80 ms, 1 failure\n"
		"* config         ·····················███  done in 20 ms\n"
		"\n"
		"  * what the boot waited for\n"
		"  · waits  ▒ prepares  █ starts  ─ is ready  x has failed\n"
		"\n"
		"What the boot waited for, the last first; @ is when it was started:\n"
		"\n"
		"all ready @200 ms\n"
		"└─config @180 ms: done in 20 ms, waited 160 ms for bgpd\n"
		"  └─bgpd @100 ms: ready in 80 ms, 1 failure, waited 80 ms for zebra\n"
		"    └─zebra @20 ms: ready in 80 ms\n"
		"      └─interfaces @1.0 ms: 19 ms\n");
}

static void says_what_is_not_over(void)
{
	static const struct boot_service waiting[] = {
		{"a", BOOT_UNDER_WAY, 10, 10, 10, BOOT_NEVER, BOOT_NOBODY, 0},
		{"b", BOOT_UNDER_WAY, 10, BOOT_NEVER, BOOT_NEVER, BOOT_NEVER, 0, 0},
	};
	const struct boot boot = {
		.ready = BOOT_NEVER, .until = 5000000, .services = waiting, .service_count = 2};
	struct buffer out = {0};

	boot_write_text(&out, &boot, &(struct table_style){.columns = 60});
	CHECK(strstr(out.data, "not all ready in 5.00 s") != NULL);
	CHECK(strstr(out.data, "  starting\n") != NULL);
	CHECK(strstr(out.data, "  waiting\n") != NULL);
	CHECK(strstr(out.data, "`-b: waiting for a\n  `-a @0.0 ms: starting\n") != NULL ||
		strstr(out.data, "`-a @0.0 ms: starting\n") != NULL);
	buffer_free(&out);
}

static void fits_any_width(void)
{
	for (unsigned columns = 1; columns < 600; columns += 7) {
		const struct table_style style = {.columns = columns, .utf8 = columns % 2};
		struct buffer out = {0};

		boot_write_text(&out, &router, &style);
		CHECK(!out.failed);
		buffer_free(&out);
	}
}

/* It becomes bytes and a record again; what a hostile server may send is drawn without harm. */
static void comes_back_over_the_wire(void)
{
	struct buffer bytes = {0}, again = {0};
	struct arena arena = {0};
	struct boot got;
	struct frame frame;

	protocol_put_boot(&bytes, &router);
	CHECK_INT(frame_read(bytes.data, bytes.length, PROTOCOL_REPLY_MAX, &frame), 1);
	CHECK_INT(protocol_get_boot(&frame, &arena, &got), 0);
	protocol_put_boot(&again, &got);
	CHECK(again.length == bytes.length && memcmp(again.data, bytes.data, bytes.length) == 0);
	for (size_t cut = 1; cut < frame.length; cut++) {
		struct frame cut_frame = frame;

		cut_frame.length -= cut;
		CHECK_INT(protocol_get_boot(&cut_frame, &arena, &got), -EPROTO);
	}
	buffer_free(&bytes);
	buffer_free(&again);
	arena_free(&arena);
}

static void survives_a_ring(void)
{
	static const struct boot_service ring[] = {
		{"a", BOOT_READY, 1, 2, 3, 4, 1, 0}, {"b", BOOT_READY, 1, 2, 3, 5, 0, 0}};
	const struct boot boot = {.ready = 9, .until = 9, .services = ring, .service_count = 2};
	struct buffer out = {0};
	unsigned chain[2];

	CHECK_INT(boot_chain(&boot, chain), 2);
	boot_write_text(&out, &boot, &(struct table_style){.columns = 80});
	boot_write_svg(&out, &boot);
	boot_write_json(&out, &boot);
	CHECK(!out.failed);
	buffer_free(&out);
}

static void draws_nothing(void)
{
	const struct boot boot = {.ready = BOOT_NEVER};
	struct buffer out = {0};

	boot_write_text(&out, &boot, &(struct table_style){.columns = 80});
	boot_write_svg(&out, &boot);
	boot_write_json(&out, &boot);
	CHECK(!out.failed);
	CHECK(strstr(out.data, "(no hostname): not all ready in 0.0 ms") != NULL);
	buffer_free(&out);
}

static void writes_json(void)
{
	const struct boot boot = {.version = "0.1.0",
		.hostname = "r1",
		.ready = BOOT_NEVER,
		.until = 7,
		.steps = steps,
		.step_count = 1,
		.services = services,
		.service_count = 1};
	struct buffer out = {0};

	boot_write_json(&out, &boot);
	CHECK_STR(out.data,
		"{\"version\":1,\"firsthop\":\"0.1.0\",\"hostname\":\"r1\",\"ready_us\":null,"
		"\"until_us\":7,\"steps\":[{\"name\":\"configuration\",\"begin_us\":0,"
		"\"end_us\":500}],\"services\":[{\"name\":\"zebra\",\"outcome\":\"ready\","
		"\"wanted_us\":20000,\"released_us\":20000,\"started_us\":20000,"
		"\"there_us\":100000,\"waited_for\":null,\"failures\":0,\"critical\":true}],"
		"\"chain\":[\"zebra\"]}\n");
	buffer_free(&out);
}

static void draws_a_picture(void)
{
	struct buffer out = {0};

	boot_write_svg(&out, &router);
	CHECK(!out.failed && out.data != NULL);
	const char *svg = out.data ? out.data : "";

	CHECK(strncmp(svg, "<svg xmlns=", 11) == 0);
	CHECK(strstr(svg, "<title id=\"title\">r1: all ready in 200 ms</title>") != NULL);
	CHECK(strstr(svg, "The boot waited for config, which waited for bgpd, which waited "
			  "for zebra.</desc>") != NULL);
	CHECK(strstr(svg, "prefers-color-scheme:dark") != NULL);
	CHECK(strstr(svg, "a&lt;b") != NULL && strstr(svg, "a<b") == NULL);
	CHECK(strstr(svg, "<script") == NULL && strstr(svg, "href") == NULL);
	buffer_free(&out);
}

static void marks_of_the_scale_are_round(void)
{
	static const struct {
		uint32_t total;
		unsigned width, apart;
		uint32_t tick;
	} cases[] = {
		{200000, 60, 12, 50000},
		{540000, 610, 80, 100000},
		{1, 100, 10, 100},
		{600000000, 100, 10, 100000000},
		{600000000, 20, 400, UINT32_MAX},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct boot_scale scale = {cases[i].total, cases[i].width};

		CHECK_INT(boot_tick(&scale, cases[i].apart), cases[i].tick);
	}
}

int main(void)
{
	RUN(notes_the_way_of_each);
	RUN(names_the_last_that_was_waited_for);
	RUN(notes_failures_and_ends);
	RUN(closes_when_it_is_too_late);
	RUN(does_without_memory);
	RUN(draws_for_a_terminal);
	RUN(says_what_is_not_over);
	RUN(fits_any_width);
	RUN(comes_back_over_the_wire);
	RUN(survives_a_ring);
	RUN(draws_nothing);
	RUN(writes_json);
	RUN(draws_a_picture);
	RUN(marks_of_the_scale_are_round);
	return CHECK_EXIT_STATUS();
}

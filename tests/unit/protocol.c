/* The control protocol: what is put is what is got; what is cut, stretched or out of range is
 * refused; frames are found however the stream is chopped. */
#include "supervisor/protocol.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/reload.h"
#include "supervisor/status.h"
#include "supervisor/wire.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>

static struct frame only_frame(const struct buffer *bytes, size_t max)
{
	struct frame frame = {0};

	CHECK_INT(frame_read(bytes->data, bytes->length, max, &frame), 1);
	CHECK_INT(frame.frame_bytes, bytes->length);
	return frame;
}

static const struct request requests[] = {
	{.type = REQUEST_STATUS},
	{.type = REQUEST_HEALTH, .level = HEALTH_STARTED},
	{.type = REQUEST_HEALTH, .level = HEALTH_READY, .wait = true},
	{.type = REQUEST_SHUTDOWN},
	{.type = REQUEST_RELOAD},
	{.type = REQUEST_LOGS, .service = "zebra", .lines = 10000},
	{.type = REQUEST_LOGS, .lines = 1},
	{.type = REQUEST_ORDER, .verb = ORDER_RESTART, .name_count = 2, .names = {"a", "bgpd"}},
	{.type = REQUEST_AWAIT, .verb = ORDER_STOP, .service = "bgpd", .attempt = 7},
	{.type = REQUEST_CHANGE, .dry_run = true},
	{.type = REQUEST_DETAIL, .service = "bgpd"},
	/* Since 1.1. */
	{.type = REQUEST_SHUTDOWN, .minor = PROTOCOL_MINOR_END, .end = NODE_END_REBOOT},
};

#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

static void requests_come_back(void)
{
	for (unsigned i = 0; i < REQUESTS; i++) {
		struct buffer bytes = {0};
		struct request got;

		protocol_put_request(&bytes, &requests[i]);
		struct frame frame = only_frame(&bytes, PROTOCOL_REQUEST_MAX);
		CHECK_INT(protocol_get_request(&frame, &got), 0);
		CHECK_INT(got.type, requests[i].type);
		CHECK_INT(got.level, requests[i].level);
		CHECK_INT(got.wait, requests[i].wait);
		CHECK_STR(got.service, requests[i].service);
		CHECK_INT(got.lines, requests[i].lines);
		CHECK_INT(got.verb, requests[i].verb);
		CHECK_INT(got.attempt, requests[i].attempt);
		CHECK_INT(got.dry_run, requests[i].dry_run);
		CHECK_INT(got.name_count, requests[i].name_count);
		for (unsigned name = 0; name < got.name_count; name++)
			CHECK_STR(got.names[name], requests[i].names[name]);
		CHECK_INT(got.end, requests[i].end);
		buffer_free(&bytes);
	}
}

static void replies_come_back(void)
{
	static const struct reply replies[] = {
		{.type = REPLY_HEALTH, .ok = true, .text = "2 of 2 services ready"},
		{.type = REPLY_HEALTH, .ok = false, .text = ""},
		{.type = REPLY_OK, .text = "stopping"},
		{.type = REPLY_ERROR, .code = PROTOCOL_ERROR_NO_SERVICE, .text = "no"},
		{.type = REPLY_TEXT, .text = "a\nb\n"},
	};

	for (unsigned i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct buffer bytes = {0};
		struct arena arena = {0};
		struct reply got = {0};

		protocol_put_reply(&bytes, &replies[i]);
		struct frame frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
		CHECK_INT(protocol_get_reply(&frame, &arena, &got), 0);
		CHECK_INT(got.type, replies[i].type);
		CHECK_INT(got.ok, replies[i].ok);
		CHECK_INT(got.code, replies[i].code);
		CHECK_STR(got.text, replies[i].text);
		buffer_free(&bytes);
		arena_free(&arena);
	}
}

static void orders_come_back(void)
{
	static struct order_item items[] = {{"zebra", false, 3}, {"bgpd", true, 4}};
	static struct order_other others[] = {{"ospfd", "zebra", ORDER_WAITS}};
	static const struct order order = {.verb = ORDER_START,
		.items = items,
		.item_count = 2,
		.others = others,
		.other_count = 1};
	static const struct order_outcome outcome = {.progress = ORDER_FAILED,
		.state = STATE_BACKOFF,
		.pid = 9,
		.ready_ms = -1,
		.text = "x"};
	struct buffer bytes = {0};
	struct arena arena = {0};
	struct order got;
	struct order_outcome became;

	protocol_put_order(&bytes, &order);
	struct frame frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	CHECK_INT(protocol_get_outcome(&frame, &arena, &became), -ENOSYS);
	CHECK_INT(protocol_get_order(&frame, &arena, &got), 0);
	CHECK_INT(got.verb, ORDER_START);
	CHECK_INT(got.item_count, 2);
	CHECK_STR(got.items[0].name, "zebra");
	CHECK(!got.items[0].asked && got.items[1].asked);
	CHECK_INT(got.items[1].attempt, 4);
	CHECK_INT(got.other_count, 1);
	CHECK_STR(got.others[0].name, "ospfd");
	CHECK_STR(got.others[0].needs, "zebra");
	CHECK_INT(got.others[0].effect, ORDER_WAITS);
	for (size_t whole = frame.length; frame.length-- > 0 && whole;)
		CHECK_INT(protocol_get_order(&frame, &arena, &got), -EPROTO);
	buffer_reset(&bytes);
	protocol_put_outcome(&bytes, &outcome);
	frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	CHECK_INT(protocol_get_order(&frame, &arena, &got), -ENOSYS);
	CHECK_INT(protocol_get_outcome(&frame, &arena, &became), 0);
	CHECK_INT(became.progress, ORDER_FAILED);
	CHECK_INT(became.state, STATE_BACKOFF);
	CHECK_INT(became.pid, 9);
	CHECK_INT(became.ready_ms, -1);
	CHECK_STR(became.text, "x");
	buffer_free(&bytes);
	arena_free(&arena);
}

static struct status_service services[] = {
	{.name = "zebra",
		.type = SERVICE_DAEMON,
		.state = STATE_READY,
		.wanted = true,
		.pid = 42,
		.since_ms = 1,
		.uptime_ms = 2,
		.ready_ms = 3,
		.restarts = 4,
		.health = STATUS_HEALTH_FAILING,
		.memory_bytes = 8192,
		.cpu_ms = 70},
	{.name = "once",
		.type = SERVICE_ONESHOT,
		.state = STATE_FAILED,
		.since_ms = INT64_MAX,
		.uptime_ms = -1,
		.ready_ms = -1,
		.reason = "gave up",
		.last = "exited 1",
		.lines_dropped = UINT64_MAX,
		.output = "a\nb\n",
		.memory_bytes = -1,
		.cpu_ms = -1,
		.crash = "/c/000001.once",
		.lines = 11,
		.checks_failed = 12},
};
static const char *const problems[] = {"sysctl x: no", ""};
static const struct finding findings[] = {
	{STEP_SYSCTL, FINDING_MISSING, true, "net.x", "read-only", "/proc/sys is read-only", "do"},
	{.step = STEP_INTERFACES, .state = FINDING_DEGRADED, .subject = "", .verdict = "late"},
};
static const struct status full = {
	.version = "0.1.0",
	.hostname = "r1",
	.phase = PHASE_STOPPING,
	.all_ready = true,
	.was_ready = true,
	.uptime_ms = 5,
	.ready_ms = -1,
	.stop_left_ms = 6,
	.config_source = "built-in",
	.config_is_fallback = true,
	.config_problem = "bad",
	.converged = {.bgp = CONVERGED_ALL, .ospf = 2, .isis = 3},
	.wanted = 7,
	.ready = 8,
	.failed = 9,
	.problems = problems,
	.problem_count = 2,
	.services = services,
	.service_count = 2,
	.findings = findings,
	.finding_count = 2,
	.finding_counts = {13, 14, 15},
};

/* Decoded and encoded again, it must be the same bytes: so no field is lost or moved. */
static void status_comes_back(void)
{
	struct buffer bytes = {0}, again = {0};
	struct arena arena = {0};
	struct status got = {0};

	protocol_put_status(&bytes, &full, PROTOCOL_MINOR);
	struct frame frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	CHECK_INT(protocol_get_status(&frame, &arena, &got), 0);
	CHECK_STR(got.version, "0.1.0");
	CHECK_STR(got.hostname, "r1");
	CHECK(got.all_ready && got.was_ready);
	CHECK_INT(got.uptime_ms, 5);
	CHECK_INT(got.ready_ms, -1);
	CHECK_INT(got.stop_left_ms, 6);
	CHECK_STR(got.config_source, "built-in");
	CHECK_STR(got.config_problem, "bad");
	CHECK(got.converged.bgp == CONVERGED_ALL && got.converged.ospf == 2 &&
		got.converged.isis == 3);
	CHECK_INT(got.wanted, 7);
	CHECK_INT(got.ready, 8);
	CHECK_INT(got.phase, PHASE_STOPPING);
	CHECK(got.config_is_fallback);
	CHECK_INT(got.failed, 9);
	CHECK_STR(got.problems[0], "sysctl x: no");
	CHECK_INT(got.service_count, 2);
	CHECK(got.services[0].reason == NULL);
	CHECK_STR(got.services[0].name, "zebra");
	CHECK(got.services[0].wanted && !got.services[1].wanted);
	CHECK_INT(got.services[0].state, STATE_READY);
	CHECK_INT(got.services[0].pid, 42);
	CHECK_INT(got.services[0].since_ms, 1);
	CHECK_INT(got.services[0].uptime_ms, 2);
	CHECK_INT(got.services[0].restarts, 4);
	CHECK_INT(got.services[1].type, SERVICE_ONESHOT);
	CHECK_INT(got.services[0].ready_ms, 3);
	CHECK_STR(got.services[1].reason, "gave up");
	CHECK_STR(got.services[1].last, "exited 1");
	CHECK_STR(got.services[1].output, "a\nb\n");
	CHECK(got.services[1].lines_dropped == UINT64_MAX);
	CHECK_INT(got.services[0].health, STATUS_HEALTH_FAILING);
	CHECK_INT(got.services[0].memory_bytes, 8192);
	CHECK_INT(got.services[0].cpu_ms, 70);
	CHECK_INT(got.services[1].memory_bytes, -1);
	CHECK_STR(got.services[1].crash, "/c/000001.once");
	CHECK_INT(got.services[1].lines, 11);
	CHECK_INT(got.services[1].checks_failed, 12);
	CHECK_INT(got.finding_counts[FINDING_MISSING], 15);
	CHECK_INT(got.finding_count, 2);
	CHECK_INT(got.findings[0].state, FINDING_MISSING);
	CHECK(got.findings[0].required && !got.findings[1].required);
	CHECK_STR(got.findings[0].cure, "do");
	CHECK_INT(got.findings[1].step, STEP_INTERFACES);
	CHECK(!got.findings[1].reason);
	protocol_put_status(&again, &got, PROTOCOL_MINOR);
	CHECK_INT(again.length, bytes.length);
	CHECK(again.length == bytes.length && memcmp(again.data, bytes.data, bytes.length) == 0);
	buffer_free(&bytes);
	buffer_free(&again);
	arena_free(&arena);
}

/* Who asks in 1.0 gets what 1.0 had, and no more: each service is shorter by what came later. */
static void status_of_1_0_stays(void)
{
	struct buffer old = {0}, new = {0};
	struct arena arena = {0};
	struct status got;

	protocol_put_status(&old, &full, 0);
	protocol_put_status(&new, &full, 1);
	CHECK_INT(new.length - old.length, (size_t)full.service_count * (1 + 8 + 8 + 4 + 8 + 4) +
						   strlen(services[1].crash) +
						   (size_t)FINDING_STATE_COUNT * 4);
	struct frame frame = only_frame(&old, PROTOCOL_REPLY_MAX);
	CHECK_INT(frame.minor, 0);
	CHECK_INT(protocol_get_status(&frame, &arena, &got), 0);
	CHECK_INT(got.services[0].memory_bytes, -1);
	CHECK_INT(got.services[0].health, STATUS_HEALTH_NONE);
	CHECK_STR(got.services[1].output, "a\nb\n");
	frame.minor = 1; /* and is not taken for another */
	CHECK_INT(protocol_get_status(&frame, &arena, &got), -EPROTO);
	buffer_free(&old);
	buffer_free(&new);
	arena_free(&arena);
}

static void details_come_back(void)
{
	static const struct detail_key keys[] = {{"command", "/bin/x"}, {"needs", ""}};
	static const char *const names[] = {"bgpd"};
	static const struct detail_end ends[] = {{"exited 1", 5}, {"exited 2", INT64_MAX}};
	static const struct service_detail detail = {keys, 2, names, 1, ends, 2};
	struct buffer bytes = {0};
	struct arena arena = {0};
	struct service_detail got;

	protocol_put_detail(&bytes, &detail);
	struct frame frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	CHECK_INT(protocol_get_detail(&frame, &arena, &got), 0);
	CHECK_INT(got.key_count, 2);
	CHECK_STR(got.keys[0].value, "/bin/x");
	CHECK_STR(got.keys[1].key, "needs");
	CHECK_INT(got.needed_by_count, 1);
	CHECK_STR(got.needed_by[0], "bgpd");
	CHECK_INT(got.end_count, 2);
	CHECK_STR(got.ends[0].text, "exited 1");
	CHECK(got.ends[1].ago_ms == INT64_MAX);
	for (size_t whole = frame.length; frame.length-- > 0 && whole;)
		CHECK_INT(protocol_get_detail(&frame, &arena, &got), -EPROTO);
	buffer_free(&bytes);
	arena_free(&arena);
}

static void reloads_come_back(void)
{
	static const struct changed_key keys[] = {
		{.key = "a", .to = "1"}, {.key = "b", .from = "2"}};
	static struct reload_change changes[] = {
		{RELOAD_STOP, "service", "x", NULL, 0}, {RELOAD_CHANGE, "node", NULL, keys, 2}};
	static const struct reload_diag diags[] = {{"f", 7, SEVERITY_WARNING, "odd"}};
	static const struct reload_report report = {true, false, "src", diags, 1, 3, changes, 2};
	struct buffer bytes = {0}, again = {0};
	struct arena arena = {0};
	struct reload_report got;

	protocol_put_reload(&bytes, &report);
	struct frame frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	CHECK_INT(protocol_get_reload(&frame, &arena, &got), 0);
	CHECK(got.accepted && !got.applied);
	CHECK_STR(got.source, "src");
	CHECK_INT(got.diags_dropped, 3);
	CHECK_INT(got.diags[0].line, 7);
	CHECK_INT(got.changes[0].effect, RELOAD_STOP);
	CHECK(!got.changes[1].name && !got.changes[1].keys[0].from);
	protocol_put_reload(&again, &got);
	CHECK(again.length == bytes.length && memcmp(again.data, bytes.data, bytes.length) == 0);
	for (size_t whole = frame.length; frame.length-- > 0 && whole;)
		CHECK_INT(protocol_get_reload(&frame, &arena, &got), -EPROTO);
	buffer_free(&bytes);
	buffer_free(&again);
	arena_free(&arena);
}

/* A frame whose payload is cut by one byte, or has one too many, at whatever place. */
static void wrong_lengths_are_refused(void)
{
	struct buffer bytes = {0};
	struct arena arena = {0};
	struct status status;
	struct frame frame;

	protocol_put_status(&bytes, &full, PROTOCOL_MINOR);
	frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	size_t whole = frame.length;
	for (frame.length = 0; frame.length < whole; frame.length++) {
		/* A copy of just that length, so that the sanitizer sees a read behind it. */
		uint8_t *cut = malloc(frame.length + !frame.length);

		if (!cut)
			break;
		memcpy(cut, bytes.data + PROTOCOL_HEADER_BYTES, frame.length);
		frame.payload = cut;
		CHECK_INT(protocol_get_status(&frame, &arena, &status), -EPROTO);
		free(cut);
	}
	wire_put_u8(&bytes, 0);
	frame.payload = (const uint8_t *)bytes.data + PROTOCOL_HEADER_BYTES;
	frame.length = whole + 1;
	CHECK_INT(protocol_get_status(&frame, &arena, &status), -EPROTO);
	buffer_free(&bytes);
	arena_free(&arena);
}

static struct frame make(uint16_t type, const struct buffer *payload)
{
	return (struct frame){
		.major = PROTOCOL_MAJOR,
		.minor = PROTOCOL_MINOR,
		.type = type,
		.payload = (const uint8_t *)payload->data,
		.length = payload->length,
	};
}

/* One request each that is wrong in one way. */
static void wrong_fields_are_refused(void)
{
	static const struct {
		const char *payload;
		size_t length;
		uint16_t type;
		int result;
	} cases[] = {
		{"", 0, 0, -ENOSYS},
		{"", 0, REQUEST_DETAIL + 1, -ENOSYS},
		{"", 0, REPLY_OK, -ENOSYS},
		{"x", 1, REQUEST_STATUS, -EPROTO},
		{"\1", 1, REQUEST_HEALTH, -EPROTO},
		{"\1\0", 2, REQUEST_HEALTH, 0},
		{"\2\0", 2, REQUEST_HEALTH, -EPROTO},
		{"\1\2", 2, REQUEST_HEALTH, -EPROTO},
		{"\1\0\0", 3, REQUEST_HEALTH, -EPROTO},
		{"\1\0\0\0a\1\0\0\0", 9, REQUEST_LOGS, 0},
		{"\1\0\0\0\0\1\0\0\0", 9, REQUEST_LOGS, -EPROTO},    /* NUL in the name */
		{"\2\0\0\0a\1\0\0\0", 9, REQUEST_LOGS, -EPROTO},     /* name too long for it */
		{"\1\0\0\0a\0\0\0\0", 9, REQUEST_LOGS, -EPROTO},     /* no line */
		{"\1\0\0\0a\x11\x27\0\0", 9, REQUEST_LOGS, -EPROTO}, /* 10001 */
		{"\xff\xff\xff\xff\1\0\0\0", 8, REQUEST_LOGS, 0},    /* absent: all */
		{"\0\1\0\0\0\1\0\0\0a", 10, REQUEST_ORDER, 0},
		{"\4\1\0\0\0\1\0\0\0a", 10, REQUEST_ORDER, -EPROTO},   /* no such verb */
		{"\0\0\0\0\0", 5, REQUEST_ORDER, -EPROTO},	       /* for nobody */
		{"\0\101\0\0\0\1\0\0\0a", 10, REQUEST_ORDER, -EPROTO}, /* 65 services */
		{"\0\2\0\0\0\1\0\0\0a", 10, REQUEST_ORDER, -EPROTO},
		{"\1\1\0\0\0a\7\0\0\0", 10, REQUEST_AWAIT, 0},
		{"\1\1\0\0\0a\7\0\0", 9, REQUEST_AWAIT, -EPROTO},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer payload = {0};
		struct request request;

		buffer_add(&payload, cases[i].payload, cases[i].length);
		struct frame frame = make(cases[i].type, &payload);
		int result = protocol_get_request(&frame, &request);
		if (result != cases[i].result)
			fprintf(stderr, "case %u\n", i);
		CHECK_INT(result, cases[i].result);
		buffer_free(&payload);
	}
}

static void long_names_are_refused(void)
{
	char name[SERVICE_NAME_MAX + 2];

	for (size_t length = SERVICE_NAME_MAX; length <= SERVICE_NAME_MAX + 1; length++) {
		struct buffer payload = {0};
		struct request request;

		memset(name, 'a', length);
		name[length] = '\0';
		wire_put_string(&payload, name);
		wire_put_u32(&payload, 5);
		struct frame frame = make(REQUEST_LOGS, &payload);
		CHECK_INT(protocol_get_request(&frame, &request),
			length == SERVICE_NAME_MAX ? 0 : -EPROTO);
		buffer_free(&payload);
	}
}

/* A count of services that the bytes cannot hold must not make us allocate for it. */
static void counts_are_not_believed(void)
{
	struct buffer bytes = {0};
	struct arena arena = {0};
	struct status status, none = full;

	none.service_count = none.problem_count = 0;
	protocol_put_status(&bytes, &none, 0); /* where a count comes last */
	struct frame frame = only_frame(&bytes, PROTOCOL_REPLY_MAX);
	wire_patch_u32(&bytes, bytes.length - 4, 0x40000000);
	CHECK_INT(protocol_get_status(&frame, &arena, &status), -EPROTO);
	CHECK(arena.used_bytes < 4096);
	buffer_free(&bytes);
	arena_free(&arena);
}

static void versions_are_checked(void)
{
	static const struct {
		uint8_t major, minor;
		int result;
	} cases[] = {
		{PROTOCOL_MAJOR, PROTOCOL_MINOR, 0},
		{PROTOCOL_MAJOR, 0, 0},
		{PROTOCOL_MAJOR, PROTOCOL_MINOR + 1, -EPROTONOSUPPORT},
		{PROTOCOL_MAJOR + 1, 0, -EPROTONOSUPPORT},
		{0, 0, -EPROTONOSUPPORT},
	};
	struct buffer nothing = {0};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct frame frame = make(REQUEST_STATUS, &nothing);
		struct request request;

		frame.major = cases[i].major;
		frame.minor = cases[i].minor;
		CHECK_INT(protocol_get_request(&frame, &request), cases[i].result);
		if (cases[i].result == 0)
			CHECK_INT(request.minor, cases[i].minor);
	}
	/* In 1.0 there is no order. */
	struct frame frame = make(REQUEST_ORDER, &nothing);
	struct request request;

	frame.minor = 0;
	CHECK_INT(protocol_get_request(&frame, &request), -ENOSYS);
}

/* What an old client has sent since 1.0, byte for byte, is put and understood as ever. */
static void requests_of_1_0_stay(void)
{
	static const struct {
		const char *bytes;
		size_t length;
	} old[] = {
		{"fhop\1\0\1\0\0\0\0\0", 12},
		{"fhop\1\0\2\0\2\0\0\0\0\0", 14},
		{"fhop\1\0\2\0\2\0\0\0\1\1", 14},
		{"fhop\1\0\3\0\0\0\0\0", 12},
		{"fhop\1\0\4\0\0\0\0\0", 12},
		{"fhop\1\0\5\0\15\0\0\0\5\0\0\0zebra\20\47\0\0", 25},
		{"fhop\1\0\5\0\10\0\0\0\0\0\0\0\1\0\0\0", 20},
	};

	for (unsigned i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
		struct buffer bytes = {0};

		protocol_put_request(&bytes, &requests[i]);
		CHECK_INT(bytes.length, old[i].length);
		CHECK(bytes.length == old[i].length &&
			memcmp(bytes.data, old[i].bytes, old[i].length) == 0);
		buffer_free(&bytes);
	}
}

/* Which requests a reader may send is said of each on purpose: one that is new has to be put here.
 */
static void readers_are_told_apart(void)
{
	static const struct {
		enum message type;
		bool reads;
	} known[] = {{REQUEST_STATUS, true}, {REQUEST_HEALTH, true}, {REQUEST_SHUTDOWN, false},
		{REQUEST_RELOAD, false}, {REQUEST_LOGS, true}, {REQUEST_ORDER, false},
		{REQUEST_AWAIT, true}, {REQUEST_CHANGE, false}, {REQUEST_DETAIL, true},
		{REQUEST_RECORDS, true}, {REQUEST_BOOT, true}};
	struct buffer nothing = {0};
	unsigned found = 0;

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		CHECK_INT(protocol_only_reads(known[i].type), known[i].reads);
	for (unsigned type = 0; type < 256; type++) {
		struct frame frame = make((uint16_t)type, &nothing);
		struct request request;

		found += protocol_get_request(&frame, &request) != -ENOSYS;
	}
	CHECK_INT(found, sizeof(known) / sizeof(known[0]));
}

/* All requests in one stream, which arrives byte by byte. */
static void frames_are_found_in_pieces(void)
{
	struct buffer stream = {0}, seen = {0};
	unsigned found = 0;

	for (unsigned i = 0; i < REQUESTS; i++)
		protocol_put_request(&stream, &requests[i]);
	for (size_t i = 0; i < stream.length; i++) {
		struct frame frame;
		struct request request;

		buffer_add(&seen, stream.data + i, 1);
		int result = frame_read(seen.data, seen.length, PROTOCOL_REQUEST_MAX, &frame);
		CHECK(result >= 0);
		if (result != 1)
			continue;
		CHECK_INT(protocol_get_request(&frame, &request), 0);
		CHECK_INT(request.type, requests[found].type);
		buffer_consume(&seen, frame.frame_bytes);
		found++;
	}
	CHECK_INT(found, REQUESTS);
	CHECK_INT(seen.length, 0);
	buffer_free(&stream);
	buffer_free(&seen);
}

static void foreign_bytes_are_refused(void)
{
	struct frame frame;

	CHECK_INT(frame_read("GET / HTTP/1.1\r\n", 16, 100, &frame), -EPROTO);
	CHECK_INT(frame_read("fho", 3, 100, &frame), 0);
	CHECK_INT(frame_read("fhop\1\0\1\0\x65\0\0\0", 12, 100, &frame), -EMSGSIZE);
	CHECK_INT(frame_read("fhop\1\0\1\0\x64\0\0\0", 12, 100, &frame), 0);
	CHECK_INT(frame_read("fhop\1\0\1\0\xff\xff\xff\xff", 12, 100, &frame), -EMSGSIZE);
	CHECK_INT(frame_read(NULL, 0, 100, &frame), 0);
}

/* What does not fit into a frame is not sent in part. */
static void too_long_a_reply_fails(void)
{
	struct buffer bytes = {.limit = (size_t)PROTOCOL_REPLY_MAX * 2};
	char *text = malloc(PROTOCOL_REPLY_MAX);

	if (!text)
		return;
	memset(text, 'x', PROTOCOL_REPLY_MAX - 4);
	text[PROTOCOL_REPLY_MAX - 4] = '\0';
	struct reply reply = {.type = REPLY_TEXT, .text = text};
	protocol_put_reply(&bytes, &reply);
	CHECK(!bytes.failed);
	text = realloc(text, PROTOCOL_REPLY_MAX + 1);
	if (text) {
		memset(text, 'x', PROTOCOL_REPLY_MAX);
		text[PROTOCOL_REPLY_MAX] = '\0';
		buffer_reset(&bytes);
		reply.text = text;
		protocol_put_reply(&bytes, &reply);
		CHECK(bytes.failed);
	}
	free(text);
	buffer_free(&bytes);
}

int main(void)
{
	RUN(requests_come_back);
	RUN(replies_come_back);
	RUN(orders_come_back);
	RUN(status_comes_back);
	RUN(status_of_1_0_stays);
	RUN(details_come_back);
	RUN(reloads_come_back);
	RUN(wrong_lengths_are_refused);
	RUN(wrong_fields_are_refused);
	RUN(long_names_are_refused);
	RUN(counts_are_not_believed);
	RUN(versions_are_checked);
	RUN(readers_are_told_apart);
	RUN(requests_of_1_0_stay);
	RUN(frames_are_found_in_pieces);
	RUN(foreign_bytes_are_refused);
	RUN(too_long_a_reply_fails);
	return CHECK_EXIT_STATUS();
}

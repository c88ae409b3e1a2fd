/* Lines as messages of syslog, to the letter; and where they may be sent. */
#include "supervisor/rfc5424.h"

#include "config/syslog_target.h"
#include "tests/check.h"

#include <stdlib.h>

static struct record line(const char *text)
{
	return (struct record){.time_us = 1796036003000001,
		.pid = 42,
		.service = "bgpd",
		.text = text,
		.length = strlen(text)};
}

static void check(const struct record *record, const char *host, const char *want)
{
	char message[RFC5424_MAX_BYTES + 1];
	size_t length = rfc5424_write(message, record, 3, 6, host);

	message[length] = '\0';
	CHECK_STR(message, want);
}

static void every_part_is_in_its_place(void)
{
	struct record record = line("a text");

	check(&record, "r1", "<30>1 2026-11-30T10:53:23.000001Z r1 bgpd 42 - - a text");
	check(&record, "", "<30>1 2026-11-30T10:53:23.000001Z - bgpd 42 - - a text");
	check(&record, "no blank", "<30>1 2026-11-30T10:53:23.000001Z - bgpd 42 - - a text");
	check(&record, "r\xc3\xb6", "<30>1 2026-11-30T10:53:23.000001Z - bgpd 42 - - a text");
	record.pid = 0;
	check(&record, "r1", "<30>1 2026-11-30T10:53:23.000001Z r1 bgpd - - - a text");
	record = line("");
	check(&record, "r1", "<30>1 2026-11-30T10:53:23.000001Z r1 bgpd 42 - - ");
	record = line("\xef\xbb\xbf"
		      "a");
	check(&record, "r1", "<30>1 2026-11-30T10:53:23.000001Z r1 bgpd 42 - - a");
	record = line("a b");
	record.text = "a\0b";
	check(&record, "r1", "<30>1 2026-11-30T10:53:23.000001Z r1 bgpd 42 - - a?b");
}

static void is_never_too_long(void)
{
	static char text[10000];
	char message[RFC5424_MAX_BYTES], host[300] = "";

	memset(text, 'x', sizeof(text) - 1);
	memset(host, 'h', 255);
	for (size_t length = 0; length < sizeof(text); length++) {
		struct record record = line(text);

		record.length = length;
		size_t written = rfc5424_write(message, &record, 23, 7, host);

		CHECK(written <= sizeof(message));
		if (length > RFC5424_MAX_BYTES)
			CHECK(memcmp(message + written - 7, "x [...]", 7) == 0);
	}
}

static void a_line_may_say_its_severity(void)
{
	static const struct {
		const char *text, *rest;
		unsigned severity;
	} cases[] = {
		{"<3>failed", "failed", 3},
		{"<0>", "", 0},
		{"<7>x", "x", 7},
		{"<8>x", "<8>x", 6},
		{"<31>x", "<31>x", 6},
		{"<3", "<3", 6},
		{"x<3>", "x<3>", 6},
		{"", "", 6},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record record = line(cases[i].text);

		CHECK_INT(rfc5424_severity(&record, 6), cases[i].severity);
		CHECK_INT(record.length, strlen(cases[i].rest));
		CHECK_STR(record.text, cases[i].rest);
	}
}

static void targets(void)
{
	static const struct {
		const char *text;
		bool is_one;
		int port; /* 0: a path */
	} cases[] = {
		{"/dev/log", true, 0},
		{"/", true, 0},
		{"192.0.2.1:514", true, 514},
		{"[2001:db8::1]:65535", true, 65535},
		{"192.0.2.1", false, 0},
		{"192.0.2.1:", false, 0},
		{"192.0.2.1:0", false, 0},
		{"192.0.2.1:65536", false, 0},
		{"2001:db8::1:514", false, 0},
		{"[192.0.2.1]:514", false, 0},
		{"[2001:db8::1:514", false, 0},
		{"[]:514", false, 0},
		{"[:514", false, 0},
		{"localhost:514", false, 0},
		{"", false, 0},
		{":514", false, 0},
		{"dev/log", false, 0},
		{"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1", false, 0},
	};
	struct syslog_target target;
	char path[SYSLOG_PATH_MAX + 2] = "/";

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		target = (struct syslog_target){0};
		CHECK_INT(syslog_target_read(cases[i].text, &target), cases[i].is_one);
		CHECK_INT(target.port, cases[i].port);
		CHECK((target.path != NULL) == (cases[i].is_one && !cases[i].port));
	}
	memset(path, '/', SYSLOG_PATH_MAX);
	CHECK(syslog_target_read(path, &target));
	path[SYSLOG_PATH_MAX] = 'x';
	CHECK(!syslog_target_read(path, &target));
}

int main(void)
{
	RUN(every_part_is_in_its_place);
	RUN(is_never_too_long);
	RUN(a_line_may_say_its_severity);
	RUN(targets);
	return CHECK_EXIT_STATUS();
}

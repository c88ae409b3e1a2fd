/* The reason file: its line, and that it is never longer than an engine takes. */
#include "supervisor/reason.h"

#include "supervisor/buffer.h"
#include "tests/check.h"

#include <stdlib.h>

static void says_all_of_it(void)
{
	const struct reason reason = {
		.exit_code = 102,
		.kind = REASON_CRITICAL,
		.version = "0.1.0",
		.time = "2026-11-30T10:53:22Z",
		.service = "bgpd",
		.text = "bgpd exited 1",
		.last = "exited 1",
		.output = "a \"quoted\" line\n",
	};
	struct buffer line = {0};

	reason_write_json(&line, &reason);
	CHECK(!line.failed);
	CHECK_STR(line.data,
		"{\"version\":1,\"exit_code\":102,\"kind\":\"critical\",\"firsthop\":\"0.1.0\","
		"\"time\":\"2026-11-30T10:53:22Z\",\"service\":\"bgpd\",\"step\":null,"
		"\"subject\":null,\"text\":\"bgpd exited 1\",\"last\":\"exited 1\",\"cure\":null,"
		"\"crash\":null,\"output\":\"a \\\"quoted\\\" line\\u000a\"}\n");
	buffer_free(&line);
}

static char *text_of(size_t length, char byte)
{
	char *text = malloc(length + 1);

	if (!text)
		exit(1);
	memset(text, byte, length);
	text[length] = '\0';
	return text;
}

/* Lengths around each of the steps by which it gets shorter, and bytes that need six for one. */
static void is_never_too_long(void)
{
	static const size_t lengths[] = {
		0, 63, 64, 65, 300, 511, 512, 513, 700, 4000, 4095, 4096, 4097, 100000};
	static const char bytes[] = {'x', '"', 1, (char)0xff};

	for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (unsigned b = 0; b < sizeof(bytes); b++) {
			char *text = text_of(lengths[i], bytes[b]);
			const struct reason reason = {255, REASON_NOT_READY, text, text, text, text,
				text, text, text, text, text, text};
			struct buffer line = {0};

			reason_write_json(&line, &reason);
			CHECK(!line.failed && line.length <= REASON_MAX_BYTES);
			CHECK(line.length > 2 && strcmp(line.data + line.length - 2, "}\n") == 0);
			CHECK(strchr(line.data, '\n') == line.data + line.length - 1);
			buffer_free(&line);
			free(text);
		}
	}
}

static void loses_the_output_first(void)
{
	char *output = text_of(5000, 'o');
	const struct reason reason = {.text = "it has failed", .output = output};
	struct buffer line = {0};

	reason_write_json(&line, &reason);
	CHECK(strstr(line.data, "\"text\":\"it has failed\"") != NULL);
	CHECK(strstr(line.data, "\"output\":null") != NULL);
	buffer_free(&line);
	free(output);
}

static void names_every_kind(void)
{
	for (unsigned kind = 0; kind < REASON_KIND_COUNT; kind++)
		CHECK(reason_kind_name((enum reason_kind)kind) != NULL);
	CHECK_STR(reason_kind_name(REASON_KIND_COUNT), "?");
}

int main(void)
{
	RUN(says_all_of_it);
	RUN(is_never_too_long);
	RUN(loses_the_output_first);
	RUN(names_every_kind);
	return CHECK_EXIT_STATUS();
}

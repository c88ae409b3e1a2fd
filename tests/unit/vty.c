/* What vtysh speaks, byte by byte, and what it would never say. */
#include "supervisor/vty.h"

#include "supervisor/buffer.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>

static int command_of(const char *line)
{
	struct vty_request request = {.command = VTY_COMMAND_COUNT};

	CHECK_INT(vty_get_request(line, strlen(line) + 1, &request), 1);
	CHECK_INT(request.bytes, strlen(line) + 1);
	return (int)request.command;
}

/* As the vtysh of FRR 8.4 and 10.3 sent them, for what people typed. */
static void knows_what_vtysh_sends(void)
{
	static const struct {
		const char *line;
		enum vty_command command;
	} cases[] = {
		{"do write integrated", VTY_WRITE}, /* write memory, write file, copy run start */
		{"write integrated", VTY_WRITE},
		{"wr integ", VTY_WRITE},
		{"show watchfrr", VTY_SHOW},
		{"sh watch", VTY_SHOW},
		{"show watchfrr | include bgpd", VTY_SHOW},
		{"watchfrr ignore bgpd", VTY_IGNORE},
		{"enable", VTY_OTHER},
		{"disable", VTY_OTHER},
		{"end", VTY_OTHER},
		{"exit", VTY_OTHER},
		{"configure", VTY_OTHER},
		{"configure terminal", VTY_OTHER},
		{"conf term file-lock", VTY_OTHER},
		{"XFRR_start_configuration", VTY_OTHER},
		{"XFRR_end_configuration", VTY_OTHER},
		{"do show logging", VTY_OTHER},
		{"do show debugging", VTY_OTHER},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (command_of(cases[i].line) != (int)cases[i].command)
			fprintf(stderr, "\"%s\"\n", cases[i].line);
		CHECK_INT(command_of(cases[i].line), cases[i].command);
	}
}

static void takes_nothing_else_for_a_command(void)
{
	static const char *const lines[] = {"", " ", "write", "do write", "do", "write memory",
		"write integrated now", "do write integrated now", "writex integrated",
		"write integratedx", "show", "show running-config", "watchfrr", "do show watchfrr",
		"WRITE INTEGRATED", "xwrite integrated"};

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (command_of(lines[i]) != VTY_OTHER)
			fprintf(stderr, "\"%s\"\n", lines[i]);
		CHECK_INT(command_of(lines[i]), VTY_OTHER);
	}
	CHECK_INT(command_of("  write \t integrated \n"), VTY_WRITE);
}

static void waits_for_the_end_of_a_line(void)
{
	static const char bytes[] = "enable\0write integrated"; /* with the last NUL */
	struct vty_request request;

	for (size_t length = 0; length < 7; length++)
		CHECK_INT(vty_get_request(bytes, length, &request), 0);
	for (size_t length = 7; length <= sizeof(bytes); length++) {
		CHECK_INT(vty_get_request(bytes, length, &request), 1);
		CHECK_INT(request.command, VTY_OTHER);
		CHECK_INT(request.bytes, 7);
	}
	CHECK_INT(vty_get_request(bytes + 7, sizeof(bytes) - 8, &request), 0);
	CHECK_INT(vty_get_request(bytes + 7, sizeof(bytes) - 7, &request), 1);
	CHECK_INT(request.command, VTY_WRITE);
	CHECK_INT(vty_get_request(NULL, 0, &request), 0);
}

/* As large as the allocation, so that a sanitizer sees each byte too far. */
static void refuses_an_endless_line(void)
{
	char *bytes = malloc(VTY_REQUEST_MAX + 1);
	struct vty_request request;

	if (!bytes)
		return;
	memset(bytes, 'x', VTY_REQUEST_MAX + 1);
	CHECK_INT(vty_get_request(bytes, VTY_REQUEST_MAX - 1, &request), 0);
	CHECK_INT(vty_get_request(bytes, VTY_REQUEST_MAX, &request), -EMSGSIZE);
	bytes[VTY_REQUEST_MAX] = '\0';
	CHECK_INT(vty_get_request(bytes, VTY_REQUEST_MAX + 1, &request), -EMSGSIZE);
	bytes[VTY_REQUEST_MAX - 1] = '\0';
	CHECK_INT(vty_get_request(bytes, VTY_REQUEST_MAX + 1, &request), 1);
	CHECK_INT(request.bytes, VTY_REQUEST_MAX);
	free(bytes);
}

static void check_reply(const char *text, size_t length, enum vty_status status, const char *want,
	size_t want_length)
{
	struct buffer buffer = {0};

	vty_put_reply(&buffer, text, length, status);
	CHECK_INT(buffer.length, want_length);
	CHECK(buffer.length == want_length && memcmp(buffer.data, want, want_length) == 0);
	buffer_free(&buffer);
}

#define BYTES(text) text, sizeof(text) - 1

static void replies_byte_by_byte(void)
{
	check_reply(NULL, 0, VTY_SUCCESS, BYTES("\0\0\0\0"));
	check_reply(BYTES("[OK]\n"), VTY_SUCCESS, BYTES("[OK]\n\0\0\0\0"));
	check_reply(BYTES("% no\n"), VTY_CONFIG_FAILED, BYTES("% no\n\0\0\0\x0d"));
	check_reply(BYTES("x"), VTY_WARNING, BYTES("x\0\0\0\1"));
}

/* Three NULs in the text would end the reply, and what follows would be taken for the next. */
static void keeps_nuls_out_of_the_text(void)
{
	check_reply(BYTES("a\0\0\0\0b\0"), VTY_SUCCESS, BYTES("ab\0\0\0\0"));
	check_reply(BYTES("\0"), VTY_SUCCESS, BYTES("\0\0\0\0"));
	check_reply(BYTES("\0\0x"), VTY_SUCCESS, BYTES("x\0\0\0\0"));
}

int main(void)
{
	RUN(knows_what_vtysh_sends);
	RUN(takes_nothing_else_for_a_command);
	RUN(waits_for_the_end_of_a_line);
	RUN(refuses_an_endless_line);
	RUN(replies_byte_by_byte);
	RUN(keeps_nuls_out_of_the_text);
	return CHECK_EXIT_STATUS();
}

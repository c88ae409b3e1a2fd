/* What a hostile client sends to watchfrr.vty: a stream in pieces, each request answered. The first
 * byte says how large the pieces are. Must hold: a request is whole or refused before the buffer is
 * full; its command does not depend on the pieces; a reply ends where it says, and nowhere else. */
#include "supervisor/vty.h"

#include "supervisor/buffer.h"
#include "tests/fuzz/replay.h"

#include <stdbool.h>
#include <string.h>

static void must(bool condition)
{
	if (!condition)
		__builtin_trap();
}

/* The line echoed, as the worst of all texts: only the end may have three NULs. */
static void check_reply(const char *text, size_t length, enum vty_command command)
{
	static const char nuls[3];
	struct buffer out = {0};

	vty_put_reply(&out, text, length, command == VTY_WRITE ? VTY_CONFIG_FAILED : VTY_SUCCESS);
	must(!out.failed && out.length >= 4 && out.length <= length + 4);
	must(!memchr(out.data, '\0', out.length - 4));
	must(memcmp(out.data + out.length - 4, nuls, sizeof(nuls)) == 0);
	must(out.data[out.length - 1] == (command == VTY_WRITE ? 13 : 0));
	buffer_free(&out);
}

/* False: the connection would be closed. */
static bool process(struct buffer *in)
{
	struct vty_request request, again;
	int r;

	while ((r = vty_get_request(in->data, in->length, &request)) == 1) {
		must(request.bytes > 0 && request.bytes <= in->length);
		must(request.bytes <= VTY_REQUEST_MAX && request.command < VTY_COMMAND_COUNT);
		must(strlen(in->data) + 1 == request.bytes);
		must(vty_get_request(in->data, request.bytes, &again) == 1);
		must(again.command == request.command && again.bytes == request.bytes);
		must(vty_get_request(in->data, request.bytes - 1, &again) == 0);
		check_reply(in->data, in->length, request.command);
		buffer_consume(in, request.bytes);
	}
	return r == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer in = {.limit = VTY_REQUEST_MAX};
	size_t piece = size > 0 ? (size_t)data[0] * 16 + 1 : 1;

	for (size_t at = 1; at < size;) {
		size_t room = in.limit - in.length;
		size_t length = size - at < piece ? size - at : piece;

		must(room > 0);
		if (length > room)
			length = room;
		buffer_add(&in, data + at, length);
		at += length;
		if (!process(&in))
			break;
	}
	buffer_free(&in);
	return 0;
}

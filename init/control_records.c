#include "init/control_records.h"

#include "init/control.h"
#include "init/follow.h"
#include "supervisor/protocol.h"

#include <errno.h>

static enum server_answer refuse(struct buffer *out, enum protocol_error code, const char *text)
{
	const struct reply reply = {.type = REPLY_ERROR, .code = code, .text = text};

	protocol_put_reply(out, &reply);
	return SERVER_ANSWERED;
}

enum server_answer control_answer_records(const struct control_operations *operations,
	uint64_t client, const struct request *request, struct buffer *out)
{
	int answer = operations->records(operations->context, client, &request->query, out);

	switch (answer) {
	case FOLLOW_NOTHING:
		return SERVER_WAITS;
	case FOLLOW_MORE:
		return SERVER_MORE;
	case FOLLOW_LAST:
		return SERVER_ANSWERED;
	case -ENOENT:
		return refuse(out, PROTOCOL_ERROR_NO_SERVICE, "there is no service of that name");
	default:
		return refuse(out, PROTOCOL_ERROR_FAILED, "no memory");
	}
}

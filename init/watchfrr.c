/* A save takes as long as the daemons take to tell what they hold, and the vtysh that does it is a
 * client of ours as well: so whoever asked for it waits, and all others are answered meanwhile.
 *
 * Two who want to save at once: the second is refused. What he has configured may or may not be in
 * the file that the first is writing, so "[OK]" could be a lie.
 *
 * A refusal, and a failure, has the one status with which vtysh ends with 1. Nor may the connection
 * end in the midst of it: vtysh would call that a success. */
#include "init/watchfrr.h"

#include "init/listen.h"
#include "init/server.h"
#include "supervisor/buffer.h"
#include "supervisor/vty.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX  ((size_t)256 * 1024)
#define PENDING_MAX ((size_t)1024 * 1024)

struct watchfrr {
	struct server *server;
	struct server_rules rules;
	const struct watchfrr_operations *operations;
	struct sockaddr_un address;
	enum watchfrr_save save; /* the one under way, or the last */
	uint64_t saver;		 /* the client that asked for it and was not answered; 0: none */
	struct buffer said;	 /* what it said, once it has ended */
};

static enum server_answer refuse(struct buffer *out, struct buffer *why)
{
	vty_put_reply(out, why->data, why->length, VTY_CONFIG_FAILED);
	buffer_free(why);
	return SERVER_ANSWERED;
}

static enum server_answer begin_save(struct watchfrr *watchfrr, uint64_t client, struct buffer *out)
{
	struct buffer why = {.limit = ANSWER_MAX / 2};

	if (watchfrr->save == SAVE_RUNS) {
		buffer_add_text(&why, "% The configuration is being written already, for somebody "
				      "else. Try again.\n");
		return refuse(out, &why);
	}
	if (!watchfrr->operations->save(watchfrr->operations->context, &why))
		return refuse(out, &why);
	buffer_free(&why);
	watchfrr->save = SAVE_RUNS;
	watchfrr->saver = client;
	return SERVER_WAITS;
}

static enum server_answer answer_write(
	struct watchfrr *watchfrr, uint64_t client, struct buffer *out)
{
	if (watchfrr->saver != client)
		return begin_save(watchfrr, client, out);
	if (watchfrr->save == SAVE_RUNS)
		return SERVER_WAITS;
	vty_put_reply(out, watchfrr->said.data, watchfrr->said.length,
		watchfrr->save == SAVE_DONE ? VTY_SUCCESS : VTY_CONFIG_FAILED);
	watchfrr->saver = 0;
	buffer_free(&watchfrr->said);
	return SERVER_ANSWERED;
}

static enum server_answer answer_show(
	struct watchfrr *watchfrr, uint64_t client, struct buffer *out)
{
	struct buffer text = {.limit = ANSWER_MAX / 2};

	(void)client;
	watchfrr->operations->show(watchfrr->operations->context, &text);
	vty_put_reply(out, text.data, text.length, VTY_SUCCESS);
	buffer_free(&text);
	return SERVER_ANSWERED;
}

/* Success would be a lie that costs somebody his debugger's session. */
static enum server_answer answer_ignore(
	struct watchfrr *watchfrr, uint64_t client, struct buffer *out)
{
	static const char text[] = "% firsthop watches the daemons, and ignores none on request.\n";

	(void)watchfrr;
	(void)client;
	vty_put_reply(out, text, strlen(text), VTY_WARNING);
	return SERVER_ANSWERED;
}

static enum server_answer answer_other(
	struct watchfrr *watchfrr, uint64_t client, struct buffer *out)
{
	(void)watchfrr;
	(void)client;
	vty_put_reply(out, NULL, 0, VTY_SUCCESS);
	return SERVER_ANSWERED;
}

static enum server_answer answer(
	void *context, uint64_t client, struct buffer *in, struct buffer *out)
{
	static enum server_answer (*const answers[])(
		struct watchfrr *, uint64_t, struct buffer *) = {
		[VTY_OTHER] = answer_other,
		[VTY_WRITE] = answer_write,
		[VTY_SHOW] = answer_show,
		[VTY_IGNORE] = answer_ignore,
	};
	_Static_assert(sizeof(answers) / sizeof(answers[0]) == VTY_COMMAND_COUNT, "one each");
	struct vty_request request;
	int r = vty_get_request(in->data, in->length, &request);

	if (r == 0)
		return SERVER_NO_REQUEST;
	if (r < 0) {
		static const char text[] = "% The line is too long.\n";

		vty_put_reply(out, text, strlen(text), VTY_CONFIG_FAILED);
		return SERVER_LAST;
	}
	enum server_answer result = answers[request.command](context, client, out);

	if (result != SERVER_WAITS)
		buffer_consume(in, request.bytes);
	return result;
}

void watchfrr_notice(struct watchfrr *watchfrr)
{
	if (!watchfrr || watchfrr->save != SAVE_RUNS)
		return;
	buffer_free(&watchfrr->said);
	watchfrr->said.limit = ANSWER_MAX / 2;
	watchfrr->save =
		watchfrr->operations->saved(watchfrr->operations->context, &watchfrr->said);
	if (watchfrr->save != SAVE_RUNS)
		server_notice(watchfrr->server);
}

int watchfrr_open(struct loop *loop, const char *path, gid_t group,
	const struct watchfrr_operations *operations, struct watchfrr **ret_watchfrr)
{
	struct watchfrr *watchfrr = calloc(1, sizeof(*watchfrr));
	int fd, r;

	if (!watchfrr)
		return -ENOMEM;
	*watchfrr = (struct watchfrr){
		.operations = operations,
		.address.sun_family = AF_UNIX,
		.save = SAVE_DONE,
		.rules = {.context = watchfrr,
			.request_max = VTY_REQUEST_MAX,
			.answer_max = ANSWER_MAX,
			.pending_max = PENDING_MAX,
			.answer = answer},
	};
	if (strlen(path) >= sizeof(watchfrr->address.sun_path)) {
		free(watchfrr);
		return -ENAMETOOLONG;
	}
	memcpy(watchfrr->address.sun_path, path, strlen(path) + 1);
	fd = r = listen_at(&watchfrr->address, WATCHFRR_MODE, group);
	if (r >= 0)
		r = server_open(loop, fd, &watchfrr->rules, &watchfrr->server);
	if (r < 0) {
		if (fd >= 0) {
			(void)unlink(path);
			(void)close(fd);
		}
		free(watchfrr);
		return r;
	}
	*ret_watchfrr = watchfrr;
	return 0;
}

struct timestamp watchfrr_expire(struct watchfrr *watchfrr, struct timestamp now)
{
	return watchfrr ? server_expire(watchfrr->server, now) : TIMESTAMP_NEVER;
}

void watchfrr_close(struct watchfrr *watchfrr)
{
	if (!watchfrr)
		return;
	(void)unlink(watchfrr->address.sun_path); /* before the close: nobody finds it deaf */
	server_close(watchfrr->server);
	buffer_free(&watchfrr->said);
	free(watchfrr);
}

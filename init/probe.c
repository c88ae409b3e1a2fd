#include "init/probe.h"

#include "config/model.h"
#include "init/loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char vty_request[] = "echo PING"; /* its NUL is sent too */
static const char vty_answer[] = {'P', 'I', 'N', 'G', '\n', 0, 0, 0, 0};

/* Only probes whose outcome is still open exist. */
struct probe {
	struct probe *next;
	struct probes *probes;
	struct timestamp expires;
	uint64_t source;
	int fd;
	struct probe_question question;
	bool is_vty, asked; /* asked: connected, and the request was sent */
	unsigned answered;  /* bytes of vty_answer seen */
};

struct probes {
	struct loop *loop;
	probe_done_fn *done;
	void *context;
	struct probe *first;
};

enum outcome { OUTCOME_NOT_READY, OUTCOME_READY, OUTCOME_OPEN };

struct probes *probes_create(struct loop *loop, probe_done_fn *done, void *context)
{
	struct probes *probes = calloc(1, sizeof(*probes));

	if (probes)
		*probes = (struct probes){.loop = loop, .done = done, .context = context};
	return probes;
}

static void drop(struct probe *probe)
{
	struct probe **at = &probe->probes->first;

	while (*at && *at != probe)
		at = &(*at)->next;
	if (*at)
		*at = probe->next;
	loop_remove(probe->probes->loop, probe->source);
	if (probe->fd >= 0)
		(void)close(probe->fd); /* nothing that matters was written */
	free(probe);
}

void probes_free(struct probes *probes)
{
	if (!probes)
		return;
	while (probes->first)
		drop(probes->first);
	free(probes);
}

static void finish(struct probe *probe, bool yes)
{
	struct probes *probes = probe->probes;
	struct probe_question question = probe->question;

	question.what = NULL; /* may be gone by now */
	drop(probe);
	probes->done(probes->context, &question, yes);
}

static enum outcome look_pidfile(const char *path, pid_t main_pid)
{
	char text[32], *end;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return OUTCOME_NOT_READY;
	ssize_t length = read(fd, text, sizeof(text) - 1);

	(void)close(fd); /* was only read */
	if (length <= 0)
		return OUTCOME_NOT_READY;
	text[length] = '\0';
	errno = 0;
	long pid = strtol(text, &end, 10);

	/* A file of an earlier life may name a pid that is another's by now: it must be of this
	 * service's session, which its main process leads. */
	if (errno || end == text || pid <= 0 || pid != (pid_t)pid)
		return OUTCOME_NOT_READY;
	return pid == main_pid || getsid((pid_t)pid) == main_pid ? OUTCOME_READY
								 : OUTCOME_NOT_READY;
}

static enum outcome look_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? OUTCOME_READY : OUTCOME_NOT_READY;
}

/* For want of memory or descriptors of ours. Who is alive is not to be killed for that. */
static enum outcome cannot_ask(const struct probe_question *question)
{
	return question->health ? OUTCOME_READY : OUTCOME_NOT_READY;
}

static enum outcome start_connect(struct probe *probe, const void *address, socklen_t length)
{
	const struct sockaddr *to = address;

	probe->fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (probe->fd < 0)
		return cannot_ask(&probe->question);
	if (connect(probe->fd, to, length) == 0)
		return OUTCOME_READY;
	/* EAGAIN of a unix socket: its backlog is full, and nothing will tell when it is not. */
	return errno == EINPROGRESS ? OUTCOME_OPEN : OUTCOME_NOT_READY;
}

static enum outcome connect_unix(struct probe *probe, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);

	if (length >= sizeof(address.sun_path))
		return OUTCOME_NOT_READY;
	memcpy(address.sun_path, path, length + 1);
	return start_connect(probe, &address, sizeof(address));
}

static enum outcome connect_tcp(struct probe *probe, const struct ready *ready)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)ready->number)};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)ready->number)};

	if (inet_pton(AF_INET, ready->text, &v4.sin_addr) == 1)
		return start_connect(probe, &v4, sizeof(v4));
	if (inet_pton(AF_INET6, ready->text, &v6.sin6_addr) == 1)
		return start_connect(probe, &v6, sizeof(v6));
	return OUTCOME_NOT_READY;
}

static enum outcome ask_vty(struct probe *probe)
{
	probe->asked = send(probe->fd, vty_request, sizeof(vty_request), MSG_NOSIGNAL) ==
		       (ssize_t)sizeof(vty_request);
	return probe->asked ? OUTCOME_OPEN : OUTCOME_NOT_READY;
}

static enum outcome connect_vty(struct probe *probe, const char *daemon)
{
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	int length = snprintf(path, sizeof(path), "/var/run/frr/%s.vty", daemon);

	if (length < 0 || (size_t)length >= sizeof(path))
		return OUTCOME_NOT_READY;
	probe->is_vty = true;
	enum outcome outcome = connect_unix(probe, path);

	return outcome == OUTCOME_READY ? ask_vty(probe) : outcome;
}

static enum outcome read_vty(struct probe *probe)
{
	char bytes[sizeof(vty_answer)];
	size_t missing = sizeof(vty_answer) - probe->answered;
	ssize_t length = recv(probe->fd, bytes, missing, MSG_DONTWAIT);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return OUTCOME_OPEN;
	if (length <= 0 || memcmp(bytes, vty_answer + probe->answered, (size_t)length) != 0)
		return OUTCOME_NOT_READY;
	probe->answered += (unsigned)length;
	return probe->answered == sizeof(vty_answer) ? OUTCOME_READY : OUTCOME_OPEN;
}

static enum outcome look(struct probe *probe, const struct ready *ready, pid_t main_pid)
{
	switch (ready->kind) {
	case READY_PIDFILE:
		return look_pidfile(ready->text, main_pid);
	case READY_FILE:
		return look_file(ready->text);
	case READY_UNIX:
		return connect_unix(probe, ready->text);
	case READY_TCP:
		return connect_tcp(probe, ready);
	case READY_FRR_VTY:
		return connect_vty(probe, ready->text);
	case READY_IMMEDIATELY:
	case READY_NOTIFY_FD:
	case READY_SD_NOTIFY:
	case READY_EXEC:
	case READY_KIND_COUNT:
		break;
	}
	return OUTCOME_NOT_READY;
}

static void on_event(void *context, int fd, uint32_t events)
{
	struct probe *probe = context;
	enum outcome outcome;
	int error = 0;
	socklen_t length = sizeof(error);

	(void)events; /* an error shows in SO_ERROR and in the read */
	if (probe->asked) {
		outcome = read_vty(probe);
	} else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 || error) {
		outcome = OUTCOME_NOT_READY;
	} else {
		outcome = probe->is_vty ? ask_vty(probe) : OUTCOME_READY;
		if (outcome == OUTCOME_OPEN &&
			loop_modify(probe->probes->loop, probe->source, EPOLLIN) < 0)
			outcome = OUTCOME_NOT_READY;
	}
	if (outcome != OUTCOME_OPEN)
		finish(probe, outcome == OUTCOME_READY);
}

static int watch(struct probe *probe)
{
	probe->next = probe->probes->first;
	probe->probes->first = probe;
	return loop_add(probe->probes->loop, probe->fd, probe->asked ? EPOLLIN : EPOLLOUT,
		RANK_READINESS, on_event, probe, &probe->source);
}

void probe_begin(struct probes *probes, const struct probe_question *question)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	probe_end(probes, question->unit);
	if (!probe) {
		probes->done(probes->context, question, cannot_ask(question) == OUTCOME_READY);
		return;
	}
	*probe = (struct probe){
		.probes = probes,
		.fd = -1,
		.question = *question,
		.expires = timestamp_add_ms(loop_clock(), question->limit_ms),
	};
	enum outcome outcome = look(probe, question->what, question->main_pid);

	if (outcome == OUTCOME_OPEN && watch(probe) < 0)
		outcome = cannot_ask(question);
	if (outcome != OUTCOME_OPEN)
		finish(probe, outcome == OUTCOME_READY);
}

void probe_end(struct probes *probes, unsigned unit)
{
	struct probe *probe = probes->first;

	while (probe && probe->question.unit != unit)
		probe = probe->next;
	if (probe)
		drop(probe);
}

struct timestamp probes_expire(struct probes *probes, struct timestamp now)
{
	struct timestamp next = TIMESTAMP_NEVER;
	struct probe *probe = probes->first;

	while (probe) {
		struct probe *after = probe->next;

		if (timestamp_is_due(probe->expires, now))
			finish(probe,
				false); /* tells the engine, which acts later: `after` stays */
		else
			next = timestamp_earliest(next, probe->expires);
		probe = after;
	}
	return next;
}

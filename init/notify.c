#include "init/notify.h"

#include "config/model.h"
#include "init/loop.h"
#include "init/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	DATAGRAMS_PER_CALL = 64, /* several times what a socket queues, net.unix.max_dgram_qlen */
	DATAGRAM_MAX_BYTES = 4096,
	DIRECTORY_MODE = 0755,
	SOCKET_MODE = 0666, /* the service may run as any user; who it is, the kernel tells */
};

void notify_init(struct notify *notify, struct loop *loop,
	const struct notify_operations *operations, unsigned unit)
{
	*notify = (struct notify){
		.operations = operations, .loop = loop, .unit = unit, .fd = -1, .child_fd = -1};
}

static void close_fds(struct notify *notify)
{
	loop_remove(notify->loop, notify->source);
	notify->source = 0;
	if (notify->fd >= 0)
		(void)close(notify->fd); /* was only read */
	if (notify->child_fd >= 0)
		(void)close(notify->child_fd); /* nothing of ours was written to it */
	notify->fd = notify->child_fd = -1;
}

/* 0: read all that is there; -1: the other side has closed it. */
static int drain_pipe(struct notify *notify)
{
	char bytes[256];
	ssize_t length;

	while ((length = read(notify->fd, bytes, sizeof(bytes))) > 0) {
		if (memchr(bytes, '\n', (size_t)length))
			notify->operations->ready(
				notify->operations->context, notify->unit, notify->attempt);
	}
	return length == 0 ? -1 : 0;
}

/* Is there a line READY=1? */
static bool says_ready(const char *text)
{
	static const char ready[] = "READY=1";
	const size_t length = sizeof(ready) - 1;

	while (text) {
		if (strncmp(text, ready, length) == 0 && (!text[length] || text[length] == '\n'))
			return true;
		text = strchr(text, '\n');
		text += text != NULL;
	}
	return false;
}

/* The sender's pid by the kernel, 0 when it was not told. */
static pid_t sender_of(struct msghdr *header)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		struct ucred credentials;

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&credentials, CMSG_DATA(part), sizeof(credentials));
		return credentials.pid;
	}
	return 0;
}

static bool read_datagram(struct notify *notify)
{
	char text[DATAGRAM_MAX_BYTES + 1];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = {.iov_base = text, .iov_len = DATAGRAM_MAX_BYTES};
	struct msghdr header = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	/* No room for descriptors that are sent along (FDSTORE=1): the kernel closes them. */
	ssize_t length = recvmsg(notify->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (length < 0)
		return errno == EINTR;
	text[length] = '\0';
	pid_t sender = sender_of(&header);
	pid_t main_pid = notify->operations->main_pid(notify->operations->context, notify->unit);

	if (sender > 0 && main_pid > 0 && (sender == main_pid || getsid(sender) == main_pid) &&
		says_ready(text))
		notify->operations->ready(
			notify->operations->context, notify->unit, notify->attempt);
	return true;
}

static void on_readable(void *context, int fd, uint32_t events)
{
	(void)fd;
	(void)events; /* an error shows in the read */
	notify_drain(context);
}

void notify_drain(struct notify *notify)
{
	if (notify->fd < 0)
		return;
	if (!notify->socket_path) {
		if (drain_pipe(notify) < 0)
			close_fds(notify);
		return;
	}
	for (int i = 0; i < DATAGRAMS_PER_CALL && read_datagram(notify); i++)
		;
}

static int begin_pipe(struct notify *notify)
{
	int fds[2];

	notify_close(notify);
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	notify->fd = fds[0];
	notify->child_fd = fds[1];
	return fcntl(notify->fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static int begin_socket(struct notify *notify, const char *name, const char *rundir)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int on = 1;
	int length;

	if (notify->socket_path)
		return 0;
	notify_close(notify);
	length = snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", rundir);
	if (length < 0 || (size_t)length + 1 + strlen(name) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	int r = rundir_make_directories(address.sun_path, DIRECTORY_MODE);

	if (r < 0)
		return r;
	address.sun_path[length] = '/';
	memcpy(address.sun_path + length + 1, name, strlen(name) + 1);
	notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify->fd < 0)
		return -errno;
	(void)unlink(address.sun_path); /* of an earlier life; bind tells when it is in the way */
	if (setsockopt(notify->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
		bind(notify->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		chmod(address.sun_path, SOCKET_MODE) < 0)
		return -errno;
	notify->socket_path = strdup(address.sun_path);
	return notify->socket_path ? 0 : -ENOMEM;
}

int notify_begin(
	struct notify *notify, const struct service *spec, const char *rundir, uint32_t attempt)
{
	int r = 0;

	notify->attempt = attempt;
	if (spec->ready.kind == READY_NOTIFY_FD)
		r = begin_pipe(notify);
	else if (spec->ready.kind == READY_SD_NOTIFY)
		r = begin_socket(notify, spec->name, rundir);
	else if (notify->fd >= 0)
		notify_close(notify); /* a reload has changed the kind */
	if (r == 0 && notify->fd >= 0 && !notify->source)
		r = loop_add(notify->loop, notify->fd, EPOLLIN, RANK_READINESS, on_readable, notify,
			&notify->source);
	if (r < 0)
		notify_close(notify);
	return r;
}

void notify_spawned(struct notify *notify)
{
	if (notify->child_fd >= 0)
		(void)close(notify->child_fd); /* the child has its own */
	notify->child_fd = -1;
}

void notify_end(struct notify *notify)
{
	if (!notify->socket_path)
		close_fds(notify);
}

void notify_close(struct notify *notify)
{
	close_fds(notify);
	if (notify->socket_path)
		(void)unlink(notify->socket_path); /* the next one in its place does it again */
	free(notify->socket_path);
	notify->socket_path = NULL;
}

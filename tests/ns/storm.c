/* storm: clients of firsthop that do harm, or nothing, until they are told to end (TERM): 200 that
 *are idle, 50 that send garbage, half of something, a byte at a time, requests whose answers they
 *never read, close one half, or come and go as fast as they can. Who is thrown out comes again.
 *
 *	storm SOCKET
 *
 * Says "storm is up, pid N" once all were connected, and at the end how often it has connected. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { IDLE = 200, HOSTILE = 50, CLIENTS = IDLE + HOSTILE, ROUND_MS = 5 };

enum kind {
	KIND_IDLE,
	KIND_GARBAGE,
	KIND_HALF,
	KIND_SLOW,
	KIND_DEAF,
	KIND_SHUT,
	KIND_FLEETING,
	KIND_COUNT
};

struct client {
	enum kind kind;
	int fd; /* -1: not connected */
	unsigned sent;
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static volatile sig_atomic_t ends;
static unsigned long connects;

/* A request of status, in 1.1. */
static const char status_request[] = "fhop\1\1\1\0\0\0\0\0";

static void on_end(int signal_number)
{
	(void)signal_number;
	ends = 1;
}

static void leave(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	client->sent = 0;
}

static void come(struct client *client)
{
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->fd < 0) {
		perror("storm: socket");
		exit(1);
	}
	/* EAGAIN: the queue is full, which is what a storm is for. */
	if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		leave(client);
	else
		connects++;
}

static void say(struct client *client, const void *bytes, size_t length)
{
	if (send(client->fd, bytes, length, MSG_NOSIGNAL) < 0 && errno != EAGAIN)
		leave(client);
}

/* Has the other end closed? Also reads and drops what it says, unless the client is deaf. */
static void listen_to(struct client *client)
{
	char bytes[4096];
	ssize_t count = recv(client->fd, bytes, sizeof(bytes),
		client->kind == KIND_DEAF ? MSG_PEEK | MSG_DONTWAIT : MSG_DONTWAIT);

	if (count == 0 || (count < 0 && errno != EAGAIN))
		leave(client);
}

static void harm(struct client *client)
{
	switch (client->kind) {
	case KIND_GARBAGE:
		say(client, "GET / HTTP/1.1\r\nHost: firsthop\r\n\r\n", 34);
		break;
	case KIND_HALF:
		if (client->sent++ == 0)
			say(client, "fhop\1\1\6\0\0\x08\0\0", 12); /* 2 KB are to come */
		break;
	case KIND_SLOW:
		say(client, status_request + client->sent++ % 12, 1);
		break;
	case KIND_DEAF:
		say(client, status_request, 12);
		break;
	case KIND_SHUT:
		say(client, status_request, 12);
		if (client->fd >= 0)
			(void)shutdown(client->fd, client->sent++ % 2 ? SHUT_WR : SHUT_RD);
		break;
	case KIND_FLEETING:
		say(client, status_request, 12);
		leave(client);
		break;
	case KIND_IDLE:
	case KIND_COUNT:
		break;
	}
}

static void run(struct client *clients)
{
	int told = 0;

	while (!ends) {
		for (int i = 0; i < CLIENTS; i++) {
			if (clients[i].fd < 0)
				come(&clients[i]);
			if (clients[i].fd >= 0)
				harm(&clients[i]);
			if (clients[i].fd >= 0)
				listen_to(&clients[i]);
		}
		if (!told && connects >= CLIENTS) {
			told = 1;
			printf("storm is up, pid %d\n", (int)getpid());
			fflush(stdout);
		}
		(void)poll(NULL, 0, ROUND_MS);
	}
	printf("storm has connected %lu times\n", connects);
}

int main(int argc, char **argv)
{
	static struct client clients[CLIENTS];

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	signal(SIGTERM, on_end);
	for (int i = 0; i < CLIENTS; i++)
		clients[i] = (struct client){
			.kind = i < IDLE ? KIND_IDLE : (enum kind)(1 + i % (KIND_COUNT - 1)),
			.fd = -1};
	run(clients);
	return 0;
}

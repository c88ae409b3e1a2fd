/* gush: writes lines as fast as they are taken.
 *
 *	gush MEGABYTES [FILE:SLOT]
 *
 * The lines are those of a routing daemon, 100 bytes each. With FILE:SLOT it stamps the slot when
 *all are written, and stays. */
#include "slots.h"

#include <stdio.h>

#define LINE                                                                                       \
	"2026/11/30 10:00:00 BGP: [M59KS-A3ZXZ] bgp_update_receive: rcvd End-of-RIB for IPv4 "     \
	"Unicast from 10\n"

enum { LINES = 600 };

int main(int argc, char **argv)
{
	static char text[LINES * (sizeof(LINE) - 1)];
	struct slot *slot = argc > 2 ? slots_find(argv[2]) : NULL;
	unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 10) * 1000000 : 0;

	if (!left || (argc > 2 && !slot)) {
		fprintf(stderr, "usage: gush MEGABYTES [FILE:SLOT]\n");
		return 100;
	}
	for (unsigned i = 0; i < LINES; i++)
		memcpy(text + i * (sizeof(LINE) - 1), LINE, sizeof(LINE) - 1);
	while (left) {
		ssize_t written = write(1, text, left < sizeof(text) ? left : sizeof(text));

		if (written < 0)
			return 1;
		left -= (unsigned long)written;
	}
	if (!slot)
		return 0;
	slot->pid = getpid();
	slot->at = slots_clock();
	for (;;)
		pause();
}

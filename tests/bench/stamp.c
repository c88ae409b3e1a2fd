/* stamp FILE:SLOT: the service that is measured. Says when it was started, and when it was told to
 * stop; does nothing else. */
#include "slots.h"

#include <signal.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct slot *slot = argc > 1 ? slots_find(argv[1]) : NULL;
	sigset_t stop;
	int signal;

	if (!slot) {
		fprintf(stderr, "usage: stamp FILE:SLOT\n");
		return 100;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	slot->pid = getpid();
	slot->at = slots_clock();
	sigwait(&stop, &signal);
	slot->told_at = slots_clock();
	return 0;
}

/* The phase that lets another program be PID 1. */
#include "init/supervise.h"

#include "config/model.h"
#include "init/handover.h"
#include "init/message.h"
#include "init/outgoing.h"
#include "init/runtime.h"

#include <string.h>
#include <unistd.h>

/* What only PID 1 may do, or has: the terminal, the end of a machine. */
static void lay_down(struct runtime *runtime)
{
	terminal_close(&runtime->terminal);
	runtime->machine = runtime->preparation.machine = false;
}

void supervise_hand_over(struct runtime *runtime)
{
	const struct words *command = &runtime->configuration->model->node.handover;

	if (!command->count)
		return;
	/* `docker run IMAGE bash`: its end is the container's, which only PID 1 can do. */
	if (runtime->request.command) {
		message(runtime->messages, MESSAGE_NOTE,
			"there is a foreground command: PID 1 is not handed over to %s",
			command->word[0]);
		return;
	}
	outgoing_flush(runtime->outgoing); /* or both of us would say it */
	int r = handover(&runtime->spawner, command);

	if (r < 0) {
		message(runtime->messages, MESSAGE_ERROR,
			"cannot hand PID 1 over to %s: %s; going on as PID 1", command->word[0],
			strerror(-r));
		return;
	}
	lay_down(runtime);
	message(runtime->messages, MESSAGE_NOTE,
		"handed over to %s as pid %d; supervising beside it as pid %d", command->word[0],
		(int)getppid(), (int)getpid());
}

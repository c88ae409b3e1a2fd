/* signals: PID 1 has no handlers. All signals are blocked and read from signalfd(2), at a place of
 * the loop where anything may be done; children get an empty mask and default handlers by having
 * inherited just that. */
#ifndef FIRSTHOP_INIT_SIGNALS_H
#define FIRSTHOP_INIT_SIGNALS_H

#include "config/model.h"

#include <stdbool.h>
#include <sys/types.h>

struct loop;

enum signal_duty {
	DUTY_FORWARD, /* to whom the rule names, else to the foreground command */
	DUTY_STOP,    /* and `end` */
	DUTY_RELOAD,
	DUTY_STATUS,
	DUTY_IGNORE,
};

struct signal_decision {
	enum signal_duty duty;
	int send;	   /* DUTY_FORWARD: the signal */
	enum node_end end; /* DUTY_STOP: what becomes of a machine */
};

/* What `signal` means: the rule of [signals], else firsthop's own: TERM, INT and RTMIN+3 stop, HUP
 * reloads, USR1 shows the status, the rest goes to the foreground command. To the kernel's own init
 * (`machine`) INT is ctrl-alt-del, PWR a power failure, and RTMIN+3 to RTMIN+5 and USR2 are what
 * systemd's and busybox's own programs send. */
struct signal_decision signals_decide(const struct model *model, bool machine, int signal);

/* Does it, by itself, end a machine? Then in what. */
bool signals_end_machine(int signal, enum node_end *ret_end);

/* Blocks all that can be blocked sensibly (a fault of our own must stay one) and makes every
 * handler the default one. */
void signals_block(void);

/* Watches for them: `child` is called when a child may have ended, `arrived` for each other signal;
 * `by_terminal`: the kernel sent it, for a key like ^C. 0 or -errno. */
struct signal_operations {
	void *context;
	void (*child)(void *context);
	void (*arrived)(void *context, int signal, bool by_terminal);
};
int signals_watch(struct loop *loop, const struct signal_operations *operations);

#endif

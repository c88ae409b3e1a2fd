/* runtime: the state of the effects side, shared by supervise.c, hear.c, act.c, start.c, report.c
 * and answer.c, and by nobody else. What should happen, the engine knows; here is only what it
 * takes to do it. */
#ifndef FIRSTHOP_INIT_RUNTIME_H
#define FIRSTHOP_INIT_RUNTIME_H

#include "init/configuration.h"
#include "init/control.h"
#include "init/crash.h"
#include "init/form.h"
#include "init/journal.h"
#include "init/notify.h"
#include "init/preparation.h"
#include "init/reap.h"
#include "init/signals.h"
#include "init/spawn.h"
#include "init/terminal.h"
#include "supervisor/engine.h"

struct boot_record;
struct buffer;
struct cgroups;
struct channel;
struct crash_making;
struct frr_save;
struct interfaces_watch;
struct loop;
struct messages;
struct outgoing;
struct output;
struct persists;
struct probe_question;
struct probes;
struct reload_report;
struct seccomp_filters;

/* What a service has beside its processes; made when it first starts. */
struct effects {
	struct channel *channel; /* NULL: no descriptor was left, its output is lost */
	uint64_t lines;		 /* of output, before its main process was last started */
	uint64_t lines_again;	 /* the same for `reconfigure` */
	unsigned agains;	 /* runs of `reconfigure` in this life that lost a part */
	struct notify notify;
	struct process_end
		*end; /* of the attempt before its next start; NULL: none, or no memory */
	char *crash;  /* its newest bundle, see crash.h; NULL: none */
};

struct runtime {
	struct journal journal;
	struct form form;
	struct loop *loop;
	struct outgoing *outgoing;
	struct messages *messages;
	struct output *output;
	struct probes *probes;
	struct persists *persists;
	struct boot_record *boot;  /* NULL: no memory */
	struct control *control;   /* NULL: no place for a socket */
	struct frr_save *frr_save; /* NULL: FRR is not here, or nobody guards its saves */
	struct engine *engine;
	const char *rundir; /* NULL: none could be made */
	struct configuration_request request;
	struct configuration *configuration;
	struct preparation preparation; /* its findings are ours */
	struct interfaces_watch *interfaces;
	struct spawner spawner;
	struct cgroups *cgroups;	 /* NULL: as the next */
	struct seccomp_filters *filters; /* NULL: no memory was left for it */
	struct terminal terminal;

	struct notify_operations notify_operations;
	struct reap_operations reap_operations;
	struct signal_operations signal_operations;
	struct control_operations control_operations;

	struct effects **effects; /* by the engine's slot; NULL: has never started */
	unsigned effects_size;

	struct timestamp started, all_ready; /* of PID 1; of ALL_READY, NEVER before it */
	struct timestamp tidy_at; /* when to tidy up after the boot; NEVER: not yet, or done */
	int terminal_user;    /* slot of the console or foreground command that has it; -1: none */
	bool held;	      /* so lines are kept off the terminal */
	bool fed;	      /* the engine knows something new since it last settled */
	bool reap_more;	      /* ends are left over from this wake-up */
	int sweep_signal;     /* not 0: the engine waits for ALL_GONE */
	bool refused_console; /* said so */
	bool machine;	      /* we are the kernel's own init, see machine.h */
	enum node_end end;    /* of the machine, once all is stopped */
	struct process_end ending;    /* of whom the reaper is about to tell */
	struct crash_making *crashes; /* bundles that are to be written */
	bool crash_untold;	      /* a bundle could not be kept, and that was said */
	bool ended;
	int exit_code;
};

/* Feeds the engine, at the time of now. */
void runtime_feed(struct runtime *runtime, const struct event *event);

/* hear.c: whom it is told to (operations of signals, reap, notify), and who tells it. */
void hear_prepare(struct runtime *runtime);
void hear_probe(void *runtime, const struct probe_question *question, bool yes);
void hear_children(struct runtime *runtime); /* a share of the ends that there are */

/* act.c: does what the engine wants, at most `limit` processes started; true: more is to be done.
 */
bool act(struct runtime *runtime, unsigned limit);
/* The effects of a slot, made when there are none; NULL: no memory. */
struct effects *act_effects(struct runtime *runtime, unsigned unit);
/* Where the output of a slot goes to; NULL: it has none. */
struct channel *act_channel(const struct runtime *runtime, unsigned unit);
void act_close(struct runtime *runtime); /* all effects */

/* report.c: lines for what the engine has done since the last call. */
void report_transitions(struct runtime *runtime);
void report_ready(struct runtime *runtime);
/* `reconfigure` of a unit is over: EXITED or SPAWN_FAILED, which the engine was told already. */
void report_reconfigured(struct runtime *runtime, const struct event *event);
void report_end(struct runtime *runtime);
/* Something that was required is not so: says what, why and what to do. false: all is well. */
bool report_failed_preparation(struct runtime *runtime, bool early); /* see finding.h */

/* answer.c: opens the control socket. */
void answer_open(struct runtime *runtime);
/* Lets in whom the configuration names. */
void answer_configure(struct runtime *runtime);
/* answer_order.c: orders to services, as control.h wants them. */
int answer_order(void *runtime, struct arena *arena, enum order_verb verb, const char *const *names,
	unsigned count, struct order *ret_order, const char **ret_why);
bool answer_look(void *runtime, struct arena *arena, enum order_verb verb, const char *name,
	uint32_t attempt, struct order_outcome *ret_outcome);
/* answer_reload.c: takes over what the files say now, or only looks, as control.h wants it. */
int answer_reload(
	void *runtime, bool dry_run, struct arena *arena, struct reload_report *ret_report);
void answer_status(struct runtime *runtime); /* the table, for SIGUSR1 */
/* Appends the table of FRR's services. */
void answer_frr_status(struct runtime *runtime, struct buffer *text);

/* supervise.c: gives the terminal to the console services, or tells them off, when there is none.
 */
void supervise_offer_terminal(struct runtime *runtime);

#endif

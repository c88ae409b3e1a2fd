/* supervise: PID 1 at work, in phases. Those up to supervise_begin may fail, with a documented exit
 * code; supervise_run does not. */
#ifndef FIRSTHOP_INIT_SUPERVISE_H
#define FIRSTHOP_INIT_SUPERVISE_H

#include "init/configuration.h"

struct runtime;

/* Each returns 0, or the exit code to end with; what is wrong has been said then. */

/* The process and its output. `machine`: we are the kernel's own init, see machine.h. */
int supervise_open(bool machine, struct runtime **ret_runtime);
/* What is to run. `request` and what it points to must outlive the runtime. */
int supervise_configure(struct runtime *runtime, const struct configuration_request *request);
/* The node: loopback, host name, sysctls. */
int supervise_prepare(struct runtime *runtime);
/* [node] handover: another program becomes PID 1, and the rest is done beside it. */
void supervise_hand_over(struct runtime *runtime);
/* The engine and all that it hears from. */
int supervise_begin(struct runtime *runtime);

/* Runs until the engine ends it. The exit code. */
int supervise_run(struct runtime *runtime);

/* What a machine does after that `code`. `runtime` may be NULL. */
enum node_end supervise_machine_end(const struct runtime *runtime, int code);

void supervise_close(struct runtime *runtime); /* NULL is fine */

#endif

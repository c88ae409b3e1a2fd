/* reason: says why the container ends, where somebody will find it afterwards: in the file `reason`
 * of the run directory, and in /dev/termination-log, if there is one (Kubernetes shows what is in
 * it). An ordered stop says nothing. */
#ifndef FIRSTHOP_INIT_REASON_H
#define FIRSTHOP_INIT_REASON_H

struct reason;
struct runtime;

/* Puts it down, with version and time filled in. `rundir` NULL: there is none. What cannot be
 * written is left out: the log has said it all. Does not wait for the disk. */
void reason_write(const char *rundir, struct reason reason);

/* What an earlier life has left there. */
void reason_forget(const char *rundir);

/* The boot has ended with `code` before anything was started; `runtime` NULL: it was said. */
void reason_of_boot(const struct runtime *runtime, int code);

/* supervise_run() has come to its end. */
void reason_of_end(const struct runtime *runtime);

#endif

/* sweep: the last thing of a stop. Whatever is left (sessions of sshd, orphans, what was exec'ed
 * into the container) is told to go. */
#ifndef FIRSTHOP_INIT_SWEEP_H
#define FIRSTHOP_INIT_SWEEP_H

/* Sends `signal` to every process of our PID namespace when we are its PID 1; otherwise to our
 * children: orphans below them become ours as they end (we are a subreaper), so call it again after
 * each end. */
void sweep(int signal);

#endif

/* frr_drain: what to type into an FRR daemon so that its neighbours learn that it goes down. None
 * of them is told by the daemon's own clean exit: bgpd closes its connections without a word, and
 * ospfd's neighbours go on sending packets here until the dead interval is over. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_FRR_DRAIN_H
#define FIRSTHOP_SUPERVISOR_FRR_DRAIN_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* Is there something to tell? `daemon` is its name, with or without instance: bgpd, ospfd-1. */
bool frr_drain_knows(const char *daemon);

/* Appends the commands, each with its NUL, for what is in the daemon's running configuration: a
 * pair of them for each BGP instance, one for each VRF with OSPF. -ENOENT: nothing is to be told by
 * this daemon; -ENOMEM. `buffer` is then as before, or failed. */
int frr_drain_commands(const char *daemon, const char *configuration, struct buffer *buffer);

#endif

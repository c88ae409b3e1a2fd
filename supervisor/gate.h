/* gate: are the interfaces there that the services wait for? Engines give a container its
 * interfaces when they like, also after PID 1 has started. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_GATE_H
#define FIRSTHOP_SUPERVISOR_GATE_H

#include "config/model.h"

#include <stdbool.h>

struct arena;

/* An interface that is there. */
struct gate_link {
	const char *name;
	const char *kind; /* "vrf", "veth", "": as the kernel calls it */
	bool is_loopback, is_ethernet;
};

struct gate_answer {
	bool is_open;
	unsigned wanted, there; /* interfaces, or, of INTERFACES_NAMES, names and patterns */
	const char *text; /* "3 of 4: missing eth3", "all 4 are there", "none is waited for" */
	const char *note; /* what is wrong with $CLAB_INTFS: a sentence; NULL: nothing */
};

/* `clab_intfs`: the value of that variable, NULL when it is not set. The answer's texts are owned
 * by the arena; without memory they are short. */
void gate_look(struct arena *arena, const struct interfaces *asked, const char *clab_intfs,
	const struct gate_link *links, unsigned link_count, struct gate_answer *ret_answer);

#endif

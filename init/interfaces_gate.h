/* interfaces_gate: the question whether all interfaces are there, and the finding that it leaves:
 * for the watch, and for a look at what there is now, which is in here too; see interfaces.h. */
#ifndef FIRSTHOP_INIT_INTERFACES_GATE_H
#define FIRSTHOP_INIT_INTERFACES_GATE_H

struct arena;
struct gate_answer;
struct link;
struct preparation;

/* `links`: all that there are, NULL when there are none. As gate_look(). */
void interfaces_ask_gate(struct preparation *preparation, struct arena *arena,
	const struct link *const *links, unsigned count, struct gate_answer *ret_answer);

/* Puts the finding: what the answer says is final, nobody waits any more. Forgets it when nothing
 * is waited for. */
void interfaces_find_gate(struct preparation *preparation, const struct gate_answer *answer);

#endif

/* learned: from the calls that were seen to the words of `seccomp =` that allow them. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_LEARNED_H
#define FIRSTHOP_SUPERVISOR_LEARNED_H

#include "config/model.h"
#include "config/syscalls.h"

struct arena;

struct learned_list {
	struct words words;	 /* of `seccomp =`: groups and calls */
	unsigned allowed;	 /* calls that they allow */
	struct words preset;	 /* the same with a preset as the first word */
	struct words privileged; /* those seen that are worth a thought: of @mount and the like */
};

/* Two lists that allow `seen`, each the shortest of its kind; of two that are as long, what allows
 * less. Only groups that are harmless are rounded up to; other calls are named one by one. Words
 * live in the arena or are static. 0 or -ENOMEM. */
int learned_cover(
	struct arena *arena, const struct syscall_set *seen, struct learned_list *ret_list);

#endif

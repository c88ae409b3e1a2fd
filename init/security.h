/* security: what the services that run may really do: what PID 1 has of its configuration, and what
 * the kernel says of their processes. For commands only. */
#ifndef FIRSTHOP_INIT_SECURITY_H
#define FIRSTHOP_INIT_SECURITY_H

#include "supervisor/exposure.h"

struct arena;
struct model;
struct status;

/* One for each service of the model; `all`: the capabilities that this process could have. 0 or
 * -ENOMEM. */
int security_of_model(struct arena *arena, const struct model *model, struct exposure **ret_list,
	unsigned *ret_count);

/* One for each service of the status, as it runs: asks PID 1, and looks into /proc. 0, -ENOMEM, or
 * -errno of asking. */
int security_of_status(struct arena *arena, const struct status *status, struct exposure **ret_list,
	unsigned *ret_count);

#endif

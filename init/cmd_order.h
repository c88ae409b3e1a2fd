/* cmd_order: orders to services, for the verbs that give them. For commands only. */
#ifndef FIRSTHOP_INIT_CMD_ORDER_H
#define FIRSTHOP_INIT_CMD_ORDER_H

#include "supervisor/order.h"

struct order_options {
	bool no_wait; /* do not wait until it has come true */
	bool json;
};

/* Orders, says what that means for others, waits, and says how it went. `typed`: the verb as it was
 * given, for messages. The exit code. */
int order_run(const char *typed, enum order_verb verb, char *const *names, unsigned count,
	const struct order_options *options);

#endif

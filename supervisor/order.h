/* order: start, stop, restart and reload of services, as somebody asks for them: what that means,
 * and for whom else; and later, whether it has come true. Pure, and nothing is remembered here:
 * what an order was about is given back by whoever waits for it. */
#ifndef FIRSTHOP_SUPERVISOR_ORDER_H
#define FIRSTHOP_SUPERVISOR_ORDER_H

#include "supervisor/engine.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum order_verb {
	ORDER_START,
	ORDER_STOP,
	ORDER_RESTART,
	ORDER_RELOAD, /* it reads its own configuration anew */
	ORDER_VERB_COUNT
};

#define ORDER_SERVICES_MAX 64 /* in one order */

struct order_item {
	const char *name;
	bool asked;	  /* false: started too, because one that is asked for needs it */
	uint32_t attempt; /* the start of it that counts, for order_look() */
};

/* What becomes of one that needs a service which is stopped or restarted. */
enum order_effect {
	ORDER_GOES_ON,	   /* on_need_lost = keep */
	ORDER_RESTARTS,	   /* = restart, and it comes back */
	ORDER_STOPS,	   /* = stop */
	ORDER_STOPS_UNTIL, /* = restart, but what it needs stays down for now */
	ORDER_WAITS,	   /* it is not up, and will not come up without it */
	ORDER_EFFECT_COUNT
};

struct order_other {
	const char *name;
	const char *needs; /* the service that it loses */
	enum order_effect effect;
};

struct order {
	enum order_verb verb;
	struct order_item *items; /* those to be started first come first */
	unsigned item_count;
	struct order_other *others; /* in the order of the configuration */
	unsigned other_count;
};

/* Works out what `verb` for those services would do. Changes nothing; all lives in `arena`, names
 * point into the engine's models. 0; -ENOENT: there is no such service; -EINVAL: it cannot be done
 * (in both cases *ret_why says of which, why, and what to do); -ENOMEM. */
int order_make(struct arena *arena, const struct engine *engine, enum order_verb verb,
	const char *const *names, unsigned count, struct order *ret_order, const char **ret_why);

/* Asks the engine for it; then let it settle. */
void order_feed(struct engine *engine, const struct order *order, struct timestamp now);

enum order_progress { ORDER_PENDING, ORDER_FULFILLED, ORDER_FAILED, ORDER_PROGRESS_COUNT };

struct order_outcome {
	enum order_progress progress;
	enum service_state state; /* DOWN also when there is no such service any more */
	pid_t pid;		  /* of the main process; 0: none */
	int64_t ready_ms;	  /* from start to ready; -1: not so */
	const char *text; /* what there is to say, for people: "ready in 15 ms", "exited 1; …" */
};

/* How far is it? For a settled engine only. `name` and `attempt` as in the order's item. Text that
 * finds no memory is left NULL. */
void order_look(struct arena *arena, const struct engine *engine, enum order_verb verb,
	const char *name, uint32_t attempt, struct timestamp now,
	struct order_outcome *ret_outcome);

/* "start", "stop", "restart", "reload". */
const char *order_verb_name(enum order_verb verb);
/* "goes-on", "restarts", "stops", "stops-until", "waits"; for JSON. */
const char *order_effect_name(enum order_effect effect);
/* "bgpd needs zebra, and goes on without it"; in the arena, NULL: no memory. */
const char *order_other_text(struct arena *arena, const struct order_other *other);

#endif

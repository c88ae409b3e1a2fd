/* Orders: whom they are about, who else is told of, and when they have come true. */
#include "supervisor/order.h"

#include "config/arena.h"
#include "tests/unit/engine_scenario.h"

#define NOTIFY .ready = {.kind = READY_NOTIFY_FD}

/* "bgpd zebra*; ospfd restarts": the items, * for those that come along, and the others. */
static const char *order_text(struct arena *arena, const struct order *order)
{
	const char *text = "";

	for (unsigned i = 0; i < order->item_count; i++)
		text = arena_printf(arena, "%s%s%s%s", text, i ? " " : "", order->items[i].name,
			order->items[i].asked ? "" : "*");
	for (unsigned i = 0; i < order->other_count; i++)
		text = arena_printf(arena, "%s; %s %s", text, order->others[i].name,
			order_effect_name(order->others[i].effect));
	return text;
}

/* Gives the order, and what it says of itself must be that; a refusal is its text. */
static void lab_order(struct lab *lab, enum order_verb verb, const char *name, const char *expected)
{
	struct arena arena = {0};
	struct order order = {.item_count = 0};
	const char *why = NULL;
	int r = order_make(&arena, lab->engine, verb, &name, 1, &order, &why);

	CHECK_STR(r ? why : order_text(&arena, &order), expected);
	if (r == 0)
		order_feed(lab->engine, &order, lab->now);
	lab->actions[0] = '\0';
	lab_settle(lab);
	arena_free(&arena);
}

static void lab_look(const struct lab *lab, enum order_verb verb, const char *name,
	uint32_t attempt, enum order_progress progress, const char *text)
{
	struct arena arena = {0};
	struct order_outcome outcome;

	order_look(&arena, lab->engine, verb, name, attempt, lab->now, &outcome);
	CHECK_INT(outcome.progress, progress);
	if (text)
		CHECK_STR(outcome.text, text);
	arena_free(&arena);
}

static void a_start_is_over_when_it_is_ready(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{10, "ready b", "", "b=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}, {.name = "b", NOTIFY, .start = START_MANUAL}));
	lab_run(&lab, steps, 1);
	lab_order(&lab, ORDER_START, "b", "b");
	CHECK_STR(lab.actions, "spawn b");
	lab_look(&lab, ORDER_START, "b", 1, ORDER_PENDING, NULL);
	lab_run(&lab, steps + 1, 1);
	lab_look(&lab, ORDER_START, "b", 1, ORDER_FULFILLED, "ready in 10 ms (pid 102)");
	lab_order(&lab, ORDER_START, "a", "a"); /* it is there already */
	lab_look(&lab, ORDER_START, "a", 1, ORDER_FULFILLED, "started (pid 101)");
	lab_close(&lab);
}

static void a_start_that_fails_says_why(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a", NULL},
		{10, "exit a 3", "down a", "a=backoff"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", NOTIFY}));
	LAB_RUN(&lab, steps);
	lab_look(&lab, ORDER_START, "a", 1, ORDER_FAILED,
		"exited 3; backing off 200 ms after 1 failure, next start in 200 ms");
	lab_order(&lab, ORDER_START, "a", "a");
	CHECK_STR(lab.actions, "spawn a");
	lab_look(&lab, ORDER_START, "a", 2, ORDER_PENDING, NULL);
	lab_close(&lab);
}

static void a_restart_is_over_with_the_next_start(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{10, "exit a 0", "down a, spawn a", "a=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}));
	lab_run(&lab, steps, 1);
	lab_order(&lab, ORDER_RESTART, "a", "a");
	CHECK_STR(lab.actions, "signal a TERM");
	lab_look(&lab, ORDER_RESTART, "a", 2, ORDER_PENDING, NULL);
	lab_run(&lab, steps + 1, 1);
	lab_look(&lab, ORDER_RESTART, "a", 2, ORDER_FULFILLED, "started (pid 102)");
	lab_close(&lab);
}

static void a_stop_tells_who_is_affected(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn bgpd, spawn ospfd, spawn pimd, spawn ripd, all-ready",
			NULL},
	};
	static const struct {
		enum order_verb verb;
		const char *expected;
	} cases[] = {
		{ORDER_STOP,
			"zebra; bgpd goes-on; ospfd stops-until; pimd stops-until; ripd stops"},
		{ORDER_RESTART, "zebra; bgpd goes-on; ospfd restarts; pimd restarts; ripd stops"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lab lab;

		lab_open(&lab,
			SERVICES({.name = "zebra"}, {.name = "bgpd", .needs = WORDS("zebra")},
				{.name = "ospfd",
					.needs = WORDS("zebra"),
					.on_need_lost = NEED_LOST_RESTART},
				{.name = "ripd",
					.needs = WORDS("ospfd"),
					.on_need_lost = NEED_LOST_STOP},
				{.name = "pimd",
					.needs = WORDS("zebra"),
					.on_need_lost = NEED_LOST_RESTART},
				{.name = "other", .start = START_MANUAL, .needs = WORDS("zebra")}));
		LAB_RUN(&lab, steps);
		lab_order(&lab, cases[i].verb, "zebra", cases[i].expected);
		/* Reverse order: only then zebra itself. */
		CHECK_STR(lab.actions, "signal pimd TERM, signal ripd TERM");
		lab_look(&lab, cases[i].verb, "zebra", 2, ORDER_PENDING, NULL);
		lab_close(&lab);
	}
}

static void what_is_needed_comes_along(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn bgpd, all-ready", NULL},
		{10, "stop zebra, stop bgpd", "signal bgpd TERM", NULL},
		{20, "exit bgpd 0", "down bgpd, signal zebra TERM", NULL},
		{30, "exit zebra 0", "down zebra", "zebra=down bgpd=down"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}, {.name = "bgpd", .needs = WORDS("zebra")}));
	LAB_RUN(&lab, steps);
	lab_order(&lab, ORDER_START, "bgpd", "zebra* bgpd");
	CHECK_STR(lab.actions, "spawn zebra, spawn bgpd");
	lab_look(&lab, ORDER_START, "bgpd", 2, ORDER_FULFILLED, NULL);
	lab_close(&lab);
}

/* Whoever waits hears that it is in vain. */
static void a_start_may_be_hopeless(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra", NULL},
		{10, "exit zebra 1", "down zebra", "zebra=failed bgpd=waiting"},
		{20, "stop bgpd", "", "bgpd=down"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra", NOTIFY, .restart = RESTART_NEVER},
			       {.name = "bgpd", .needs = WORDS("zebra")}));
	lab_run(&lab, steps, 2);
	lab_look(&lab, ORDER_START, "bgpd", 1, ORDER_FAILED, "waiting for zebra (failed)");
	lab_run(&lab, steps + 2, 1);
	lab_look(&lab, ORDER_START, "bgpd", 1, ORDER_FAILED,
		"was stopped, by somebody else or because of what it needs");
	lab_close(&lab);
}

static void a_stop_is_over_when_it_is_down(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, all-ready", NULL},
		{5000, "", "signal a KILL", "a=killing"},
		{5001, "die a 9", "down a", "a=down"},
		{5002, "start a", "spawn a", "a=ready"},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a"}));
	lab_run(&lab, steps, 1);
	lab_order(&lab, ORDER_STOP, "a", "a");
	CHECK_STR(lab.actions, "signal a TERM");
	lab_look(&lab, ORDER_STOP, "a", 2, ORDER_PENDING, NULL);
	lab_run(&lab, steps + 1, 2);
	lab_look(&lab, ORDER_STOP, "a", 2, ORDER_FULFILLED,
		"stopped, but had to be killed: it did not stop in 5 s");
	lab_run(&lab, steps + 3, 1);
	lab_look(&lab, ORDER_STOP, "a", 2, ORDER_FAILED, "was started again by somebody else");
	lab_look(&lab, ORDER_STOP, "none", 2, ORDER_FULFILLED, NULL);
	lab_look(&lab, ORDER_START, "none", 2, ORDER_FAILED, "is no longer in the configuration");
	lab_close(&lab);
}

static void a_reload_is_over_when_its_command_is(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn a, spawn b, all-ready", NULL},
		{10, "exit a.reconfigure 0", "", NULL},
		{20, "reload a", "spawn a.reload", NULL},
		{30, "exit a.reconfigure 2", "", NULL},
		{40, "restart a", "signal a TERM", NULL},
		{50, "exit a 0", "down a, spawn a", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "a", .reload_command = WORDS("/bin/reload")},
			       {.name = "b", .reload_signal = SIGHUP}));
	lab_run(&lab, steps, 1);
	lab_order(&lab, ORDER_RELOAD, "b", "b");
	CHECK_STR(lab.actions, "signal b HUP");
	lab_look(&lab, ORDER_RELOAD, "b", 1, ORDER_FULFILLED, "was sent HUP");
	lab_order(&lab, ORDER_RELOAD, "a", "a");
	lab_look(&lab, ORDER_RELOAD, "a", 1, ORDER_PENDING, NULL);
	lab_run(&lab, steps + 1, 1);
	lab_look(&lab, ORDER_RELOAD, "a", 1, ORDER_FULFILLED, "reloaded");
	lab_run(&lab, steps + 2, 2);
	lab_look(&lab, ORDER_RELOAD, "a", 1, ORDER_FAILED,
		"reload_command exited 2; it goes on with what it has");
	lab_run(&lab, steps + 4, 1);
	lab_look(&lab, ORDER_RELOAD, "a", 1, ORDER_FAILED, NULL);
	lab_run(&lab, steps + 5, 1);
	lab_look(&lab, ORDER_RELOAD, "a", 1, ORDER_FULFILLED, "was started anew meanwhile");
	lab_close(&lab);
}

static void what_cannot_be_is_refused(void)
{
	static const struct scene steps[] = {
		{0, "", "spawn zebra, spawn command", NULL},
	};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra", NOTIFY, .reload_signal = SIGHUP},
			       {.name = "sh", .start = START_MANUAL},
			       {.name = "command", .type = SERVICE_FOREGROUND}));
	LAB_RUN(&lab, steps);
	lab_order(&lab, ORDER_START, "zebr", "there is no service \"zebr\"; did you mean zebra?");
	lab_order(&lab, ORDER_RELOAD, "zebra",
		"zebra is starting, and only what is ready can be reloaded");
	lab_order(&lab, ORDER_RELOAD, "sh",
		"sh does not say how it is reloaded: give [service sh] a reload_signal (many "
		"daemons take HUP) or a reload_command, or `firsthop restart sh`");
	lab_order(&lab, ORDER_STOP, "command",
		"command is the container's own command, whose end is the container's: `firsthop "
		"shutdown` ends both");
	lab_feed(&lab, "shutdown 0");
	lab_order(&lab, ORDER_START, "sh", "firsthop is stopping all services");
	lab_look(&lab, ORDER_START, "zebra", 1, ORDER_FAILED, "firsthop is stopping all services");
	lab_close(&lab);
}

/* Layers of services, each of which needs all of the layer below: there are 8^12 ways down, and
 * each service is looked at once. */
static void many_ways_are_walked_once(void)
{
	enum { WIDTH = 8, LAYERS = 12, COUNT = WIDTH * LAYERS };
	static char text[COUNT][8];
	static const char *names[COUNT + 1];
	static struct service services[COUNT];
	static struct model model = {.services = services, .service_count = COUNT};
	struct arena arena = {0};
	struct order order = {.item_count = 0};
	const char *why = NULL;

	for (unsigned i = 0; i < COUNT; i++) {
		unsigned layer = i / WIDTH;

		snprintf(text[i], sizeof(text[i]), "s%u", i);
		names[i] = text[i];
		services[i] = (struct service){.name = text[i], .start = START_MANUAL};
		if (layer > 0)
			services[i].needs =
				(struct words){names + (size_t)(layer - 1) * WIDTH, WIDTH};
		lab_fill(&services[i]);
	}
	struct engine *engine = engine_create(&model, (struct timestamp){0});
	CHECK_INT(order_make(&arena, engine, ORDER_START, &names[COUNT - 1], 1, &order, &why), 0);
	CHECK_INT(order.item_count, 1);
	order_feed(engine, &order, (struct timestamp){0});
	engine_settle(engine, (struct timestamp){0});
	CHECK_INT(order_make(&arena, engine, ORDER_STOP, &names[0], 1, &order, &why), 0);
	CHECK_INT(
		order.other_count, (LAYERS - 2) * WIDTH + 1); /* of the last layer only one is up */
	engine_free(engine);
	arena_free(&arena);
}

int main(void)
{
	RUN(a_start_is_over_when_it_is_ready);
	RUN(a_start_that_fails_says_why);
	RUN(a_restart_is_over_with_the_next_start);
	RUN(a_stop_tells_who_is_affected);
	RUN(what_is_needed_comes_along);
	RUN(a_start_may_be_hopeless);
	RUN(a_stop_is_over_when_it_is_down);
	RUN(a_reload_is_over_when_its_command_is);
	RUN(what_cannot_be_is_refused);
	RUN(many_ways_are_walked_once);
	return CHECK_EXIT_STATUS();
}

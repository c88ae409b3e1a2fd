/* scenario: the engine in virtual time, told as a table. Each step is a moment: what happens then,
 * and what the engine does about it. Time between two steps passes in full: whatever the engine
 * does at a moment that is not listed is a failure, and so is whatever it fails to do.
 *
 *	static const struct scene steps[] = {
 *		{0,   "",              "spawn zebra"},
 *		{120, "ready zebra",   "spawn ospfd"},
 *		{500, "exit zebra 1",  "down zebra"},
 *	};
 *
 * Facts, separated by ", ":  ready X · unready X (a probe said no) · healthy X · unhealthy X · exit
 *X[.ROLE] CODE · die X[.ROLE] SIGNAL-NUMBER · refuse X[.ROLE] ERRNO (its next spawn) · start X ·
 *stop X · restart X · reload X · shutdown [CODE] · gone (nothing is left) · hold · release.
 *Actions: spawn X[.ROLE], or X.reload for a reload_command · signal X[.ROLE] NAME · probe X · check
 *X (its health) · unprobe X · down X · retired N · all-ready · rest NAME · end CODE. `states` names
 *the states after the step, "zebra=ready ospfd=waiting"; NULL: not looked at. Each SPAWN is
 *answered at once, with a new pid. */
#ifndef FIRSTHOP_TESTS_UNIT_ENGINE_SCENARIO_H
#define FIRSTHOP_TESTS_UNIT_ENGINE_SCENARIO_H

#include "supervisor/engine.h"

#include "config/model.h"
#include "tests/check.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#define LAB_SERVICES_MAX 8

#define WORDS(...)                                                                                 \
	{                                                                                          \
		(const char *const[]){__VA_ARGS__, NULL},                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)          \
	}
#define SERVICES(...)                                                                              \
	(const struct service[])                                                                   \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.name = NULL                                                               \
		}                                                                                  \
	}

struct scene {
	int64_t at_ms;
	const char *facts, *actions, *states;
};

struct lab {
	struct engine *engine;
	struct model models[2]; /* the one before a reload, and the one after it */
	struct service services[2][LAB_SERVICES_MAX];
	unsigned current;
	struct timestamp now;
	pid_t last_pid;
	int refuse; /* errno for the next spawn of refuse_unit, refuse_role */
	unsigned refuse_unit;
	enum role refuse_role;
	char actions[1024];
};

static const char *const lab_roles[ROLE_COUNT] = {[ROLE_MAIN] = "",
	[ROLE_PREPARE] = ".prepare",
	[ROLE_STOP] = ".stop",
	[ROLE_PROBE] = ".probe",
	[ROLE_RECONFIGURE] = ".reconfigure"};

static const struct exit_set exit_code_0 = {.codes = {1}};

/* What a configuration would have filled in. */
static inline void lab_fill(struct service *service)
{
	static const char *const command[] = {"/bin/service", NULL};

	if (!service->command.count)
		service->command = (struct words){command, 1};
	if (!service->start_timeout_ms)
		service->start_timeout_ms = 30000;
	if (!service->stop_timeout_ms)
		service->stop_timeout_ms = 5000;
	if (!service->stop_signal)
		service->stop_signal = SIGTERM;
	if (!service->health_period_ms)
		service->health_period_ms = 3000;
	if (!service->health_timeout_ms)
		service->health_timeout_ms = 2000;
	if (!service->health_failures)
		service->health_failures = 2;
	if (!service->health_signal)
		service->health_signal = SIGKILL;
	if (!service->restart_delay_min_ms)
		service->restart_delay_min_ms = 200;
	if (!service->restart_delay_max_ms)
		service->restart_delay_max_ms = 30000;
	if (!service->restart_reset_ms)
		service->restart_reset_ms = 60000;
	if (!service->give_up_window_ms)
		service->give_up_window_ms = 60000;
	service->reconfigure_success = &exit_code_0;
	if (service->type == SERVICE_ONESHOT)
		service->success = &exit_code_0;
}

static inline const struct model *lab_model(
	struct lab *lab, unsigned which, const struct service *services, int64_t stop_budget_ms)
{
	struct model *model = &lab->models[which];

	*model = (struct model){.services = lab->services[which]};
	model->node.stop_budget_ms = stop_budget_ms;
	for (unsigned i = 0; i < LAB_SERVICES_MAX && services[i].name; i++) {
		lab->services[which][i] = services[i];
		lab_fill(&lab->services[which][i]);
		model->service_count++;
	}
	return model;
}

static inline void lab_open(struct lab *lab, const struct service *services)
{
	*lab = (struct lab){.last_pid = 100};
	lab->engine = engine_create(lab_model(lab, 0, services, 8000), lab->now);
	if (!lab->engine) {
		fprintf(stderr, "no memory\n");
		exit(1);
	}
}

static inline void lab_reload(struct lab *lab, const struct service *services)
{
	CHECK(!engine_uses(lab->engine, &lab->models[!lab->current]));
	lab->current = !lab->current;
	CHECK_INT(
		engine_reload(lab->engine, lab_model(lab, lab->current, services, 8000), lab->now),
		0);
}

static inline void lab_close(struct lab *lab)
{
	engine_free(lab->engine);
}

static inline struct unit_view lab_view(const struct lab *lab, const char *name)
{
	struct unit_view view = {.state = STATE_COUNT};
	int slot = engine_find(lab->engine, name);

	if (slot >= 0)
		engine_view(lab->engine, (unsigned)slot, &view);
	return view;
}

/* "zebra.stop": slot and role. A name that is not there fails the test. */
static inline bool lab_find(
	const struct lab *lab, const char *text, unsigned *ret_slot, enum role *ret_role)
{
	char name[SERVICE_NAME_MAX + 1];
	const char *dot = strchr(text, '.');
	size_t length = dot ? (size_t)(dot - text) : strlen(text);
	enum role role = ROLE_MAIN;

	snprintf(name, sizeof(name), "%.*s", (int)length, text);
	for (unsigned r = 0; dot && r < ROLE_COUNT; r++)
		if (strcmp(lab_roles[r], dot) == 0)
			role = (enum role)r;
	int slot = engine_find(lab->engine, name);
	if (slot < 0) {
		fprintf(stderr, "no unit is called \"%s\"\n", name);
		check_failed_now = true;
		return false;
	}
	*ret_slot = (unsigned)slot;
	*ret_role = role;
	return true;
}

static inline void lab_feed_one(struct lab *lab, const char *verb, const char *who, int value)
{
	static const struct {
		const char *verb;
		enum event_kind kind;
	} verbs[] = {{"ready", EVENT_READY}, {"unready", EVENT_PROBE_FAILED},
		{"healthy", EVENT_HEALTHY}, {"unhealthy", EVENT_UNHEALTHY}, {"exit", EVENT_EXITED},
		{"die", EVENT_EXITED}, {"start", EVENT_START}, {"stop", EVENT_STOP},
		{"restart", EVENT_RESTART}, {"reload", EVENT_RELOAD},
		{"refuse", EVENT_SPAWN_FAILED}, {"shutdown", EVENT_SHUTDOWN},
		{"gone", EVENT_ALL_GONE}, {"hold", EVENT_HOLD}, {"release", EVENT_RELEASE}};
	struct event event = {.kind = EVENT_COUNT, .value = value};
	struct unit_view view;

	for (unsigned i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].verb, verb) == 0)
			event.kind = verbs[i].kind;
	CHECK(event.kind != EVENT_COUNT);
	if (event.kind == EVENT_SHUTDOWN)
		event.value = atol(who) ? (int)atol(who) : 0;
	if (event.kind != EVENT_SHUTDOWN && event.kind != EVENT_ALL_GONE &&
		event.kind != EVENT_HOLD && event.kind != EVENT_RELEASE) {
		if (!lab_find(lab, who, &event.unit, &event.role))
			return;
		engine_view(lab->engine, event.unit, &view);
		event.attempt = view.attempt;
		event.pid = view.pid[event.role];
	}
	if (event.kind == EVENT_EXITED) {
		CHECK(event.pid > 0);
		event.value = strcmp(verb, "exit") == 0 ? value << 8 : value;
	}
	if (event.kind == EVENT_SPAWN_FAILED) {
		lab->refuse = value;
		lab->refuse_unit = event.unit;
		lab->refuse_role = event.role;
	} else {
		engine_feed(lab->engine, &event, lab->now);
	}
}

static inline void lab_feed(struct lab *lab, const char *facts)
{
	while (*facts) {
		char verb[16] = "", who[SERVICE_NAME_MAX + 16] = "";
		int value = 0;

		sscanf(facts, "%15s %63[^ ,] %d", verb, who, &value);
		verb[strcspn(verb, ",")] = '\0';
		lab_feed_one(lab, verb, who, value);
		facts += strcspn(facts, ",");
		facts += strspn(facts, ", ");
	}
}

static inline void lab_write_action(struct lab *lab, const struct action *action)
{
	struct unit_view view = {0};
	size_t used = strlen(lab->actions);
	char *out = lab->actions + used;
	size_t room = sizeof(lab->actions) - used;
	const char *comma = used ? ", " : "";
	const char *signal = signal_short_name(action->value);

	engine_view(lab->engine, action->unit, &view);
	const char *name = view.spec ? view.spec->name : "-";
	const char *role = lab_roles[action->role];
	switch (action->kind) {
	case ACTION_SPAWN:
		snprintf(out, room, "%sspawn %s%s", comma, name, action->reload ? ".reload" : role);
		break;
	case ACTION_SIGNAL:
		CHECK_INT(action->pid, view.pid[action->role]);
		snprintf(out, room, "%ssignal %s%s %s", comma, name, role, signal);
		break;
	case ACTION_PROBE:
		snprintf(out, room, "%s%s %s", comma, action->health ? "check" : "probe", name);
		break;
	case ACTION_PROBE_ENDED:
		snprintf(out, room, "%sunprobe %s", comma, name);
		break;
	case ACTION_DOWN:
		snprintf(out, room, "%sdown %s", comma, name);
		break;
	case ACTION_RETIRED:
		snprintf(out, room, "%sretired %u", comma, action->unit);
		break;
	case ACTION_ALL_READY:
		snprintf(out, room, "%sall-ready", comma);
		break;
	case ACTION_SIGNAL_REST:
		snprintf(out, room, "%srest %s", comma, signal);
		break;
	case ACTION_EXIT:
		snprintf(out, room, "%send %d", comma, action->value);
		break;
	case ACTION_COUNT:
		break;
	}
}

static inline void lab_answer(struct lab *lab, const struct action *action)
{
	struct event event = {.kind = EVENT_SPAWNED,
		.unit = action->unit,
		.role = action->role,
		.attempt = action->attempt};

	if (lab->refuse && lab->refuse_unit == action->unit && lab->refuse_role == action->role) {
		event.kind = EVENT_SPAWN_FAILED;
		event.value = lab->refuse;
		event.stage = "exec";
		lab->refuse = 0;
	} else {
		event.pid = ++lab->last_pid;
	}
	engine_feed(lab->engine, &event, lab->now);
}

/* Settles and does what is asked until nothing more is; the actions' text adds up. */
static inline void lab_settle(struct lab *lab)
{
	struct action action;

	engine_settle(lab->engine, lab->now);
	for (unsigned i = 0; i < 1000 && engine_take(lab->engine, &action); i++) {
		lab_write_action(lab, &action);
		if (action.kind == ACTION_SPAWN)
			lab_answer(lab, &action);
		engine_settle(lab->engine, lab->now);
	}
	CHECK(!timestamp_before(engine_deadline(lab->engine), lab->now));
}

/* Lets time pass, up to and without `until`: nothing is expected to happen. */
static inline void lab_pass(struct lab *lab, struct timestamp until)
{
	for (unsigned i = 0; i < 100000; i++) {
		struct timestamp next = engine_deadline(lab->engine);

		if (!timestamp_before(next, until))
			break;
		if (timestamp_before(lab->now, next))
			lab->now = next;
		lab->actions[0] = '\0';
		lab_settle(lab);
		if (!lab->actions[0])
			continue;
		fprintf(stderr, "at %lld ms, not expected: %s\n",
			(long long)(lab->now.ns / 1000000), lab->actions);
		check_failed_now = true;
	}
	lab->now = until;
	lab->actions[0] = '\0';
}

static inline void lab_check_states(const struct lab *lab, const char *states)
{
	char name[SERVICE_NAME_MAX + 1], state[16];
	int used = 0;

	while (states && sscanf(states, " %48[^ =]=%15[^ ]%n", name, state, &used) == 2) {
		CHECK_STR(state_name(lab_view(lab, name).state), state);
		states += used;
	}
}

static inline void lab_run(struct lab *lab, const struct scene *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool failed_before = check_failed_now;

		check_failed_now = false;
		lab_pass(lab, timestamp_add_ms((struct timestamp){0}, steps[i].at_ms));
		lab_feed(lab, steps[i].facts);
		lab_settle(lab);
		CHECK_STR(lab->actions, steps[i].actions);
		lab_check_states(lab, steps[i].states);
		if (check_failed_now)
			fprintf(stderr, "… in step %zu: at %lld ms, \"%s\"\n", i,
				(long long)steps[i].at_ms, steps[i].facts);
		check_failed_now |= failed_before;
	}
}

#define LAB_RUN(lab, steps) lab_run((lab), (steps), sizeof(steps) / sizeof((steps)[0]))

/* A whole scenario: services, and what happens to them. */
#define LAB_TELL(services, steps)                                                                  \
	do {                                                                                       \
		struct lab lab;                                                                    \
		lab_open(&lab, (services));                                                        \
		LAB_RUN(&lab, steps);                                                              \
		lab_close(&lab);                                                                   \
	} while (0)

#endif

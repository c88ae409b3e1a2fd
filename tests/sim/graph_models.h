/* graph_models: the small models that are walked. */
#ifndef FIRSTHOP_TESTS_SIM_GRAPH_MODELS_H
#define FIRSTHOP_TESTS_SIM_GRAPH_MODELS_H

#include "supervisor/graph.h"

#include "tests/sim/models.h"

enum {
	DELAY_MS = 1000,
	START_TIMEOUT_MS = 2000,
	STOP_TIMEOUT_MS = 1000,
	BUDGET_MS = 4000,
	PERIOD_MS = 3000,
	CHECK_MS = 2000,
};

/* Delays that do not grow and windows that do not end keep the states few; see hash_unit(). */
static inline struct service *add_service(struct sim_model *m)
{
	struct service *service = &m->services[m->model.service_count];

	*service = (struct service){
		.name = model_names[m->model.service_count++],
		.command = model_words(model_command),
		.stop_signal = SIGTERM,
		.start_timeout_ms = START_TIMEOUT_MS,
		.stop_timeout_ms = STOP_TIMEOUT_MS,
		.health_period_ms = PERIOD_MS,
		.health_timeout_ms = CHECK_MS,
		.health_failures = 2,
		.health_signal = SIGKILL,
		.restart_delay_min_ms = DELAY_MS,
		.restart_delay_max_ms = DELAY_MS,
		.restart_reset_ms = TIME_INFINITE_MS,
		.give_up_window_ms = TIME_INFINITE_MS,
	};
	return service;
}

enum flavour {
	IMMEDIATE,
	NOTIFY,
	EXEC_PROBE,
	CHECKED,
	EXEC_CHECKED,
	ONESHOT,
	COMMAND,
	FLAVOUR_COUNT
};

static inline void set_flavour(struct service *service, enum flavour flavour)
{
	static const struct {
		enum service_type type;
		enum ready_kind ready, health;
	} table[FLAVOUR_COUNT] = {
		[IMMEDIATE] = {SERVICE_DAEMON, READY_IMMEDIATELY, READY_IMMEDIATELY},
		[NOTIFY] = {SERVICE_DAEMON, READY_NOTIFY_FD, READY_IMMEDIATELY},
		[EXEC_PROBE] = {SERVICE_DAEMON, READY_EXEC, READY_IMMEDIATELY},
		[CHECKED] = {SERVICE_DAEMON, READY_IMMEDIATELY, READY_UNIX},
		[EXEC_CHECKED] = {SERVICE_DAEMON, READY_NOTIFY_FD, READY_EXEC},
		[ONESHOT] = {SERVICE_ONESHOT, READY_IMMEDIATELY, READY_IMMEDIATELY},
		[COMMAND] = {SERVICE_FOREGROUND, READY_IMMEDIATELY, READY_IMMEDIATELY},
	};

	service->type = table[flavour].type;
	service->ready.kind = table[flavour].ready;
	service->health.kind = table[flavour].health;
	if (flavour == CHECKED)
		service->reconfigure = service->reload_command = model_words(model_reconfigure);
	if (flavour == NOTIFY)
		service->reload_signal = SIGHUP;
	service->reconfigure_success = &model_exit_code_0;
	if (flavour == EXEC_CHECKED) {
		service->health.words = model_words(model_probe);
		service->health_signal = SIGABRT;
	}
	if (flavour == EXEC_PROBE)
		service->ready.words = model_words(model_probe);
	if (flavour == ONESHOT)
		service->success = &model_exit_code_0;
	if (flavour == COMMAND || flavour == EXEC_PROBE) /* its interval grows with its age */
		service->start_timeout_ms = flavour == COMMAND ? TIME_INFINITE_MS : 100;
	if (flavour == COMMAND)
		service->restart = RESTART_NEVER;
}

static inline void add_edge(struct sim_model *m, unsigned from, unsigned to, enum edge_kind kind)
{
	struct service *service = &m->services[from];
	const char *name = m->services[to].name;

	switch (kind) {
	case EDGE_NEEDS:
		add_name(&service->needs, m->needs[from], name);
		break;
	case EDGE_WANTS:
		add_name(&service->wants, m->wants[from], name);
		break;
	case EDGE_AFTER:
		add_name(&service->after, m->after[from], name);
		break;
	case EDGE_KIND_COUNT:
		break;
	}
}

static inline void begin_model(struct sim_model *m)
{
	memset(m, 0, sizeof(*m));
	m->model.services = m->services;
	m->model.node.stop_budget_ms = m->budget_ms = BUDGET_MS;
}

#endif

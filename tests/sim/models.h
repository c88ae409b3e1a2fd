/* models: random models, made in memory, for the simulation. A model is one allocation, so that the
 * sanitizer sees an engine that looks at a model after it said that it does not use it any more.
 * Each service is there twice: as the engine sees it, and as the checks see it; the two differ only
 * when a bug is planted. */
#ifndef FIRSTHOP_TESTS_SIM_MODELS_H
#define FIRSTHOP_TESTS_SIM_MODELS_H

#include "config/model.h"
#include "tests/sim/random.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_SERVICES_MAX 12
#define MODEL_NAMES	   16 /* names to choose from: a reload may bring new ones */

struct sim_model {
	struct model model;
	struct service services[MODEL_SERVICES_MAX]; /* the engine's */
	struct service truth[MODEL_SERVICES_MAX];    /* what the checks go by, by the same index */
	int64_t budget_ms;
	const char *needs[MODEL_SERVICES_MAX][MODEL_SERVICES_MAX];
	const char *wants[MODEL_SERVICES_MAX][MODEL_SERVICES_MAX];
	const char *after[MODEL_SERVICES_MAX][MODEL_SERVICES_MAX];
	struct sim_model *next; /* of those that the engine may still use */
};

static const char *const model_names[MODEL_NAMES] = {"zebra", "mgmtd", "staticd", "bgpd", "ospfd",
	"ospf6d", "isisd", "ldpd", "bfdd", "pimd", "vtysh-b", "sshd", "snmpd", "keygen", "lldpd",
	"chronyd"};

/* What was really asked for, of a service that the engine names. */
static inline const struct service *model_truth(const struct service *spec)
{
	return spec + MODEL_SERVICES_MAX;
}

/* Which of model_names; MODEL_NAMES: none. */
static inline unsigned model_name_index(const char *name)
{
	unsigned i = 0;

	while (i < MODEL_NAMES && model_names[i] != name && strcmp(model_names[i], name) != 0)
		i++;
	return i;
}

static inline uint32_t model_name_bits(const struct words *words)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < words->count; i++)
		bits |= UINT32_C(1) << model_name_index(words->word[i]);
	return bits;
}

/* Where each name stands in the order of dependencies: a service depends only on names that stand
 * before it, also after any reload, so that no cycle can come up. */
struct name_order {
	unsigned rank[MODEL_NAMES];
};

static inline void name_order_shuffle(struct name_order *order, struct random *random)
{
	for (unsigned i = 0; i < MODEL_NAMES; i++) {
		unsigned j = random_below(random, i + 1);
		order->rank[i] = order->rank[j];
		order->rank[j] = i;
	}
}

static const char *const model_command[] = {"/bin/service", NULL};
static const char *const model_prepare[] = {"/bin/prepare", NULL};
static const char *const model_stop_command[] = {"/bin/stop", NULL};
static const struct exit_set model_exit_code_0 = {.codes = {1}};
static const char *const model_reconfigure[] = {"/bin/reconfigure", NULL};
static const char *const model_reload[] = {"/bin/reload", NULL};
static const char *const model_probe[] = {"/bin/probe", NULL};

static inline struct words model_words(const char *const *word)
{
	return (struct words){.word = word, .count = 1};
}

static inline enum service_type random_type(struct random *random)
{
	unsigned dice = random_below(random, 100);
	return dice < 65   ? SERVICE_DAEMON
	       : dice < 90 ? SERVICE_ONESHOT
	       : dice < 97 ? SERVICE_CONSOLE
			   : SERVICE_FOREGROUND;
}

static inline void random_readiness(struct service *service, struct random *random)
{
	if (service->type != SERVICE_DAEMON || random_chance(random, 30))
		return;
	service->ready.kind = (enum ready_kind)random_between(random, READY_NOTIFY_FD, READY_EXEC);
	service->ready.text = "/run/x";
	if (service->ready.kind == READY_EXEC)
		service->ready.words = model_words(model_probe);
}

static inline void random_health(struct service *service, struct random *random)
{
	static const int64_t period_ms[] = {100, 500, 3000}, timeout_ms[] = {50, 200, 2000};

	service->health_signal = random_chance(random, 60) ? SIGKILL : SIGABRT;
	service->health_period_ms = RANDOM_PICK(random, period_ms);
	service->health_timeout_ms = RANDOM_PICK(random, timeout_ms);
	service->health_failures = (unsigned)random_between(random, 1, 3);
	if (service->type != SERVICE_DAEMON || random_chance(random, 50))
		return;
	service->health.kind = (enum ready_kind)random_between(random, READY_PIDFILE, READY_EXEC);
	service->health.text = "/run/x";
	if (service->health.kind == READY_EXEC)
		service->health.words = model_words(model_probe);
}

static inline void random_reload(struct service *service, struct random *random)
{
	if (service->type != SERVICE_DAEMON)
		return;
	if (random_chance(random, 30))
		service->reload_signal = SIGHUP;
	else if (random_chance(random, 40))
		service->reload_command = model_words(model_reload);
}

static inline void random_timing(struct service *service, struct random *random)
{
	static const int64_t start_ms[] = {500, 2000, 10000, 30000, TIME_INFINITE_MS};
	static const int64_t stop_ms[] = {50, 500, 2000, 5000, TIME_INFINITE_MS};
	static const int64_t delay_ms[] = {0, 10, 200, 200, 1000, 5000};
	static const int64_t reset_ms[] = {100, 1000, 10000, 60000, TIME_INFINITE_MS};
	static const int64_t window_ms[] = {1000, 10000, 60000, TIME_INFINITE_MS};
	service->start_timeout_ms = RANDOM_PICK(random, start_ms);
	service->stop_timeout_ms = RANDOM_PICK(random, stop_ms);
	service->restart_delay_min_ms = RANDOM_PICK(random, delay_ms);
	service->restart_delay_max_ms =
		service->restart_delay_min_ms * random_between(random, 1, 20);
	if (random_chance(random, 10))
		service->restart_delay_max_ms += random_chance(random, 50) ? 50 : 150; /* 0 grows */
	service->restart_reset_ms = RANDOM_PICK(random, reset_ms);
	service->give_up_count = random_chance(random, 40) ? random_below(random, 5) : 0;
	service->give_up_window_ms = RANDOM_PICK(random, window_ms);
}

static inline void random_service(struct service *service, const char *name, struct random *random)
{
	*service = (struct service){.name = name, .type = random_type(random)};
	service->start = random_chance(random, 15) ? START_MANUAL : START_AUTO;
	service->critical = random_chance(random, 8);
	service->command = model_words(model_command);
	if (random_chance(random, 25))
		service->prepare = model_words(model_prepare);
	if (random_chance(random, 20))
		service->stop_command = model_words(model_stop_command);
	random_readiness(service, random);
	random_health(service, random);
	if (service->type == SERVICE_DAEMON && random_chance(random, 40))
		service->reconfigure = model_words(model_reconfigure);
	random_reload(service, random);
	service->reconfigure_success = &model_exit_code_0;
	random_timing(service, random);
	service->stop_signal = random_chance(random, 80) ? SIGTERM : SIGINT;
	service->restart = (enum restart_policy)random_below(random, RESTART_POLICY_COUNT);
	service->on_give_up = random_chance(random, 10) ? GIVE_UP_STOP : GIVE_UP_IGNORE;
	service->on_need_lost = (enum on_need_lost)random_below(random, ON_NEED_LOST_COUNT);
	if (service->type == SERVICE_ONESHOT || random_chance(random, 20))
		service->success = &model_exit_code_0;
	service->has_nice = true; /* something that makes another process of it */
	service->nice = random_between(random, 0, 3);
	if (service->type == SERVICE_FOREGROUND) { /* as config_add_command makes it */
		service->start = START_AUTO;
		service->restart = RESTART_NEVER;
		service->prepare = service->stop_command = (struct words){0};
		service->start_timeout_ms = TIME_INFINITE_MS;
		service->critical = false;
		service->on_give_up = GIVE_UP_IGNORE;
	}
}

static inline void add_name(struct words *words, const char **list, const char *name)
{
	list[words->count++] = name;
	list[words->count] = NULL;
	words->word = list;
}

static inline void random_edges(struct sim_model *m, const unsigned *rank_of, struct random *random)
{
	unsigned density = (unsigned)random_between(random, 0, 60);
	for (unsigned i = 0; i < m->model.service_count; i++) {
		struct service *service = &m->services[i];
		service->needs = service->wants = service->after = (struct words){0};
		for (unsigned j = 0; j < m->model.service_count; j++) {
			const struct service *other = &m->services[j];
			if (rank_of[j] >= rank_of[i] || !random_chance(random, density))
				continue;
			unsigned kind = random_below(random, 4);
			if (kind <= 1)
				add_name(&service->needs, m->needs[i], other->name);
			else if (kind == 2)
				add_name(&service->wants, m->wants[i], other->name);
			if (kind == 3 || random_chance(random, 10))
				add_name(&service->after, m->after[i], other->name);
		}
	}
}

/* How many services: small models show most of the interplay and run faster. */
static inline unsigned random_service_count(struct random *random)
{
	unsigned most = random_chance(random, 70) ? 4 : MODEL_SERVICES_MAX;
	return (unsigned)random_between(random, 1, (int)most);
}

/* At most one, and a reload does not bring one. */
static inline void keep_one_foreground(struct sim_model *m, const struct sim_model *from)
{
	bool seen = false;

	for (unsigned i = 0; i < m->model.service_count; i++) {
		const struct service *old =
			from ? model_find(&from->model, m->services[i].name) : NULL;

		if (m->services[i].type != SERVICE_FOREGROUND)
			continue;
		if (seen || (from && (!old || old->type != SERVICE_FOREGROUND)))
			m->services[i].type = SERVICE_DAEMON;
		seen = true;
	}
}

/* A model of services with names chosen at random. With `from`, a mutation of it: services stay,
 * change in place, change what runs, go or come. NULL: no memory. Freed with free(). */
static inline struct sim_model *random_model(
	const struct sim_model *from, const struct name_order *order, struct random *random)
{
	static const int64_t budget_ms[] = {0, 200, 2000, 8000, 30000};
	struct sim_model *m = calloc(1, sizeof(*m));
	unsigned rank_of[MODEL_SERVICES_MAX];
	unsigned wanted = random_service_count(random), n = 0;
	unsigned offset = random_below(random, MODEL_NAMES);
	if (!m)
		return NULL;
	for (unsigned i = 0; i < MODEL_NAMES && n < MODEL_SERVICES_MAX; i++) {
		unsigned name = (i + offset) % MODEL_NAMES;
		const struct service *old =
			from ? model_find(&from->model, model_names[name]) : NULL;
		if (old ? old->type != SERVICE_FOREGROUND && random_chance(random, 15)
			: n >= wanted)
			continue;
		if (old && (old->type == SERVICE_FOREGROUND || random_chance(random, 70)))
			m->services[n] = *model_truth(old);
		else
			random_service(&m->services[n], model_names[name], random);
		if (old && old->type != SERVICE_FOREGROUND &&
			random_chance(random, 15)) /* what runs is the same, its policy not */
			random_timing(&m->services[n], random);
		if (old && old->type == SERVICE_DAEMON && random_chance(random, 15)) {
			m->services[n].health = (struct ready){0};
			random_health(&m->services[n], random);
		}
		rank_of[n++] = order->rank[name];
	}
	m->model.services = m->services;
	m->model.service_count = n;
	m->model.node.stop_budget_ms = from ? from->budget_ms : RANDOM_PICK(random, budget_ms);
	keep_one_foreground(m, from);
	random_edges(m, rank_of, random);
	memcpy(m->truth, m->services, sizeof(m->truth));
	m->budget_ms = m->model.node.stop_budget_ms;
	return m;
}

#endif

/* What is wrong, or odd, although each value for itself is right. */
#include "config/arena.h"
#include "config/build.h"
#include "config/image.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/quantity.h"
#include "config/sandbox.h"
#include "config/text.h"

#include <errno.h>
#include <string.h>

/* Where a key of the service was set, else where the service was. */
static struct origin origin_of(const struct service *service, const char *key)
{
	const struct setting *setting = setting_find_name(service->settings, key);

	return setting ? setting->origin : service->origin;
}

static bool is_set(const struct service *service, const char *key)
{
	return setting_find_name(service->settings, key) != NULL;
}

static void check_command(struct build *build, struct service *service)
{
	if (service->command.count == 0 && !is_set(service, "command"))
		diag_add(build->diags, service->origin, SEVERITY_ERROR,
			"service %s has no command; add command = /PATH ARGUMENTS", service->name);
}

static void check_types(struct build *build, struct service *service)
{
	for (const struct setting *s = service->settings; s; s = s->next)
		if (!(s->key->types & 1u << service->type))
			diag_add(build->diags, s->origin, SEVERITY_ERROR, "%s is not for a %s",
				s->key->name, service_type_name(service->type));
}

static void check_ready(struct build *build, struct service *service)
{
	if (service->type != SERVICE_DAEMON && service->ready.kind != READY_IMMEDIATELY)
		diag_add(build->diags, origin_of(service, "ready"), SEVERITY_ERROR,
			"ready = %s is for a daemon; a %s", ready_kind_name(service->ready.kind),
			service->type == SERVICE_ONESHOT ? "oneshot is ready once it has succeeded"
							 : "console is ready once it runs");
}

static void check_health(struct build *build, struct service *service)
{
	static const char *const others[] = {
		"health_period", "health_timeout", "health_failures", "health_signal"};
	const struct {
		const char *key;
		int64_t ms;
	} times[] = {{"health_period", service->health_period_ms},
		{"health_timeout", service->health_timeout_ms}};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (times[i].ms == 0 || times[i].ms == TIME_INFINITE_MS)
			diag_add(build->diags, origin_of(service, times[i].key), SEVERITY_ERROR,
				"%s must be more than 0 and not infinity; to ask no more, write "
				"health = none",
				times[i].key);
	for (size_t i = 0;
		service->health.kind == READY_IMMEDIATELY && i < sizeof(others) / sizeof(others[0]);
		i++)
		if (is_set(service, others[i]))
			diag_add(build->diags, origin_of(service, others[i]), SEVERITY_WARNING,
				"%s has no effect without health = KIND", others[i]);
}

static void check_reload(struct build *build, struct service *service)
{
	if (service->reload_signal && service->reload_command.count)
		diag_add(build->diags, origin_of(service, "reload_command"), SEVERITY_ERROR,
			"reload_signal is set, too: one of both is how it is reloaded");
}

static void check_restart(struct build *build, struct service *service)
{
	static const char *const useless[] = {"restart_delay", "restart_reset", "give_up"};

	if (service->type == SERVICE_ONESHOT && service->restart == RESTART_ALWAYS)
		diag_add(build->diags, origin_of(service, "restart"), SEVERITY_ERROR,
			"restart = always is not for a oneshot, which would never be done; write "
			"restart = on-failure, or type = daemon");
	if (service->restart == RESTART_NEVER) {
		for (size_t i = 0; i < sizeof(useless) / sizeof(useless[0]); i++)
			if (is_set(service, useless[i]))
				diag_add(build->diags, origin_of(service, useless[i]),
					SEVERITY_WARNING, "%s has no effect with restart = never",
					useless[i]);
	} else if (service->restart_delay_max_ms == 0 && service->give_up_count == 0) {
		diag_add(build->diags, origin_of(service, "restart_delay"), SEVERITY_WARNING,
			"without a delay and with give_up = never, a program that fails at once "
			"uses up a processor");
	}
}

/* `critical` is short for `on_give_up = stop`, and is of use only if it ever gives up. */
static void check_give_up(struct build *build, struct service *service)
{
	const char *key = service->critical ? "critical" : "on_give_up";

	if (service->critical && is_set(service, "on_give_up") &&
		service->on_give_up == GIVE_UP_IGNORE)
		diag_add(build->diags, origin_of(service, "on_give_up"), SEVERITY_WARNING,
			"on_give_up = ignore has no effect with critical = yes");
	if (service->critical)
		service->on_give_up = GIVE_UP_STOP;
	if (service->on_give_up == GIVE_UP_STOP && service->restart != RESTART_NEVER &&
		service->give_up_count == 0)
		diag_add(build->diags, origin_of(service, key), SEVERITY_WARNING,
			"%s never stops the container, because %s is restarted forever; add "
			"give_up = 5 in 60s",
			key, service->name);
}

static void check_stop_timeout(struct build *build, struct service *service)
{
	struct text budget = {.arena = build->scratch};

	if (service->stop_timeout_ms <= build->node.stop_budget_ms ||
		!is_set(service, "stop_timeout"))
		return;
	quantity_put_time(&budget, build->node.stop_budget_ms);
	diag_add(build->diags, origin_of(service, "stop_timeout"), SEVERITY_WARNING,
		"stop_timeout is longer than stop_budget = %s, at the end of which all are killed",
		text_string(&budget));
}

static void check_program(struct build *build, const struct service *service, const char *key,
	const struct words *command)
{
	if (command->count && strcmp(command->word[0], IMAGE_SELF) != 0 &&
		!build->image->is_executable(build->image->context, command->word[0]))
		diag_add_missing(build->diags, origin_of(service, key),
			"%s: %s is not there, or is no program that can be run", key,
			text_quote_string(build->scratch, command->word[0]));
}

static void check_programs(struct build *build, struct service *service)
{
	if (!build->image || !build->image->is_executable)
		return;
	check_program(build, service, "command", &service->command);
	check_program(build, service, "prepare", &service->prepare);
	check_program(build, service, "stop_command", &service->stop_command);
	if (service->ready.kind == READY_EXEC)
		check_program(build, service, "ready", &service->ready.words);
	check_program(build, service, "reconfigure", &service->reconfigure);
	check_program(build, service, "reload_command", &service->reload_command);
	if (service->health.kind == READY_EXEC)
		check_program(build, service, "health", &service->health.words);
}

static void check_paths(struct build *build, struct service *service)
{
	if (service->read_write.count && !service->read_only.count)
		diag_add(build->diags, origin_of(service, "read_write"), SEVERITY_WARNING,
			"read_write has no effect without read_only, such as read_only = /");
}

static void (*const checks[])(struct build *build, struct service *service) = {
	check_command,
	check_types,
	check_ready,
	check_health,
	check_reload,
	check_restart,
	check_give_up,
	check_stop_timeout,
	check_paths,
	check_programs,
};

/* Several of them. */

static void check_consoles(struct build *build)
{
	const struct service *first = NULL;

	for (unsigned i = 0; i < build->service_count; i++) {
		const struct service *service = &build->services[i];

		if (service->type != SERVICE_CONSOLE)
			continue;
		if (first)
			diag_add(build->diags, service->origin, SEVERITY_ERROR,
				"console %s: the terminal belongs to console %s already",
				service->name, first->name);
		else
			first = service;
	}
}

static void check_rules(struct build *build)
{
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		const struct signal_rule *rule = &build->signals[signal];

		for (unsigned i = 0; i < rule->services.count; i++) {
			const char *name = rule->services.word[i];
			struct nearest nearest = {.wanted = name};

			if (names_find(build->service_names, name) >= 0)
				continue;
			for (unsigned j = 0; j < build->service_count; j++)
				nearest_offer(&nearest, build->services[j].name);
			diag_add(build->diags, rule->origin, SEVERITY_ERROR,
				"%s: no service is called %s%s", signal_short_name(signal),
				text_quote_string(build->scratch, name),
				nearest_hint(build->scratch, &nearest));
		}
	}
}

/* Takes out of a list what does not exist (that was said) and what is a console. */
static void clean_list(
	struct build *build, const struct service *service, const char *key, struct words *list)
{
	const char **kept;
	unsigned count = 0;

	if (list->count == 0)
		return;
	kept = arena_array(build->arena, list->count + 1, sizeof(*kept));
	if (!kept)
		return;
	for (unsigned i = 0; i < list->count; i++) {
		int number = names_find(build->service_names, list->word[i]);

		if (number >= 0 && build->services[number].type == SERVICE_CONSOLE)
			diag_add(build->diags, origin_of(service, key), SEVERITY_ERROR,
				"%s: %s is a console, which nothing can depend on", key,
				list->word[i]);
		else if (number >= 0)
			kept[count++] = list->word[i];
	}
	*list = (struct words){kept, count};
}

static void clean_lists(struct build *build)
{
	for (unsigned i = 0; i < build->service_count; i++) {
		struct service *service = &build->services[i];

		clean_list(build, service, "needs", &service->needs);
		clean_list(build, service, "wants", &service->wants);
		clean_list(build, service, "after", &service->after);
	}
}

/* A console that says nothing about others comes last: its prompt shows that the router is up, and
 * a CLI that is started earlier would find no daemon to talk to. */
static void place_consoles(struct build *build)
{
	const char **others = arena_array(build->arena, build->service_count + 1, sizeof(*others));
	unsigned count = 0;

	if (!others)
		return;
	for (unsigned i = 0; i < build->service_count; i++)
		if (build->services[i].type != SERVICE_CONSOLE)
			others[count++] = build->services[i].name;
	for (unsigned i = 0; i < build->service_count; i++) {
		struct service *service = &build->services[i];

		if (service->type == SERVICE_CONSOLE && !is_set(service, "needs") &&
			!is_set(service, "wants") && !is_set(service, "after"))
			service->after = (struct words){others, count};
	}
}

static void check_node(struct build *build)
{
	const struct node *node = &build->node;

	if (node->root_password.kind == ROOT_PASSWORD_EMPTY)
		diag_add(build->diags, setting_find_name(node->settings, "root_password")->origin,
			SEVERITY_WARNING,
			"root_password = empty: whoever reaches a login of this node is root, "
			"without a password");
}

int validate(struct build *build)
{
	for (unsigned i = 0; i < build->service_count; i++)
		if (sandbox_apply(build, &build->services[i]) < 0)
			return -ENOMEM;
	for (unsigned i = 0; i < build->service_count; i++)
		for (size_t check = 0; check < sizeof(checks) / sizeof(checks[0]); check++)
			checks[check](build, &build->services[i]);
	check_node(build);
	check_consoles(build);
	check_rules(build);
	validate_network(build);
	validate_sysctls(build);
	validate_persists(build);
	validate_handover(build);
	clean_lists(build);
	place_consoles(build);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : validate_graph(build);
}

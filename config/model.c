#include "config/model.h"

#include "config/names.h"
#include "config/values.h"

#include <string.h>

const struct service *model_find(const struct model *model, const char *name)
{
	int number = -1;

	if (model->names) {
		number = names_find(model->names, name);
		return number < 0 ? NULL : &model->services[number];
	}
	for (unsigned i = 0; i < model->service_count; i++)
		if (strcmp(model->services[i].name, name) == 0)
			return &model->services[i];
	return NULL;
}

/* Those that a configuration may write: a foreground service comes from the command line only. */
const char *const service_type_names[] = {"daemon", "oneshot", "console", NULL};
const char *const start_mode_names[START_MODE_COUNT + 1] = {"auto", "manual", NULL};
const char *const restart_policy_names[RESTART_POLICY_COUNT + 1] = {
	"always", "on-failure", "never", NULL};
const char *const on_give_up_names[ON_GIVE_UP_COUNT + 1] = {"ignore", "stop", NULL};
const char *const on_need_lost_names[ON_NEED_LOST_COUNT + 1] = {"keep", "restart", "stop", NULL};

const char *const need_names[NEED_COUNT + 1] = {"optional", "required", "off", NULL};
const char *const vrf_need_names[] = {"optional", "required", NULL};
const char *const proc_sys_names[PROC_SYS_COUNT + 1] = {"as-is", "remount", NULL};

const char *const node_end_names[NODE_END_COUNT + 1] = {
	"poweroff", "reboot", "halt", "rescue", NULL};

const char *const log_format_names[LOG_FORMAT_COUNT + 1] = {"text", "json", NULL};
const char *const frr_stop_names[FRR_STOP_COUNT + 1] = {"drain", "fast", NULL};

const char *const node_sandbox_names[NODE_SANDBOX_COUNT + 1] = {"none", "auto", NULL};
const char *const seccomp_action_names[SECCOMP_ACTION_COUNT + 1] = {"errno", "kill", "log", NULL};

const char *const persist_prefer_names[PERSIST_PREFER_COUNT + 1] = {
	"store", "day0", "newest", NULL};

const char *const step_names[STEP_COUNT + 1] = {
	[STEP_LOOPBACK] = "loopback",
	[STEP_MODULE] = "module",
	[STEP_VRF] = "vrf",
	[STEP_SYSCTL] = "sysctl",
	[STEP_PERSIST] = "persist",
	[STEP_PASSWORD] = "password",
	[STEP_HOSTNAME] = "hostname",
	[STEP_CAPABILITY] = "capability",
	[STEP_LIMIT] = "limit",
	[STEP_INTERFACE] = "interface",
	[STEP_INTERFACES] = "interfaces",
};

const char *step_name(enum step step)
{
	return step_names[step];
}

const char *node_end_name(enum node_end end)
{
	return node_end_names[end];
}

const char *service_type_name(enum service_type type)
{
	return type == SERVICE_FOREGROUND ? "foreground" : service_type_names[type];
}

const char *restart_policy_name(enum restart_policy policy)
{
	return restart_policy_names[policy];
}

const struct limit *service_limit(const struct service *service, enum limit_kind kind)
{
	static const struct limit not_set;

	return service->limits ? &service->limits[kind] : &not_set;
}

/* Bit N % 64 of word N / 64 is for code N, bit N - 1 for signal N: so 64 signals fit. */

void exit_set_add_code(struct exit_set *set, unsigned code)
{
	if (code <= 255)
		set->codes[code / 64] |= UINT64_C(1) << (code % 64);
}

void exit_set_add_signal(struct exit_set *set, int signal)
{
	if (signal >= 1 && signal <= SIGNAL_MAX)
		set->signals |= UINT64_C(1) << (signal - 1);
}

bool exit_set_has_code(const struct exit_set *set, unsigned code)
{
	return set && code <= 255 && (set->codes[code / 64] >> (code % 64) & 1);
}

bool exit_set_has_signal(const struct exit_set *set, int signal)
{
	return set && signal >= 1 && signal <= SIGNAL_MAX && (set->signals >> (signal - 1) & 1);
}

struct model model_without_secrets(const struct model *model)
{
	struct model copy = *model;

	if (copy.node.root_password.hash)
		copy.node.root_password.hash = ROOT_PASSWORD_HIDDEN;
	return copy;
}

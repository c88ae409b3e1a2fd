#include "supervisor/capability_needs.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/signed_list.h"
#include "config/text.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(number)  ((uint64_t)1 << (number))

#define IDENTITY (BIT(CAP_SETUID) | BIT(CAP_SETGID))
#define BIND	 BIT(CAP_NET_BIND_SERVICE)
#define RAW	 BIT(CAP_NET_RAW)
#define NET	 BIT(CAP_NET_ADMIN)
#define ADMIN	 BIT(CAP_SYS_ADMIN)

/* FRR's daemons become the user frr, keep what each of them lists in its source, and exit when one
 * of these lacks, used or not. Seen with FRR 10.3; the lists are the same from 8.4 on. */
static const struct {
	const char *program;
	uint64_t needs;
} frr_daemons[] = {
	{"babeld", IDENTITY | RAW | BIND},
	{"bfdd", IDENTITY | RAW | BIND | ADMIN},
	{"bgpd", IDENTITY | RAW | BIND | NET | ADMIN},
	{"eigrpd", IDENTITY | RAW | BIND | NET},
	{"fabricd", IDENTITY | RAW | BIND | ADMIN},
	{"isisd", IDENTITY | RAW | BIND | ADMIN},
	{"ldpd", IDENTITY | BIND | NET},
	{"mgmtd", IDENTITY | RAW | BIND | NET | ADMIN},
	{"nhrpd", IDENTITY | RAW | NET | BIT(CAP_DAC_OVERRIDE)},
	{"ospf6d", IDENTITY | RAW | BIND | ADMIN},
	{"ospfd", IDENTITY | RAW | BIND | NET | ADMIN},
	{"pathd", IDENTITY},
	{"pbrd", IDENTITY | RAW | BIND | NET},
	{"pim6d", IDENTITY | RAW | BIND | NET | ADMIN},
	{"pimd", IDENTITY | RAW | BIND | NET | ADMIN},
	{"ripd", IDENTITY | RAW | BIND | ADMIN},
	{"ripngd", IDENTITY | RAW | BIND | ADMIN},
	{"sharpd", IDENTITY},
	{"staticd", IDENTITY},
	{"vrrpd", IDENTITY | RAW},
	{"zebra", IDENTITY | RAW | NET | ADMIN},
};

/* Others that routers have. With `option`: only when one of its words begins so. sshd gives the
 * terminal to its user, and writes to the audit log, without which it ends the login (seen with
 * OpenSSH 10.0). */
static const struct {
	const char *program, *option;
	uint64_t needs;
} programs[] = {
	{"sshd", NULL,
		IDENTITY | BIND | BIT(CAP_SYS_CHROOT) | BIT(CAP_AUDIT_WRITE) | BIT(CAP_CHOWN) |
			BIT(CAP_FOWNER)},
	{"snmpd", NULL, BIND},
	{"snmpd", "-u", IDENTITY},
	{"snmpd", "-g", IDENTITY},
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Those that FRR's daemon of that name lists; 0: it is none. */
static uint64_t needs_of_frr(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(frr_daemons); i++)
		if (strlen(frr_daemons[i].program) == length &&
			memcmp(frr_daemons[i].program, name, length) == 0)
			return frr_daemons[i].needs;
	return 0;
}

/* The daemon behind what it is wrapped in (valgrind) has the service's name, without its instance.
 */
static uint64_t needs_of_daemon(const struct service *service)
{
	const char *program = service->command.count ? base_name(service->command.word[0]) : "";
	uint64_t needs = needs_of_frr(program, strlen(program));

	if (!needs && service->from_frr)
		needs = needs_of_frr(service->name, strcspn(service->name, "-"));
	return needs;
}

static bool has_option(const struct words *words, const char *option)
{
	for (unsigned i = 1; i < words->count; i++)
		if (strncmp(words->word[i], option, strlen(option)) == 0)
			return true;
	return false;
}

static uint64_t needs_of_program(const struct service *service)
{
	const struct words *command = &service->command;
	uint64_t needs = needs_of_daemon(service);

	for (size_t i = 0; command->count && i < COUNT(programs); i++)
		if (strcmp(base_name(command->word[0]), programs[i].program) == 0 &&
			(!programs[i].option || has_option(command, programs[i].option)))
			needs |= programs[i].needs;
	return needs;
}

static bool is_root(const char *user)
{
	return !user || strcmp(user, "root") == 0 || strcmp(user, "0") == 0;
}

/* For the steps between fork and exec. */
static uint64_t needs_of_start(const struct service *service)
{
	uint64_t needs = 0;

	if (!is_root(service->user) || !is_root(service->group))
		needs |= IDENTITY;
	if (service->capabilities.count)
		needs |= BIT(CAP_SETPCAP);
	if (service->seccomp.count && !signed_list_is_none(&service->seccomp) &&
		!service->no_new_privs)
		needs |= ADMIN; /* to set the filter by */
	if (service->has_nice && service->nice < 0)
		needs |= BIT(CAP_SYS_NICE);
	if (service->has_oom_score_adj && service->oom_score_adj < 0)
		needs |= BIT(CAP_SYS_RESOURCE);
	return needs;
}

uint64_t capability_needs(const struct service *service)
{
	uint64_t own = capability_set(&service->capabilities, needs_of_program(service));

	return own | needs_of_start(service);
}

uint64_t capability_needs_of_node(const struct model *model)
{
	const struct words *sources = &model->node.hostname_from;
	uint64_t needs = 0;

	/* A name that is looked for is set with sethostname(2), and so is a mount made. */
	for (unsigned i = 0; i < sources->count; i++)
		if (sources->word[i][0] == '/' || sources->word[i][0] == '$')
			needs |= ADMIN;
	if (model->node.proc_sys == PROC_SYS_REMOUNT)
		needs |= ADMIN;
	for (unsigned i = 0; i < model->module_count; i++)
		if (model->modules[i].need != NEED_OFF)
			needs |= NET;
	for (unsigned i = 0; i < model->interface_rule_count; i++) {
		const struct interface_rule *rule = &model->interface_rules[i];

		if (rule->up || rule->mtu || rule->address_count)
			needs |= NET;
	}
	return needs | (model->vrf_count ? NET : 0);
}

int capability_needs_names(struct arena *arena, const struct model *model, struct words *ret_names)
{
	const char **word = arena_array(arena, CAPABILITY_COUNT + 1, sizeof(*word));
	uint64_t needs = capability_needs_of_node(model);
	unsigned count = 0;

	if (!word)
		return -ENOMEM;
	for (unsigned i = 0; i < model->service_count; i++)
		needs |= capability_needs(&model->services[i]);
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (needs & BIT(i))
			word[count++] = capability_name(i);
	*ret_names = (struct words){word, count};
	return 0;
}

const char *capability_why(struct arena *arena, const struct model *model, unsigned number)
{
	struct text text = {.arena = arena};
	const char *last = NULL;
	bool of_frr = false;
	unsigned count = 0;

	for (unsigned i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];

		if (!(capability_needs(service) & BIT(number)))
			continue;
		of_frr |= !service->capabilities.count &&
			  (needs_of_daemon(service) & BIT(number)) != 0;
		if (last)
			text_printf(&text, "%s%s", count++ ? ", " : "", last);
		last = service->name;
	}
	if (!last)
		return NULL;
	return arena_printf(arena, "needed by %s%s%s%s", text_string(&text), count ? " and " : "",
		last, of_frr ? "; FRR's daemons exit at once without it" : "");
}

#include "supervisor/exposure.h"

#include "config/arena.h"
#include "config/capability.h"
#include "config/model.h"
#include "config/sandbox.h"
#include "config/text.h"
#include "config/words.h"
#include "supervisor/capability_needs.h"

#include <linux/capability.h>
#include <string.h>

#define BIT(number) ((uint64_t)1 << (number))

#define KERNEL_GROUPS                                                                              \
	(1u << GROUP_MODULE | 1u << GROUP_RAW_IO | 1u << GROUP_REBOOT | 1u << GROUP_SWAP |         \
		1u << GROUP_CLOCK | 1u << GROUP_OBSOLETE | 1u << GROUP_CPU_EMULATION)

static bool has_root(const struct exposure *e)
{
	return e->root;
}

static bool has_no_filter(const struct exposure *e)
{
	return !e->filtered;
}

static bool has_kernel_calls(const struct exposure *e)
{
	return !e->filtered || e->groups & KERNEL_GROUPS;
}

static bool has_mounts(const struct exposure *e)
{
	return !e->filtered || e->groups & (1u << GROUP_MOUNT | 1u << GROUP_NAMESPACE);
}

static bool has_debug(const struct exposure *e)
{
	return !e->filtered || e->groups & 1u << GROUP_DEBUG;
}

static bool has_setuid_programs(const struct exposure *e)
{
	return !e->no_new_privs;
}

static bool writes_all(const struct exposure *e)
{
	return e->writes_all;
}

static bool has_shared_tmp(const struct exposure *e)
{
	return !e->private_tmp;
}

/* What counts: by a look at it, or by having any of some capabilities. */
static const struct {
	struct exposure_item item;
	bool (*has)(const struct exposure *e);
} items[] = {
	{{8, "is root", "user = NAME, if it can", 0}, has_root},
	{{14, "may make any system call", "seccomp = @system-service", 0}, has_no_filter},
	{{5, "may ask for modules, the clock, a reboot",
		 "seccomp = -@module -@raw-io -@reboot -@swap -@clock -@obsolete -@cpu-emulation",
		 0},
		has_kernel_calls},
	{{4, "may ask for mounts and namespaces", "seccomp = -@mount -@namespace", 0}, has_mounts},
	{{3, "may look into other processes", "seccomp = -@debug", 0}, has_debug},
	{{7, "gains by setuid programs", "no_new_privs = yes", 0}, has_setuid_programs},
	{{10, "writes wherever its user may", "read_only = / and read_write = what it keeps", 0},
		writes_all},
	{{2, "shares /tmp", "private_tmp = yes", 0}, has_shared_tmp},
	{{12, "mounts, namespaces, hundreds of other things", "capabilities = -sys_admin",
		 BIT(CAP_SYS_ADMIN)},
		NULL},
	{{8, "reaches the kernel itself", "capabilities = -sys_module -sys_rawio -sys_boot -bpf",
		 BIT(CAP_SYS_MODULE) | BIT(CAP_SYS_RAWIO) | BIT(CAP_SYS_BOOT) | BIT(39)},
		NULL},
	{{4, "reads and changes other processes", "capabilities = -sys_ptrace",
		 BIT(CAP_SYS_PTRACE)},
		NULL},
	{{5, "reads and writes files of others", "capabilities = -dac_override -dac_read_search",
		 BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH)},
		NULL},
	{{4, "becomes any user", "capabilities = -setuid -setgid -setpcap -setfcap",
		 BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) | BIT(CAP_SETFCAP)},
		NULL},
	{{4, "changes interfaces and routes", "capabilities = -net_admin", BIT(CAP_NET_ADMIN)},
		NULL},
	{{3, "changes owners and modes of files", "capabilities = -chown -fowner -fsetid",
		 BIT(CAP_CHOWN) | BIT(CAP_FOWNER) | BIT(CAP_FSETID)},
		NULL},
	{{3, "changes what the whole machine shares",
		 "capabilities = -sys_time -sys_resource -sys_nice -syslog",
		 BIT(CAP_SYS_TIME) | BIT(CAP_SYS_PACCT) | BIT(CAP_SYSLOG) | BIT(CAP_SYS_RESOURCE) |
			 BIT(CAP_SYS_NICE) | BIT(CAP_AUDIT_CONTROL) | BIT(CAP_MAC_ADMIN) |
			 BIT(CAP_MAC_OVERRIDE) | BIT(38) | BIT(40)},
		NULL},
	{{2, "sends packets as others", "capabilities = -net_raw", BIT(CAP_NET_RAW)}, NULL},
	{{2, "makes devices, changes its root, signals others",
		 "capabilities = -mknod -sys_chroot -kill",
		 BIT(CAP_MKNOD) | BIT(CAP_SYS_CHROOT) | BIT(CAP_KILL)},
		NULL},
};
enum { ITEMS = sizeof(items) / sizeof(items[0]) };

const struct exposure_item *exposure_next(const struct exposure *exposure, unsigned *at)
{
	while (*at < ITEMS) {
		unsigned i = (*at)++;

		if (items[i].has ? items[i].has(exposure)
				 : (exposure->capabilities & items[i].item.capabilities) != 0)
			return &items[i].item;
	}
	return NULL;
}

unsigned exposure_points(const struct exposure *exposure)
{
	const struct exposure_item *item;
	unsigned at = 0, sum = 0;

	while ((item = exposure_next(exposure, &at)))
		sum += item->points;
	return sum;
}

const char *exposure_word(unsigned points)
{
	static const struct {
		unsigned below;
		const char *word;
	} words[] = {{15, "safe"}, {40, "ok"}, {65, "medium"}, {85, "exposed"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (points < words[i].below)
			return words[i].word;
	return "unsafe";
}

static const char *writable_of(struct arena *arena, const struct service *service)
{
	struct text text = {.arena = arena};

	if (!service->read_only.count)
		return "all";
	words_put_all(&text, &service->read_write);
	return service->read_write.count ? text_string(&text) : "none";
}

/* Whether "/" is read-only: anything less leaves more than is named. */
static bool confines_root(const struct service *service)
{
	for (unsigned i = 0; i < service->read_only.count; i++)
		if (strcmp(service->read_only.word[i], "/") == 0)
			return true;
	return false;
}

static void look_at_calls(struct exposure *exposure, const struct service *service)
{
	struct seccomp_choice choice = seccomp_choose(&service->seccomp);

	exposure->filtered = choice.confined && service->seccomp_action != SECCOMP_LOG;
	exposure->calls = syscall_set_count(&choice.allowed);
	for (unsigned row = 0; row < syscall_count; row++)
		if (syscall_set_has(&choice.allowed, row))
			exposure->groups |= syscall_rows[row].groups;
}

static uint64_t needs_of_program(const struct service *service)
{
	struct service unlimited = *service;

	unlimited.capabilities = (struct words){NULL, 0};
	return capability_needs(&unlimited);
}

struct exposure exposure_of(struct arena *arena, const struct service *service, uint64_t all)
{
	unsigned preset = sandbox_for(service);
	const char *user = service->user ? service->user : "root";
	struct exposure exposure = {
		.service = service->name,
		.user = user,
		.root = strcmp(user, "root") == 0 || strcmp(user, "0") == 0,
		.capabilities = capability_set(&service->capabilities, all),
		.no_new_privs = service->no_new_privs,
		.writable = writable_of(arena, service),
		.writes_all = !confines_root(service),
		.private_tmp = service->private_tmp,
		.preset = preset != SANDBOX_NONE && preset != service->sandbox
				  ? sandbox_names[preset]
				  : NULL,
	};

	/* By a change of the user alone all of them go; setuid programs may bring them back. */
	if (!exposure.root && !service->capabilities.count && service->no_new_privs)
		exposure.capabilities = 0;
	exposure.needed = needs_of_program(service);
	look_at_calls(&exposure, service);
	return exposure;
}

#include "init/harden.h"

#include "config/capability.h"
#include "config/model.h"
#include "init/message.h"
#include "supervisor/capability_needs.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(number) ((uint64_t)1 << (number))

/* To start and to stop processes of any user with any list, to make their directories, to keep
 * files, and to set up interfaces that come later. */
#define OWN                                                                                        \
	(BIT(CAP_KILL) | BIT(CAP_SETPCAP) | BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_CHOWN) |   \
		BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_DAC_OVERRIDE) |                        \
		BIT(CAP_SYS_RESOURCE) | BIT(CAP_SYS_NICE) | BIT(CAP_NET_ADMIN) |                   \
		BIT(CAP_SYS_ADMIN))

uint64_t harden_keeps(const struct model *model, uint64_t all)
{
	uint64_t keeps = OWN | capability_needs_of_node(model);

	for (unsigned i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];

		keeps |= capability_set(&service->capabilities, all) | capability_needs(service);
	}
	return keeps & all;
}

static int drop_bounding(uint64_t keeps)
{
	for (int number = 0; number < CAPABILITY_COUNT; number++)
		if (!(keeps >> number & 1) && prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1 &&
			prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0)
			return -errno;
	return 0;
}

static int drop(const struct model *model)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	uint64_t keeps = harden_keeps(model, data[0].permitted | (uint64_t)data[1].permitted << 32);
	int r = drop_bounding(keeps);

	if (r < 0)
		return r;
	for (int i = 0; i < 2; i++) {
		uint32_t half = (uint32_t)(keeps >> 32 * i);

		data[i].permitted &= half;
		data[i].effective &= half;
		data[i].inheritable &= half;
	}
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

void harden(const struct model *model, struct messages *messages)
{
	int r;

	if (!model->node.harden)
		return;
	r = drop(model);
	if (r < 0)
		message(messages, MESSAGE_WARNING,
			"harden: PID 1 keeps its capabilities: %s; continuing with them",
			strerror(-r));
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		message(messages, MESSAGE_WARNING, "harden: PID 1 can be looked into: %s",
			strerror(errno));
}

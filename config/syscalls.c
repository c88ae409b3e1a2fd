#include "config/syscalls.h"

#include <string.h>

static const char *const group_names[] = {
	[GROUP_DEFAULT] = "@default",
	[GROUP_AIO] = "@aio",
	[GROUP_BASIC_IO] = "@basic-io",
	[GROUP_CHOWN] = "@chown",
	[GROUP_CLOCK] = "@clock",
	[GROUP_CPU_EMULATION] = "@cpu-emulation",
	[GROUP_DEBUG] = "@debug",
	[GROUP_FILE_SYSTEM] = "@file-system",
	[GROUP_IO_EVENT] = "@io-event",
	[GROUP_IPC] = "@ipc",
	[GROUP_KEYRING] = "@keyring",
	[GROUP_MEMLOCK] = "@memlock",
	[GROUP_MODULE] = "@module",
	[GROUP_MOUNT] = "@mount",
	[GROUP_NAMESPACE] = "@namespace",
	[GROUP_NETWORK_IO] = "@network-io",
	[GROUP_OBSOLETE] = "@obsolete",
	[GROUP_PKEY] = "@pkey",
	[GROUP_PROCESS] = "@process",
	[GROUP_RAW_IO] = "@raw-io",
	[GROUP_REBOOT] = "@reboot",
	[GROUP_RESOURCES] = "@resources",
	[GROUP_SANDBOX] = "@sandbox",
	[GROUP_SETUID] = "@setuid",
	[GROUP_SIGNAL] = "@signal",
	[GROUP_SWAP] = "@swap",
	[GROUP_SYNC] = "@sync",
	[GROUP_TIMER] = "@timer",
	[GROUP_PRIVILEGED] = "@privileged",
	[GROUP_SYSTEM_SERVICE] = "@system-service",
};
_Static_assert(sizeof(group_names) / sizeof(group_names[0]) == GROUP_COUNT, "a name for each");

int syscall_find(const char *name)
{
	unsigned low = 0, high = syscall_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = strcmp(name, syscall_rows[middle].name);

		if (order == 0)
			return (int)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

const char *syscall_group_name(enum syscall_group group)
{
	return group_names[group];
}

int syscall_group_find(const char *name)
{
	for (int group = 0; group < GROUP_COUNT; group++)
		if (strcmp(group_names[group], name) == 0)
			return group;
	return -1;
}

bool syscall_set_has(const struct syscall_set *set, unsigned row)
{
	return set->bits[row / 64] >> row % 64 & 1;
}

void syscall_set_put(struct syscall_set *set, unsigned row, bool in)
{
	uint64_t bit = (uint64_t)1 << row % 64;

	if (in)
		set->bits[row / 64] |= bit;
	else
		set->bits[row / 64] &= ~bit;
}

void syscall_set_put_group(struct syscall_set *set, enum syscall_group group, bool in)
{
	for (unsigned row = 0; row < syscall_count; row++)
		if (syscall_rows[row].groups >> group & 1)
			syscall_set_put(set, row, in);
}

void syscall_set_fill(struct syscall_set *set)
{
	for (unsigned row = 0; row < syscall_count; row++)
		syscall_set_put(set, row, true);
}

unsigned syscall_set_count(const struct syscall_set *set)
{
	unsigned count = 0;

	for (unsigned row = 0; row < syscall_count; row++)
		count += syscall_set_has(set, row);
	return count;
}

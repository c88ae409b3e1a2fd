/* syscalls: the system calls of Linux by name, and the groups that a configuration may name them
 * by: "@mount", "@network-io" …, as in systemd.exec(5). Which number a name has is the machine's
 * affair, see init/seccomp_filter.h. Pure. */
#ifndef FIRSTHOP_CONFIG_SYSCALLS_H
#define FIRSTHOP_CONFIG_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct syscall_row {
	const char *name;
	uint32_t groups; /* bits of enum syscall_group */
	/* From 424 on numbers are the same on all machines; those that came after the oldest
	 * libseccomp in use have it here. 0: libseccomp knows the name. */
	int number;
};

enum syscall_group {
	GROUP_DEFAULT, /* what any program takes, and nothing comes of */
	GROUP_AIO,
	GROUP_BASIC_IO,
	GROUP_CHOWN,
	GROUP_CLOCK,
	GROUP_CPU_EMULATION,
	GROUP_DEBUG,
	GROUP_FILE_SYSTEM,
	GROUP_IO_EVENT,
	GROUP_IPC,
	GROUP_KEYRING,
	GROUP_MEMLOCK,
	GROUP_MODULE,
	GROUP_MOUNT,
	GROUP_NAMESPACE, /* not in systemd.exec(5), where it is a part of @process */
	GROUP_NETWORK_IO,
	GROUP_OBSOLETE,
	GROUP_PKEY,
	GROUP_PROCESS,
	GROUP_RAW_IO,
	GROUP_REBOOT,
	GROUP_RESOURCES,
	GROUP_SANDBOX,
	GROUP_SETUID,
	GROUP_SIGNAL,
	GROUP_SWAP,
	GROUP_SYNC,
	GROUP_TIMER,
	GROUP_PRIVILEGED,
	GROUP_SYSTEM_SERVICE,
	GROUP_COUNT
};

/* Sorted by name; 448 rows at most. */
extern const struct syscall_row syscall_rows[];
extern const unsigned syscall_count;

#define SYSCALLS_MAX	  448
#define SYSCALL_SET_WORDS (SYSCALLS_MAX / 64)

/* A set of rows. */
struct syscall_set {
	uint64_t bits[SYSCALL_SET_WORDS];
};

/* The row of that name, or -1. */
int syscall_find(const char *name);
/* "@mount" for GROUP_MOUNT, and back; -1: no such group ("@known" is none: it is all of them). */
const char *syscall_group_name(enum syscall_group group);
int syscall_group_find(const char *name);

bool syscall_set_has(const struct syscall_set *set, unsigned row);
void syscall_set_put(struct syscall_set *set, unsigned row, bool in);
/* Puts each row of the group in, or takes it out. */
void syscall_set_put_group(struct syscall_set *set, enum syscall_group group, bool in);
/* All that there are. */
void syscall_set_fill(struct syscall_set *set);
unsigned syscall_set_count(const struct syscall_set *set);

#endif

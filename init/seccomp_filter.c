#include "init/seccomp_filter.h"

#include "config/sandbox.h"
#include "init/memory_file.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	NEWER_CALLS_LENGTH = 4, /* instructions before those of libseccomp */
	X32_BIT = 0x40000000,
	BINARY_TREE = 2, /* of SCMP_FLTATR_CTL_OPTIMIZE: a few comparisons a call */
};

static const uint64_t namespaces[] = {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
	CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET};
enum { NAMESPACE_COUNT = sizeof(namespaces) / sizeof(namespaces[0]) };

struct filter {
	struct filter *next; /* older */
	struct seccomp_choice choice;
	enum seccomp_action action;
	struct sock_fprog program; /* its code is ours */
};

struct seccomp_filters {
	struct filter *newest;
};

struct building {
	const struct seccomp_choice *choice;
	enum seccomp_action action;
	scmp_filter_ctx context;
	int newest_call; /* the highest number that has a row */
};

struct seccomp_filters *seccomp_filters_create(void)
{
	return calloc(1, sizeof(struct seccomp_filters));
}

static void free_list(struct filter *filter)
{
	while (filter) {
		struct filter *next = filter->next;

		free(filter->program.filter);
		free(filter);
		filter = next;
	}
}

void seccomp_filters_free(struct seccomp_filters *filters)
{
	if (!filters)
		return;
	free_list(filters->newest);
	free(filters);
}

static uint32_t denial(enum seccomp_action action)
{
	switch (action) {
	case SECCOMP_KILL:
		return SCMP_ACT_KILL_PROCESS;
	case SECCOMP_LOG:
		return SCMP_ACT_LOG;
	case SECCOMP_ERRNO:
	case SECCOMP_ACTION_COUNT:
		break;
	}
	return SCMP_ACT_ERRNO(EPERM);
}

int seccomp_call_number(const struct syscall_row *row)
{
	int number = seccomp_syscall_resolve_name(row->name);

	return number < 0 && row->number ? row->number : number;
}

/* clone(2) as far as it makes no namespace. */
static int add_clone(const struct building *building, int number)
{
	uint64_t all = 0;
	int r = 0;

	for (int i = 0; i < NAMESPACE_COUNT; i++)
		all |= namespaces[i];
	if (!building->choice->unknown)
		return seccomp_rule_add(building->context, SCMP_ACT_ALLOW, number, 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, all, 0));
	for (int i = 0; i < NAMESPACE_COUNT && r == 0; i++)
		r = seccomp_rule_add(building->context, denial(building->action), number, 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
	return r;
}

static int add_row(const struct building *building, unsigned row, int number)
{
	const struct seccomp_choice *choice = building->choice;
	const char *name = syscall_rows[row].name;
	bool allowed = syscall_set_has(&choice->allowed, row);
	bool namespaces_allowed =
		syscall_set_has(&choice->allowed, (unsigned)syscall_find("unshare"));

	if (allowed && !namespaces_allowed && strcmp(name, "clone") == 0)
		return add_clone(building, number);
	if (allowed && !namespaces_allowed && strcmp(name, "clone3") == 0)
		return seccomp_rule_add(building->context, SCMP_ACT_ERRNO(ENOSYS), number, 0);
	if (allowed == choice->unknown)
		return 0; /* the default says it */
	return seccomp_rule_add(
		building->context, allowed ? SCMP_ACT_ALLOW : denial(building->action), number, 0);
}

static int add_rows(struct building *building)
{
	int r = 0;

	for (unsigned row = 0; row < syscall_count && r == 0; row++) {
		int number = seccomp_call_number(&syscall_rows[row]);

		if (number < 0)
			continue; /* of another machine */
		if (number > building->newest_call)
			building->newest_call = number;
		r = add_row(building, row, number);
	}
	return r;
}

/* What is newer than all rows is not there; but x32 is left to what comes behind. */
static void put_newer_calls(const struct building *building, struct sock_filter *code)
{
	code[0] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	code[1] = (struct sock_filter)BPF_JUMP(
		BPF_JMP | BPF_JGT | BPF_K, (uint32_t)building->newest_call, 0, 2);
	code[2] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 1, 0);
	code[3] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
}

/* All of a file that is only a few KiB long. */
static int read_code(int fd, struct sock_filter *code, size_t bytes)
{
	size_t at = 0;

	while (at < bytes) {
		ssize_t r = pread(fd, (char *)code + at, bytes - at, (off_t)at);

		if (r <= 0)
			return r < 0 ? -errno : -EIO;
		at += (size_t)r;
	}
	return 0;
}

/* libseccomp before 2.6 can only write to a descriptor. */
static int export_code(const struct building *building, int fd, struct sock_fprog *ret_program)
{
	unsigned before = building->choice->unknown || building->action == SECCOMP_LOG
				  ? 0
				  : NEWER_CALLS_LENGTH;
	int r = seccomp_export_bpf(building->context, fd);
	off_t bytes = r < 0 ? 0 : lseek(fd, 0, SEEK_END);

	if (r < 0)
		return r;
	if (bytes <= 0 || (size_t)bytes / sizeof(struct sock_filter) > BPF_MAXINSNS - before)
		return -E2BIG;
	size_t length = (size_t)bytes / sizeof(struct sock_filter);
	struct sock_filter *code = calloc(before + length, sizeof(*code));

	if (!code)
		return -ENOMEM;
	if (before)
		put_newer_calls(building, code);
	r = read_code(fd, code + before, (size_t)bytes);
	if (r < 0) {
		free(code);
		return r;
	}
	*ret_program = (struct sock_fprog){(unsigned short)(before + length), code};
	return 0;
}

static int build(struct building *building, struct sock_fprog *ret_program)
{
	int fd, r = seccomp_attr_set(
			building->context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (r < 0)
		return r;
	/* Only how fast it is: older libraries know no other way than the slow one. */
	(void)seccomp_attr_set(building->context, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
	r = add_rows(building);
	if (r < 0)
		return r;
	fd = memory_file_make();
	if (fd < 0)
		return fd;
	r = export_code(building, fd, ret_program);
	(void)close(fd); /* has been read */
	return r;
}

static int add_filter(struct seccomp_filters *filters, const struct seccomp_choice *choice,
	enum seccomp_action action)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	struct building building = {.choice = choice, .action = action};
	int r = -ENOMEM;

	if (!filter)
		return r;
	*filter = (struct filter){.next = filters->newest, .choice = *choice, .action = action};
	building.context = seccomp_init(choice->unknown ? SCMP_ACT_ALLOW : denial(action));
	if (building.context) {
		r = build(&building, &filter->program);
		seccomp_release(building.context);
	}
	if (r < 0) {
		free(filter);
		return r;
	}
	filters->newest = filter;
	return 0;
}

/* Makes room for one. */
static void forget_oldest(struct seccomp_filters *filters)
{
	struct filter **at = &filters->newest;

	for (int kept = 1; *at && kept < SECCOMP_FILTERS_MAX; kept++)
		at = &(*at)->next;
	free_list(*at);
	*at = NULL;
}

int seccomp_filters_get(struct seccomp_filters *filters, const struct seccomp_choice *choice,
	enum seccomp_action action, const struct sock_fprog **ret_program)
{
	int r;

	for (struct filter *at = filters->newest; at; at = at->next) {
		if (at->action == action && at->choice.unknown == choice->unknown &&
			memcmp(&at->choice.allowed, &choice->allowed, sizeof(choice->allowed)) ==
				0) {
			*ret_program = &at->program;
			return 0;
		}
	}
	forget_oldest(filters);
	r = add_filter(filters, choice, action);
	if (r == 0)
		*ret_program = &filters->newest->program;
	return r;
}

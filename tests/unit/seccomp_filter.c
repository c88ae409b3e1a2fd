/* What the programs for the kernel say of each call, by running them here: no filter is set. */
#include "init/seccomp_filter.h"

#include "config/sandbox.h"
#include "init/seccomp_code.h"

#include "tests/check.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>

#ifdef __x86_64__
#define ARCH  AUDIT_ARCH_X86_64
#define OTHER AUDIT_ARCH_I386
#else
#define ARCH  AUDIT_ARCH_AARCH64
#define OTHER AUDIT_ARCH_ARM
#endif

#define DENIED	(SECCOMP_RET_ERRNO | EPERM)
#define UNKNOWN (SECCOMP_RET_ERRNO | ENOSYS)

static bool compare(const struct sock_filter *code, uint32_t accumulator)
{
	switch (BPF_OP(code->code)) {
	case BPF_JEQ:
		return accumulator == code->k;
	case BPF_JGT:
		return accumulator > code->k;
	case BPF_JGE:
		return accumulator >= code->k;
	case BPF_JSET:
		return accumulator & code->k;
	case BPF_JA:
		return true;
	default:
		CHECK(!"a comparison that is never made");
		return false;
	}
}

/* The few instructions that there are, see seccomp(2). */
static uint32_t run(const struct sock_fprog *program, const struct seccomp_data *data)
{
	uint32_t accumulator = 0;

	for (unsigned at = 0; at < program->len; at++) {
		const struct sock_filter *code = &program->filter[at];

		switch (BPF_CLASS(code->code)) {
		case BPF_LD:
			memcpy(&accumulator, (const char *)data + code->k, sizeof(accumulator));
			break;
		case BPF_ALU:
			CHECK_INT(BPF_OP(code->code), BPF_AND);
			accumulator &= code->k;
			break;
		case BPF_JMP:
			if (BPF_OP(code->code) == BPF_JA)
				at += code->k;
			else
				at += compare(code, accumulator) ? code->jt : code->jf;
			break;
		case BPF_RET:
			return code->k;
		default:
			CHECK(!"an instruction that is never made");
			return 0;
		}
	}
	CHECK(!"an end without a verdict");
	return 0;
}

#define WORDS(...)                                                                                 \
	((struct words){(const char *const[]){__VA_ARGS__, NULL},                                  \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)})

static const struct sock_fprog *make(
	struct seccomp_filters *filters, struct words list, enum seccomp_action action)
{
	struct seccomp_choice choice = seccomp_choose(&list);
	const struct sock_fprog *program = NULL;

	CHECK_INT(seccomp_filters_get(filters, &choice, action, &program), 0);
	return program;
}

static uint32_t verdict(const struct sock_fprog *program, uint32_t arch, int number, uint64_t first)
{
	const struct seccomp_data data = {.nr = number, .arch = arch, .args = {first}};

	return run(program, &data);
}

static void allow_lists(void)
{
	struct seccomp_filters *filters = seccomp_filters_create();
	const struct sock_fprog *program = make(filters, WORDS("@system-service"), SECCOMP_ERRNO);

	CHECK_INT(verdict(program, ARCH, SYS_read, 0), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(program, ARCH, SYS_openat, 0), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(program, ARCH, SYS_mount, 0), DENIED);
	CHECK_INT(verdict(program, ARCH, SYS_ptrace, 0), DENIED);
	CHECK_INT(verdict(program, ARCH, 451, 0), SECCOMP_RET_ALLOW); /* cachestat */
	CHECK_INT(verdict(program, ARCH, 600, 0), UNKNOWN);
	CHECK_INT(verdict(program, ARCH, 0x3fffffff, 0), UNKNOWN);
	CHECK_INT(verdict(program, OTHER, 3, 0), SECCOMP_RET_KILL_PROCESS);
#ifdef __x86_64__
	CHECK_INT(verdict(program, ARCH, 0x40000000 | SYS_read, 0), SECCOMP_RET_KILL_PROCESS);
#endif
	seccomp_filters_free(filters);
}

static void deny_lists(void)
{
	struct seccomp_filters *filters = seccomp_filters_create();
	const struct sock_fprog *program = make(filters, WORDS("-@mount"), SECCOMP_ERRNO);

	CHECK_INT(verdict(program, ARCH, SYS_read, 0), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(program, ARCH, SYS_ptrace, 0), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(program, ARCH, SYS_mount, 0), DENIED);
	CHECK_INT(verdict(program, ARCH, 600, 0), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(program, ARCH, SYS_clone, CLONE_NEWUSER), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(program, OTHER, 3, 0), SECCOMP_RET_KILL_PROCESS);
	seccomp_filters_free(filters);
}

static void actions(void)
{
	static const uint32_t verdicts[SECCOMP_ACTION_COUNT] = {
		DENIED, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_LOG};
	struct seccomp_filters *filters = seccomp_filters_create();

	for (int action = 0; action < SECCOMP_ACTION_COUNT; action++) {
		const struct sock_fprog *allow =
			make(filters, WORDS("@mount"), (enum seccomp_action)action);

		CHECK_INT(verdict(allow, ARCH, SYS_mount, 0), SECCOMP_RET_ALLOW);
		CHECK_INT(verdict(allow, ARCH, SYS_ptrace, 0), verdicts[action]);
		/* Nobody is killed for what a newer libc tries first. */
		CHECK_INT(verdict(allow, ARCH, 600, 0),
			action == SECCOMP_LOG ? SECCOMP_RET_LOG : UNKNOWN);
		const struct sock_fprog *deny =
			make(filters, WORDS("-ptrace"), (enum seccomp_action)action);

		CHECK_INT(verdict(deny, ARCH, SYS_ptrace, 0), verdicts[action]);
	}
	seccomp_filters_free(filters);
}

/* Each flag alone, and among those of a thread or of fork(3). */
static void no_namespace_by_clone(void)
{
	static const uint64_t flags[] = {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
		CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET};
	struct seccomp_filters *filters = seccomp_filters_create();
	const struct sock_fprog *programs[] = {
		make(filters, WORDS("@system-service"), SECCOMP_ERRNO),
		make(filters, WORDS("-@namespace"), SECCOMP_ERRNO),
	};

	for (int p = 0; p < 2; p++) {
		CHECK_INT(verdict(programs[p], ARCH, SYS_clone, 17), SECCOMP_RET_ALLOW);
		CHECK_INT(verdict(programs[p], ARCH, SYS_clone, 0x003d0f00), SECCOMP_RET_ALLOW);
		CHECK_INT(verdict(programs[p], ARCH, SYS_clone3, 0), UNKNOWN);
		CHECK_INT(verdict(programs[p], ARCH, SYS_unshare, 0), DENIED);
		for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
			CHECK_INT(verdict(programs[p], ARCH, SYS_clone, flags[i]), DENIED);
			CHECK_INT(verdict(programs[p], ARCH, SYS_clone, flags[i] | 17), DENIED);
		}
	}
	const struct sock_fprog *with =
		make(filters, WORDS("@system-service", "unshare"), SECCOMP_ERRNO);

	CHECK_INT(verdict(with, ARCH, SYS_clone, CLONE_NEWUSER), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(with, ARCH, SYS_clone3, 0), SECCOMP_RET_ALLOW);
	seccomp_filters_free(filters);
}

/* Of each row alone: the program says of it what the choice says, and of its neighbours too. */
static void each_row_by_itself(void)
{
	struct seccomp_filters *filters = seccomp_filters_create();
	const struct sock_fprog *program = make(filters, WORDS("zebra"), SECCOMP_ERRNO);
	const struct words list = WORDS("zebra");
	struct seccomp_choice choice = seccomp_choose(&list);
	static const struct {
		const char *name;
		int number;
	} numbers[] = {{"read", SYS_read}, {"setns", SYS_setns}, {"bpf", SYS_bpf},
		{"futex_waitv", 449}, {"mseal", 462}, {"file_setattr", 469},
		{"rseq_slice_yield", 471}, {"statx", SYS_statx}, {"acct", SYS_acct},
		{"seccomp", SYS_seccomp}, {"io_uring_setup", 425}, {"close_range", 436}};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int row = syscall_find(numbers[i].name);

		CHECK(row >= 0);
		CHECK_INT(verdict(program, ARCH, numbers[i].number, 0),
			syscall_set_has(&choice.allowed, (unsigned)row) ? SECCOMP_RET_ALLOW
									: DENIED);
	}
	seccomp_filters_free(filters);
}

/* As many stretches as there can be: jumps are too long for one instruction then. */
static void every_second_row(void)
{
	static bool seen[1024]; /* numbers that are in the other half */

	for (unsigned odd = 0; odd < 2; odd++) {
		struct seccomp_choice choice = {.confined = true};
		struct sock_fprog program;

		for (unsigned row = 0; row < syscall_count; row++)
			if ((unsigned)seccomp_call_number(&syscall_rows[row]) % 2 == odd &&
				strncmp(syscall_rows[row].name, "clone", 5) != 0)
				syscall_set_put(&choice.allowed, row, true);
		CHECK_INT(seccomp_code_make(&choice, SECCOMP_ERRNO, &program), 0);
		CHECK(program.len > 2 * 255);
		for (unsigned row = 0; row < syscall_count; row++) {
			int number = seccomp_call_number(&syscall_rows[row]);

			if (number < 0)
				continue;
			CHECK_INT(verdict(&program, ARCH, number, 0),
				syscall_set_has(&choice.allowed, row) ? SECCOMP_RET_ALLOW : DENIED);
			seen[number] = true;
		}
		for (int number = 0; number < 2000; number++)
			if (number >= 1024 || !seen[number])
				CHECK_INT(verdict(&program, ARCH, number, 0), UNKNOWN);
		free(program.filter);
	}
}

static void programs_are_kept(void)
{
	static const char *const names[] = {"mount", "bpf", "acct", "reboot", "swapon", "swapoff",
		"ptrace", "keyctl", "add_key", "syslog", "iopl", "kcmp", "chroot", "setns",
		"unshare", "sync", "fsync", "flock", "umask"};
	struct seccomp_filters *filters = seccomp_filters_create();
	const struct sock_fprog *first = make(filters, WORDS("@mount"), SECCOMP_ERRNO);

	CHECK(make(filters, WORDS("@mount"), SECCOMP_ERRNO) == first);
	CHECK(make(filters, WORDS("@mount"), SECCOMP_KILL) != first);
	CHECK(make(filters, WORDS("-@mount"), SECCOMP_ERRNO) != first);
	/* More than are kept: the oldest is made anew, and right. */
	_Static_assert(
		sizeof(names) / sizeof(names[0]) > SECCOMP_FILTERS_MAX, "more than are kept");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(make(filters, WORDS(names[i]), SECCOMP_ERRNO) != NULL);
	first = make(filters, WORDS("@mount"), SECCOMP_ERRNO);
	CHECK_INT(verdict(first, ARCH, SYS_mount, 0), SECCOMP_RET_ALLOW);
	CHECK_INT(verdict(first, ARCH, SYS_ptrace, 0), DENIED);
	seccomp_filters_free(filters);
	seccomp_filters_free(NULL);
}

int main(void)
{
	RUN(allow_lists);
	RUN(deny_lists);
	RUN(actions);
	RUN(no_namespace_by_clone);
	RUN(each_row_by_itself);
	RUN(every_second_row);
	RUN(programs_are_kept);
	return CHECK_EXIT_STATUS();
}

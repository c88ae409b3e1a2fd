#include "init/seccomp_code.h"

#include "config/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	NUMBERS_MAX = 1024, /* of calls; the highest is 471 now */
	JUMP_MAX = 255,	    /* of a conditional jump */
	X32_BIT = 0x40000000,
	/* A stretch takes its verdict, CLONE_LENGTH at most, and a comparison that may need a jump
	 * of its own. */
	CLONE_LENGTH = 4,
	STRETCH_LENGTH = CLONE_LENGTH + 2,
	HEAD_LENGTH = 6,
};

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* The arguments of a call are 64 bits wide, and their lower half comes first. */
_Static_assert(
	__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arguments are found at their lower half");
#define FIRST_ARGUMENT offsetof(struct seccomp_data, args)

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
		CLONE_NEWPID | CLONE_NEWNET)

enum verdict { ALLOW, DENY, ABSENT, NO_NAMESPACES };

struct stretch {
	uint32_t first; /* number */
	enum verdict verdict;
};

struct coding {
	const struct seccomp_choice *choice;
	uint32_t denial;
	uint32_t absence; /* of what has no row */
	struct stretch stretches[NUMBERS_MAX + 1];
	unsigned stretch_count;
	struct sock_filter *code;
	unsigned length;
};

int seccomp_call_number(const struct syscall_row *row)
{
	int number = seccomp_syscall_resolve_name(row->name);

	return number < 0 && row->number ? row->number : number;
}

static uint32_t denial(enum seccomp_action action)
{
	switch (action) {
	case SECCOMP_KILL:
		return SECCOMP_RET_KILL_PROCESS;
	case SECCOMP_LOG:
		return SECCOMP_RET_LOG;
	case SECCOMP_ERRNO:
	case SECCOMP_ACTION_COUNT:
		break;
	}
	return SECCOMP_RET_ERRNO | EPERM;
}

static enum verdict judge(const struct seccomp_choice *choice, unsigned row)
{
	const char *name = syscall_rows[row].name;

	if (!syscall_set_has(&choice->allowed, row))
		return DENY;
	if (syscall_set_has(&choice->allowed, (unsigned)syscall_find("unshare")))
		return ALLOW;
	if (strcmp(name, "clone") == 0)
		return NO_NAMESPACES;
	return strcmp(name, "clone3") == 0 ? ABSENT : ALLOW;
}

/* What follows the last number has no row either. */
static void find_stretches(struct coding *coding)
{
	enum verdict verdicts[NUMBERS_MAX + 1], other = coding->choice->unknown ? ALLOW : ABSENT;

	for (int number = 0; number <= NUMBERS_MAX; number++)
		verdicts[number] = other;
	for (unsigned row = 0; row < syscall_count; row++) {
		int number = seccomp_call_number(&syscall_rows[row]);

		if (number >= 0 && number < NUMBERS_MAX)
			verdicts[number] = judge(coding->choice, row);
	}
	for (uint32_t number = 0; number <= NUMBERS_MAX; number++)
		if (number == 0 || verdicts[number] != verdicts[number - 1])
			coding->stretches[coding->stretch_count++] =
				(struct stretch){number, verdicts[number]};
}

static void put(struct coding *coding, uint16_t code, uint32_t k, unsigned jt, unsigned jf)
{
	coding->code[coding->length++] =
		(struct sock_filter){code, (unsigned char)jt, (unsigned char)jf, k};
}

static void put_return(struct coding *coding, uint32_t action)
{
	put(coding, BPF_RET | BPF_K, action, 0, 0);
}

static void put_load(struct coding *coding, size_t offset)
{
	put(coding, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void put_verdict(struct coding *coding, enum verdict verdict)
{
	switch (verdict) {
	case ALLOW:
		put_return(coding, SECCOMP_RET_ALLOW);
		break;
	case DENY:
		put_return(coding, coding->denial);
		break;
	case ABSENT:
		put_return(coding, coding->absence);
		break;
	case NO_NAMESPACES:
		put_load(coding, FIRST_ARGUMENT);
		put(coding, BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1);
		put_return(coding, coding->denial);
		put_return(coding, SECCOMP_RET_ALLOW);
		break;
	}
}

/* Below `middle` what follows, else what follows that. The lower part is written behind two free
 * places first, and moved up by one when a short jump is enough. */
static void put_tree(/* NOLINT(misc-no-recursion): as deep as the logarithm of the numbers */
	struct coding *coding, unsigned first, unsigned end)
{
	unsigned middle = (first + end) / 2, at = coding->length, lower;

	if (end - first == 1) {
		put_verdict(coding, coding->stretches[first].verdict);
		return;
	}
	coding->length = at + 2;
	put_tree(coding, first, middle);
	lower = coding->length - at - 2;
	coding->length = at;
	if (lower <= JUMP_MAX) {
		put(coding, BPF_JMP | BPF_JGE | BPF_K, coding->stretches[middle].first, lower, 0);
		memmove(&coding->code[at + 1], &coding->code[at + 2],
			lower * sizeof(coding->code[0]));
	} else {
		put(coding, BPF_JMP | BPF_JGE | BPF_K, coding->stretches[middle].first, 0, 1);
		put(coding, BPF_JMP | BPF_JA, lower, 0, 0);
	}
	coding->length += lower;
	put_tree(coding, middle, end);
}

static void put_head(struct coding *coding)
{
	put_load(coding, offsetof(struct seccomp_data, arch));
	put(coding, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	put_return(coding, SECCOMP_RET_KILL_PROCESS);
	put_load(coding, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	put(coding, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	put_return(coding, SECCOMP_RET_KILL_PROCESS);
#endif
}

int seccomp_code_make(const struct seccomp_choice *choice, enum seccomp_action action,
	struct sock_fprog *ret_program)
{
	struct coding coding = {.choice = choice,
		.denial = denial(action),
		.absence = action == SECCOMP_LOG ? SECCOMP_RET_LOG : SECCOMP_RET_ERRNO | ENOSYS};

	find_stretches(&coding);
	_Static_assert(HEAD_LENGTH + SYSCALLS_MAX * 2 * STRETCH_LENGTH <= UINT16_MAX, "fits");
	coding.code =
		calloc(HEAD_LENGTH + coding.stretch_count * STRETCH_LENGTH, sizeof(*coding.code));
	if (!coding.code)
		return -ENOMEM;
	put_head(&coding);
	put_tree(&coding, 0, coding.stretch_count);
	*ret_program = (struct sock_fprog){(unsigned short)coding.length, coding.code};
	return 0;
}

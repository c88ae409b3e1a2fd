/* seccomp_code: the instructions of a filter, see seccomp(2), from what may be called.
 *
 *	architecture		not this machine's: kill
 *	number			of x32: kill
 *	a tree of comparisons	with a verdict for each stretch of numbers that have the same
 *
 * libseccomp names the numbers; it could make the program as well, but rule by rule, which takes
 * 1.5 ms for a service that may take 1 ms in all, and is three times as long. */
#ifndef FIRSTHOP_INIT_SECCOMP_CODE_H
#define FIRSTHOP_INIT_SECCOMP_CODE_H

#include "config/model.h"

#include <linux/filter.h>

struct seccomp_choice;
struct syscall_row;

/* The machine's number of a row; negative: it has no such call. */
int seccomp_call_number(const struct syscall_row *row);

/* The program for that choice and action; its code is from malloc(3). 0 or -ENOMEM. */
int seccomp_code_make(const struct seccomp_choice *choice, enum seccomp_action action,
	struct sock_fprog *ret_program);

#endif

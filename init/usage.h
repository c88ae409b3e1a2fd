/* usage: what a process takes of the machine. */
#ifndef FIRSTHOP_INIT_USAGE_H
#define FIRSTHOP_INIT_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usage {
	int64_t memory_bytes; /* resident: shared pages are counted in full */
	int64_t cpu_ms;	      /* in user and kernel mode, of its own, not of its children */
};

/* Reads /proc/PID/stat: about ten microseconds. False: the process is gone, or there is no /proc.
 */
bool usage_read(pid_t pid, struct usage *ret_usage);

#endif

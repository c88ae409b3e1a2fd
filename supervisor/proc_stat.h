/* proc_stat: reads a line of /proc/PID/stat, see proc_pid_stat(5). Pure. */
#ifndef FIRSTHOP_SUPERVISOR_PROC_STAT_H
#define FIRSTHOP_SUPERVISOR_PROC_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proc_stat {
	char state;	    /* 'R', 'S', 'Z' … */
	uint64_t cpu_ticks; /* in user and kernel mode; of its own, not of its children */
	uint64_t resident_pages;
};

/* False: it is not such a line. The name in it may hold anything, also ')' and line ends. */
bool proc_stat_read(const char *text, size_t length, struct proc_stat *ret_stat);

#endif

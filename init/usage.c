#include "init/usage.h"

#include "supervisor/proc_stat.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A name of 16 bytes and 51 numbers of 20 digits at most. */
enum { STAT_BYTES = 1280 };

bool usage_read(pid_t pid, struct usage *ret_usage)
{
	int64_t ticks_per_second = sysconf(_SC_CLK_TCK), page_bytes = sysconf(_SC_PAGESIZE);
	struct proc_stat stat;
	char path[32], text[STAT_BYTES];
	ssize_t length;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text)); /* procfs gives all of it at once */
	(void)close(fd);
	if (length <= 0 || ticks_per_second <= 0 || !proc_stat_read(text, (size_t)length, &stat) ||
		stat.resident_pages > (uint64_t)(INT64_MAX / page_bytes) ||
		stat.cpu_ticks > INT64_MAX / 1000)
		return false;
	*ret_usage = (struct usage){
		.memory_bytes = (int64_t)stat.resident_pages * page_bytes,
		.cpu_ms = (int64_t)stat.cpu_ticks * 1000 / ticks_per_second,
	};
	return true;
}

#include "init/openat2.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437 /* the same number on all architectures */
#endif

/* struct open_how of linux/openat2.h. */
struct how {
	uint64_t flags, mode, resolve;
};

int openat2_resolved(int directory, const char *path, int flags, uint64_t resolve)
{
	struct how how = {.flags = (uint64_t)flags | O_CLOEXEC, .resolve = resolve};
	long fd = syscall(SYS_openat2, directory, path, &how, sizeof(how));

	if (fd >= 0)
		return (int)fd;
	return errno == EPERM ? -ENOSYS : -errno;
}

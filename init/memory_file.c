#include "init/memory_file.h"

#include "config/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL /* Linux 6.3; where vm.memfd_noexec is 2, nothing else is let through */
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum {
	MODE = 0600,
	SAID_MAX_BYTES = 200, /* of a first line, in a message */
};

int memory_file_make(void)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("firsthop", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("firsthop", flags);
	if (fd < 0)
		return -errno;
	/* ssh-keygen(1) takes no key that others could read. Fails on no Linux. */
	(void)fchmod(fd, MODE);
	return fd;
}

int memory_file_make_bounded(size_t bytes)
{
	int fd = memory_file_make();

	if (fd < 0)
		return fd;
	if (ftruncate(fd, (off_t)bytes) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) == 0)
		return fd;
	int error = errno;

	(void)close(fd); /* it is of no use */
	return -error;
}

const char *memory_file_first_line(struct arena *arena, int fd)
{
	char bytes[4096];
	ssize_t length = pread(fd, bytes, sizeof(bytes) - 1, 0);

	bytes[length > 0 ? length : 0] = '\0';
	const char *line = bytes + strspn(bytes, " \t\r\n");
	size_t end = strcspn(line, "\r\n");

	if (end == 0)
		return NULL;
	return text_quote(arena, line, end > SAID_MAX_BYTES ? SAID_MAX_BYTES : end);
}

/* openat2: opens a path that is not to lead just anywhere, see openat2(2). */
#ifndef FIRSTHOP_INIT_OPENAT2_H
#define FIRSTHOP_INIT_OPENAT2_H

#include <stdint.h>

/* RESOLVE_… of linux/openat2.h, which not every C library's headers come with. */
#define OPENAT2_NO_MAGICLINKS 0x02
#define OPENAT2_NO_SYMLINKS   0x04
#define OPENAT2_BENEATH	      0x08
#define OPENAT2_IN_ROOT	      0x10

/* A descriptor, with O_CLOEXEC, or -errno. -ENOSYS: the kernel is older than Linux 5.6, or a
 * sandbox does not know the call; EPERM, which is how older ones say so, becomes that as well. */
int openat2_resolved(int directory, const char *path, int flags, uint64_t resolve);

#endif

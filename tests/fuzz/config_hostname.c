/* Any bytes as a router's configuration: what is found as host name is one. */
#include "config/hostname.h"
#include "tests/fuzz/replay.h"

#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[HOSTNAME_MAX_BYTES + 1] = "";
	int line = hostname_find((const char *)data, size, name);

	if (line < 0 ? line != -EINVAL : line > 0 && !hostname_is_valid(name))
		__builtin_trap();
	if (line == 0 && *name)
		__builtin_trap();
	if (strlen(name) > HOSTNAME_MAX_BYTES)
		__builtin_trap();
	return 0;
}

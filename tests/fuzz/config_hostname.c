/* Any bytes as a router's configuration, as /etc/hostname and as /etc/hosts: what is found as host
 * name is one, and the hosts file follows it once and for all. */
#include "config/arena.h"
#include "config/hostname.h"
#include "config/hosts.h"
#include "tests/fuzz/replay.h"

#include <errno.h>
#include <string.h>

#define ENSURE(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			__builtin_trap();                                                          \
	} while (0)

static void check_name(int line, const char *name)
{
	ENSURE(line < 0 ? line == -EINVAL : line == 0 || hostname_is_valid(name));
	ENSURE(line != 0 || !*name);
	ENSURE(strlen(name) <= HOSTNAME_MAX_BYTES);
}

/* Whatever was renamed, nothing is left to be renamed, and the new name is there. */
static void check_hosts(const char *text, size_t length, const char *old_name)
{
	struct arena arena = {0};
	const char *once = NULL, *twice;
	size_t once_length = 0, twice_length;

	if (hosts_rename(&arena, text, length, old_name, "r1", &once, &once_length) == 1) {
		ENSURE(once[once_length] == '\0');
		ENSURE(memmem(once, once_length, "r1", 2));
		ENSURE(hosts_rename(&arena, once, once_length, old_name, "r1", &twice,
			       &twice_length) == 0);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char found[HOSTNAME_MAX_BYTES + 1] = "", plain[HOSTNAME_MAX_BYTES + 1] = "";
	const char *text = (const char *)data;

	check_name(hostname_find(text, size, found), found);
	check_name(hostname_from_plain(text, size, plain), plain);
	check_hosts(text, size, "a");
	check_hosts(text, size, plain);
	return 0;
}

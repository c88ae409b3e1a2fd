/* What /proc/PID/stat says, with a name that the process chose. Must hold: nothing behind the end
 * is read (the sanitizer sees to that), and what is understood has a state. */
#include "supervisor/proc_stat.h"

#include "tests/fuzz/replay.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + !size);
	struct proc_stat stat;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	if (proc_stat_read(copy, size, &stat) && size < 4)
		__builtin_trap();
	free(copy);
	return 0;
}

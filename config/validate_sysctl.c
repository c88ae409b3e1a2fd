/* What the key of a sysctl says by itself. Kernels differ and modules come later, so nothing here
 * is an error; but a slip is found at once, and not by packets that do not flow. */
#include "config/build.h"
#include "config/sysctl_key.h"

#include <string.h>

static void check_sysctl(struct build *build, const struct build_sysctl *found)
{
	const struct sysctl *sysctl = &found->sysctl;
	const char *nearest = sysctl_nearest(build->scratch, sysctl->key);
	char path[SYSCTL_PATH_MAX];

	if (nearest && strcmp(nearest, sysctl->key) != 0)
		diag_add(build->diags, sysctl->origin, SEVERITY_WARNING,
			"%s is no well-known sysctl; did you mean %s?", sysctl->key, nearest);
	if (sysctl_key_path(sysctl->key, NULL, path) < 0)
		return; /* not with a valid key */
	switch (sysctl_scope(path, NULL)) {
	case SYSCTL_HOST:
		diag_add(build->diags, sysctl->origin, SEVERITY_NOTE,
			"%s is the whole machine's: a container cannot set it; set it on the host",
			sysctl->key);
		break;
	case SYSCTL_UTS:
		if (strcmp(path, "kernel/hostname") == 0)
			diag_add(build->diags, sysctl->origin, SEVERITY_NOTE,
				"%s: hostname_from in [node] sets the host name, where it may",
				sysctl->key);
		break;
	case SYSCTL_NETWORK:
	case SYSCTL_INTERFACE: /* it is set when the interface arrives */
	case SYSCTL_IPC:
	case SYSCTL_MODULE:
	case SYSCTL_SCOPE_COUNT:
		break;
	}
}

void validate_sysctls(struct build *build)
{
	for (unsigned i = 0; i < build->sysctl_count; i++)
		check_sysctl(build, &build->sysctls[i]);
}

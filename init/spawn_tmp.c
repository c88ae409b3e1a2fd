/* private_tmp: a mount namespace with a /tmp and a /var/tmp that nobody else sees. It takes
 * CAP_SYS_ADMIN, and a host whose AppArmor does not forbid to mount. */
#include "init/spawn_child.h"

#include "config/model.h"
#include "init/landlock.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

static const char *const directories[] = {"/tmp", "/var/tmp"};

static int mount_tmp(const struct child *child, const char *directory)
{
	int rules = child->fd[SLOT_RULES];

	if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") < 0)
		return errno == ENOENT ? 0 : errno;
	/* The rules know only what was there when they were made. */
	return rules < 0 ? 0 : landlock_allow_all(rules, directory);
}

int spawn_set_private_tmp(const struct child *child)
{
	if (!child->request->spec->private_tmp)
		return 0;
	if (unshare(CLONE_NEWNS) < 0)
		return errno;
	/* What is mounted outside comes in, but not the other way round. */
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return errno;
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		int error = mount_tmp(child, directories[i]);

		if (error)
			return error;
	}
	return 0;
}

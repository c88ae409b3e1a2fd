#include "init/persist_put.h"

#include "config/model.h"
#include "init/passwd.h"
#include "init/persist_file.h"
#include "init/persist_keep.h"
#include "init/rundir.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORY_MODE = 0755, SECRET_MODE = 0600 };

static void tell(struct persist_failure *failure, const char *what, const char *path, int r)
{
	*failure = (struct persist_failure){what, path, -r};
}

/* What it is to have: as asked, else what the file there has, else it is root's alone. */
static void choose_attributes(const struct persist *spec, struct persist_attributes *attributes,
	struct persist_failure *ret_weak)
{
	struct passwd_user user;
	struct stat info;
	bool exists = stat(spec->path, &info) == 0 && S_ISREG(info.st_mode);

	*attributes = (struct persist_attributes){
		.uid = exists ? info.st_uid : geteuid(),
		.gid = exists ? info.st_gid : getegid(),
		.mode = exists ? info.st_mode & 07777 : SECRET_MODE,
	};
	if (spec->has_mode)
		attributes->mode = (mode_t)spec->mode;
	if (!spec->user)
		return;
	int r = passwd_find(spec->user, spec->group, &user);

	if (r < 0) {
		tell(ret_weak, "find the owner of", spec->path, r);
		return;
	}
	attributes->uid = user.uid;
	attributes->gid = user.gid;
}

static int make_directory(const char *path)
{
	char directory[PATH_MAX];
	int length = (int)(strrchr(path, '/') - path);

	(void)snprintf(directory, sizeof(directory), "%.*s", length, path); /* read before: fits */
	return rundir_make_directories(directory, DIRECTORY_MODE);
}

int persist_put_back(const struct persist *spec, const struct persist_bytes *bytes,
	struct persist_failure *ret_failure, struct persist_failure *ret_weak)
{
	struct persist_attributes attributes;
	int weak = 0, r;

	*ret_weak = (struct persist_failure){.error = 0};
	choose_attributes(spec, &attributes, ret_weak);
	if (persist_file_has(spec->path, bytes)) {
		r = persist_file_dress(spec->path, &attributes);
		/* A link to the store is somebody's own way to keep the file. */
		if (r < 0 && r != -ELOOP)
			tell(ret_weak, "set owner and mode of", spec->path, r);
		return 0;
	}
	r = persist_file_replace(spec->path, bytes, &attributes, &weak);
	if (r == -ENOENT && make_directory(spec->path) == 0)
		r = persist_file_replace(spec->path, bytes, &attributes, &weak);
	if (persist_file_is_fixed(r))
		r = persist_file_overwrite(spec->path, bytes, &attributes, &weak);
	if (r < 0) {
		tell(ret_failure, "write", spec->path, r);
		return r;
	}
	if (weak)
		tell(ret_weak, "set owner and mode of", spec->path, -weak);
	return 1;
}

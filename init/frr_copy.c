#include "init/frr_copy.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

void frr_copy_take(struct frr_copy *copy, const char *path)
{
	struct stat info;

	*copy = (struct frr_copy){.path = path};
	copy->error = persist_file_read(&copy->arena, path, &copy->bytes);
	if (copy->error == 0 && stat(path, &info) < 0)
		copy->error = -errno;
	if (copy->error == 0)
		copy->attributes = (struct persist_attributes){
			.uid = info.st_uid,
			.gid = info.st_gid,
			.mode = info.st_mode & 07777,
		};
}

int frr_copy_put_back(const struct frr_copy *copy)
{
	int weak = 0, r;

	if (copy->error == -ENOENT)
		return unlink(copy->path) < 0 && errno != ENOENT ? -errno : 0;
	if (copy->error)
		return copy->error;
	if (persist_file_has(copy->path, &copy->bytes))
		return 0;
	r = persist_file_replace(copy->path, &copy->bytes, &copy->attributes, &weak);
	/* A file that is mounted by itself can only be written into. */
	if (r < 0 && persist_file_is_fixed(r))
		r = persist_file_overwrite(copy->path, &copy->bytes, &copy->attributes, &weak);
	return r;
}

void frr_copy_free(struct frr_copy *copy)
{
	arena_free(&copy->arena);
	*copy = (struct frr_copy){.error = -ENODATA};
}

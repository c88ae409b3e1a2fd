/* root_password: one field of /etc/shadow, before anything runs that would look at it. The hash is
 * in no message. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/shadow.h"
#include "init/persist_file.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char shadow[] = "/etc/shadow";

/* In place of the old file, which keeps its owner and mode; or, where it is mounted by itself, into
 * it: what is written then is the same text but for one field. A link to it, onto a volume perhaps,
 * stays one. 0 or -errno. */
static int write_file(const struct persist_bytes *bytes, int *ret_weak)
{
	char path[PATH_MAX];
	struct stat info;

	if (!realpath(shadow, path) || stat(path, &info) < 0)
		return -errno;
	const struct persist_attributes attributes = {
		.uid = info.st_uid, .gid = info.st_gid, .mode = info.st_mode & 07777};
	int r = persist_file_replace(path, bytes, &attributes, ret_weak);

	return persist_file_is_fixed(r) ? persist_file_overwrite(path, bytes, &attributes, ret_weak)
					: r;
}

/* Could it be written? Where even root may not, that is told by access(2), too. */
static int try_file(void)
{
	return access(shadow, W_OK) < 0 ? -errno : 0;
}

static void tell_failure(struct finding *finding, struct arena *arena, int error)
{
	static const struct {
		int error;
		const char *verdict, *reason, *cure;
	} known[] = {
		{-ENOENT, "absent", "/etc/shadow is not there, or has no entry of root",
			"make it in the image, or write root_password = keep"},
		{-EROFS, "read-only", "/etc/shadow is on a read-only file system",
			"set the password in the image, or mount an /etc/shadow that can be "
			"written"},
		{-EACCES, "denied", "/etc/shadow may not be read or written",
			"start the container as root"},
	};

	finding->state = FINDING_MISSING;
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].error != error)
			continue;
		finding->verdict = known[i].verdict;
		finding->reason = known[i].reason;
		finding->cure = known[i].cure;
		return;
	}
	finding->verdict = "failed";
	finding->reason =
		arena_printf(arena, "cannot read or write /etc/shadow: %s", strerror(-error));
}

/* 1: done, or with look_only: it could be; 0: it is so already; -errno. */
static int set_password(struct preparation *preparation, struct arena *arena, int *ret_weak)
{
	struct persist_bytes old, new;
	int r = persist_file_read(arena, shadow, &old);

	if (r == 0)
		r = shadow_set_root(arena, old.data, old.length,
			&preparation->model->node.root_password, &new.data, &new.length);
	if (r <= 0)
		return r;
	r = preparation->look_only ? try_file() : write_file(&new, ret_weak);
	return r < 0 ? r : 1;
}

void prepare_password(struct preparation *preparation)
{
	static const char *const done[ROOT_PASSWORD_KIND_COUNT] = {
		[ROOT_PASSWORD_EMPTY] = "emptied",
		[ROOT_PASSWORD_LOCKED] = "locked",
		[ROOT_PASSWORD_HASH] = "set",
	};
	enum root_password_kind kind = preparation->model->node.root_password.kind;
	struct finding finding = {.step = STEP_PASSWORD, .subject = "", .verdict = "already so"};
	struct arena arena = {0};
	int weak = 0, r;

	if (kind == ROOT_PASSWORD_KEEP)
		return;
	r = set_password(preparation, &arena, &weak);
	if (r > 0)
		finding.verdict = preparation->look_only ? "can be set" : done[kind];
	if (r < 0)
		tell_failure(&finding, &arena, r);
	if (r > 0 && weak) {
		finding.state = FINDING_DEGRADED;
		finding.reason = arena_printf(&arena,
			"cannot give /etc/shadow its owner and mode back: %s", strerror(weak));
	}
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

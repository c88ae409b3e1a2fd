/* Engines mount /proc/sys read-only in a container. With CAP_SYS_ADMIN there are two ways round it:
 *
 * A procfs of our own, see fsopen(2): it is mounted nowhere, only our descriptor leads to it, so
 * what services see stays as the engine made it. Linux 5.2; in a user namespace the kernel refuses
 * it while a part of /proc is covered, because what is covered would come to light.
 *
 * Making /proc/sys writable for the moment of each write, and read-only again.
 *
 * AppArmor's profile for containers forbids both: the second outright, the first by the path of the
 * file when it is opened. So a way is only taken once it has opened a key for writing. */
#include "init/procsys.h"

#include "config/model.h"
#include "init/message.h"
#include "init/preparation.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char path[] = "/proc/sys";
static const char some_key[] = "net/ipv4/ip_forward"; /* of the namespace, in each kernel */

static bool is_read_only(int fd)
{
	struct statvfs info;

	return fstatvfs(fd, &info) == 0 && info.f_flag & ST_RDONLY;
}

/* Could a key be written by it? Nothing is. 0 or -errno. */
static int try_to_write(int fd)
{
	int key = openat(fd, some_key, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (key < 0)
		return errno == ENOENT ? 0 : -errno; /* no IPv4 tells nothing */
	(void)close(key);			     /* nothing was written */
	return 0;
}

/* The descriptor of `sys` in a procfs of our own, or -errno. */
static int open_own(void)
{
	int context = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC), mount = -1, fd = -1, r;

	if (context < 0)
		return -errno;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
			MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	if (mount >= 0)
		fd = openat(mount, "sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? -errno : fd;
	if (mount >= 0)
		(void)close(mount); /* `fd` keeps it */
	(void)close(context);	    /* has served */
	return r;
}

int procsys_set_writable(bool writable)
{
	struct statvfs info;
	unsigned long flags = MS_REMOUNT | MS_BIND;

	if (statvfs(path, &info) < 0)
		return -errno;
	/* These have the same numbers; a user namespace may not drop them. */
	flags |= info.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME);
	flags |= writable ? 0 : MS_RDONLY;
	return syscall(SYS_mount, "none", path, NULL, flags, NULL) < 0 ? -errno : 0;
}

static int try_own(struct preparation *preparation)
{
	int fd = open_own(), r;

	if (fd < 0)
		return fd;
	r = try_to_write(fd);
	if (r < 0) {
		(void)close(fd); /* of no use */
		return r;
	}
	if (preparation->proc_sys >= 0)
		(void)close(preparation->proc_sys); /* names a directory, no more */
	preparation->proc_sys = fd;
	preparation->procsys_way = PROCSYS_OWN;
	return 0;
}

static int try_in_place(struct preparation *preparation)
{
	int r = procsys_set_writable(true), again;

	if (r < 0)
		return r;
	r = try_to_write(preparation->proc_sys);
	again = procsys_set_writable(false);
	if (r < 0 || again < 0)
		return r < 0 ? r : again;
	preparation->procsys_way = PROCSYS_IN_PLACE;
	return 0;
}

static bool has_sys_admin(void)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;

	if (caps)
		(void)cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &value); /* stays clear */
	(void)cap_free(caps);
	return value == CAP_SET;
}

static void explain(struct finding *finding, int error, bool look_only)
{
	finding->state = FINDING_DEGRADED;
	finding->verdict = "read-only";
	if (has_sys_admin() && look_only && error != -EACCES) {
		finding->reason = "it is read-only; whether it can be made writable is tried at "
				  "the start only";
	} else if (!has_sys_admin()) {
		finding->reason = "it is read-only, and making it writable takes CAP_SYS_ADMIN";
		finding->cure = "start the container with --cap-add SYS_ADMIN, or give it each key "
				"with --sysctl";
	} else if (error == -EACCES) {
		finding->reason = "it is read-only, and making it writable is denied, by a "
				  "security profile (AppArmor) or a user namespace";
		finding->cure = "start the container with --security-opt apparmor=unconfined, or "
				"give it each key with --sysctl";
	} else {
		finding->reason = "it is read-only, and the kernel refuses to make it writable";
		finding->cure = "start the container with --security-opt systempaths=unconfined, "
				"or give it each key with --sysctl";
	}
}

static void choose_way(struct preparation *preparation, struct finding *finding)
{
	int r;

	if (preparation->procsys_way == PROCSYS_AS_IS) {
		r = try_own(preparation);
		/* To look changes nothing, not for a moment. */
		if (r < 0 && !preparation->look_only)
			r = try_in_place(preparation);
		if (r < 0) {
			explain(finding, r, preparation->look_only);
			return;
		}
	}
	finding->verdict = preparation->procsys_way == PROCSYS_OWN ? "own mount" : "remounted";
	finding->reason = preparation->procsys_way == PROCSYS_OWN
				  ? "it is read-only; keys are written by a mount of our own"
				  : "it is made writable for each write, and read-only again";
}

void procsys_remount(struct preparation *preparation)
{
	struct finding finding = {
		.step = STEP_SYSCTL, .subject = "/proc/sys", .verdict = "writable"};
	bool is_news = preparation->procsys_way == PROCSYS_AS_IS;

	if (preparation->model->node.proc_sys != PROC_SYS_REMOUNT || preparation->proc_sys < 0)
		return;
	if (!is_news || is_read_only(preparation->proc_sys))
		choose_way(preparation, &finding);
	prepare_found(preparation, &finding);
	if (is_news && preparation->procsys_way != PROCSYS_AS_IS && preparation->messages)
		message(preparation->messages, MESSAGE_NOTE, "/proc/sys: %s", finding.reason);
}

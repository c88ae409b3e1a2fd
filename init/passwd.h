/* passwd: users and groups from the image's own /etc/passwd and /etc/group. A static program has
 * no name service switch; numbers need no entry at all. */
#ifndef FIRSTHOP_INIT_PASSWD_H
#define FIRSTHOP_INIT_PASSWD_H

#include <sys/types.h>

#define PASSWD_GROUPS_MAX 64

struct passwd_user {
	uid_t uid;
	gid_t gid;
	gid_t groups[PASSWD_GROUPS_MAX];      /* supplementary ones and gid itself */
	unsigned group_count;		      /* those over the maximum are left out */
	char name[64], home[256], shell[256]; /* "" when unknown or too long */
};

/* Looks up `user` (name or number) and `group` (name or number; NULL: the user's own). A user given
 * by number without an entry gets the group of the same number. Reads files; 0, -ENOENT: no such
 * user or group, or -errno of reading. */
int passwd_find(const char *user, const char *group, struct passwd_user *ret_user);

struct words;

/* Adds further groups, by name or number, to those that a user has. As above; -E2BIG: more than
 * PASSWD_GROUPS_MAX. */
int passwd_add_groups(const struct words *groups, struct passwd_user *user);

/* A group alone. */
int passwd_find_group(const char *group, gid_t *ret_gid);

#endif

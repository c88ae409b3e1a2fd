#include "init/passwd.h"

#include "config/model.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char passwd_path[] = "/etc/passwd";
static const char group_path[] = "/etc/group";

/* All digits, and small enough; (id_t)-1 means "unchanged" to the kernel and is none. */
static bool parse_id(const char *text, id_t *ret_id)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);

	if (errno || *end || value >= UINT32_MAX)
		return false;
	*ret_id = (id_t)value;
	return true;
}

static void copy_text(char *to, size_t size, const char *from)
{
	size_t length = from ? strlen(from) : 0;

	if (length >= size)
		length = 0; /* half a path is worse than none */
	if (length)
		memcpy(to, from, length);
	to[length] = '\0';
}

/* `by_id`: the entry of that number, else the one of that name. */
static int find_entry(const char *name, bool by_id, uid_t uid, struct passwd_user *user)
{
	FILE *file = fopen(passwd_path, "re");
	const struct passwd *entry;
	int r = -ENOENT;

	if (!file)
		return -errno;
	while ((entry = fgetpwent(file))) {
		if (by_id ? entry->pw_uid != uid : strcmp(entry->pw_name, name) != 0)
			continue;
		user->uid = entry->pw_uid;
		user->gid = entry->pw_gid;
		copy_text(user->name, sizeof(user->name), entry->pw_name);
		copy_text(user->home, sizeof(user->home), entry->pw_dir);
		copy_text(user->shell, sizeof(user->shell), entry->pw_shell);
		r = 0;
		break;
	}
	(void)fclose(file); /* was only read */
	return r;
}

static bool has_member(const struct group *entry, const char *name)
{
	for (char **member = entry->gr_mem; member && *member; member++) {
		if (strcmp(*member, name) == 0)
			return true;
	}
	return false;
}

static void add_group(struct passwd_user *user, gid_t gid)
{
	for (unsigned i = 0; i < user->group_count; i++) {
		if (user->groups[i] == gid)
			return;
	}
	if (user->group_count < PASSWD_GROUPS_MAX)
		user->groups[user->group_count++] = gid;
}

/* As initgroups(3). Without /etc/group there are no groups but the user's own. */
static void find_groups(struct passwd_user *user)
{
	FILE *file = fopen(group_path, "re");
	const struct group *entry;

	add_group(user, user->gid);
	if (!file)
		return;
	while (user->name[0] && (entry = fgetgrent(file))) {
		if (has_member(entry, user->name))
			add_group(user, entry->gr_gid);
	}
	(void)fclose(file); /* was only read */
}

int passwd_find_group(const char *group, gid_t *ret_gid)
{
	const struct group *entry;
	int r = -ENOENT;

	if (parse_id(group, ret_gid))
		return 0;
	FILE *file = fopen(group_path, "re");

	if (!file)
		return -errno;
	while ((entry = fgetgrent(file))) {
		if (strcmp(entry->gr_name, group) == 0) {
			*ret_gid = entry->gr_gid;
			r = 0;
			break;
		}
	}
	(void)fclose(file); /* was only read */
	return r;
}

int passwd_find(const char *user, const char *group, struct passwd_user *ret_user)
{
	struct passwd_user found = {0};
	id_t id;
	bool by_id = parse_id(user, &id);
	int r = find_entry(user, by_id, by_id ? id : 0, &found);

	if (r < 0 && !by_id)
		return r;
	if (r < 0)
		found.uid = found.gid = id;
	if (group) {
		r = passwd_find_group(group, &found.gid);
		if (r < 0)
			return r;
	}
	find_groups(&found);
	*ret_user = found;
	return 0;
}

int passwd_add_groups(const struct words *groups, struct passwd_user *user)
{
	for (unsigned i = 0; i < groups->count; i++) {
		gid_t gid = 0;
		int r = passwd_find_group(groups->word[i], &gid);

		if (r < 0)
			return r;
		if (user->group_count == PASSWD_GROUPS_MAX)
			return -E2BIG;
		add_group(user, gid);
	}
	return 0;
}

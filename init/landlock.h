/* landlock: which files a service may read and write, by Landlock, see landlock(7): the kernel
 * holds a process and its children to a set of rules, and it takes no right to ask for that. The
 * rules are made before the fork; the child has one call to do.
 *
 * The kernel only knows what is allowed, with all that lies below. Where something below a place
 * is to be less than the place itself, what lies in the place is therefore allowed one by one: the
 * place itself cannot be listed then, and nothing be made in it. */
#ifndef FIRSTHOP_INIT_LANDLOCK_H
#define FIRSTHOP_INIT_LANDLOCK_H

struct service;

#define LANDLOCK_RULES_MAX 2048

/* The version of Landlock that this kernel has, 1 or more; or -ENOSYS: it has none, -EOPNOTSUPP:
 * it is turned off. */
int landlock_version(void);

/* The rules for read_only, read_write and no_access of `spec`, of which there must be one. Paths
 * that are not there are left out. A descriptor, or -errno: as landlock_version(); -E2BIG: more
 * than LANDLOCK_RULES_MAX rules. */
int landlock_make(const struct service *spec);

/* For the child, system calls only; 0 or an errno. All rights below a directory that was mounted
 * since; and the last step, after which no rule can be added. */
int landlock_allow_all(int rules, const char *directory);
int landlock_restrict(int rules);

#endif

/* sysctl_key: what a sysctl's key says by itself: its path below /proc/sys, whose it is (a network
 * namespace's, or the host's), and which key was probably meant. Pure. */
#ifndef FIRSTHOP_CONFIG_SYSCTL_KEY_H
#define FIRSTHOP_CONFIG_SYSCTL_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define SYSCTL_PATH_MAX 256 /* bytes with the NUL */

/* Is it a key as in sysctl.d(5): letters, digits, "._-/" and, with `with_pattern`, "*?[]!"; it
 * begins with a letter or digit; no '.' or '/' stands at the end or beside another; its path is
 * shorter than SYSCTL_PATH_MAX? So it cannot leave /proc/sys. "%i" is let through `with_interface`.
 */
bool sysctl_key_is_valid(const char *key, bool with_pattern, bool with_interface);
bool sysctl_key_is_pattern(const char *key);

/* The path below /proc/sys, without a slash in front: whichever of '.' and '/' comes first
 * separates, the other one is then a '.' in a name: net.ipv4.conf.eth0/100.forwarding is
 * net/ipv4/conf/eth0.100/forwarding. `interface`, when not NULL, takes the place of %i (as it is,
 * whatever characters it holds). 0, -ENAMETOOLONG, or -EINVAL when `interface` is no component of a
 * path. */
int sysctl_key_path(const char *key, const char *interface, char ret_path[SYSCTL_PATH_MAX]);

/* And back: how one writes the key of that path ("net.ipv4.conf.eth0/100.forwarding"); cut when the
 * path is no shorter than SYSCTL_PATH_MAX. */
void sysctl_key_from_path(const char *path, char ret_key[SYSCTL_PATH_MAX]);

/* Whose a key is; the path is one of sysctl_key_path. */
enum sysctl_scope {
	SYSCTL_NETWORK,	  /* of the network namespace: engines set it with --sysctl */
	SYSCTL_INTERFACE, /* the same, of one interface other than all, default, lo and eth0:
			     engines cannot set it, because it is not there when they would */
	SYSCTL_IPC,	  /* of the IPC namespace: engines set it as well */
	SYSCTL_MODULE,	  /* of the network namespace, once a module is loaded; before that an
			     engine that is told to set it fails to start the container */
	SYSCTL_UTS,	  /* the host name and the domain name: engines have flags for them */
	SYSCTL_HOST,	  /* of the whole machine; a container may not see it */
	SYSCTL_SCOPE_COUNT
};

/* ret_module, if not NULL: the module of SYSCTL_MODULE ("vrf", "mpls_router"), else NULL. */
enum sysctl_scope sysctl_scope(const char *path, const char **ret_module);

/* The name of the interface that the path names, which ends after *ret_length bytes: "all" too, or
 * a pattern; NULL: it names none, or nothing stands behind it. */
const char *sysctl_interface(const char *path, size_t *ret_length);

/* The well-known key that is nearest to this one, in the arena, with the interface that `key`
 * names: net.ipv4.conf.eth7.rp_filter for net.ipv4.conf.eth7.rp_fliter. The key itself when it is
 * well-known: then it is right and something else is wrong. NULL: none is near, or no memory. */
const char *sysctl_nearest(struct arena *arena, const char *key);

#endif

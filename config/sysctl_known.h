/* sysctl_known: the well-known sysctls, by folder; used by sysctl_nearest.c only. */
#ifndef FIRSTHOP_CONFIG_SYSCTL_KNOWN_H
#define FIRSTHOP_CONFIG_SYSCTL_KNOWN_H

struct sysctl_family {
	const char *folder;    /* a path below /proc/sys that ends in a slash; interface: "all" */
	const char *interface; /* to name when none was said; NULL: there is none in the folder */
	const char *names;     /* of the folder's keys, blanks between */
};

extern const struct sysctl_family sysctl_families[];
extern const unsigned sysctl_family_count;

#endif

/* procsys: one sysctl, set and read back. What counts is what reads back, not what the write said:
 * Linux 6.1 answers EINVAL to net.ipv6.conf.all.ignore_routes_with_linkdown and sets it all the
 * same, and on a read-only /proc/sys a value that is right already is as good as one that was
 * written.
 *
 * Leaves no finding: who asks for the key puts one, with the words made here. */
#ifndef FIRSTHOP_INIT_PROCSYS_H
#define FIRSTHOP_INIT_PROCSYS_H

#include "config/sysctl_key.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct finding;
struct preparation;
struct sysctl;

#define SYSCTL_VALUE_MAX 1024 /* bytes with the NUL; a longer one is cut, and so never the same */

enum sysctl_verdict {
	SYSCTL_WRITTEN,
	SYSCTL_ALREADY_SO,
	SYSCTL_WRITABLE,  /* it differs, and would be written: only with look_only */
	SYSCTL_READ_ONLY, /* it differs, and /proc/sys is read-only */
	SYSCTL_ABSENT,
	SYSCTL_DENIED,	/* it differs, and we may not write it */
	SYSCTL_REFUSED, /* the kernel kept another value */
	SYSCTL_VERDICT_COUNT
};

/* What became of `[node] proc_sys = remount`. */
enum procsys_way {
	PROCSYS_AS_IS,
	PROCSYS_OWN,	  /* proc_sys is a mount of our own, which nobody else sees */
	PROCSYS_IN_PLACE, /* /proc/sys itself is made writable around each write */
};

/* Where /proc/sys is read-only and the model asks for it, finds a way to write it all the same, and
 * puts a finding that says which, or why there is none. */
void procsys_remount(struct preparation *preparation);

/* PROCSYS_IN_PLACE: makes it writable or read-only again. 0 or -errno. */
int procsys_set_writable(bool writable);

/* Opens what is below /proc/sys, and nothing outside of it, whatever the path says. O_CLOEXEC is
 * added. A descriptor or -errno. */
int procsys_open(const struct preparation *preparation, const char *path, int flags);

struct sysctl_result {
	enum sysctl_verdict verdict;
	int error;		      /* errno of what failed first, 0 when nothing did */
	char path[SYSCTL_PATH_MAX];   /* below /proc/sys, %i replaced */
	bool has_value;		      /* it could be read */
	char value[SYSCTL_VALUE_MAX]; /* what it is in the end; each run of blanks is one */
};

/* Sets the key, unless it has the value already; with look_only it only finds out whether it could.
 * `interface`: takes the place of %i in the key, or NULL. The key must be no pattern. */
void sysctl_apply(struct preparation *preparation, const struct sysctl *sysctl,
	const char *interface, struct sysctl_result *ret_result);

/* The finding for it, but for its step: the state (of a ?key and of a plain one), required,
 * verdict, reason and cure; the subject is the key as one writes it. The texts are owned by the
 * arena. For a key that is absent it looks which one was meant. */
void sysctl_describe(struct preparation *preparation, struct arena *arena,
	const struct sysctl *sysctl, const struct sysctl_result *result,
	struct finding *ret_finding);

const char *sysctl_verdict_name(enum sysctl_verdict verdict); /* "written", "read-only" */

#define SYSCTL_MATCHES_MAX 4096 /* keys that one pattern may stand for */

struct sysctl_matches {
	const char **paths; /* below /proc/sys */
	size_t count, capacity;
	bool more; /* there are more than SYSCTL_MATCHES_MAX, or memory lacks */
};

/* The keys that match a pattern, component by component, see fnmatch(3). `path` is the pattern's
 * path. With `interface`, not NULL, only those below conf/ and neigh/ that name it. */
void procsys_match(const struct preparation *preparation, struct arena *arena, const char *path,
	const char *interface, struct sysctl_matches *ret_matches);

/* [sysctl] for an interface that has arrived: the keys that name it, and those of patterns that do.
 * Puts the findings. */
void prepare_sysctls_of_interface(struct preparation *preparation, const char *interface);

#endif

/* sandbox: the presets of `sandbox =`, and what a list of `seccomp =` comes to. Pure. Why each
 * preset has what it has: doc/sandbox.md. */
#ifndef FIRSTHOP_CONFIG_SANDBOX_H
#define FIRSTHOP_CONFIG_SANDBOX_H

#include "config/syscalls.h"

struct build;
struct service;
struct words;

/* "none", then the names of the presets; NULL-terminated: for value_choice. */
extern const char *const sandbox_names[];

#define SANDBOX_NONE 0

/* The number in sandbox_names of the preset for the program that the service runs; SANDBOX_NONE:
 * there is none for it. */
unsigned sandbox_for(const struct service *service);

/* The value that the preset gives to a key of [service]; NULL: it leaves it alone. */
const char *sandbox_value(unsigned preset, const char *key);

/* What the preset's name means in `seccomp =`: groups and calls, with blanks between. */
const char *sandbox_calls(unsigned preset);

/* May the name (without a sign) stand in `seccomp =`? */
bool seccomp_name_is_known(const char *name);

/* What a service may call. */
struct seccomp_choice {
	bool confined;		    /* false: all; there is no filter */
	bool unknown;		    /* calls that have no row are allowed as well */
	struct syscall_set allowed; /* of the rows */
};

/* What the words of `seccomp =` say; none of them, or `none`: not confined. */
struct seccomp_choice seccomp_choose(const struct words *list);

/* Fills in what the service's preset says and the service does not; its own lists that begin
 * with a '-' take away from the preset's. Where [node] says `sandbox = auto`, chooses the preset
 * first. 0 or -ENOMEM. */
int sandbox_apply(struct build *build, struct service *service);

#endif

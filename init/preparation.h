/* preparation: what is set up once before any service runs. Each step leaves a finding for each
 * thing it has looked at: what it is, and if it is not as asked, why and what cures it. A router
 * with fewer sysctls is better than none, so nothing of this ends the boot, unless it is
 * `required`.
 *
 * The same steps serve `firsthop doctor`: with look_only they change nothing (but that asking for a
 * module may make the kernel load it). */
#ifndef FIRSTHOP_INIT_PREPARATION_H
#define FIRSTHOP_INIT_PREPARATION_H

#include "config/model.h"
#include "init/procsys.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct boot_record;
struct finding;
struct findings;
struct messages;
struct netlink;
struct spawner;

struct preparation {
	const struct model *model;
	struct findings *findings;
	struct messages *messages; /* NULL: findings are not said as they come */
	bool look_only;
	bool machine; /* we are the kernel's own init, see machine.h, and load its modules */
	int proc_sys; /* descriptor of /proc/sys or of a mount of our own of it; -1: none */
	enum procsys_way procsys_way;
	struct netlink *netlink; /* NULL: netlink_error says why */
	int netlink_error;	 /* -errno */
	/* To check kept files with, at boot, which is when they are put back; NULL: they are not.
	 */
	const struct spawner *spawner;
	uint64_t nofile_soft; /* the limit of open files that we were given; 0: it is as it was */
	struct boot_record *boot; /* where the times of the steps are noted; NULL: nowhere */
	struct findings *fresh;	  /* within prepare_node: what it has found this time, or NULL */
};

/* Opens what the steps need; what cannot be opened is said by the steps that would have used it.
 * The model, findings and messages stay the caller's. */
void preparation_open(struct preparation *preparation);
void preparation_close(struct preparation *preparation);

/* All steps but the interfaces, in order. Blocks no longer than the kernel does. Once more after a
 * reload: then what the older model had asked for is forgotten. */
void prepare_node(struct preparation *preparation);

/* The steps. */
void prepare_loopback(struct preparation *preparation);
void prepare_modules(struct preparation *preparation);
/* One of them, also one that the configuration does not name; `need` is not NEED_OFF. */
void prepare_module(struct preparation *preparation, const char *name, enum need need);
/* What to do where it is not there: a part of a sentence, owned by the arena; NULL: no memory. */
const char *prepare_module_cure(struct arena *arena, const char *name);
void prepare_vrfs(struct preparation *preparation); /* not their interfaces, see interfaces.h */
void prepare_sysctls(struct preparation *preparation);
void prepare_persists(struct preparation *preparation); /* before what reads those files */
void prepare_password(struct preparation *preparation);
void prepare_hostname(struct preparation *preparation);
void prepare_capabilities(struct preparation *preparation);
/* Will a service of root have it, or, where we are not root, one of ours? By the number of
 * linux/capability.h, below CAPABILITY_COUNT. */
bool prepare_has_capability(unsigned number);
void prepare_limits(struct preparation *preparation);

/* For the steps: puts a finding, and says it as a warning when it is news and not OK, as a debug
 * line else. `required` is added to by [node] required. Copies all texts. */
void prepare_found(struct preparation *preparation, const struct finding *finding);

#endif

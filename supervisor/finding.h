/* finding: what the preparation of the node, or a look at it (`firsthop doctor`), has found out
 * about one thing: a sysctl, the vrf module, the host name, a capability … One shape for all of
 * them, so that the boot's messages, `status`, `doctor` and the exit code 101 say the same.
 *
 * Pure: no system call, nothing printed. */
#ifndef FIRSTHOP_SUPERVISOR_FINDING_H
#define FIRSTHOP_SUPERVISOR_FINDING_H

#include "config/model.h"

#include <stdbool.h>

struct arena;
struct json;

enum finding_state {
	FINDING_OK,	  /* as it was asked for */
	FINDING_DEGRADED, /* not so, but nothing that was asked for outright depends on it */
	FINDING_MISSING,  /* what was asked for does not hold, or a service will not work */
	FINDING_STATE_COUNT
};

struct finding {
	enum step step;
	enum finding_state state;
	bool required;	     /* if it is not OK, the boot ends with 101 */
	const char *subject; /* of the step: "net.ipv4.ip_forward", "vrf", "SYS_ADMIN", "eth1" */
	const char *verdict; /* a word or two: "written", "already so", "read-only", "absent" */
	const char *reason;  /* a part of a sentence: what it is instead, and why; NULL: none */
	const char *cure;    /* a part of a sentence: what to do; NULL: nothing is to be done */
};

/* All findings: at most one for each step and subject, in the order in which they came first. */
struct findings;

#define FINDINGS_MAX 4096 /* more are not kept */

struct findings *findings_create(void); /* NULL: no memory */
void findings_free(struct findings *findings);

enum findings_change {
	FINDINGS_SAME,	  /* it said just that already */
	FINDINGS_CHANGED, /* new, or it says something else now */
	FINDINGS_DROPPED, /* no memory, or there are FINDINGS_MAX: it was not kept */
};

/* Takes in a finding (a copy), in place of what was known of that step and subject. */
enum findings_change findings_put(struct findings *findings, const struct finding *finding);
/* Forgets it, because the thing is no more; nothing happens when there is none. */
void findings_remove(struct findings *findings, enum step step, const char *subject);

unsigned findings_count(const struct findings *findings);
/* Number 0 .. count - 1; its texts are good until the next put or remove. */
const struct finding *findings_get(const struct findings *findings, unsigned number);
/* The first that is required and not OK; NULL: there is none. With `early`, before all interfaces
 * are there, keys of interfaces that are absent do not count: they may come yet. */
const struct finding *findings_failed(const struct findings *findings, bool early);

/* "ok", "degraded", "missing". */
const char *finding_state_name(enum finding_state state);
/* What it is called in messages: "sysctl net.ipv4.ip_forward", "host name". Into the arena; NULL:
 * no memory. */
const char *finding_title(struct arena *arena, const struct finding *finding);
/* One line: title, reason (or verdict) and cure: "sysctl net.ipv6.conf.all.forwarding: /proc/sys is
 * read-only; start the container with --sysctl net.ipv6.conf.all.forwarding=1". */
const char *finding_line(struct arena *arena, const struct finding *finding);
/* As an object, see doc/json.md. */
void finding_write_json(struct json *json, const struct finding *finding);

#endif

/* boot: where the time of the boot has gone, as plain data: each step of the preparation, and the
 * way of each service from being wanted to being there. PID 1 records it (boot_record.h), sends it
 * over the control socket, and the client draws it: as text, JSON or SVG. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_BOOT_H
#define FIRSTHOP_SUPERVISOR_BOOT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buffer;
struct table_style;

/* A moment: microseconds since PID 1 started. */
#define BOOT_NEVER  UINT32_MAX
#define BOOT_NOBODY UINT32_MAX /* for waited_for */
#define BOOT_END_US 600000000u /* what comes later is no boot any more */

enum boot_outcome {
	BOOT_UNDER_WAY, /* it has not come so far yet */
	BOOT_READY,
	BOOT_DONE, /* a oneshot has done its work */
	BOOT_FAILED,
	BOOT_OUTCOME_COUNT
};

struct boot_step {
	const char *name;    /* "configuration", "sysctl", "interfaces" … */
	uint32_t begin, end; /* end NEVER: still under way */
};

/* Each moment is that of the first time. */
struct boot_service {
	const char *name;
	enum boot_outcome outcome;
	uint32_t wanted;     /* it began to wait */
	uint32_t released;   /* it began to start: prepare, or the main process */
	uint32_t started;    /* its main process was started */
	uint32_t there;	     /* READY, DONE; FAILED: for good */
	uint32_t waited_for; /* number of the service that it waited for last */
	uint32_t failures;   /* before it was there */
};

struct boot {
	const char *version, *hostname;
	uint32_t ready;		       /* all were; NEVER: not yet, or not in time */
	uint32_t until;		       /* the last moment that is known of */
	const struct boot_step *steps; /* in order */
	unsigned step_count;
	const struct boot_service *services; /* in the order in which they were released */
	unsigned service_count;
};

/* "under-way", "ready", "done", "failed". */
const char *boot_outcome_name(enum boot_outcome outcome);

/* What the boot waited for, the last first: the service that was there last, the one that it waited
 * for, and so on. Their numbers, at most `service_count`; returns how many. */
unsigned boot_chain(const struct boot *boot, unsigned *chain);

/* The same with memory of its own, and which services are in it; false: no memory. */
struct boot_critical {
	unsigned *chain;
	unsigned count;
	bool *marked; /* by number */
};
bool boot_critical_open(const struct boot *boot, struct boot_critical *ret_critical);
void boot_critical_close(struct boot_critical *critical);

/* What the first of the chain waited for, which no service did: the last step that ended before it
 * was released. NULL: there is none. */
const struct boot_step *boot_chain_root(const struct boot *boot, const struct boot_service *first);

/* "for zebra", "for interfaces": why it waited; NULL: it did not. */
const char *boot_wait_reason(
	struct arena *arena, const struct boot *boot, const struct boot_service *service);

/* The chart for a terminal, `columns` wide (0: 100), in UTF-8 or ASCII; and the chain. */
void boot_write_text(
	struct buffer *buffer, const struct boot *boot, const struct table_style *style);
/* See doc/json.md. */
void boot_write_json(struct buffer *buffer, const struct boot *boot);
/* A picture that needs nothing else: no font, no script. */
void boot_write_svg(struct buffer *buffer, const struct boot *boot);

#endif

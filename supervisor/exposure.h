/* exposure: how much a service could do if somebody else came to run in it, and what would make
 * that less. As `systemd-analyze security` judges: points for each thing that it has, of which one
 * word is made. From the configuration, or from what a process really has. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_EXPOSURE_H
#define FIRSTHOP_SUPERVISOR_EXPOSURE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buffer;
struct service;
struct json;
struct table_style;

struct exposure {
	const char *service;
	const char *user; /* name or number */
	bool root;
	uint64_t capabilities; /* that it has, or can get by execve(2) */
	uint64_t needed;       /* of these, what its program is known not to do without */
	bool filtered;	       /* by seccomp, beside a filter of the container's */
	unsigned calls;	       /* that the filter allows; 0: not known */
	uint32_t groups;       /* of these, bits of enum syscall_group; 0: not known */
	bool no_new_privs;
	const char *writable; /* paths; "all" */
	bool writes_all;
	bool private_tmp;
	const char *preset;  /* that is for its program and is not used; NULL: none */
	bool live;	     /* read from its process */
	const char *differs; /* what the process has not although it was asked for; NULL: nothing */
};

/* What the configuration says of a service. `all` are the capabilities of the container. Texts live
 * in the arena, or are the model's. */
struct exposure exposure_of(struct arena *arena, const struct service *service, uint64_t all);

/* One thing that it has, as in: "it is root", "it may make any system call". */
struct exposure_item {
	unsigned points; /* of 100 */
	const char *what, *cure;
	uint64_t capabilities; /* that it is about; 0: about none */
};

/* The next thing that it has; start with *at = 0. NULL: that was all. */
const struct exposure_item *exposure_next(const struct exposure *exposure, unsigned *at);

/* 0 (nothing) to 100 (everything), and the word for it: safe, ok, medium, exposed, unsafe. */
unsigned exposure_points(const struct exposure *exposure);
const char *exposure_word(unsigned points);

/* A table, worst first, with what to add. `only` not NULL: each point of that service. */
void exposure_write_text(struct arena *arena, struct buffer *buffer, struct exposure *list,
	unsigned count, const char *only, const struct table_style *style);
/* An array "services", see doc/json.md. */
void exposure_write_json(
	struct json *json, const struct exposure *list, unsigned count, const char *only);

#endif

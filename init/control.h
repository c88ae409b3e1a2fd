/* control: the socket that `firsthop status` and the other verbs talk to. Frames and messages are
 * supervisor/protocol.h; who may ask is decided here by SO_PEERCRED. Bounded in clients, bytes and
 * time; a client that misbehaves loses its connection, never more. */
#ifndef FIRSTHOP_INIT_CONTROL_H
#define FIRSTHOP_INIT_CONTROL_H

#include "config/model.h"
#include "supervisor/health.h"
#include "supervisor/order.h"
#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct boot;
struct buffer;
struct loop;
struct control;
struct log_query;
struct reload_report;
struct service_detail;
struct status;

/* What the server asks of the supervisor. */
struct control_operations {
	void *context;
	/* Fills *ret_status (see supervisor/status.h), with what it makes in `arena`; the server
	 * sends it and frees the arena at once. `usage`: memory and processor time too, which must
	 * be looked for. 0 or -errno. */
	int (*status)(void *context, struct arena *arena, bool usage, struct status *ret_status);
	/* The same for one service, as detail_from_engine(). */
	int (*detail)(void *context, struct arena *arena, const char *name,
		struct service_detail *ret_detail);
	/* As health_check(). */
	bool (*health)(void *context, enum health_level level, char *reason, size_t reason_bytes);
	/* An ordered stop with exit code 0. -ENOTSUP: what it is to end in is not ours to do. */
	int (*shutdown)(void *context, enum node_end end);
	/* Reload; with `dry_run` only what it would do. *ret_report lives in `arena`. 0, also when
	 * the configuration was not accepted; -errno: it could not be read, nothing was changed. */
	int (*reload)(
		void *context, bool dry_run, struct arena *arena, struct reload_report *ret_report);
	/* As order_make(), and gives the order to the engine. */
	int (*order)(void *context, struct arena *arena, enum order_verb verb,
		const char *const *names, unsigned count, struct order *ret_order,
		const char **ret_why);
	/* As order_look(). False: it is not known yet, ask again after a change. */
	bool (*look)(void *context, struct arena *arena, enum order_verb verb, const char *name,
		uint32_t attempt, struct order_outcome *ret_outcome);
	/* Appends the newest `lines` lines of the service's output, oldest first, each with '\n'.
	 * `service` NULL: all services. 0; -ENOENT: no such service. */
	int (*logs)(void *context, const char *service, unsigned lines, struct buffer *buffer);
	/* Appends the next frame of lines for that client, see init/follow.h. An enum
	 * follow_answer, or -ENOENT: one of the services does not exist. */
	int (*records)(
		void *context, uint64_t client, const struct log_query *query, struct buffer *out);
	/* That client has gone. */
	void (*gone)(void *context, uint64_t client);
	/* The record of the boot, in the arena. 0 or -errno; -ENODATA: there is none. */
	int (*boot)(void *context, struct arena *arena, struct boot *ret_boot);
};

/* Listens on RUNDIR/control (mode 0600), for root and who runs this process. 0 or -errno. */
int control_open(struct loop *loop, const char *rundir, const struct control_operations *operations,
	struct control **ret_control);
/* Something may have changed: answers those who wait for a level of health, or for lines. */
void control_notice(struct control *control);
/* Members of that group may look, but not act; CONTROL_NO_GROUP: nobody else may anything. Who is
 * connected stays so. 0 or -errno: then nobody new is let in but those who act. */
int control_set_readers(struct control *control, gid_t readers);
/* As server_expire(). */
struct timestamp control_expire(struct control *control, struct timestamp now);
void control_close(struct control *control); /* also removes the socket; NULL is fine */

/* Where the run directory may be, best first, NULL-terminated: /run/firsthop, then what still works
 * on a read-only root. Server and client try the same list. $FIRSTHOP_RUNDIR replaces it. */
extern const char *const control_rundirs[];

#endif

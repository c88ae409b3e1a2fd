/* reconfigure: what came back without its configuration gets it again; and what is to read its
 * configuration anew is told so.
 *
 * At boot something else loads the configuration, once all are there. One that is started again,
 * came with a reload, or could not start before that, missed it: when it is READY, `reconfigure` of
 * its service is run. It is no part of the service: a stop does not wait for it, its failure is
 * only told, and it is killed when the service leaves READY or start_timeout is over.
 *
 * EVENT_RELOAD of a service that is READY has it sent reload_signal; or runs reload_command, with
 * all that holds for `reconfigure`; or, when it has neither, runs `reconfigure` itself. The process
 * of both is that of ROLE_RECONFIGURE, one after the other; `reloading` says which it is.
 *
 * `reconfigure_due` says that it has still to be run; settling looks at that, and at the process
 * that there is, which may be one of an earlier life that is not gone yet. */
#ifndef FIRSTHOP_SUPERVISOR_RECONFIGURE_H
#define FIRSTHOP_SUPERVISOR_RECONFIGURE_H

#include "supervisor/unit.h"

/* It has become READY. */
void reconfigure_note_ready(struct engine *engine, unsigned slot);

/* The part of settling that is about it, in any state. */
void reconfigure_settle(struct engine *engine, unsigned slot, struct timestamp now);

/* One that nobody has started yet is begun anew: by now the service may name another command. */
void reconfigure_put_off(struct unit *unit);

/* Its process has ended with that wait status, or could not be started (-1). */
void reconfigure_ended(struct unit *unit, int status);

/* It is asked to read its configuration anew. */
void reload_ask(struct engine *engine, unsigned slot);

/* Is `reconfigure`, or reload_command, still to be run, or under way? */
bool reconfigure_is_open(const struct unit *unit);
bool reload_is_open(const struct unit *unit);

#endif

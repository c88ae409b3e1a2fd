/* check: is a unit that is READY still alive? `health` of its service says how it is asked.
 *
 *	READY ─period─► check ─answered well─► next one, `period` after the beginning of this one
 *	                  └─ answered badly, or not within `timeout` ─► counted; the next one at
 *once, but 1 s after the beginning of this one … until `failures` in a row have failed: the unit
 *hangs, and is killed (ON_HUNG, or with a signal of its own first, ON_HUNG_SIGNAL); policy then
 *judges as of any failure.
 *
 * Between two checks the unit's `probe_at` is the next one; during one `checking` holds and its
 * `deadline` is the timeout. Nothing else arms either in READY, and settling arms what is missing:
 * no check can get lost.
 *
 * A machine that starves us starves the service too. When we are woken later than we asked for, by
 * more than an eighth of the timeout, the check under way gets as much time again; EXTRA_TIMEOUTS
 * at most, because who is only ever late would never notice anything.
 *
 * A check that is a program and cannot be started, or not be killed, says nothing about the
 * service: the one is not counted, the other is waited for. */
#ifndef FIRSTHOP_SUPERVISOR_CHECK_H
#define FIRSTHOP_SUPERVISOR_CHECK_H

#include "supervisor/unit.h"

/* Before settling, which comes `late_ms` after the time that was asked for: ends the check that was
 * not answered in time, and the unit that was silent for too long. Settling then sees that it is
 * gone, as if that had been told. */
void check_fire(struct engine *engine, unsigned slot, int64_t late_ms, struct timestamp now);

/* The part of settling that is about checks, of a unit in READY: begins what is due. */
void check_settle(struct engine *engine, unsigned slot, struct timestamp now);

/* The check under way is over: it was answered, well or not. Nothing when there is none. */
void check_answered(struct engine *engine, unsigned slot, bool well, struct timestamp now);

/* The check under way is over without an answer that means anything. */
void check_cancel(struct engine *engine, unsigned slot);

/* A check that nobody has asked for yet is begun anew: by now the service may say something else.
 */
void check_put_off(struct unit *unit);

#endif

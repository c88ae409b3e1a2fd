/* boot_record: PID 1's notes of its boot, see boot.h. Bounded: a row for each service of the
 * configuration that was booted with, and no more; closed once all are ready, or after
 * BOOT_END_US. Pure; all takes a NULL, for want of memory, and does nothing then. */
#ifndef FIRSTHOP_SUPERVISOR_BOOT_RECORD_H
#define FIRSTHOP_SUPERVISOR_BOOT_RECORD_H

#include "config/model.h"
#include "supervisor/boot.h"
#include "supervisor/engine.h"

struct boot_record;

/* The steps that are noted: that of the configuration, then those of the preparation. */
enum { BOOT_STEP_CONFIGURATION, BOOT_STEP_FIRST, BOOT_STEP_COUNT = BOOT_STEP_FIRST + STEP_COUNT };

struct boot_record *boot_record_create(struct timestamp started);
void boot_record_free(struct boot_record *record);

/* A step begins, or ends; only the first time counts. */
void boot_record_begin(struct boot_record *record, unsigned step, struct timestamp now);
void boot_record_end(struct boot_record *record, unsigned step, struct timestamp now);

/* Makes the rows, for the units that the engine has now. */
void boot_record_services(struct boot_record *record, const struct engine *engine);

/* A transition of the unit; `view` as it is after it, or later. */
void boot_record_note(
	struct boot_record *record, const struct trace_entry *entry, const struct unit_view *view);

/* All are ready: nothing is noted from now on. */
void boot_record_close(struct boot_record *record, struct timestamp now);

/* As plain data, in the arena but for the names, which live as long as the record. 0 or -ENOMEM;
 * -ENODATA: there is no record. */
int boot_record_read(const struct boot_record *record, struct arena *arena, struct timestamp now,
	struct boot *ret_boot);

#endif

#include "supervisor/boot_record.h"

#include "config/arena.h"

#include <errno.h>
#include <stdlib.h>

struct boot_record {
	struct timestamp started;
	bool closed;
	uint32_t ready, until;
	struct boot_step steps[BOOT_STEP_COUNT];
	struct arena names;
	struct boot_service *services; /* by the engine's slot; without a name: none */
	unsigned slots;
};

static uint32_t moment(const struct boot_record *record, struct timestamp at)
{
	int64_t us = (at.ns - record->started.ns) / 1000;

	return us < 0 ? 0 : us > BOOT_END_US ? BOOT_END_US : (uint32_t)us;
}

/* Closes itself when it is too late to speak of a boot. */
static bool is_open(struct boot_record *record, struct timestamp now)
{
	if (!record || record->closed)
		return false;
	record->until = moment(record, now);
	record->closed = record->until == BOOT_END_US;
	return !record->closed;
}

struct boot_record *boot_record_create(struct timestamp started)
{
	struct boot_record *record = calloc(1, sizeof(*record));

	if (!record)
		return NULL;
	record->started = started;
	record->ready = BOOT_NEVER;
	for (unsigned i = 0; i < BOOT_STEP_COUNT; i++) {
		record->steps[i].begin = record->steps[i].end = BOOT_NEVER;
		record->steps[i].name = i < BOOT_STEP_FIRST
						? "configuration"
						: step_name((enum step)(i - BOOT_STEP_FIRST));
	}
	return record;
}

void boot_record_free(struct boot_record *record)
{
	if (!record)
		return;
	arena_free(&record->names);
	free(record->services);
	free(record);
}

void boot_record_begin(struct boot_record *record, unsigned step, struct timestamp now)
{
	if (is_open(record, now) && record->steps[step].begin == BOOT_NEVER)
		record->steps[step].begin = moment(record, now);
}

void boot_record_end(struct boot_record *record, unsigned step, struct timestamp now)
{
	if (is_open(record, now) && record->steps[step].begin != BOOT_NEVER &&
		record->steps[step].end == BOOT_NEVER)
		record->steps[step].end = moment(record, now);
}

void boot_record_services(struct boot_record *record, const struct engine *engine)
{
	unsigned slots = engine_slot_count(engine);
	struct unit_view view;

	if (!record || record->services || !slots)
		return;
	record->services = calloc(slots, sizeof(*record->services));
	if (!record->services)
		return;
	record->slots = slots;
	for (unsigned unit = 0; unit < slots; unit++) {
		struct boot_service *service = &record->services[unit];

		engine_view(engine, unit, &view);
		service->name = view.spec ? arena_strdup(&record->names, view.spec->name) : NULL;
		service->wanted = service->released = BOOT_NEVER;
		service->started = service->there = BOOT_NEVER;
		service->waited_for = BOOT_NOBODY;
	}
}

static void note_first(uint32_t *moment_of, uint32_t now)
{
	if (*moment_of == BOOT_NEVER)
		*moment_of = now;
}

static void note_released(
	struct boot_record *record, struct boot_service *service, const struct unit_view *view)
{
	if (service->released == BOOT_NEVER && view->waited_for >= 0 &&
		(unsigned)view->waited_for < record->slots)
		service->waited_for = (uint32_t)view->waited_for;
}

static void note_there(struct boot_service *service, enum boot_outcome outcome, uint32_t now)
{
	if (service->there != BOOT_NEVER)
		return;
	service->there = now;
	service->outcome = outcome;
}

void boot_record_note(
	struct boot_record *record, const struct trace_entry *entry, const struct unit_view *view)
{
	struct boot_service *service;
	uint32_t now;

	if (!is_open(record, entry->at) || entry->unit >= record->slots)
		return;
	service = &record->services[entry->unit];
	now = moment(record, entry->at);
	switch ((enum service_state)entry->to) {
	case STATE_WAITING:
		note_first(&service->wanted, now);
		break;
	case STATE_PREPARING:
		note_released(record, service, view);
		note_first(&service->released, now);
		break;
	case STATE_STARTING:
		note_released(record, service, view);
		note_first(&service->released, now);
		note_first(&service->started, now);
		break;
	case STATE_READY:
		note_there(service, BOOT_READY, now);
		break;
	case STATE_DONE:
		note_there(service, BOOT_DONE, now);
		break;
	case STATE_BACKOFF:
		service->failures += service->there == BOOT_NEVER;
		break;
	case STATE_FAILED:
		service->failures += service->there == BOOT_NEVER;
		note_there(service, BOOT_FAILED, now);
		break;
	case STATE_DOWN:
	case STATE_STOPPING:
	case STATE_KILLING:
	case STATE_COUNT:
		break;
	}
}

void boot_record_close(struct boot_record *record, struct timestamp now)
{
	if (!is_open(record, now))
		return;
	record->ready = moment(record, now);
	record->closed = true;
}

/* The slots of those that were wanted, in the order in which they were released. */
struct placed {
	uint32_t released, wanted;
	unsigned slot;
};

static int compare(const void *a, const void *b)
{
	const struct placed *first = a, *second = b;

	if (first->released != second->released)
		return first->released < second->released ? -1 : 1;
	if (first->wanted != second->wanted)
		return first->wanted < second->wanted ? -1 : 1;
	return first->slot < second->slot ? -1 : first->slot > second->slot;
}

static int read_services(const struct boot_record *record, struct arena *arena, struct boot *boot)
{
	struct placed *placed = arena_array(arena, record->slots, sizeof(*placed));
	uint32_t *number = arena_array(arena, record->slots, sizeof(*number));
	struct boot_service *services = arena_array(arena, record->slots, sizeof(*services));
	unsigned count = 0;

	if (record->slots && (!placed || !number || !services))
		return -ENOMEM;
	for (unsigned slot = 0; slot < record->slots; slot++) {
		const struct boot_service *service = &record->services[slot];

		number[slot] = BOOT_NOBODY;
		if (service->name && service->wanted != BOOT_NEVER)
			placed[count++] = (struct placed){service->released, service->wanted, slot};
	}
	qsort(placed, count, sizeof(*placed), compare);
	for (unsigned i = 0; i < count; i++)
		number[placed[i].slot] = i;
	for (unsigned i = 0; i < count; i++) {
		services[i] = record->services[placed[i].slot];
		if (services[i].waited_for != BOOT_NOBODY)
			services[i].waited_for = number[services[i].waited_for];
	}
	boot->services = services;
	boot->service_count = count;
	return 0;
}

int boot_record_read(const struct boot_record *record, struct arena *arena, struct timestamp now,
	struct boot *ret_boot)
{
	struct boot_step *steps = arena_array(arena, BOOT_STEP_COUNT, sizeof(*steps));
	struct boot boot = {.steps = steps};

	if (!record)
		return -ENODATA;
	if (!steps)
		return -ENOMEM;
	boot.ready = record->ready;
	boot.until = record->closed ? record->until : moment(record, now);
	for (unsigned i = 0; i < BOOT_STEP_COUNT; i++)
		if (record->steps[i].begin != BOOT_NEVER)
			steps[boot.step_count++] = record->steps[i];
	int r = read_services(record, arena, &boot);

	if (r == 0)
		*ret_boot = boot;
	return r;
}

/* What the boot waited for, and the same as JSON. */
#include "supervisor/boot.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"

#include <stdlib.h>

#define BOOT_JSON_VERSION 1

static const char *const outcome_names[BOOT_OUTCOME_COUNT] = {
	[BOOT_UNDER_WAY] = "under-way",
	[BOOT_READY] = "ready",
	[BOOT_DONE] = "done",
	[BOOT_FAILED] = "failed",
};

const char *boot_outcome_name(enum boot_outcome outcome)
{
	return outcome < BOOT_OUTCOME_COUNT ? outcome_names[outcome] : "?";
}

static bool is_there(const struct boot_service *service)
{
	return service->outcome == BOOT_READY || service->outcome == BOOT_DONE;
}

/* Where all were ready, only what came before counts: a console starts after that. Where not, who
 * is still under way has held it up the most. */
static unsigned last_of(const struct boot *boot)
{
	unsigned last = BOOT_NOBODY;
	uint32_t latest = 0;

	for (unsigned i = 0; i < boot->service_count; i++) {
		const struct boot_service *service = &boot->services[i];
		uint32_t there = is_there(service) ? service->there : boot->until;
		bool counts = boot->ready == BOOT_NEVER ||
			      (is_there(service) && service->there <= boot->ready);

		if (!counts || (last != BOOT_NOBODY && there <= latest))
			continue;
		last = i;
		latest = there;
	}
	return last;
}

unsigned boot_chain(const struct boot *boot, unsigned *chain)
{
	unsigned at = last_of(boot), count = 0;

	/* The count also ends what is no chain but a ring, which only a liar could send. */
	while (at < boot->service_count && count < boot->service_count) {
		chain[count++] = at;
		at = boot->services[at].waited_for;
	}
	return count;
}

bool boot_critical_open(const struct boot *boot, struct boot_critical *ret_critical)
{
	struct boot_critical critical = {
		.chain = calloc(boot->service_count + 1, sizeof(*critical.chain)),
		.marked = calloc(boot->service_count + 1, sizeof(*critical.marked)),
	};

	if (!critical.chain || !critical.marked) {
		boot_critical_close(&critical);
		return false;
	}
	critical.count = boot_chain(boot, critical.chain);
	for (unsigned i = 0; i < critical.count; i++)
		critical.marked[critical.chain[i]] = true;
	*ret_critical = critical;
	return true;
}

void boot_critical_close(struct boot_critical *critical)
{
	free(critical->chain);
	free(critical->marked);
}

const struct boot_step *boot_chain_root(const struct boot *boot, const struct boot_service *first)
{
	const struct boot_step *root = NULL;

	for (unsigned i = 0; i < boot->step_count; i++) {
		const struct boot_step *step = &boot->steps[i];
		bool before = step->end != BOOT_NEVER ? step->end <= first->released
						      : first->released == BOOT_NEVER;

		if (before && (!root || root->end <= step->end))
			root = step;
	}
	return root;
}

const char *boot_wait_reason(
	struct arena *arena, const struct boot *boot, const struct boot_service *service)
{
	if (service->waited_for < boot->service_count)
		return arena_printf(arena, "for %s", boot->services[service->waited_for].name);
	for (unsigned i = 0; i < boot->step_count; i++) {
		const struct boot_step *step = &boot->steps[i];

		/* The one step that services wait for while it goes on. */
		if (step->begin <= service->wanted && step->end > service->wanted &&
			service->wanted != BOOT_NEVER)
			return arena_printf(arena, "for %s", step->name);
	}
	return NULL;
}

static void put_moment(struct json *json, const char *key, uint32_t moment)
{
	json_int_or_null(json, key, moment == BOOT_NEVER ? -1 : (int64_t)moment);
}

static void write_service(
	struct json *json, const struct boot *boot, unsigned number, bool critical)
{
	const struct boot_service *service = &boot->services[number];

	json_open_object(json, NULL);
	json_string(json, "name", service->name);
	json_string(json, "outcome", boot_outcome_name(service->outcome));
	put_moment(json, "wanted_us", service->wanted);
	put_moment(json, "released_us", service->released);
	put_moment(json, "started_us", service->started);
	put_moment(json, "there_us", service->there);
	json_string(json, "waited_for",
		service->waited_for < boot->service_count ? boot->services[service->waited_for].name
							  : NULL);
	json_int(json, "failures", service->failures);
	json_bool(json, "critical", critical);
	json_close_object(json);
}

static void write_steps(struct json *json, const struct boot *boot)
{
	json_open_array(json, "steps");
	for (unsigned i = 0; i < boot->step_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "name", boot->steps[i].name);
		put_moment(json, "begin_us", boot->steps[i].begin);
		put_moment(json, "end_us", boot->steps[i].end);
		json_close_object(json);
	}
	json_close_array(json);
}

void boot_write_json(struct buffer *buffer, const struct boot *boot)
{
	struct json json = {.buffer = buffer};
	struct boot_critical critical;

	if (!boot_critical_open(boot, &critical)) {
		buffer->failed = true;
		return;
	}
	json_open_object(&json, NULL);
	json_int(&json, "version", BOOT_JSON_VERSION);
	json_string(&json, "firsthop", boot->version);
	json_string(&json, "hostname", boot->hostname);
	put_moment(&json, "ready_us", boot->ready);
	put_moment(&json, "until_us", boot->until);
	write_steps(&json, boot);
	json_open_array(&json, "services");
	for (unsigned i = 0; i < boot->service_count; i++)
		write_service(&json, boot, i, critical.marked[i]);
	json_close_array(&json);
	json_open_array(&json, "chain");
	for (unsigned i = 0; i < critical.count; i++)
		json_string(&json, NULL, boot->services[critical.chain[i]].name);
	json_close_array(&json);
	json_close_object(&json);
	buffer_add(buffer, "\n", 1);
	boot_critical_close(&critical);
}

#include "supervisor/boot_scale.h"

#include <inttypes.h>
#include <stdio.h>

struct boot_scale boot_scale(const struct boot *boot, unsigned width)
{
	uint32_t total = boot->ready != BOOT_NEVER ? boot->ready : boot->until;

	return (struct boot_scale){.total = total ? total : 1, .width = width ? width : 1};
}

unsigned boot_place(const struct boot_scale *scale, uint32_t moment)
{
	if (moment > scale->total)
		moment = scale->total;
	return (unsigned)((uint64_t)moment * scale->width / scale->total);
}

uint32_t boot_tick(const struct boot_scale *scale, unsigned apart)
{
	static const unsigned factors[] = {1, 2, 5};
	uint64_t least = (uint64_t)scale->total * apart / scale->width;

	for (uint64_t power = 100; power < UINT32_MAX; power *= 10)
		for (unsigned i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
			if (power * factors[i] >= least && power * factors[i] < UINT32_MAX)
				return (uint32_t)(power * factors[i]);
	return UINT32_MAX;
}

enum { SEEN_SHARE = 100 }; /* of the whole: a hundredth and more */

unsigned boot_fold_steps(const struct boot *boot, struct boot_step *ret_steps)
{
	uint32_t least = boot_scale(boot, 1).total / SEEN_SHARE;
	bool open = false; /* the last of them is made of several, or may be */
	unsigned count = 0;

	for (unsigned i = 0; i < boot->step_count; i++) {
		const struct boot_step *step = &boot->steps[i];
		bool is_short = step->end != BOOT_NEVER && step->end - step->begin < least;

		if (is_short && open) {
			ret_steps[count - 1].name = "preparation";
			ret_steps[count - 1].end = step->end;
		} else {
			ret_steps[count++] = *step;
		}
		open = is_short;
	}
	return count;
}

struct boot_time boot_time(uint32_t us)
{
	struct boot_time time;

	if (us < 10000)
		(void)snprintf(time.text, sizeof(time.text), "%" PRIu32 ".%" PRIu32 " ms",
			us / 1000, us / 100 % 10);
	else if (us < 1000000)
		(void)snprintf(time.text, sizeof(time.text), "%" PRIu32 " ms", us / 1000);
	else
		(void)snprintf(time.text, sizeof(time.text), "%" PRIu32 ".%02" PRIu32 " s",
			us / 1000000, us / 10000 % 100);
	return time;
}

/* The next moment that is known, or the end of what is. */
static uint32_t until(const struct boot *boot, uint32_t first, uint32_t second)
{
	if (first != BOOT_NEVER)
		return first;
	return second != BOOT_NEVER ? second : boot->until;
}

void boot_parts(
	const struct boot *boot, const struct boot_service *service, struct boot_span *ret_parts)
{
	for (unsigned i = 0; i < BOOT_PART_COUNT; i++)
		ret_parts[i] = (struct boot_span){BOOT_NEVER, BOOT_NEVER};
	if (service->wanted != BOOT_NEVER)
		ret_parts[BOOT_PART_WAITING] = (struct boot_span){
			service->wanted, until(boot, service->released, service->there)};
	if (service->released != BOOT_NEVER && service->released != service->started)
		ret_parts[BOOT_PART_PREPARING] = (struct boot_span){
			service->released, until(boot, service->started, service->there)};
	if (service->started != BOOT_NEVER)
		ret_parts[BOOT_PART_STARTING] = (struct boot_span){
			service->started, until(boot, service->there, BOOT_NEVER)};
	if (service->there != BOOT_NEVER && service->outcome == BOOT_READY)
		ret_parts[BOOT_PART_THERE] = (struct boot_span){service->there, boot->until};
}

struct boot_words boot_words(const struct boot_service *service)
{
	static const char *const verbs[BOOT_OUTCOME_COUNT] = {
		[BOOT_READY] = "ready in",
		[BOOT_DONE] = "done in",
		[BOOT_FAILED] = "failed in",
	};
	const char *verb = verbs[service->outcome];
	struct boot_words words;
	uint32_t took = 0;

	if (!verb || service->there == BOOT_NEVER) {
		(void)snprintf(words.text, sizeof(words.text), "%s",
			service->started != BOOT_NEVER	  ? "starting"
			: service->released != BOOT_NEVER ? "preparing"
							  : "waiting");
		return words;
	}
	if (service->released != BOOT_NEVER && service->there > service->released)
		took = service->there - service->released;
	if (service->failures)
		(void)snprintf(words.text, sizeof(words.text), "%s %s, %" PRIu32 " failure%s", verb,
			boot_time(took).text, service->failures, service->failures == 1 ? "" : "s");
	else
		(void)snprintf(words.text, sizeof(words.text), "%s %s", verb, boot_time(took).text);
	return words;
}

/* boot_scale: what the drawings of a boot share: from moments to places, and times in words. For
 * boot_*.c only. */
#ifndef FIRSTHOP_SUPERVISOR_BOOT_SCALE_H
#define FIRSTHOP_SUPERVISOR_BOOT_SCALE_H

#include "supervisor/boot.h"

struct boot_scale {
	uint32_t total; /* microseconds, at least 1 */
	unsigned width; /* columns, pixels: at least 1 */
};

/* From the start to all ready, or to what is known. */
struct boot_scale boot_scale(const struct boot *boot, unsigned width);

/* Where a moment lies: 0 .. width. */
unsigned boot_place(const struct boot_scale *scale, uint32_t moment);

/* From one mark of the scale to the next: 1, 2 or 5 and zeros, so that marks are at least `apart`
 * from each other. In microseconds. */
uint32_t boot_tick(const struct boot_scale *scale, unsigned apart);

/* The steps as they are drawn: those next to each other that are too short to be seen are one,
 * "preparation". Room for step_count; returns how many. */
unsigned boot_fold_steps(const struct boot *boot, struct boot_step *ret_steps);

struct boot_time {
	char text[24];
};

/* "0.4 ms", "82 ms", "1.25 s". */
struct boot_time boot_time(uint32_t us);

/* The parts of a service's bar. */
enum boot_part {
	BOOT_PART_WAITING,
	BOOT_PART_PREPARING,
	BOOT_PART_STARTING,
	BOOT_PART_THERE,
	BOOT_PART_COUNT
};

struct boot_span {
	uint32_t begin, end; /* NEVER, NEVER: there is no such part */
};

void boot_parts(
	const struct boot *boot, const struct boot_service *service, struct boot_span *ret_parts);

/* "ready in 82 ms", "failed after 3 failures", "still starting": how it went. */
struct boot_words {
	char text[64];
};
struct boot_words boot_words(const struct boot_service *service);

/* boot_chain_text.c: the chain for a terminal; nothing for none. */
void boot_write_chain(struct buffer *buffer, const struct boot *boot,
	const struct boot_critical *critical, bool utf8);

#endif

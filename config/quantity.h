/* quantity: numbers with units, from text and back. Each reader takes a whole text, returns 0, or
 * -EINVAL when it is no such thing and -ERANGE when it is too large; *ret is untouched then. Each
 * printer puts the shortest text that reads back as the same value. */
#ifndef FIRSTHOP_CONFIG_QUANTITY_H
#define FIRSTHOP_CONFIG_QUANTITY_H

#include <stdint.h>

struct text;

/* A time: `500ms`, `2s`, `1m`, `1h`, `1d`, sums such as `1m30s`, `0`, `infinity`. In milliseconds,
 * TIME_MAX_MS at most, or TIME_INFINITE_MS. */
int quantity_time(const char *text, int64_t *ret_ms);
void quantity_put_time(struct text *out, int64_t ms);

/* `A .. B`, or `A` alone, which is `A .. A`. -EDOM when B is less than A. */
int quantity_time_range(const char *text, int64_t *ret_min_ms, int64_t *ret_max_ms);

/* A size: a number, or with k, M, G or T for powers of 1024, or `infinity` (UINT64_MAX). */
int quantity_size(const char *text, uint64_t *ret_bytes);
void quantity_put_size(struct text *out, uint64_t bytes);

/* A decimal number from `least` to `most`. */
int quantity_number(const char *text, int64_t least, int64_t most, int64_t *ret_number);

/* Permission bits in octal, 07777 at most. */
int quantity_mode(const char *text, unsigned *ret_mode);

#endif

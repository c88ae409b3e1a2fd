#include "config/nearest.h"

#include "config/arena.h"

#include <stddef.h>
#include <string.h>

#define COMPARED_MAX 64

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Edits (insert, delete, replace, swap two neighbours) from one to the other: Damerau's distance
 * with three rows. Both at most COMPARED_MAX long. */
static unsigned edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][COMPARED_MAX + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = least(row[j - 1] + 1, above[j] + 1,
				above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				two_above[j - 2] + 1 < row[j])
				row[j] = two_above[j - 2] + 1;
		}
	}
	return rows[a_length % 3][b_length];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	size_t wanted_length = strlen(nearest->wanted), name_length = strlen(name);
	unsigned distance;

	if (wanted_length > COMPARED_MAX || name_length > COMPARED_MAX)
		return;
	distance = edit_distance(nearest->wanted, wanted_length, name, name_length);
	/* A third of the letters may be wrong: `comand` yes, `foo` for `log` no, `x` for `y` no. */
	if (distance > (wanted_length + 2) / 3 || distance >= wanted_length)
		return;
	if (!nearest->best || distance < nearest->distance) {
		nearest->best = name;
		nearest->distance = distance;
	}
}

const char *nearest_hint(struct arena *arena, const struct nearest *nearest)
{
	const char *hint =
		nearest->best ? arena_printf(arena, "; did you mean %s?", nearest->best) : NULL;

	return hint ? hint : "";
}

#include "init/persist_store.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/persist_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 999999999, NUMBER_DIGITS = 6 };

static const char unfinished_suffix[] = ".to-store";

/* The number that a file name begins with, and what is behind it. 0: it is no generation: as
 * somebody's copy, which is not called as generations are. */
static unsigned parse_number(const char *name, const char **ret_rest)
{
	size_t digits = strspn(name, "0123456789");

	if (digits < NUMBER_DIGITS || (digits > NUMBER_DIGITS && *name == '0'))
		return 0;
	errno = 0;
	unsigned long number = strtoul(name, NULL, 10);

	*ret_rest = name + digits;
	return errno || number > NUMBER_MAX ? 0 : (unsigned)number;
}

static int compare_numbers(const void *a, const void *b)
{
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return left < right ? -1 : left > right;
}

static int list(struct arena *arena, DIR *directory, struct persist_store *store)
{
	size_t capacity = 0;
	unsigned *numbers = NULL;
	const struct dirent *entry;

	/* Half a list would have the number of one that there is given to the next. */
	while (errno = 0, (entry = readdir(directory))) {
		const char *rest;
		unsigned number = parse_number(entry->d_name, &rest);
		bool unfinished = number && strcmp(rest, unfinished_suffix) == 0;

		if (!number || (*rest && !unfinished))
			continue;
		numbers = arena_grow(arena, numbers, store->count, &capacity, sizeof(*numbers));
		if (!numbers)
			return -ENOMEM;
		numbers[store->count++] = number;
		if (unfinished && number > store->unfinished)
			store->unfinished = number;
	}
	if (errno)
		return -errno;
	if (numbers)
		qsort(numbers, store->count, sizeof(*numbers), compare_numbers);
	store->numbers = numbers;
	return 0;
}

int persist_store_open(
	struct arena *arena, const struct persist *spec, struct persist_store *ret_store)
{
	struct persist_store store = {.spec = spec};
	DIR *directory;
	int r;

	store.directory = arena_printf(arena, "%s.generations", spec->store);
	directory = store.directory ? opendir(store.directory) : NULL;
	if (directory) {
		r = list(arena, directory, &store);
		(void)closedir(directory); /* was only read */
	} else {
		r = !store.directory ? -ENOMEM : errno == ENOENT ? 0 : -errno;
	}
	if (r < 0)
		return r;
	*ret_store = store;
	return 0;
}

const char *persist_store_file(
	struct arena *arena, const struct persist_store *store, const char *name)
{
	return arena_printf(arena, "%s/%s", store->directory, name);
}

const char *persist_store_generation(
	struct arena *arena, const struct persist_store *store, unsigned number)
{
	return arena_printf(arena, "%s/%0*u%s", store->directory, NUMBER_DIGITS, number,
		number == store->unfinished ? unfinished_suffix : "");
}

bool persist_store_has(const struct persist_store *store, const struct persist_bytes *bytes)
{
	return !store->unfinished && persist_file_has(store->spec->store, bytes);
}

bool persist_store_has_newest(
	struct arena *arena, const struct persist_store *store, const struct persist_bytes *bytes)
{
	unsigned count = store->count;
	const char *path =
		count ? persist_store_generation(arena, store, store->numbers[count - 1]) : NULL;

	return path && persist_file_has(path, bytes);
}

bool persist_store_holds(
	struct arena *arena, const struct persist_store *store, const struct persist_bytes *bytes)
{
	return persist_store_has(store, bytes) && persist_store_has_newest(arena, store, bytes);
}

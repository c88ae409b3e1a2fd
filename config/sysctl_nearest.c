/* Which key was meant. What is compared are paths in which the interface is "all", so that each key
 * of an interface needs to be known only once, and is found for eth7 and for a pattern as well. */
#include "config/sysctl_key.h"

#include "config/arena.h"
#include "config/nearest.h"
#include "config/sysctl_known.h"

#include <stdint.h>
#include <string.h>

/* What people write, though it never was one. */
static const struct {
	const char *wrong, *meant;
} misnomers[] = {
	{"net/ipv4/forwarding", "net/ipv4/ip_forward"},
	{"net/ipv6/ip_forward", "net/ipv6/conf/all/forwarding"},
	{"net/ipv6/ip_forwarding", "net/ipv6/conf/all/forwarding"},
};

struct search {
	char wanted[SYSCTL_PATH_MAX]; /* interface: "all" */
	size_t length;
	unsigned best_distance;
	char best[SYSCTL_PATH_MAX];	 /* "": nothing yet */
	char same_name[SYSCTL_PATH_MAX]; /* the last component is right, what is before is not */
	const struct sysctl_family *family, *same_family; /* that they are of */
};

/* The path with `name` for its interface; false: it has none, or there is no room. */
static bool set_interface(char path[SYSCTL_PATH_MAX], const char *name, size_t name_length)
{
	size_t length, start, rest;
	const char *interface = sysctl_interface(path, &length);

	if (!interface)
		return false;
	start = (size_t)(interface - path);
	rest = strlen(interface + length) + 1;
	if (start + name_length + rest > SYSCTL_PATH_MAX)
		return false;
	memmove(path + start + name_length, path + start + length, rest);
	memcpy(path + start, name, name_length);
	return true;
}

static bool begin(struct search *search, const char *key)
{
	*search = (struct search){.best_distance = UINT32_MAX};
	if (sysctl_key_path(key, NULL, search->wanted) < 0)
		return false;
	(void)set_interface(search->wanted, "all", strlen("all")); /* it may have none */
	search->length = strlen(search->wanted);
	return !sysctl_key_is_pattern(search->wanted);
}

/* "net/ipv4/" and so on: a key of IPv4 was not meant for one of IPv6. */
static size_t top_length(const char *path)
{
	size_t first = strcspn(path, "/") + 1;

	return path[first - 1] ? first + strcspn(path + first, "/") : first - 1;
}

static bool is_other_family(const struct search *search, const char *path)
{
	size_t length = top_length(search->wanted);

	if (length == top_length(path) && memcmp(search->wanted, path, length) == 0)
		return false;
	for (unsigned i = 0; i < sysctl_family_count; i++)
		if (strncmp(sysctl_families[i].folder, search->wanted, length) == 0 &&
			sysctl_families[i].folder[length] == '/')
			return true;
	return false;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* One letter in six may be wrong: nearly all keys of a folder begin the same. */
static void offer(struct search *search, const struct sysctl_family *family, const char *path)
{
	size_t length = strlen(path), allowed = search->length / 6;
	struct nearest nearest = {.wanted = search->wanted};

	if (is_other_family(search, path))
		return;
	if (!*search->same_name &&
		strcmp(last_component(path), last_component(search->wanted)) == 0) {
		memcpy(search->same_name, path, length + 1);
		search->same_family = family;
	}
	if (length > search->length + allowed || length + allowed < search->length)
		return;
	nearest_offer(&nearest, path);
	if (!nearest.best || nearest.distance > allowed ||
		nearest.distance >= search->best_distance)
		return;
	search->best_distance = nearest.distance;
	search->family = family;
	memcpy(search->best, path, length + 1);
}

/* Is it exactly one of them? Most are, and need no comparison by letters. */
static bool is_known(const char *path)
{
	for (unsigned i = 0; i < sysctl_family_count; i++) {
		size_t folder = strlen(sysctl_families[i].folder), length = strlen(path);
		const char *name = sysctl_families[i].names;

		if (strncmp(path, sysctl_families[i].folder, folder) != 0)
			continue;
		length -= folder;
		for (; *name; name += strcspn(name, " "), name += *name == ' ')
			if (strncmp(name, path + folder, length) == 0 &&
				strcspn(name, " ") == length)
				return true;
	}
	return false;
}

static void offer_family(struct search *search, const struct sysctl_family *family)
{
	size_t folder = strlen(family->folder), length;
	char path[SYSCTL_PATH_MAX];

	memcpy(path, family->folder, folder);
	for (const char *name = family->names; *name; name += length + (name[length] == ' ')) {
		length = strcspn(name, " ");
		memcpy(path + folder, name, length);
		path[folder + length] = '\0';
		offer(search, family, path);
	}
}

static void find(struct search *search)
{
	for (size_t i = 0; i < sizeof(misnomers) / sizeof(misnomers[0]); i++) {
		if (strcmp(search->wanted, misnomers[i].wrong) == 0) {
			memcpy(search->best, misnomers[i].meant, strlen(misnomers[i].meant) + 1);
			return;
		}
	}
	for (unsigned i = 0; i < sysctl_family_count; i++)
		offer_family(search, &sysctl_families[i]);
	if (!*search->best) {
		memcpy(search->best, search->same_name, sizeof(search->best));
		search->family = search->same_family;
	}
}

const char *sysctl_nearest(struct arena *arena, const char *key)
{
	char written[SYSCTL_PATH_MAX], found[SYSCTL_PATH_MAX];
	const char *interface;
	struct search search;
	size_t length;

	if (!begin(&search, key))
		return NULL;
	if (is_known(search.wanted))
		return arena_strdup(arena, key);
	find(&search);
	if (!*search.best)
		return NULL;
	(void)sysctl_key_path(key, NULL, written); /* begin() has done it */
	interface = sysctl_interface(written, &length);
	if (!interface && search.family && search.family->interface) {
		interface = search.family->interface;
		length = strlen(interface);
	}
	if (interface)
		(void)set_interface(search.best, interface, length); /* if it has room for one */
	sysctl_key_from_path(search.best, found);
	return arena_strdup(arena, found);
}

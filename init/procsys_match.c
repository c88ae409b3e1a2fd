/* The keys that a pattern stands for: the tree below /proc/sys is walked along it, so only those
 * directories are read where a component is a pattern. */
#include "init/procsys.h"

#include "config/arena.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct match {
	const struct preparation *preparation;
	struct arena *arena;
	const char *interface;
	struct sysctl_matches *matches;
	char path[SYSCTL_PATH_MAX]; /* of where the walk is */
	size_t length;
	bool bound; /* the interface is in it */
};

static void walk(struct match *match, const char *pattern);

static void add(struct match *match)
{
	struct sysctl_matches *matches = match->matches;
	const char **grown;

	matches->more |= matches->count == SYSCTL_MATCHES_MAX;
	if (matches->more)
		return;
	grown = arena_grow(match->arena, matches->paths, matches->count, &matches->capacity,
		sizeof(*matches->paths));
	if (grown)
		matches->paths = grown;
	if (grown)
		grown[matches->count] = arena_strdup(match->arena, match->path);
	if (grown && grown[matches->count])
		matches->count++;
	else
		matches->more = true;
}

static bool is_key(const struct match *match)
{
	int fd = procsys_open(match->preparation, match->path, O_PATH);
	struct stat info;
	bool is = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);

	if (fd >= 0)
		(void)close(fd); /* was only looked at */
	return is;
}

/* One step down, to `name`, and on along `rest`: what is behind it in the pattern, with its slash,
 * or "". Comes back to where it was. */
static void step_down(struct match *match, const char *name, const char *rest)
{
	size_t length = match->length, name_length = strlen(name);
	size_t at = length ? length + 1 : 0;

	if (at + name_length >= sizeof(match->path))
		return;
	if (length)
		match->path[length] = '/';
	memcpy(match->path + at, name, name_length + 1);
	match->length = at + name_length;
	if (*rest)
		walk(match, rest + 1);
	else if ((!match->interface || match->bound) && is_key(match))
		add(match);
	match->length = length;
	match->path[length] = '\0';
}

/* Do the names in this directory name interfaces? */
static bool is_of_interfaces(const struct match *match)
{
	const char *slash = strrchr(match->path, '/');
	const char *name = slash ? slash + 1 : match->path;

	return strcmp(name, "conf") == 0 || strcmp(name, "neigh") == 0;
}

static void try_interface(struct match *match, const char *name, const char *rest)
{
	if (fnmatch(name, match->interface, 0) != 0)
		return;
	match->bound = true;
	step_down(match, match->interface, rest);
	match->bound = false;
}

static void try_all(struct match *match, const char *name, const char *rest)
{
	int fd = procsys_open(
		match->preparation, match->length ? match->path : ".", O_RDONLY | O_DIRECTORY);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!entries) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while (!match->matches->more && (entry = readdir(entries))) {
		if (entry->d_name[0] == '.' || fnmatch(name, entry->d_name, 0) != 0)
			continue;
		if ((entry->d_type == DT_DIR) == (*rest != '\0'))
			step_down(match, entry->d_name, rest);
	}
	(void)closedir(entries); /* was only read */
}

static void walk(struct match *match, const char *pattern)
{
	size_t length = strcspn(pattern, "/");
	const char *rest = pattern + length;
	char name[SYSCTL_PATH_MAX];

	if (length >= sizeof(name))
		return;
	memcpy(name, pattern, length);
	name[length] = '\0';
	if (match->interface && !match->bound && is_of_interfaces(match))
		try_interface(match, name, rest);
	else if (sysctl_key_is_pattern(name))
		try_all(match, name, rest);
	else
		step_down(match, name, rest);
}

void procsys_match(const struct preparation *preparation, struct arena *arena, const char *path,
	const char *interface, struct sysctl_matches *ret_matches)
{
	struct match match = {.preparation = preparation,
		.arena = arena,
		.interface = interface,
		.matches = ret_matches};

	*ret_matches = (struct sysctl_matches){0};
	walk(&match, path);
}

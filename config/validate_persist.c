/* What kept files say of each other. */
#include "config/arena.h"
#include "config/build.h"
#include "config/image.h"
#include "config/keys.h"
#include "config/text.h"

#include <string.h>

/* Where the files of all sections are, each by one section at most. */
struct places {
	struct build *build;
	struct names names; /* by path: the number of the section */
};

static struct origin origin_of(const struct persist *persist, const char *key)
{
	const struct setting *setting = setting_find_name(persist->settings, key);

	return setting ? setting->origin : persist->origin;
}

static bool ends_with_slash(const char *path)
{
	return path[strlen(path) - 1] == '/';
}

/* Two that write the same file would undo each other's work. */
static void check_place(struct places *places, unsigned number, const char *key, const char *path)
{
	struct build *build = places->build;
	const struct persist *persists = build->persists.items;
	struct origin origin = origin_of(&persists[number], key);
	int before;

	if (!path)
		return;
	if (ends_with_slash(path)) {
		diag_add(build->diags, origin, SEVERITY_ERROR, "%s: %s names no file", key,
			text_quote_string(build->scratch, path));
		return;
	}
	before = names_find(&places->names, path);
	if (before < 0)
		(void)names_add(&places->names, build->scratch, path,
			number); /* no memory: seen at the end */
	else
		diag_add(build->diags, origin, SEVERITY_ERROR,
			"%s: %s is a file of [persist %s] already; each needs its own", key,
			text_quote_string(build->scratch, path), persists[before].name);
}

/* Others may have the same: many files from one day-0. */
static void check_day0(struct build *build, const struct persist *persist)
{
	struct origin origin = origin_of(persist, "day0");
	const char *day0 = persist->day0;

	if (!day0 && persist->prefer != PREFER_STORE) {
		diag_add(build->diags, origin_of(persist, "prefer"), SEVERITY_WARNING,
			"prefer has no effect without day0 = PATH");
	} else if (day0 && ends_with_slash(day0)) {
		diag_add(build->diags, origin, SEVERITY_ERROR, "day0: %s names no file",
			text_quote_string(build->scratch, day0));
	} else if (day0 && ((persist->path && strcmp(day0, persist->path) == 0) ||
				   (persist->store && strcmp(day0, persist->store) == 0))) {
		diag_add(build->diags, origin, SEVERITY_ERROR,
			"day0: %s is path or store itself, which change; name the file of the "
			"first boot, or leave day0 out",
			text_quote_string(build->scratch, day0));
	}
}

static void check_program(struct build *build, const struct persist *persist)
{
	const struct image *image = build->image;

	/* What is searched for in $PATH may be anywhere. */
	if (!persist->check.count || persist->check.word[0][0] != '/' || !image ||
		!image->is_executable)
		return;
	if (!image->is_executable(image->context, persist->check.word[0]))
		diag_add_missing(build->diags, origin_of(persist, "check"),
			"check: %s is not there, or is no program that can be run",
			text_quote_string(build->scratch, persist->check.word[0]));
}

static void require(struct build *build, const struct persist *persist, const char *key,
	const char *path, const char *advice)
{
	/* What was refused is known already. */
	if (!path && !setting_find_name(persist->settings, key))
		diag_add(build->diags, persist->origin, SEVERITY_ERROR,
			"persist %s has no %s; add %s = %s", persist->name, key, key, advice);
}

void validate_persists(struct build *build)
{
	struct places places = {.build = build};
	const struct persist *persists = build->persists.items;

	for (unsigned i = 0; i < build->persists.count; i++) {
		const struct persist *persist = &persists[i];

		require(build, persist, "path", persist->path,
			"PATH, the file that services read and write");
		require(build, persist, "store", persist->store,
			"PATH, where it outlives the container, such as on a volume");
		check_place(&places, i, "path", persist->path);
		check_place(&places, i, "store", persist->store);
		check_day0(build, persist);
		check_program(build, persist);
	}
}

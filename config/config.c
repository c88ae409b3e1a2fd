#include "config/config.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/builtin.h"
#include "config/frr.h"
#include "config/ini_source.h"
#include "config/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The built-in configuration is a file like any other, only that we write it. */
static int read_files(struct build *build, const struct config_file *files, unsigned count,
	struct ini_sections *sections)
{
	struct config_file file;
	int r = 0;

	if (count == 0) {
		const char *text = builtin_text(build->scratch, build->image);

		if (!text)
			return -ENOMEM;
		file = (struct config_file){"built-in", text, strlen(text)};
		return ini_source_parse(build->scratch, &file, build->diags, sections);
	}
	for (unsigned i = 0; i < count && r == 0; i++) {
		file = files[i];
		file.path = arena_strdup(build->arena, file.path); /* origins keep it */
		if (!file.path)
			return -ENOMEM;
		r = ini_source_parse(build->scratch, &file, build->diags, sections);
	}
	return r;
}

static int build_model(struct build *build, const struct config_file *files, unsigned count)
{
	struct ini_sections written = {.last = &written.first};
	struct ini_sections generated = {.last = &generated.first};
	int r = build_init(build);

	if (r == 0)
		r = read_files(build, files, count, &written);
	if (r == 0)
		r = parse_headers(build, &written);
	if (r == 0)
		r = parse_globals(build, &written);
	if (r == 0 && build->frr.enabled)
		r = frr_services(build, &generated);
	if (r == 0)
		r = parse_services(build, &generated, &written);
	if (r == 0)
		r = validate(build);
	return r;
}

int config_load(struct arena *arena, const struct config_file *files, unsigned count,
	const struct image *image, struct diags *diags, const struct model **ret_model)
{
	struct arena scratch = {.limit_bytes = arena->limit_bytes};
	/* It is large, and a page of the stack that was used once is never given back. */
	struct build *build = arena_alloc(&scratch, sizeof(*build));
	unsigned errors = diags->counts[SEVERITY_ERROR];
	const struct model *model;
	int r;

	if (!build)
		return -ENOMEM;
	build->arena = arena;
	build->scratch = &scratch;
	build->diags = diags;
	build->image = image;
	r = build_model(build, files, count);
	if (r == 0 && diags->counts[SEVERITY_ERROR] > errors)
		r = -EINVAL;
	if (r == 0) {
		model = make_model(build);
		if (model)
			*ret_model = model;
		else
			r = -ENOMEM;
	}
	arena_free(&scratch);
	return r;
}

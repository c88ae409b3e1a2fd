#include "config/frr_files.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/frr_expansion.h"
#include "config/image.h"
#include "config/protocols.h"

#include <errno.h>
#include <string.h>

/* Reads into build->scratch. *ret_text NULL with 0: there is none, or it cannot be read, which was
 * said. 0 or -ENOMEM. */
static int read_file(struct build *build, const char *path, bool may_be_absent, char **ret_text,
	size_t *ret_length)
{
	const struct image *image = build->image;
	int r = -ENOENT;

	*ret_text = NULL;
	if (image && image->read)
		r = image->read(image->context, path, build->scratch, ret_text, ret_length);
	if (r == 0 || r == -ENOMEM)
		return r;
	*ret_text = NULL;
	if (r != -ENOENT || !may_be_absent)
		diag_add(build->diags, build->frr.origin, SEVERITY_WARNING,
			"cannot read %s: %s; going on without it", path, strerror(-r));
	return 0;
}

/* What bash makes of the file. 1: x->variables has it; 0: it has not, which was said. -ENOMEM. */
static int evaluate(struct expansion *x, const char *path)
{
	const struct image *image = x->build->image;
	struct frr_variables made = {.image = NULL}; /* bash tells the environment's, too */
	const char *pairs, *why = NULL;
	size_t length;
	int r;

	if (!image->evaluate) {
		diag_add(x->build->diags, (struct origin){path, 0}, SEVERITY_NOTE,
			"takes a shell, and none is run here, where a tree is only looked at; "
			"going on with the lines that are understood without");
		return 0;
	}
	r = image->evaluate(image->context, path, x->arena, &pairs, &length, &why);
	if (r == 0)
		r = frr_variables_from_shell(x->arena, path, pairs, length, &x->variables, &made);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		diag_add(x->build->diags, (struct origin){path, 0}, SEVERITY_WARNING,
			"bash could not evaluate it: %s; going on with the lines that are "
			"understood without",
			why ? why : strerror(-r));
		return 0;
	}
	x->variables = made;
	return 1;
}

/* A file that is no more than assignments needs no shell, also where one is allowed. */
static int read_daemons(struct expansion *x, const char *path, const char *text, size_t length)
{
	const struct frr_variables before = x->variables;
	struct diags *diags = x->build->diags;
	bool may_run = x->build->frr.daemons_shell;
	struct diags aside;
	int r;

	if (!may_run)
		return frr_daemons_parse(x->arena, path, text, length, diags, &x->variables);
	diags_init(&aside, x->arena);
	r = frr_daemons_parse(x->arena, path, text, length, &aside, &x->variables);
	if (r < 0 || aside.counts[SEVERITY_WARNING] == 0)
		return r;
	r = evaluate(x, path);
	if (r != 0)
		return r < 0 ? r : 0;
	x->variables = before;
	return frr_daemons_parse(x->arena, path, text, length, diags, &x->variables);
}

int frr_read_files(struct expansion *x)
{
	const struct frr *frr = &x->build->frr;
	char *text;
	size_t length;
	int r = read_file(x->build, frr->daemons, false, &text, &length);

	x->variables.shell = frr->daemons_shell;
	if (r == 0 && text)
		r = read_daemons(x, frr->daemons, text, length);
	if (r == 0)
		r = read_file(x->build, frr->protocols, true, &text, &length);
	if (r == 0 && text)
		r = protocols_parse(x->arena, frr->protocols, text, length, &x->protocols);
	return r;
}

/* -ENOENT: it is not there. What is too large for us, or a directory, is. */
static int look(struct expansion *x, const char *path, char **ret_text)
{
	const struct image *image = x->build->image;
	size_t length;

	*ret_text = NULL;
	if (!path || !image || !image->read)
		return -ENOENT;
	return image->read(image->context, path, x->arena, ret_text, &length);
}

/* Something that may be put back: more than nothing. */
static bool has_content(struct expansion *x, const char *path)
{
	char *text;
	int r = look(x, path, &text);

	return r == 0 ? text[strspn(text, " \t\r\n")] : r != -ENOENT;
}

/* It is put back after this configuration was read. */
static bool is_kept(struct expansion *x, const struct persist *persist)
{
	const char *generations =
		persist->store ? arena_printf(x->arena, "%s.generations", persist->store) : NULL;

	return has_content(x, persist->store) || has_content(x, persist->day0) ||
	       has_content(x, generations);
}

/* It is vtysh that reads it: one that we cannot read is one all the same. Else the daemons would
 * run bare, and the next save would write that over it. */
bool frr_has_configuration(struct expansion *x)
{
	const struct build *build = x->build;
	const struct persist *persists = build->persists.items;
	const char *config = build->frr.config;
	char *text;
	int r = look(x, config, &text);

	if (r < 0 && r != -ENOENT && r != -EFBIG && r != -ENOMEM)
		diag_add(build->diags, build->frr.origin, SEVERITY_WARNING, "cannot read %s: %s",
			config, strerror(-r));
	if (r != -ENOENT)
		return true;
	for (unsigned i = 0; i < build->persists.count; i++)
		if (persists[i].path && strcmp(persists[i].path, config) == 0)
			return is_kept(x, &persists[i]);
	return false;
}

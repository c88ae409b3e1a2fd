#include "config/frr_files.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/frr_expansion.h"
#include "config/image.h"
#include "config/protocols.h"

#include <errno.h>
#include <string.h>

int frr_read_file(struct build *build, const char *path, bool may_be_absent, char **ret_text,
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
	int r = frr_read_file(x->build, frr->daemons, false, &text, &length);

	x->variables.shell = frr->daemons_shell;
	if (r == 0 && text)
		r = read_daemons(x, frr->daemons, text, length);
	if (r == 0)
		r = frr_read_file(x->build, frr->protocols, true, &text, &length);
	if (r == 0 && text)
		r = protocols_parse(x->arena, frr->protocols, text, length, &x->protocols);
	return r;
}

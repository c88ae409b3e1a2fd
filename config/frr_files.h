/* frr_files: the files of FRR's and of Cisco Modeling Labs that say which daemons there are. */
#ifndef FIRSTHOP_CONFIG_FRR_FILES_H
#define FIRSTHOP_CONFIG_FRR_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct build;
struct expansion;

/* Reads a file of FRR's into build->scratch. *ret_text NULL with 0: there is none, or it cannot be
 * read, which was said. 0 or -ENOMEM. */
int frr_read_file(struct build *build, const char *path, bool may_be_absent, char **ret_text,
	size_t *ret_length);

/* `daemons` into x->variables (evaluated by a shell, if it takes one and [frr] allows that), and
 * `protocols` into x->protocols. What is wrong with them is said. 0 or -ENOMEM. */
int frr_read_files(struct expansion *x);

#endif

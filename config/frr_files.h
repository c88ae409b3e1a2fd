/* frr_files: the files of FRR's and of Cisco Modeling Labs that say which daemons there are. */
#ifndef FIRSTHOP_CONFIG_FRR_FILES_H
#define FIRSTHOP_CONFIG_FRR_FILES_H

#include <stdbool.h>

struct expansion;

/* `daemons` into x->variables (evaluated by a shell, if it takes one and [frr] allows that), and
 * `protocols` into x->protocols. What is wrong with them is said. 0 or -ENOMEM. */
int frr_read_files(struct expansion *x);

/* Will there be a configuration for vtysh to load: the file, or something that [persist] may put
 * in its place? */
bool frr_has_configuration(struct expansion *x);

#endif

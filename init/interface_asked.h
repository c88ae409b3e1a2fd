/* interface_asked: whether a configuration asks for anything of an interface, so that those which
 * it does not mean cost nothing. */
#ifndef FIRSTHOP_INIT_INTERFACE_ASKED_H
#define FIRSTHOP_INIT_INTERFACE_ASKED_H

#include <stdbool.h>

struct link;
struct model;
struct vrf;

/* Of any interface, also of one that may come? */
bool interface_any_asked(const struct model *model);
/* By [sysctl]: a key of one interface, or a pattern? */
bool interface_sysctls_are_asked(const struct model *model);
/* Of this one, by an [interface] or a [vrf]? */
bool interface_is_asked(const struct model *model, const struct link *link);

/* The [vrf] that it is to be in, the first that names it; NULL: none. */
const struct vrf *interface_vrf(const struct model *model, const struct link *link);

#endif

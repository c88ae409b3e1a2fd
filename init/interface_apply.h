/* interface_apply: what the configuration asks for one interface: the vrf that it is to be in,
 * sysctls, mtu, addresses, up. */
#ifndef FIRSTHOP_INIT_INTERFACE_APPLY_H
#define FIRSTHOP_INIT_INTERFACE_APPLY_H

#include <stdbool.h>

struct link;
struct model;
struct preparation;
struct vrf;

/* Does all that is asked for it; with look_only it only looks. Puts one finding, or forgets it when
 * nothing is asked. What holds already stays untouched, so it may be called again at any time. */
void interface_apply(struct preparation *preparation, const struct link *link);

/* Is anything asked for any interface? */
bool interface_any_asked(const struct model *model);

/* The [vrf] that the interface is to be in, the first that names it; NULL: none. */
const struct vrf *interface_vrf(const struct model *model, const struct link *link);

#endif

/* interface_apply: what the configuration asks for one interface: the vrf that it is to be in,
 * sysctls, mtu, addresses, up. */
#ifndef FIRSTHOP_INIT_INTERFACE_APPLY_H
#define FIRSTHOP_INIT_INTERFACE_APPLY_H

struct link;
struct preparation;

/* Does all that is asked for it; with look_only it only looks. Puts one finding, or forgets it when
 * nothing is asked. What holds already stays untouched, so it may be called again at any time. */
void interface_apply(struct preparation *preparation, const struct link *link);

#endif

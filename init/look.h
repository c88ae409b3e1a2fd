/* look: looks at the container that no configuration asks for: what it may write, what confines it,
 * what routers are known to need. For `firsthop doctor`; changes nothing. */
#ifndef FIRSTHOP_INIT_LOOK_H
#define FIRSTHOP_INIT_LOOK_H

struct doctor;
struct model;
struct preparation;

/* Adds its looks to the doctor. What the model's services do decides how bad a lack is. */
void look_at_container(struct doctor *doctor, const struct model *model);

/* Puts findings for the modules and capabilities that a router is likely to want and that have none
 * yet. Asking for a module may make the kernel load it. */
void look_for_more(struct preparation *preparation);

#endif

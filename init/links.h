/* links: news of network interfaces, from the kernel's multicast group (rtnetlink(7)), through the
 * event loop. Keeps a table of the links that there are, so that each arrival is told once, however
 * often the kernel mentions it; a link that changes its name goes and arrives, because engines move
 * a link into a container under one name and then give it another. News that the kernel had to drop
 * (ENOBUFS) is made up for by asking for all, and telling of all again. */
#ifndef FIRSTHOP_INIT_LINKS_H
#define FIRSTHOP_INIT_LINKS_H

#include "init/netlink.h"

struct links;
struct loop;

struct link_operations {
	void *context;
	void (*arrived)(void *context, const struct link *link);
	void (*gone)(void *context, const struct link *link); /* by the name that it had */
	void (*settled)(void *context); /* after all that came at once, and within links_open */
};

/* Subscribes and tells of each link that is there already, before it returns; *ret_links is set
 * before that. `operations` must outlive it, and none of them may close it. 0 or -errno. */
int links_open(
	struct loop *loop, const struct link_operations *operations, struct links **ret_links);
void links_close(struct links *links); /* NULL is fine */

/* Tells of all links again, as if each had just arrived (after a reload). */
void links_tell_again(struct links *links);

unsigned links_count(const struct links *links);
const struct link *links_get(const struct links *links, unsigned number); /* 0 .. count - 1 */

#endif

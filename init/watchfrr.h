/* watchfrr: answers vtysh in the place of FRR's watchfrr, which firsthop leaves out. Without
 * anybody on this socket, `write memory` saves whatever the daemons that happen to answer hold, and
 * says [OK]. Speaks supervisor/vty.h over init/server.h; what there is to say and to do is its
 * user's. */
#ifndef FIRSTHOP_INIT_WATCHFRR_H
#define FIRSTHOP_INIT_WATCHFRR_H

#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <sys/types.h>

struct buffer;
struct loop;
struct watchfrr;

#define WATCHFRR_SOCKET "/var/run/frr/watchfrr.vty"
#define WATCHFRR_MODE	0770
#define WATCHFRR_GROUP	"frrvty"

enum watchfrr_save { SAVE_RUNS, SAVE_DONE, SAVE_FAILED };

struct watchfrr_operations {
	void *context;
	/* Appends what `show watchfrr` shows. */
	void (*show)(void *context, struct buffer *text);
	/* Begins to save the running configuration: true; false, and why not, as lines. */
	bool (*save)(void *context, struct buffer *why);
	/* What has become of it. Once it does not run any more: asked no more, and what it said is
	 * appended. */
	enum watchfrr_save (*saved)(void *context, struct buffer *text);
};

/* Listens on `path` with WATCHFRR_MODE and that group (LISTEN_OWN_GROUP: ours). `operations` must
 * outlive it. 0 or -errno; -EADDRINUSE: a watchfrr runs. */
int watchfrr_open(struct loop *loop, const char *path, gid_t group,
	const struct watchfrr_operations *operations, struct watchfrr **ret_watchfrr);
/* Something may have changed: a save may have ended. NULL is fine. */
void watchfrr_notice(struct watchfrr *watchfrr);
/* As server_expire(). */
struct timestamp watchfrr_expire(struct watchfrr *watchfrr, struct timestamp now);
void watchfrr_close(struct watchfrr *watchfrr); /* also removes the socket; NULL is fine */

#endif

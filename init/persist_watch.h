/* persist_watch: sees kept files change, see inotify(7), and tells their keepers.
 *
 * A file has changed once it was closed after writing, or something was renamed to its name. That
 * it is being written means nothing yet: vtysh empties the file first and asks the daemons then.
 *
 * Both the directory and the file itself are watched: of a single file that is mounted, the
 * directory knows nothing; of a file that is replaced, the old file knows nothing. A directory that
 * is removed, or moved away, is looked for again by its name. */
#ifndef FIRSTHOP_INIT_PERSIST_WATCH_H
#define FIRSTHOP_INIT_PERSIST_WATCH_H

#include "init/keeper.h"
#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <sys/types.h>

struct loop;
struct model;
struct persists;
struct preparation;
struct spawner;

/* All arguments stay the caller's; what becomes of the files is told by findings of `preparation`.
 * NULL: no memory. Everything below takes NULL, and does nothing. */
struct persists *persists_create(
	struct loop *loop, struct preparation *preparation, const struct spawner *spawner);
void persists_free(struct persists *persists);

/* Watches the files of this model, which must live until the next call. What has happened to files
 * of the model before that are here, too, is not forgotten. */
void persists_configure(struct persists *persists, const struct model *model);

/* The file at `path` is whole now, and is to be looked at when persists_advance() is called next.
 * False: no section keeps it. */
bool persists_hurry(struct persists *persists, const char *path);
/* What has become of it; KEPT also when no section keeps it any more. */
enum keeper_answer persists_answer(const struct persists *persists, const char *path);

/* A process has ended and was reaped: true if it was a check. */
bool persists_exited(struct persists *persists, pid_t pid, int status);

/* Does what is due. Returns when it must be called next; NEVER: not at all. */
struct timestamp persists_advance(struct persists *persists, struct timestamp now);

/* The last look, when no service runs any more, see keeper_finish(). Checks that have not ended
 * when the stop has to be over, at `stop_by`, are not waited for; a short time they have in any
 * case, all together. */
void persists_finish(struct persists *persists, struct timestamp stop_by);

#endif

/* keeper: one kept file while the node runs. Told that the file was touched, it waits until nothing
 * more happens to it for SETTLE_MS (editors and vtysh write in several steps), SETTLE_MOST_MS at
 * most, looks, lets the content be checked, and keeps it. What is no good is told and not kept;
 *what cannot be kept is tried again.
 *
 *	idle ──touch──► settling ──time──► checking ──exit──► idle
 *	                   ▲  └── nothing new, or no check: idle
 *	                   └──────── touched meanwhile, to be tried again
 */
#ifndef FIRSTHOP_INIT_KEEPER_H
#define FIRSTHOP_INIT_KEEPER_H

#include "config/arena.h"
#include "init/persist_check.h"
#include "init/persist_file.h"
#include "supervisor/timestamp.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct preparation;

enum keeper_phase { KEEPER_IDLE, KEEPER_SETTLING, KEEPER_CHECKING };

/* What has become of the file. */
enum keeper_answer {
	KEEPER_KEPT, /* also when there was nothing new to keep */
	KEEPER_OPEN, /* nobody knows yet */
	KEEPER_NOT_KEPT,
};

/* A file has changed when one of these has. */
struct keeper_signature {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

struct keeper {
	const struct persist *spec;
	struct preparation *preparation; /* whom it is told to, as findings */
	const struct spawner *spawner;
	enum keeper_phase phase;
	bool touched;		      /* while it was checked */
	enum keeper_answer answer;    /* of the look under way, or the last */
	bool killed;		      /* its last check was, so that it is begun once more */
	struct timestamp due;	      /* unless idle: when the settling or checking ends */
	struct timestamp settle_by;   /* NEVER: it does not settle, or is only tried again */
	struct keeper_signature seen; /* of the file as it was looked at last */
	struct arena arena;	      /* of one look */
	struct persist_bytes bytes;
	struct persist_check check; /* pid 0: none runs */
};

/* All arguments stay the caller's. The file as it is now is taken as seen. */
void keeper_init(struct keeper *keeper, const struct persist *spec, struct preparation *preparation,
	const struct spawner *spawner);

/* Takes over from a keeper of the same file, which is left with nothing. */
void keeper_inherit(struct keeper *keeper, struct keeper *older);

void keeper_touch(struct keeper *keeper);

/* The file is whole now, whoever knows it: it is looked at as soon as keeper_advance() is called,
 * and until that has ended `answer` is OPEN. */
void keeper_hurry(struct keeper *keeper);

/* A process has ended and was reaped: true if it was the check. */
bool keeper_exited(struct keeper *keeper, pid_t pid, int status);

/* Does what is due. Returns when it must be called next; NEVER: not at all. */
struct timestamp keeper_advance(struct keeper *keeper, struct timestamp now);

/* The last look: keeps what has changed since the one before. Blocks as long as the check takes,
 * until `by` at most, but for a file that has not changed. */
void keeper_finish(struct keeper *keeper, struct timestamp by);
void keeper_close(struct keeper *keeper);

#endif
